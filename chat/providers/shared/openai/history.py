"""What the histories of OpenAI's two talking wires have in common. Knows neither's items.

No wire takes a picture in a reply of the model without losing or refusing it, unless it made it
itself. So pictures of earlier replies are shown again by the next user turn, each once. They
are the conversation so far, not what the user sends along: taking a picture out of a message
does not take it out of what was said before.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from chat.core.calling import ModelRequest
from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.core.parts import Image, Text, ToolResult
from chat.providers.shared.requests.carried import Carried
from chat.providers.shared.requests.repeats import once

CAPTION = "Pictures from the reply above:"
SHOWN_ABOVE = "The picture above."
"""Said for a question that is nothing but a picture which was sent before it."""


class OpenAIHistory(ABC):
    """The telling of one history."""

    def __init__(self, request: ModelRequest, carried: Carried) -> None:
        self._request = request
        self._pictures = carried
        self._told: list[dict[str, Any]] = []
        self._carried: list[Image] = []
        """Pictures of earlier replies that the next user turn shows."""
        self._shown: set[str] = set()
        """Pictures that were sent between the last user turn and the next."""

    def told(self) -> list[dict[str, Any]]:
        """The whole history, oldest first."""
        messages = self._request.messages
        for message in once(messages) if self._request.media else messages:
            if message.role == "user":
                self._user(message)
            else:
                self._assistant(message)
        if self._carried:
            self._show_carried()
        return self._told

    def _user(self, message: Message) -> None:
        own = {part.media.sha256 for part in message.parts if isinstance(part, Image)}
        content = self._carried_content(without=own) if self._carried else []
        for part in message.parts:
            if isinstance(part, Text) and part.text:
                content.append(self._words(part.text))
            elif isinstance(part, Image) and not (part.mask or part.media.sha256 in self._shown):
                content.append(self._picture(part))
        self._say_as_user(content or [self._words(SHOWN_ABOVE)])
        self._shown = set()

    def _carried_content(self, without: Iterable[str] = ()) -> list[dict[str, Any]]:
        seen = {*without, *self._shown}
        pictures: list[dict[str, Any]] = []
        for image in self._carried:
            if image.media.sha256 not in seen:
                seen.add(image.media.sha256)
                pictures.append(self._picture(image))
        self._carried = []
        return [self._words(CAPTION), *pictures] if pictures else []

    def _show_carried(self) -> None:
        carried = {image.media.sha256 for image in self._carried}
        self._say_as_user(self._carried_content())
        self._shown |= carried

    def _not_shown(self, result: ToolResult) -> list[Image]:
        """The pictures of an answer that were not sent yet; now they are."""
        drawn = {item.media.sha256: item for item in result.content if isinstance(item, Image)}
        fresh = [image for name, image in drawn.items() if name not in self._shown]
        self._shown.update(drawn)
        return fresh

    def _url(self, image: Image) -> str:
        return self._pictures.url(image.media.mime, self._bytes(image))

    def _bytes(self, image: Image) -> bytes:
        return self._request.media[image.media.sha256]

    @abstractmethod
    def _assistant(self, message: Message) -> None:
        """Tell a reply."""

    @abstractmethod
    def _say_as_user(self, content: list[dict[str, Any]]) -> None:
        """Tell what the user says; nothing where there is nothing."""

    @abstractmethod
    def _words(self, text: str) -> dict[str, Any]:
        """Words among what the user says."""

    @abstractmethod
    def _picture(self, image: Image) -> dict[str, Any]:
        """A picture among what the user says."""


def is_own(message: Message, card: ModelCard, kind: str) -> bool:
    """Whether this very model wrote the message over this wire, at this endpoint."""
    origin = message.origin
    return origin is not None and (origin.kind, origin.endpoint, origin.model) == (
        kind,
        card.endpoint,
        card.id,
    )
