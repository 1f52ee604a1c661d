"""What a function says of itself is what a model is told."""

from collections.abc import Mapping
from typing import Any, Literal, Optional

import pytest

from chat.core.errors import ToolFailed
from chat.core.tools import Picture, ToolContext, ToolOutput
from chat.tools.schema import FunctionTool, Needs
from tests.unit.tools.surroundings import Surroundings, run


def paint(
    shape: Literal["disc", "square"],
    sizes: list[float],
    count: int = 1,
    filled: bool = False,
    note: Optional[str] = None,  # noqa: UP045 - both spellings must be understood
    tags: list[str] | None = None,
) -> str:
    """Paint shapes.

    Of one
    size.

    Args:
        shape: what to paint,
            one of two.
        sizes: in pixels.
        count: how many.
        filled: whether with colour.
        note: anything else.
        tags: words.

    Raises:
        ToolFailed: never.
    """
    return f"{count} {shape} {sizes} {filled} {note} {tags}"


TOOL = FunctionTool("paint_shapes", paint)

GOOD: dict[str, Any] = {"shape": "disc", "sizes": [1, 2.5]}


def test_models_read_the_signature_and_the_docstring() -> None:
    assert TOOL.title == "Paint shapes"
    assert TOOL.spec.description == "Paint shapes. Of one size."
    assert TOOL.spec.parameters == {
        "type": "object",
        "required": ["shape", "sizes"],
        "properties": {
            "shape": {
                "type": "string",
                "enum": ["disc", "square"],
                "description": "what to paint, one of two.",
            },
            "sizes": {"type": "array", "items": {"type": "number"}, "description": "in pixels."},
            "count": {"type": "integer", "default": 1, "description": "how many."},
            "filled": {"type": "boolean", "default": False, "description": "whether with colour."},
            "note": {"type": "string", "description": "anything else."},
            "tags": {"type": "array", "items": {"type": "string"}, "description": "words."},
        },
    }


def test_defaults_fill_what_was_left_out() -> None:
    assert run(TOOL, GOOD) == ("1 disc [1.0, 2.5] False None None",)


def test_numbers_that_arrive_as_text_are_numbers() -> None:
    """Models often quote them."""
    assert run(TOOL, {**GOOD, "count": "3", "sizes": ["4"]}) == ("3 disc [4.0] False None None",)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"sizes": [1]}, "shape"),
        ({**GOOD, "shape": "star"}, "disc"),
        ({**GOOD, "sizes": "big"}, "sizes"),
        ({**GOOD, "sizes": [1, "x"]}, "sizes.1"),
        ({**GOOD, "count": 1.5}, "count"),
        ({**GOOD, "colour": "red"}, "colour"),
        ({**GOOD, "note": 5}, "note"),
    ],
)
def test_a_model_is_told_which_argument_is_wrong(arguments: Mapping[str, Any], named: str) -> None:
    with pytest.raises(ToolFailed, match=named) as caught:
        run(TOOL, arguments)
    assert str(caught.value).endswith("paint_shapes takes shape, sizes, count, filled, note, tags.")


FOX, OWL = Picture(b"fox", "A fox"), Picture(b"owl", "An owl")


async def blend(
    first: Picture,
    context: ToolContext,
    others: list[Picture] | None = None,
    last: Picture | None = None,
) -> list[ToolOutput]:
    """Blend pictures.

    Args:
        first: where to begin.
        context: to say how far it is.
        others: what to lay upon it.
        last: what comes on top.
    """
    context.progress("Blending", 0.5)
    every = [first, *(others or []), *([last] if last else [])]
    return [f"{len(every)} pictures", *every]


BLEND = FunctionTool("blend", blend)


def test_a_model_names_pictures_and_is_not_told_of_the_context() -> None:
    properties = BLEND.spec.parameters["properties"]
    assert set(properties) == {"first", "others", "last"}
    assert properties["first"]["type"] == properties["last"]["type"] == "string"
    assert (properties["others"]["type"], properties["others"]["items"]) == (
        "array",
        {"type": "string"},
    )
    assert BLEND.spec.parameters["required"] == ["first"]
    assert properties["first"]["description"].startswith("where to begin. A picture of this")


def test_an_async_function_takes_pictures_reports_and_gives_several_outputs() -> None:
    around = Surroundings({"latest": FOX, "1": OWL})
    arguments = {"first": "latest", "others": ["1", "1"], "last": "latest"}
    assert run(BLEND, arguments, around) == ("4 pictures", FOX, OWL, OWL, FOX)
    assert around.told == [("Blending", 0.5)]
    assert run(BLEND, {"first": "1"}, around) == ("1 pictures", OWL)


def test_a_picture_that_is_not_there_is_named_to_the_model() -> None:
    with pytest.raises(ToolFailed, match="no picture '7'"):
        run(BLEND, {"first": "7"})


class Letterbox:
    """A part of the house."""

    def __init__(self) -> None:
        self.letters: list[str] = []


def test_a_tool_is_given_the_part_of_the_house_that_it_needs_and_models_hear_nothing_of_it() -> (
    None
):
    def post(words: str, box: Needs[Letterbox]) -> str:
        """Post a letter.

        Args:
            words: what it says.
            box: where it goes.
        """
        box.letters.append(words)
        return "Posted."

    tool, box = FunctionTool("post", post), Letterbox()
    assert tool.needs == (Letterbox,)
    assert list(tool.spec.parameters["properties"]) == ["words"]
    surroundings = Surroundings(resources={Letterbox: box})
    assert run(tool, {"words": "Dear"}, surroundings) == ("Posted.",)
    assert box.letters == ["Dear"]
    with pytest.raises(ToolFailed):
        run(tool, {"words": "Dear", "box": "mine"}, surroundings)


def test_a_parameter_without_words_or_type_is_named_before_a_model_is_told_of_the_tool() -> None:
    def wordless(shape: str) -> str:
        """Paint a shape."""
        return shape

    def typeless(shape) -> str:  # type: ignore[no-untyped-def]
        """Paint a shape.

        Args:
            shape: what to paint.
        """
        return str(shape)

    with pytest.raises(TypeError, match="“paint” says nothing of “shape”: put a line for it under"):
        FunctionTool("paint", wordless)
    with pytest.raises(TypeError, match="“shape” of the tool “paint” has no type"):
        FunctionTool("paint", typeless)
