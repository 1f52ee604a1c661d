"""Pictures that hide in text: Markdown with a data URL, or text that is nothing but one.

Text streams in pieces that may end anywhere. What can no longer become a picture is passed
on at once; only what still may is held back.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class InlinePicture:
    """A data URL found in text. ``whole`` is false where the text ended inside it."""

    url: str
    alt: str = ""
    whole: bool = True


Piece: TypeAlias = str | InlinePicture

_HEAD = "data:image/"
_ALT = r"\[([^\[\]\n]{0,300})\]"
_OPENING = re.compile(rf"!{_ALT}\(\s{{0,3}}(?=data:image/)")
_MAYBE_OPENING = re.compile(
    r"!(?:\[[^\]\n]{0,300}(?:\](?:\(\s{0,3}([a-z:]{0,10}))?)?)?\Z"  # the same, cut anywhere
)


class InlinePictures:
    """Splits streamed text into words and pictures."""

    def __init__(self) -> None:
        self._held = ""
        self._alt = ""
        self._url: list[str] | None = None
        """Pieces of the data URL that is open, if one is: joined once, not once per delta."""
        self._bare = False
        """Whether the open URL is the text itself, without Markdown around it."""
        self._began = False

    def feed(self, text: str) -> list[Piece]:
        """What the next piece of text completes."""
        pieces: list[Piece] = []
        while text:
            if self._url is None:
                text = self._words(self._held + text, pieces)
            else:
                text = self._inside(text, pieces)
        return pieces

    def flush(self) -> list[Piece]:
        """What is left at the end of the text."""
        pieces: list[Piece] = []
        if self._url is not None:
            pieces.append(InlinePicture("".join(self._url).rstrip(), self._alt, whole=self._bare))
        elif self._held:
            pieces.append(self._held)
        self._held, self._url = "", None
        return pieces

    def _words(self, text: str, pieces: list[Piece]) -> str:
        """Pass on words; the rest of the text where a picture opens, else nothing."""
        self._held = ""
        if not self._began:
            start = text.lstrip()
            if start.startswith(_HEAD):
                self._open("", bare=True)
                return start
            if _HEAD.startswith(start):
                self._held = text
                return ""
            self._began = True
        opening = _OPENING.search(text)
        if opening:
            if opening.start():
                pieces.append(text[: opening.start()])
            self._open(opening[1], bare=False)
            return text[opening.end() :]
        maybe = _MAYBE_OPENING.search(text)
        if maybe and _HEAD.startswith(maybe[1] or ""):
            text, self._held = text[: maybe.start()], text[maybe.start() :]
        if text:
            pieces.append(text)
        return ""

    def _open(self, alt: str, *, bare: bool) -> None:
        self._began = True
        self._url, self._alt, self._bare = [], alt, bare

    def _inside(self, text: str, pieces: list[Piece]) -> str:
        """Collect the URL; what follows it, once it has ended."""
        assert self._url is not None
        end = re.search(r"\s" if self._bare else r"\)", text)
        if end is None:
            self._url.append(text)
            return ""
        self._url.append(text[: end.start()])
        url = "".join(self._url).split(maxsplit=1)[0]  # a title may stand behind the address
        pieces.append(InlinePicture(url, self._alt))
        self._url = None
        return text[end.start() if self._bare else end.end() :]
