"""What was done to a picture, as steps that can be done to another one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chat.core.errors import CapabilityError
from chat.core.lineage import Version, chain, versions
from chat.core.messages import Message
from chat.core.parts import Image, Json, images
from chat.core.parts import files as files_in
from chat.turns.operation_words import done
from chat.turns.question import NamedFile

CHANGED = ""
"""Stands among the pictures of a step for the one that it changes."""


@dataclass(frozen=True, slots=True)
class Step:
    """One edit: words to a model, or picture operations without one."""

    words: str
    """What a model was told; of operations, what they do."""
    recipe: tuple[Json, ...] = ()
    """The JSON form of each operation; empty: a model is asked."""
    shown: tuple[str, ...] = (CHANGED,)
    """The sha256 of each picture that goes along, in order."""
    masks: tuple[str, ...] = ()
    """The sha256 of what marks the picture; it fits pictures of its size alone."""
    model: str = ""
    """The id of the card that did it."""
    files: tuple[NamedFile, ...] = ()
    """What went along beside the pictures."""


def steps_to(messages: Sequence[Message], sha256: str) -> tuple[Step, ...]:
    """The edits on the way from the original to a version, in order.

    Args:
        messages: all of the conversation, in the order of arrival.
        sha256: the version.

    Raises:
        CapabilityError: nothing was done to that picture.
    """
    known = {message.id: message for message in messages}
    way = chain(versions(messages), sha256)
    if len(way) < 2:
        raise CapabilityError("Nothing was done to this picture that could be repeated.")
    return tuple(_step(version, known) for version in way[1:])


def _step(version: Version, known: Mapping[str, Message]) -> Step:
    derivation = version.image.derivation
    recipe = derivation.details.get("recipe") if derivation is not None else None
    if isinstance(recipe, list) and recipe:
        return Step(done(derivation), tuple(recipe))
    question = known.get(known[version.message_id].parent_id or "")
    shown = images(question.parts) if question is not None else ()
    changed = version.parents[0]
    along = tuple(
        CHANGED if image.media.sha256 == changed else image.media.sha256
        for image in shown
        if not image.mask
    )
    if CHANGED not in along:
        along = (CHANGED, *along)
    files = [] if question is None else files_in(question.parts)
    named = tuple(NamedFile(each.media.sha256, each.name, each.handle) for each in files)
    return Step(version.prompt, shown=along, masks=_masks(shown), model=version.model, files=named)


def _masks(shown: Sequence[Image]) -> tuple[str, ...]:
    return tuple(image.media.sha256 for image in shown if image.mask)
