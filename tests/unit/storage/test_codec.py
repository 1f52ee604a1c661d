"""What is stored comes back as it was, and what cannot be understood is never guessed at."""

import json
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.core.errors import Damaged
from chat.core.messages import Conversation, Finish, Origin, Usage
from chat.core.parts import Echo, Image, MediaRef, Part, Reasoning, Text, ToolCall, ToolResult
from storage import codec

# A slow machine is no failure, and nothing is left in the repository.
patient = settings(deadline=None, database=None)

AWKWARD = [
    "\0",
    "\ud800",
    "\udfff",
    "\u202eright to left שלום",
    "\U0001f469\u200d\U0001f467 é e\u0301",
    "\u2028",
    '"\\',
]
# Two lone surrogates that meet become the character they spell, so each stands apart here.
words = st.lists(st.text() | st.sampled_from(AWKWARD)).map(" ".join)
numbers = st.none() | st.integers(min_value=0, max_value=2**53)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner) | st.dictionaries(words, inner),
    max_leaves=8,
)
json_objects = st.dictionaries(words, json_values, max_size=3)
echoes = st.none() | st.builds(Echo, provider=words, data=json_objects)
refs = st.builds(MediaRef, words, words, st.integers(), st.integers(), st.integers())
texts = st.builds(Text, words, echoes)
images = st.builds(
    Image,
    refs,
    st.sampled_from(["upload", "model", "tool"]),
    words,
    st.booleans(),
    echoes,
    st.booleans(),
)
parts = st.one_of(
    texts,
    images,
    st.builds(Reasoning, words, echoes),
    st.builds(ToolCall, words, words, json_objects, echoes),
    st.builds(ToolResult, words, words, st.lists(texts | images).map(tuple), st.booleans(), echoes),
)


@patient
@given(st.lists(parts, max_size=4).map(tuple))
def test_parts_survive(value: tuple[Part, ...]) -> None:
    stored = codec.parts_to_json(value)
    assert codec.parts_from_json(stored) == value
    assert stored.isascii()
    assert "\0" not in stored


def test_surrogates_that_spell_a_character_become_it() -> None:
    stored = codec.parts_to_json((Text("\ud83e\udd8a"),))
    assert codec.parts_from_json(stored) == (Text("🦊"),)


@patient
@given(
    st.builds(
        Finish,
        st.sampled_from(["stop", "error"]),
        words,
        words,
        st.sampled_from(["yes", "no", "unknown"]),
        st.lists(st.sampled_from(["retry", "edit", "reword"])).map(tuple),
    )
)
def test_a_finish_survives(value: Finish) -> None:
    assert codec.finish_from_json(codec.detail_to_json(value)) == value


@patient
@given(st.builds(Origin, words, words, words, words, words, st.lists(words).map(tuple)))
def test_an_origin_survives(value: Origin) -> None:
    assert codec.origin_from_json(codec.detail_to_json(value)) == value


@patient
@given(st.builds(Usage, *[numbers] * (len(fields(Usage)) - 1), st.none() | st.floats(0, 1e6)))
def test_a_usage_survives_and_unknown_stays_unknown(value: Usage) -> None:
    assert codec.usage_from_json(codec.detail_to_json(value)) == value


def test_nothing_stays_nothing() -> None:
    assert codec.detail_to_json(None) is None
    assert codec.finish_from_json(None) is None
    assert codec.origin_from_json(None) is None
    assert codec.usage_from_json(None) is None


@patient
@given(words, json_objects)
def test_settings_survive(text: str, options: dict[str, object]) -> None:
    value = Conversation("id", "me", text, "m", text, True, {text: "deny"}, options)
    stored = codec.settings_to_json(value)
    kept = Conversation(
        id="id",
        owner="me",
        created_at=value.created_at,
        updated_at=value.updated_at,
        **codec.settings_from_json(stored),
    )
    assert kept == value


def test_a_newer_form_is_refused_by_name() -> None:
    newer = json.dumps({"version": codec.VERSION + 1, "value": []})
    with pytest.raises(Damaged, match="newer Easel"):
        codec.parts_from_json(newer)


@pytest.mark.parametrize(
    "value",
    [
        [{"kind": "hologram", "text": "?"}],
        [{"kind": "text"}],
        [{"text": "?"}],
        [{"kind": "image", "media": {"sha256": "x"}}],
        [{"kind": "tool_result", "call_id": "", "name": "", "content": [{"kind": "tool_call"}]}],
        [{"kind": "text", "text": "?", "echo": {"provider": "x"}}],
        ["text"],
        7,
    ],
)
def test_parts_that_make_no_sense_are_damage(value: object) -> None:
    with pytest.raises(Damaged):
        codec.parts_from_json(json.dumps({"version": codec.VERSION, "value": value}))


@pytest.mark.parametrize("stored", ["", "{", "null", "[]", "{}", '{"version": 1}', "[" * 100_000])
def test_text_that_is_no_envelope_is_damage(stored: str) -> None:
    for read in (
        codec.parts_from_json,
        codec.finish_from_json,
        codec.origin_from_json,
        codec.usage_from_json,
        codec.settings_from_json,
    ):
        with pytest.raises(Damaged):
            read(stored)


@pytest.mark.parametrize("value", [{}, {"title": "A"}, [], "text"])
def test_settings_that_lack_something_are_damage(value: object) -> None:
    with pytest.raises(Damaged):
        codec.settings_from_json(json.dumps({"version": codec.VERSION, "value": value}))


@pytest.mark.parametrize("value", [["a"], {"unknown": 1}, "text", 7])
def test_details_that_make_no_sense_are_damage(value: object) -> None:
    stored = json.dumps({"version": codec.VERSION, "value": value})
    for read in (codec.finish_from_json, codec.origin_from_json, codec.usage_from_json):
        with pytest.raises(Damaged):
            read(stored)
