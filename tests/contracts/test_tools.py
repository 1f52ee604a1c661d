"""What every tool owes a model and a user. Runs over each row of the registry."""

import inspect
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.core.errors import ToolFailed
from chat.core.ports import Picture, Tool, ToolOutput
from chat.tools.registry import TOOLS, load_tools
from tests.unit.tools.surroundings import Surroundings, run
from tests.wire_shapes import tiny_png

LOADED = load_tools()
PICTURE = Picture(tiny_png(200), "A picture")

MAX_RESULT_CHARS = 100_000
MAX_PICTURE_BYTES = 2_000_000

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@pytest.fixture(params=sorted(TOOLS))
def tool(request: pytest.FixtureRequest) -> Tool:
    return LOADED[request.param]


def shaped(form: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of the type that a schema asks for, sensible or not."""
    if "enum" in form:
        return st.sampled_from(form["enum"])
    match form["type"]:
        case "array":
            return st.lists(shaped(form["items"]), min_size=1, max_size=4)
        case "number":
            return st.floats(-1e6, 1e6) | st.floats()
        case "integer":
            return st.integers()
        case "boolean":
            return st.booleans()
    return st.text(max_size=40) | st.integers(0, 99).map(str)


def answered(tool: Tool, arguments: dict[str, Any]) -> Sequence[ToolOutput]:
    """What the tool answers within bounds; a refusal is an answer too."""
    refusal = "Nothing was refused."
    outputs: Sequence[ToolOutput] = ()
    try:
        outputs = run(tool, arguments, Surroundings({"latest": PICTURE, "1": PICTURE}))
    except ToolFailed as error:
        refusal = str(error)
    assert 10 < len(refusal) < 600
    assert re.fullmatch(r"\S.*\.", refusal, re.DOTALL)
    for output in outputs:
        if isinstance(output, Picture):
            assert len(output.data) <= MAX_PICTURE_BYTES
            assert output.alt
        else:
            assert isinstance(output, str)
            assert 0 < len(output) <= MAX_RESULT_CHARS
    return outputs


def test_tools_load_in_the_order_of_the_registry() -> None:
    assert list(LOADED) == list(TOOLS)


def test_a_model_is_told_enough(tool: Tool) -> None:
    spec = tool.spec
    assert TOOLS[spec.name]
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,63}", spec.name), "providers accept no other names"
    assert len(spec.description) > 20
    assert tool.title
    for form in spec.parameters["properties"].values():
        assert len(form["description"]) > 5


def test_the_schema_is_plain_enough_for_every_provider(tool: Tool) -> None:
    parameters = tool.spec.parameters
    assert json.loads(json.dumps(parameters)) == parameters
    assert parameters["type"] == "object"
    assert set(parameters["required"]) <= set(parameters["properties"])
    words = {"type", "description", "enum", "items", "default"}
    for form in parameters["properties"].values():
        assert set(form) <= words
        assert form["type"] in {"string", "number", "integer", "boolean", "array"}


def test_the_function_is_documented(tool: Tool) -> None:
    module, _, function = TOOLS[tool.spec.name].partition(":")
    found = getattr(__import__(module, fromlist=[function]), function)
    assert inspect.getdoc(found)


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(arguments=st.dictionaries(st.text(max_size=12), JSON, max_size=5))
def test_junk_is_refused_with_a_sentence(tool: Tool, arguments: dict[str, Any]) -> None:
    answered(tool, arguments)


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data())
def test_arguments_of_the_right_shape_are_answered(tool: Tool, data: st.DataObject) -> None:
    forms = tool.spec.parameters["properties"]
    answered(tool, {name: data.draw(shaped(form), label=name) for name, form in forms.items()})


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data())
def test_one_wrong_value_among_right_ones_is_survived(tool: Tool, data: st.DataObject) -> None:
    forms = tool.spec.parameters["properties"]
    arguments = {name: data.draw(shaped(form), label=name) for name, form in forms.items()}
    answered(tool, arguments | {data.draw(st.sampled_from(sorted(forms))): data.draw(JSON)})
