"""Pictures of the conversation, changed by a tool: what they came of is noted, as in the studio."""

from collections.abc import Mapping, Sequence
from typing import Any

from chat.core.parts import Derivation
from chat.core.tools import Picture
from chat.images.edits import EditedImage, ImageEditing, recipe
from chat.images.operations.operation import Operation

FACTS: Mapping[str, Any] = {
    "source": "Pictures",
    "reach": "Makes a new picture of one in this conversation; the old one stays. Reaches nothing.",
}
"""What people are told of tools that do so."""

DRAWN: Mapping[str, Any] = {
    "source": "Pictures",
    "reach": "Has the picture model of the conversation draw, at its provider and its price. Used "
    "where a text model runs the tools for it.",
    "timeout_s": 600.0,
    "for_relay": True,
}
"""What they are told of tools that have a model draw."""

LOOKS: Mapping[str, Any] = {
    "source": "Pictures",
    "reach": "Looks at pictures of this conversation. Changes nothing and reaches nothing.",
}


async def edited(
    editor: ImageEditing, picture: Picture, operations: Sequence[Operation], words: str
) -> Picture:
    """A picture after some operations, which knows what it came of.

    Args:
        editor: does them.
        picture: of the conversation.
        operations: at least one.
        words: what was done, for people who cannot see it.

    Raises:
        MediaRejected: they are impossible for this picture.
    """
    made = await editor.apply(picture.data, operations)
    steps = recipe(operations)
    operation = str(steps[0]["operation"]) if len(steps) == 1 else "recipe"
    return new_picture(made, [picture], operation, _alt(words, picture), {"recipe": steps})


def new_picture(
    made: EditedImage,
    parents: Sequence[Picture],
    operation: str,
    alt: str,
    details: Mapping[str, Any],
) -> Picture:
    """What was made of pictures, with their names."""
    names = tuple(dict.fromkeys(parent.sha256 for parent in parents if parent.sha256))
    derivation = Derivation(names, operation, details) if names else None
    return Picture(made.data, alt, derivation=derivation)


def _alt(words: str, picture: Picture) -> str:
    return f"{words}: {picture.alt}"[:1000] if picture.alt else words
