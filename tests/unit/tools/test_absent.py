"""Tools that this Easel is not set up for are named with what is missing, and no others."""

from chat.core.ports import Conversations
from chat.files.reader import DataQueries, FileReader
from chat.images.edits import ImageEditing
from chat.research.pages import PageReader
from chat.tools.registry import TOOLS, absent_tools, load_tools

EVERYWHERE: dict[type, object] = {Conversations: 0, ImageEditing: 0, FileReader: 0}
"""What every Easel has."""


def test_each_tool_is_there_or_says_what_is_missing() -> None:
    absent = {tool.spec.name: tool.facts.setup for tool in absent_tools(EVERYWHERE)}
    assert [*absent] == [
        "query_data", "web_search", "read_web_page", "send_email", "call_webhook",
    ]  # fmt: skip
    assert {*absent} | {*load_tools(EVERYWHERE)} == {*TOOLS}
    for name, setup in absent.items():
        assert setup.startswith("It needs "), name


def test_what_is_set_up_is_named_no_more() -> None:
    there = {**EVERYWHERE, DataQueries: 0, PageReader: 0}
    absent = [tool.spec.name for tool in absent_tools(there)]
    assert absent == ["web_search", "send_email", "call_webhook"]
