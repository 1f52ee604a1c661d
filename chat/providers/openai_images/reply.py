"""What an images wire answers, as pictures and an end. Follows no link: a link is passed on."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chat.core.errors import BadReply, MediaRejected
from chat.core.events import Finished, ImageBytes, ProviderEvent
from chat.core.messages import Finish, Usage
from chat.providers.shared.openai.usage import drawn_usage
from chat.providers.shared.replies.decoded import decoded_picture
from chat.providers.shared.replies.endings import AGAIN, filtered, no_picture, only_draft
from chat.providers.shared.replies.picture_links import Link, is_address
from chat.providers.shared.replies.picture_shapes import picture_in

log = logging.getLogger(__name__)

_ALT_CHARS = 400
_LISTS = ("data", "images", "image", "output", "artifacts")
"""Where servers list their pictures; OpenAI does under the first."""
# A proxy answers so for models of all kinds, and does not say whether they were paid.
_WITHHELD = filtered(
    "null_image",
    "unknown",
    "The provider's content rules withheld the picture. Try other words.",
)
_NOTHING = no_picture(
    "empty_data", "unknown", "The model made no picture. It may have refused; try other words."
)


class Reply:
    """A reply that is being read."""

    def __init__(self, title: str, note: str = "") -> None:
        self._title = title
        self._note = note
        """Said under the reply, if there are pictures; it is no part of what was answered."""
        self._drafted = False
        self._shown = 0
        self._withheld = 0
        self._refusals: list[str] = []
        self._usage: Usage | None = None
        self._whole = False

    def remark(self, sentence: str) -> None:
        """Say something more under the reply, if there are pictures."""
        self._note = f"{self._note} {sentence}".strip()

    def read(self, bodies: Iterable[Mapping[str, Any]]) -> Iterator[ProviderEvent | Link]:
        """The pictures in events of a stream, or in a whole answer."""
        for body in bodies:
            yield from self._pictures(body)

    def _pictures(self, body: Mapping[str, Any]) -> Iterator[ProviderEvent | Link]:
        kind = str(body.get("type") or "")
        if kind.endswith(".partial_image"):
            yield from self._picture(body, draft=True)
            return
        data = next((body[key] for key in _LISTS if body.get(key) is not None), None)
        if kind.endswith(".completed") and data is None:
            data = [body]
        if data is None:
            data = list(picture_in({**body, "error": None})) or None
        if isinstance(data, str | Mapping):
            data = [data]
        if not isinstance(data, list):
            return
        self._whole = True
        self._usage = drawn_usage(body.get("usage"), body.get("svg_usage")) or self._usage
        for item in data:
            yield from self._picture(item, draft=False)

    def _picture(self, item: object, *, draft: bool) -> Iterator[ProviderEvent | Link]:
        alt = _alt(item.get("revised_prompt")) if isinstance(item, Mapping) else ""
        value = next(picture_in(item), "")
        if not value:
            self._withheld += not draft
            return
        if is_address(value):
            if not draft:
                yield Link(value, alt)
            return
        try:
            data = decoded_picture(value)
        except MediaRejected as error:
            log.info("a picture in an answer cannot be read: %s", error)
            data = b""
        if not data:
            if not draft:
                self._refusals.append(f"{self._title} sent a picture that cannot be read.")
            return
        self._shown += not draft
        self._drafted |= draft
        yield ImageBytes(data, draft=draft, alt=alt)

    def fetched(self, link: Link, data: bytes) -> Iterator[ProviderEvent]:
        """The picture that was behind a link."""
        self._shown += 1
        yield ImageBytes(data, alt=link.alt)

    def unfetched(self, _: Link, refusal: MediaRejected) -> Iterator[ProviderEvent]:
        """Remember why a picture is not shown."""
        self._refusals.append(str(refusal))
        return iter(())

    def ended(self, *, said_done: bool) -> Iterator[ProviderEvent]:
        """The last events, ``Finished`` among them.

        Raises:
            BadReply: the answer ended before its picture was whole, or is none.
        """
        if not self._whole and not (said_done and self._drafted):
            raise BadReply(f"The answer of {self._title} broke off, or was no picture. Try again.")
        if self._shown:
            withheld = [_WITHHELD.message] * bool(self._withheld)
            remarks = [*self._refusals, *withheld, self._note]
            finish = Finish("stop", "stop", " ".join(filter(None, remarks)))
        elif self._refusals:
            # A picture was made, and its bytes or its address were of no use.
            finish = Finish("error", "unreadable", self._refusals[0], "yes", AGAIN)
        elif self._drafted:
            finish = only_draft()
        else:
            finish = _WITHHELD if self._withheld else _NOTHING
        yield Finished(finish, self._usage)


def _alt(prompt: object) -> str:
    """The prompt as the model rewrote it says best what the picture shows."""
    return " ".join(prompt.split())[:_ALT_CHARS] if isinstance(prompt, str) else ""
