"""What an images wire answers, as pictures and an end. Follows no link: a link is passed on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from chat.core.errors import BadReply, MediaRejected
from chat.core.events import Finished, ImageBytes, ProviderEvent
from chat.core.messages import Finish, Usage
from chat.images.dataurl import is_data_url
from chat.providers.decoded import decoded_picture
from chat.providers.endings import AGAIN, filtered, no_picture
from chat.providers.openai_usage import drawn_usage

_ALT_CHARS = 400
# A proxy answers so for models of all kinds, and does not say whether they were paid.
_WITHHELD = filtered(
    "null_image",
    "unknown",
    "The provider's content rules withheld the picture. Try other words.",
)
_NOTHING = no_picture(
    "empty_data", "unknown", "The model made no picture. It may have refused; try other words."
)


@dataclass(frozen=True, slots=True)
class Link:
    """A picture that was sent as an address."""

    address: str
    alt: str = ""


Found: TypeAlias = ImageBytes | Link


class Reply:
    """A reply that is being read."""

    def __init__(self, title: str, note: str = "") -> None:
        self._title = title
        self._note = note
        """Said under the reply, if there are pictures; it is no part of what was answered."""
        self._shown = 0
        self._withheld = 0
        self._refusals: list[str] = []
        self._usage: Usage | None = None
        self._whole = False

    def read(self, body: Mapping[str, Any]) -> Iterator[Found]:
        """The pictures in an event of a stream, or in a whole answer."""
        kind = str(body.get("type") or "")
        if kind.endswith(".partial_image"):
            yield from self._picture(body, draft=True)
            return
        data = body.get("data")
        if kind.endswith(".completed"):
            data = [body]
        if not isinstance(data, list):
            return
        self._whole = True
        self._usage = drawn_usage(body.get("usage")) or self._usage
        for item in data:
            yield from self._picture(item if isinstance(item, Mapping) else {}, draft=False)

    def _picture(self, item: Mapping[str, Any], *, draft: bool) -> Iterator[Found]:
        encoded, address = item.get("b64_json"), item.get("url")
        alt = _alt(item.get("revised_prompt"))
        if isinstance(address, str) and address and not encoded:
            if not is_data_url(address):
                if not draft:
                    yield Link(address, alt)
                return
            encoded = address
        if not isinstance(encoded, str) or not encoded:
            self._withheld += not draft
            return
        try:
            data = decoded_picture(encoded)
        except MediaRejected:
            if not draft:
                self.refused(f"{self._title} sent a picture that cannot be read.")
            return
        self._shown += not draft
        yield ImageBytes(data, draft=draft, alt=alt)

    def fetched(self) -> None:
        """Count a picture that was found behind a link."""
        self._shown += 1

    def refused(self, sentence: str) -> None:
        """Remember why a picture is not shown."""
        self._refusals.append(sentence)

    def ended(self) -> Iterator[ProviderEvent]:
        """The last events, ``Finished`` among them.

        Raises:
            BadReply: the answer ended before its picture was whole, or is none.
        """
        if not self._whole:
            raise BadReply(f"The answer of {self._title} broke off, or was no picture. Try again.")
        if self._shown:
            remarks = [*self._refusals, *[_WITHHELD.message] * bool(self._withheld), self._note]
            finish = Finish("stop", "stop", " ".join(filter(None, remarks)))
        elif self._refusals:
            # A picture was made, and its bytes or its address were of no use.
            finish = Finish("error", "unreadable", self._refusals[0], "yes", AGAIN)
        else:
            finish = _WITHHELD if self._withheld else _NOTHING
        yield Finished(finish, self._usage)


def _alt(prompt: object) -> str:
    """The prompt as the model rewrote it says best what the picture shows."""
    return " ".join(prompt.split())[:_ALT_CHARS] if isinstance(prompt, str) else ""
