"""Addresses with blanks: what people are asked for, and what becomes of it."""

import pytest

from chat.core.errors import ToolFailed
from chat.mcp.templates import MAX_URI_CHARACTERS, blanks_of, filled

FILLED = [
    ("note://{id}", {"id": "a/b c?d#e"}, "note://a%2Fb%20c%3Fd%23e"),
    ("file://docs/{+path}", {"path": "src/main.py"}, "file://docs/src/main.py"),
    ("files:/{/path*}", {"path": "a/b c"}, "files://a/b%20c"),
    ("find://all{?q,lang}", {"q": "herön"}, "find://all?q=her%C3%B6n"),
    ("find://all{?q,lang}", {}, "find://all"),
    ("find://{id}", {"id": "1", "other": "2"}, "find://1"),
    ("find://{id}", {"id": "{id}"}, "find://%7Bid%7D"),
]


@pytest.mark.parametrize(("template", "given", "uri"), FILLED)
def test_what_is_filled_in_stays_in_its_place(
    template: str, given: dict[str, str], uri: str
) -> None:
    assert filled(template, given) == uri


def test_a_person_hears_what_may_stay_empty_and_what_takes_several() -> None:
    blanks = blanks_of("files://{host}/in{/path*}{?version}")
    assert blanks is not None
    assert [(each.name, each.about, each.required) for each in blanks] == [
        ("host", "", True),
        ("path", "several, with “/” between", True),
        ("version", "", False),
    ]


@pytest.mark.parametrize(
    "template",
    [
        "note://{id",
        "note://{id:3}",
        "note://{}",
        "note://{a}{b}",
        "note://" + "x" * MAX_URI_CHARACTERS + "{id}",
        "note://" + "/".join(f"{{blank{at}}}" for at in range(21)),
    ],
)
def test_an_address_that_cannot_be_filled_in_is_left_out(template: str) -> None:
    assert blanks_of(template) is None


def test_nothing_becomes_longer_than_an_address_may_be() -> None:
    with pytest.raises(ToolFailed, match="more than 2,000 characters"):
        filled("note://{id}", {"id": "x" * MAX_URI_CHARACTERS})
