"""Names of tools: within what every provider takes, and each its own."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.mcp.names import shown_name, told_apart, wire_name
from chat.mcp.settings import Program, ServerSettings


@pytest.mark.parametrize(
    ("server", "tool", "name"),
    [
        ("time", "convert_time", "time__convert_time"),
        ("time", "convert.time", "time__convert_time_afce56e0"),
        ("time", "convert/time", "time__convert_time_e87ac52d"),
        ("files", "x" * 57, "files__" + "x" * 57),
        ("files", "x" * 58, "files__" + "x" * 48 + "_0f6fde3a"),
    ],
)
def test_a_name_is_kept_where_it_can_be(server: str, tool: str, name: str) -> None:
    assert wire_name(server, tool) == name


@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=200))
def test_names_are_taken_by_every_provider_and_no_two_are_one(one: str, other: str) -> None:
    names = wire_name("s", one), wire_name("s", other)
    assert all(re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_-]{0,63}", name) for name in names)
    assert (names[0] == names[1]) == (one == other)


def test_people_read_no_sign_that_turns_a_name_around() -> None:
    assert shown_name("s", "read\u202egnp.exe\x00\n") == "s.readgnp.exe"


def test_no_server_passes_for_another_or_for_tools_of_the_house() -> None:
    titles = {
        "a": "Tickets",
        "b": "Built in",
        "c": "web",
        "d": "Ｂｕｉｌｔ－ｉｎ",
        "e": "Notes",
        "f": "Notes\u200b",
    }
    servers = [ServerSettings(each, title, Program("x")) for each, title in titles.items()]
    apart = told_apart(servers, ["Built in", "Pictures", "Web", "Web"])
    assert [each.title for each in apart] == [
        "Tickets",
        "Built in (server b)",
        "web (server c)",
        "Ｂｕｉｌｔ－ｉｎ (server d)",
        "Notes (server e)",
        "Notes\u200b (server f)",
    ]
    assert [each.id for each in apart] == [*titles]
