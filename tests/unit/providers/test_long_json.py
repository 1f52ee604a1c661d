"""A long text in an answer is read in slices, and is the text that was sent."""

import json
import random
from typing import Any

import pytest

from chat.providers.shared.replies import long_json
from chat.providers.shared.replies.long_json import loads

ATOMS = (
    *("a", "bc ", '"', "\\", "\\\\", "\n", "\u00e9", "\u4e2d", "\U0001f600", "{", '":', "\0"),
    *("\ud83d", "\ude00"),
)
ROUNDS = 2_000


@pytest.fixture(autouse=True)
def every_text_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_json, "LONG_BYTES", 8)
    monkeypatch.setattr(long_json, "SLICE_BYTES", 5)


def made(dice: random.Random, depth: int = 0) -> Any:
    kind = dice.random()
    if depth > 3 or kind < 0.5:
        return "".join(dice.choice(ATOMS) for _ in range(dice.randrange(30)))
    if kind < 0.75:
        return [made(dice, depth + 1) for _ in range(dice.randrange(4))]
    return {made(dice, 9): made(dice, depth + 1) for _ in range(dice.randrange(4))}


def read(data: bytes, *, sliced: bool) -> Any:
    try:
        return loads(data) if sliced else json.loads(data)
    except ValueError:
        return ValueError


def test_no_slice_changes_what_is_read() -> None:
    """Keys and values, whole and broken: where one reads it, the other reads the same."""
    dice = random.Random(7)
    for number in range(ROUNDS):
        value = made(dice)
        plain = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        data = json.dumps(value).encode() if number % 2 else plain
        broken = bytearray(data)
        broken[dice.randrange(len(data))] = dice.choice(b'"\\{}[],x\x80')
        for each in (data, bytes(broken)):
            assert read(each, sliced=True) == read(each, sliced=False), each


@pytest.mark.deep
def test_a_text_of_backslashes_is_walked_through_once() -> None:
    data = b'"' + b"\\" * 2_000_000 + b'"'
    assert loads(data) == "\\" * 1_000_000
