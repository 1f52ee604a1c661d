"""The versions of a conversation's pictures as a graph: which picture came of which.

Nothing of it is stored: it is read from the messages, so it holds for whatever was ever said.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chat.core.messages import Message
from chat.core.parts import Image, pictures, plain_text


@dataclass(frozen=True, slots=True)
class Version:
    """A picture of a conversation, where it came first."""

    image: Image
    message_id: str
    parents: tuple[str, ...]
    """The sha256 of the versions it came of, each earlier than this one; the first was changed."""
    prompt: str
    """The words that it answers; for an upload, those it came with."""
    model: str
    """The id of the model card; empty: no model made it."""
    made_at: datetime
    cost_usd: float | None = None
    """Price of the whole reply that it stands in; ``None`` is unknown or nothing."""

    @property
    def sha256(self) -> str:
        """What names it: the same bytes are one version."""
        return self.image.media.sha256


def versions(messages: Sequence[Message]) -> tuple[Version, ...]:
    """Every picture of a conversation once, parents before children.

    A model's or a tool's picture comes of those that its question showed, unless it says
    otherwise itself (:class:`chat.core.parts.Derivation`). A picture that comes again, as one
    that is carried along does, stays what it was when it came first; so no circle can be.

    Args:
        messages: all of the conversation, in the order of arrival. Masks and drafts are none of
            its versions.
    """
    questions = {message.id: message for message in messages if message.role == "user"}
    found: dict[str, Version] = {}
    for message in messages:
        question = questions.get(message.parent_id or "") if message.role != "user" else message
        for image in pictures(message.parts):
            if image.media.sha256 not in found:
                found[image.media.sha256] = _version(image, message, question, found)
    return tuple(found.values())


def chain(
    found: Sequence[Version], sha256: str, bases: Collection[str] = ()
) -> tuple[Version, ...]:
    """The way from a clean original to a version: that original, then each edit up to the version.

    It goes by the picture that was changed each time, which is the first parent.

    Args:
        found: all versions, parents before children.
        sha256: the last of the way; without such a version there is none.
        bases: the sha256 of versions that count as originals, whatever they came of.
    """
    known = {version.sha256: version for version in found}
    way: list[Version] = []
    at = known.get(sha256)
    while at is not None:
        way.append(at)
        at = known[at.parents[0]] if at.parents and at.sha256 not in bases else None
    return tuple(reversed(way))


def _version(
    image: Image, message: Message, question: Message | None, found: Mapping[str, Version]
) -> Version:
    asked = () if question is None else question.parts
    if image.derivation is not None:
        sources: Sequence[str] = image.derivation.parents
    elif image.origin == "upload" or message.role == "user":
        sources = ()
    else:
        sources = [shown.media.sha256 for shown in pictures(asked)]
    of_model = image.origin == "model" and message.origin is not None
    return Version(
        image=image,
        message_id=message.id,
        parents=tuple(dict.fromkeys(sha256 for sha256 in sources if sha256 in found)),
        prompt=plain_text(asked),
        model=image.model or (message.origin.model if of_model and message.origin else ""),
        made_at=message.created_at,
        cost_usd=message.cost_usd if message.role != "user" else None,
    )
