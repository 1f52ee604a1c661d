"""What every tool owes a model and a user. Runs over each row of the registry."""

import inspect
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.core.errors import ToolFailed
from chat.core.models import Endpoint
from chat.core.ports import Conversations
from chat.core.tools import MadeFile, Picture, PictureMaker, Tool, ToolOutput
from chat.files.reader import DataQueries, FileProcess, FileReader
from chat.http.webhooks import Webhooks
from chat.images.editor import ImageEditor
from chat.images.edits import ImageEditing
from chat.images.ingest import ImageIngest
from chat.mail.outbox import Outbox
from chat.mail.settings import MailSettings
from chat.research.pages import PageReader
from chat.research.search.registry import open_search
from chat.research.search.search import WebSearch
from chat.tools.registry import TOOLS, load_tools
from chat.tools.schema import PICTURE_NAMES
from storage.open import open_conversations
from tests.unit.tools.surroundings import Surroundings, run
from tests.wire_shapes import tiny_png

PICTURE = Picture(tiny_png(200), "A picture")
SHOWN = {"latest": PICTURE, "1": PICTURE}
"""What there is to be named in a conversation."""

FILES = {"a.csv": b"Fox,Count\nred,3\n", "1": b"Fox,Count\nred,3\n", "latest": b"Words of a file."}

MAX_RESULT_CHARS = 100_000
MAX_PICTURE_BYTES = 2_000_000

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


async def nowhere(host: str, port: int) -> Sequence[str]:
    """No host has an address: nothing is reached from here."""
    raise OSError(host, port)


class Painter:
    """A picture model that draws the same whatever it is asked."""

    async def draw(
        self, prompt: str, shown: Sequence[Picture], aspect_ratio: str
    ) -> Sequence[ToolOutput]:
        """The picture, and a word on it."""
        return [PICTURE, f"{prompt[:100]} {len(shown)} {aspect_ratio[:10]}"]


@pytest.fixture(scope="module")
def house() -> Iterator[dict[type, Any]]:
    """Every part that tools may work with."""
    ingest = ImageIngest()
    editor = ImageEditor(ingest.pool)
    yield {
        Conversations: open_conversations("memory:"),
        PictureMaker: Painter(),
        ImageEditing: editor,
        PageReader: PageReader(resolve=nowhere),
        FileReader: FileReader(FileProcess()),
        DataQueries: DataQueries(FileProcess()),
        Webhooks: Webhooks(["hooks.example"], nowhere),
        Outbox: Outbox(MailSettings("127.0.0.1", 1, False, False, "me@a.example", frozenset("*"))),
        WebSearch: open_search(Endpoint("searxng", "searxng", "SearXNG", "http://127.0.0.1:1")),
    }
    ingest.close()
    editor.close()


@pytest.fixture(params=sorted(TOOLS))
def tool(request: pytest.FixtureRequest, house: dict[type, Any]) -> Tool:
    return load_tools(house)[request.param]


def shaped(form: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of the type that a schema asks for, sensible or not."""
    if "enum" in form:
        return st.sampled_from(form["enum"])
    if PICTURE_NAMES in form.get("description", ""):
        shown = st.sampled_from(sorted(SHOWN))
        return st.lists(shown, min_size=1, max_size=4) if form["type"] == "array" else shown
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


def answered(tool: Tool, arguments: dict[str, Any], house: dict[type, Any]) -> Sequence[ToolOutput]:
    """What the tool answers within bounds; a refusal is an answer too."""
    refusal = "Nothing was refused."
    outputs: Sequence[ToolOutput] = ()
    try:
        outputs = run(tool, arguments, Surroundings(SHOWN, house, FILES))
    except ToolFailed as error:
        refusal = str(error)
    assert 10 < len(refusal) < 600
    assert re.fullmatch(r"\S.*\.", refusal, re.DOTALL)
    for output in outputs:
        if isinstance(output, Picture):
            assert len(output.data) <= MAX_PICTURE_BYTES
            assert output.alt
        elif isinstance(output, MadeFile):
            assert 0 < len(output.data) <= MAX_PICTURE_BYTES
            assert output.name
        else:
            assert isinstance(output, str)
            assert 0 < len(output) <= MAX_RESULT_CHARS
    return outputs


def test_tools_load_in_the_order_of_the_registry(house: dict[type, Any]) -> None:
    assert list(load_tools(house)) == list(TOOLS)


def test_a_tool_whose_part_is_missing_is_not_offered() -> None:
    assert {"calculator", "chart"} <= set(load_tools())
    assert not {"search_conversations", "crop_picture"} & set(load_tools())


def test_a_model_is_told_enough(tool: Tool) -> None:
    spec = tool.spec
    assert TOOLS[spec.name]
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,63}", spec.name), "providers accept no other names"
    told = "say more in the first lines of the docstring: it is all that a model is told"
    assert len(spec.description) > 20, told
    assert tool.title
    for name, form in spec.parameters["properties"].items():
        assert len(form["description"]) > 5, f"say more of “{name}” under Args: in the docstring"


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


def test_a_picture_and_nothing_else_is_answered(tool: Tool, house: dict[type, Any]) -> None:
    forms, required = tool.spec.parameters["properties"], tool.spec.parameters["required"]
    if all(PICTURE_NAMES in forms[name]["description"] for name in required):
        named = {name: ["1"] if forms[name]["type"] == "array" else "1" for name in required}
        answered(tool, named, house)


@pytest.mark.deep
@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(arguments=st.dictionaries(st.text(max_size=12), JSON, max_size=5))
def test_junk_is_refused_with_a_sentence(
    tool: Tool, house: dict[type, Any], arguments: dict[str, Any]
) -> None:
    answered(tool, arguments, house)


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data())
def test_arguments_of_the_right_shape_are_answered(
    tool: Tool, house: dict[type, Any], data: st.DataObject
) -> None:
    forms = tool.spec.parameters["properties"]
    answered(
        tool, {name: data.draw(shaped(form), label=name) for name, form in forms.items()}, house
    )


@pytest.mark.deep
@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data())
def test_one_wrong_value_among_right_ones_is_survived(
    tool: Tool, house: dict[type, Any], data: st.DataObject
) -> None:
    forms = tool.spec.parameters["properties"]
    arguments = {name: data.draw(shaped(form), label=name) for name, form in forms.items()}
    answered(tool, arguments | {data.draw(st.sampled_from(sorted(forms))): data.draw(JSON)}, house)
