"""Every shape in which compatible servers send a picture, as one list of addresses.

    images: [{"image_url": {"url": ...}}]      OpenRouter, LiteLLM since 1.77
    images: [{"image_url": "..."}]             others
    images: [{"url": ...}], ["..."]            others
    image:  {"url": ...}                       LiteLLM 1.76
    content: [{"type": "image_url", ...}]      content as a list of parts

Source: LiteLLM 1.75 to 1.106, OpenRouter's documentation (2026-11-21).
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from chat.core.errors import MediaRejected
from chat.core.events import ImageBytes, TextDelta
from chat.images.dataurl import is_data_url
from chat.providers.decoded import decoded_picture

UNREADABLE = "\n\n[A picture came that could not be read.]\n\n"


def addresses(message: Mapping[str, Any]) -> Iterator[str]:
    """The addresses of the pictures beside a message's or a delta's text."""
    images = message.get("images")
    for item in images if isinstance(images, list) else ():
        yield from _address(item)
    yield from _address(message.get("image"))


def _address(item: object) -> Iterator[str]:
    """The address in a picture item, however deep: text, ``url`` or ``image_url``."""
    if isinstance(item, str) and item:
        yield item
    elif isinstance(item, Mapping):
        yield from _address(item.get("image_url") or item.get("url"))


def content_pieces(content: object) -> Iterator[tuple[str, str]]:
    """The content of a message as ``("text" | "image" | "reasoning", value)``."""
    if isinstance(content, str):
        yield "text", content
    for item in content if isinstance(content, list) else ():
        if isinstance(item, str):
            yield "text", item
        elif isinstance(item, Mapping):
            yield from _content_part(item)


def _content_part(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    thought = part.get("thinking") or part.get("reasoning")
    text = part.get("text")
    if isinstance(thought, str):
        yield "reasoning", thought
    elif isinstance(text, str):
        yield "text", text
    else:
        for address in _address(part):
            yield "image", address


class PictureReader:
    """Reads the pictures of one reply, each once."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def read(self, address: str, alt: str = "") -> Iterator[ImageBytes | TextDelta]:
        """The picture at an address, or a note where there is none that may be opened.

        A link is never followed: whoever wrote it would learn who reads it, and when. It is
        shown as code, which no renderer turns into a link or a picture.
        """
        if not is_data_url(address):
            shown = "".join(c for c in address[:2000] if c.isprintable() and c != "`")
            yield TextDelta(
                f"\n\n[A picture was sent as a link, which Easel does not open: `{shown}`]\n\n"
            )
            return
        try:
            data = decoded_picture(address)
        except MediaRejected:
            yield TextDelta(UNREADABLE)
            return
        name = hashlib.sha256(data).hexdigest()
        if data and name not in self._seen:
            self._seen.add(name)
            yield ImageBytes(data, alt=alt)
