"""Schemas of strangers: what models are told of them, what is checked, and what is not taken."""

import json
from typing import Any

import pytest

from chat.mcp.schemas import (
    MAX_BYTES,
    Unusable,
    check_of,
    for_models,
    written_out,
    wrong_in,
)


def schema(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, **more}


NAN, INFINITE = float("nan"), float("inf")
TREE = {"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#/$defs/T"}}}}

TOLD = {
    "a reference": (
        schema({"a": {"$ref": "#/$defs/A"}}, **{"$defs": {"A": {"type": "string", "title": "x"}}}),
        {"a": {"type": "string"}},
    ),
    "a tree": (
        schema({"t": {"$ref": "#/$defs/T"}}, **{"$defs": {"T": TREE}}),
        {"t": {"type": "object", "properties": {"kids": {"type": "array", "items": {}}}}},
    ),
    "a value that may be nothing": (
        schema({"n": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None}}),
        {"n": {"type": "integer"}},
    ),
    "several types": (
        schema({"v": {"type": ["string", "number", "null"]}}),
        {"v": {"anyOf": [{"type": "string"}, {"type": "number"}]}},
    ),
    "one of several": (
        schema({"v": {"oneOf": [{"const": "a"}, {"type": "array", "items": {"type": "string"}}]}}),
        {"v": {"anyOf": [{"enum": ["a"]}, {"type": "array", "items": {"type": "string"}}]}},
    ),
    "all of several": (
        schema({"v": {"allOf": [{"type": "string"}, {"maxLength": 3}]}}),
        {"v": {"type": "string", "maxLength": 3}},
    ),
    "a format": (
        schema({"v": {"type": "string", "format": "uuid", "description": "Which one."}}),
        {"v": {"type": "string", "description": "Which one. Format: uuid."}},
    ),
    "numbers that JSON does not have": (
        schema(
            {"v": {"type": "number", "minimum": NAN, "default": -INFINITE, "enum": [INFINITE, 1]}}
        ),
        {"v": {"type": "number"}},
    ),
    "an argument named as a word of schemas": (
        schema({"id": {"type": "string"}, "definitions": {"type": "integer"}}),
        {"id": {"type": "string"}, "definitions": {"type": "integer"}},
    ),
    "alternatives at the top": (
        {"oneOf": [schema({"a": {"type": "string"}}), schema({"b": {"type": "string"}})]},
        {"a": {"type": "string"}, "b": {"type": "string"}},
    ),
    "an argument that no provider can name": (
        schema({"a b": {"type": "string"}, "a": {"type": "string"}}),
        {"a": {"type": "string"}},
    ),
    "no arguments": ({"type": "object"}, {}),
}


@pytest.mark.parametrize("case", TOLD)
def test_models_are_told_what_every_provider_understands(case: str) -> None:
    given, properties = TOLD[case]
    told = for_models(written_out(given))
    assert told == {"type": "object", "properties": properties, "required": []}


BOMB = {f"d{at}": {"allOf": [{"$ref": f"#/$defs/d{at + 1}"}] * 2} for at in range(40)}
DEEP: dict[str, Any] = {}
for _ in range(200):
    DEEP = {"type": "array", "items": DEEP}

UNUSABLE = {
    "a small one that stands for a huge one": schema(
        {"a": {"$ref": "#/$defs/d0"}}, **{"$defs": {**BOMB, "d40": {}}}
    ),
    "one that is deep": schema({"a": DEEP}),
    "another document": schema({"a": {"$ref": "https://example.org/schema.json"}}),
    "a reference to nothing": schema({"a": {"$ref": "#/$defs/none"}}),
    "no schema at all": schema({"a": {"type": 7}}),
    "too many arguments": schema({f"a{at}": {} for at in range(201)}),
    "too many words": schema(
        {f"a{at}": {"enum": ["x" * 100] * 100} for at in range(MAX_BYTES // 10_000)}
    ),
    "an argument that must be given and cannot be named": schema(
        {"a b": {"type": "string"}}, required=["a b"]
    ),
}


def offered(given: dict[str, Any]) -> None:
    """Do with a schema what is done before its tool is offered."""
    written = written_out(given)
    check_of(written)
    for_models(written)


@pytest.mark.parametrize("case", UNUSABLE)
def test_what_cannot_be_described_or_checked_is_not_offered(case: str) -> None:
    with pytest.raises(Unusable):
        offered(UNUSABLE[case])


def test_arguments_are_checked_by_what_the_server_asks_and_not_by_what_models_are_told() -> None:
    given = schema({"n": {"type": "integer", "exclusiveMinimum": 3}}, additionalProperties=False)
    check = check_of(written_out(given))
    assert wrong_in(check, {"n": 4}) == ""
    assert wrong_in(check, {"n": 3}).startswith(
        "The argument 'n' is wrong: 3 is less than or equal"
    )
    assert wrong_in(check, {"m": 1}).startswith("The arguments are wrong: Additional properties")


def test_a_pattern_of_a_stranger_is_not_run() -> None:
    given = schema({"v": {"type": "string", "pattern": "^(a+)+$"}})
    assert wrong_in(check_of(written_out(given)), {"v": "a" * 60 + "!"}) == ""


def test_what_models_are_told_is_the_same_each_time() -> None:
    given = TOLD["one of several"][0]
    assert json.dumps(for_models(written_out(given))) == json.dumps(for_models(written_out(given)))
