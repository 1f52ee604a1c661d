"""What is stored comes back as it was, and what cannot be understood is never guessed at."""

import json
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any
from unittest.mock import ANY

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.core.messages import Conversation, Finish, Origin, Usage
from chat.core.parts import (
    Echo,
    File,
    Image,
    MediaRef,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    UnknownPart,
)
from storage.codec import CODEC, VERSION, Codec, Step


@dataclass(frozen=True, slots=True)
class TomorrowsConversation(Conversation):
    language: str = ""


@dataclass(frozen=True, slots=True)
class BrightConversation(Conversation):
    brightness: int = 0


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
files = st.builds(File, refs, words)
parts = st.one_of(
    texts,
    images,
    files,
    st.builds(Reasoning, words, echoes),
    st.builds(ToolCall, words, words, json_objects, echoes),
    st.builds(
        ToolResult, words, words, st.lists(texts | images | files).map(tuple), st.booleans(), echoes
    ),
)


@pytest.mark.deep
@patient
@given(st.lists(parts, max_size=4).map(tuple))
def test_parts_survive(value: tuple[Part, ...]) -> None:
    stored = CODEC.parts_to_json(value)
    assert CODEC.parts_from_json(stored) == value
    assert stored.isascii()
    assert "\0" not in stored


def test_surrogates_that_spell_a_character_become_it() -> None:
    stored = CODEC.parts_to_json((Text("\ud83e\udd8a"),))
    assert CODEC.parts_from_json(stored) == (Text("🦊"),)


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
    assert CODEC.detail_from_json(Finish, CODEC.detail_to_json(value)) == value


@patient
@given(st.builds(Origin, words, words, words, words, words, st.lists(words).map(tuple)))
def test_an_origin_survives(value: Origin) -> None:
    assert CODEC.detail_from_json(Origin, CODEC.detail_to_json(value)) == value


TOKENS = [each.name for each in fields(Usage) if each.name.endswith("_tokens")]


@patient
@given(
    st.builds(
        Usage,
        **dict.fromkeys(TOKENS, numbers),
        reported_cost_usd=st.none() | st.floats(0, 1e6),
    )
)
def test_a_usage_survives_and_unknown_stays_unknown(value: Usage) -> None:
    assert CODEC.detail_from_json(Usage, CODEC.detail_to_json(value)) == value


def test_nothing_stays_nothing() -> None:
    for read, write, _ in DETAILS.values():
        assert write(None) is None
        assert read(None) is None


@patient
@given(words, json_objects)
def test_settings_survive(text: str, newer: dict[str, object]) -> None:
    foreign = {f"newer {name}": value for name, value in newer.items()} or None
    value = Conversation(
        "id", "me", text, model="m", system=text, tools_on=True, tool_policy={text: "deny"},
        aspect_ratio=text, extra=foreign,
    )  # fmt: skip
    stored = CODEC.settings_to_json(value)
    kept = Conversation(
        id="id",
        owner="me",
        created_at=value.created_at,
        updated_at=value.updated_at,
        **CODEC.settings_from_json(stored),
    )
    assert kept == value


def sealed(value: object, version: int = VERSION) -> str:
    return json.dumps({"version": version, "value": value}, separators=(",", ":"))


def value_of(stored: str | None) -> Any:
    return json.loads(stored or "")["value"]


def read_settings(stored: str, codec: Codec = CODEC) -> Conversation:
    return Conversation(**{"id": "i", "owner": "me", **codec.settings_from_json(stored)})


MEDIA = {"sha256": "a" * 64, "mime": "image/png", "size_bytes": 1, "width_px": 2, "height_px": 3}
WHOLE_PARTS: list[dict[str, Any]] = [
    {"kind": "text", "text": "A fox"},
    {"kind": "reasoning", "text": "Hm"},
    {"kind": "image", "media": MEDIA, "origin": "model", "alt": "", "draft": False},
    {"kind": "tool_call", "call_id": "1", "name": "chart", "arguments": {"a": 1}},
    {"kind": "tool_result", "call_id": "1", "name": "chart", "failed": True, "content": []},
]


@pytest.mark.parametrize("part", WHOLE_PARTS, ids=lambda part: part["kind"])
def test_what_a_newer_easel_added_to_a_part_is_written_back(part: dict[str, Any]) -> None:
    more = {**part, "caption": {"de": "Fuchs"}, "echo": {"provider": "x", "data": {}, "seen": 1}}
    if "media" in part:
        more["media"] = {**MEDIA, "colour_space": "p3"}
    if "content" in part:
        more["content"] = [{"kind": "text", "text": "A fox", "language": "en"}, {"kind": "film"}]
    (read,) = CODEC.parts_from_json(sealed([more]))
    assert value_of(CODEC.parts_to_json((read,))) == [more]
    assert read.kind == part["kind"]
    # A copy that the house makes of it on its way loses nothing either.
    copied = replace(read, echo=None)
    assert value_of(CODEC.parts_to_json((copied,)))[0]["caption"] == {"de": "Fuchs"}


@pytest.mark.parametrize("part", WHOLE_PARTS, ids=lambda part: part["kind"])
def test_a_key_that_a_part_lacks_takes_its_default(part: dict[str, Any]) -> None:
    """Or the first new field would make every stored message unreadable."""
    optional = {"alt", "draft", "failed"}
    (whole,) = CODEC.parts_from_json(sealed([part]))
    defaults = {key: "" if key == "alt" else False for key in part if key in optional}
    least = {key: held for key, held in part.items() if key not in optional}
    assert CODEC.parts_from_json(sealed([least])) == (replace(whole, **defaults),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "part",
    [
        {"kind": "hologram", "text": "?", "media": MEDIA},
        {"kind": "film", "frames": [{"sha256": "f" * 64}], "echo": None},
    ],
)
def test_a_part_of_a_kind_from_the_future_is_kept_to_the_letter(part: dict[str, Any]) -> None:
    stored = sealed([{"kind": "text", "text": "A fox"}, part])
    text, unknown = CODEC.parts_from_json(stored)
    assert text == Text("A fox")
    assert isinstance(unknown, UnknownPart)
    assert "newer Easel" in unknown.sentence
    assert CODEC.parts_to_json((text, unknown)) == stored


@pytest.mark.parametrize(
    "part",
    [
        {"kind": "text"},
        {"kind": "text", "text": ["?"]},
        {"kind": "text", "text": None},
        {"text": "?"},
        {"kind": 7},
        {"kind": ["text"]},
        {"kind": "image", "media": {"sha256": "x"}, "origin": "model"},
        {"kind": "image", "media": None, "origin": "model"},
        {"kind": "tool_call", "call_id": 1, "name": "", "arguments": {}},
        {"kind": "tool_result", "call_id": "", "name": "", "content": "text"},
        "text",
        7,
        None,
        [],
    ],
)
def test_a_part_that_makes_no_sense_is_kept_and_no_newer_easel_is_blamed(part: object) -> None:
    stored = sealed([part])
    (unknown,) = CODEC.parts_from_json(stored)
    assert isinstance(unknown, UnknownPart)
    assert "newer" not in unknown.sentence
    assert CODEC.parts_to_json((unknown,)) == stored


def test_a_tools_answer_of_an_unknown_kind_leaves_the_rest_of_the_answer_readable() -> None:
    content = [{"kind": "tool_call"}, {"kind": "film"}, {"kind": "text", "text": "Done."}]
    stored = sealed([{**WHOLE_PARTS[4], "content": content}])
    (result,) = CODEC.parts_from_json(stored)
    assert isinstance(result, ToolResult)
    assert result.content[2] == Text("Done.")
    assert [c.newer for c in result.content if isinstance(c, UnknownPart)] == [False, True]
    assert value_of(CODEC.parts_to_json((result,))) == value_of(stored)


@pytest.mark.parametrize(
    "stored",
    ["", "{", "null", "[]", "{}", '{"version":1}', "[" * 100_000, sealed(7), sealed({"a": 1})]
    + [sealed([], version) for version in (0, -1)]
    + ['{"version":"1","value":[]}', '{"version":true,"value":[]}'],
)
def test_a_text_that_is_no_list_of_parts_stays_what_it_is(stored: str) -> None:
    """One damaged row costs one message, and not even that is written over."""
    (unknown,) = CODEC.parts_from_json(stored)
    assert isinstance(unknown, UnknownPart)
    assert "newer" not in unknown.sentence
    assert CODEC.parts_to_json((unknown,)) == stored
    kept = CODEC.parts_to_json((unknown, Text("More")))
    assert CODEC.parts_from_json(kept) == (unknown, Text("More"))


DETAILS: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "finish": (
        partial(CODEC.detail_from_json, Finish),
        CODEC.detail_to_json,
        {"kind": "blocked", "native": "S"},
    ),
    "origin": (
        partial(CODEC.detail_from_json, Origin),
        CODEC.detail_to_json,
        {"kind": "gemini", "model": "m"},
    ),
    "usage": (
        partial(CODEC.detail_from_json, Usage),
        CODEC.detail_to_json,
        {"input_text_tokens": 4},
    ),
}


@pytest.mark.parametrize("name", DETAILS)
def test_details_keep_what_they_do_not_know_and_do_without_what_is_missing(name: str) -> None:
    read, write, least = DETAILS[name]
    value = read(sealed({**least, "carbon_g": 0.4}))
    assert all(getattr(value, key) == held for key, held in least.items())
    changed = replace(value, **{next(iter(least)): next(iter(least.values()))})
    written = value_of(write(changed))
    assert written == {**written, **least, "carbon_g": 0.4}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("finish", {"kind": "paused"}),
        ("finish", {"billed": "partly"}),
        ("finish", {"actions": ["sing", "retry"]}),
        ("finish", {"actions": "retry"}),
        ("finish", {"message": ["?"]}),
        ("origin", {"notes": [1, "Another answered."]}),
        ("origin", {"model": None}),
        ("usage", {"reasoning_tokens": "many"}),
        ("usage", {"cached_tokens": True}),
        ("usage", {"reported_cost_usd": {"eur": 1}}),
    ],
)
def test_a_detail_of_a_wrong_type_takes_its_default_and_stays_stored(
    name: str, wrong: dict[str, Any]
) -> None:
    read, write, least = DETAILS[name]
    value = read(sealed({**least, **wrong}))
    known = read(sealed({**least, **dict.fromkeys(wrong)}))
    expected = {"actions": ("retry",), "notes": ("Another answered.",)}
    ((key, stored),) = wrong.items()
    if isinstance(stored, list) and key in expected:
        assert getattr(value, key) == expected[key]
    else:
        assert getattr(value, key) == getattr(known, key)
    assert value_of(write(value))[key] == stored


@pytest.mark.parametrize("name", DETAILS)
@pytest.mark.parametrize("stored", ["{", "null", sealed(["a"]), sealed("text"), sealed(7)])
def test_a_detail_that_cannot_be_read_stays_stored(name: str, stored: str) -> None:
    read, write, _ = DETAILS[name]
    assert write(read(stored)) == stored


def test_a_setting_that_older_rows_lack_takes_its_default() -> None:
    assert read_settings(sealed({"title": "A", "model": "m"})) == replace(
        Conversation("i", "me", "A", model="m"), created_at=ANY, updated_at=ANY
    )
    assert read_settings(sealed({})).model == ""


def test_options_of_the_first_version_are_settings_of_their_own() -> None:
    value = {
        "title": "A", "model": "m", "system": "", "tools_on": True, "tool_policy": {},
        "options": {"aspect_ratio": "16:9", "n": 2, "hue": "red"},
    }  # fmt: skip
    read = read_settings(sealed(value, 1))
    assert read.options == {"aspect_ratio": "16:9", "n": "2"}
    assert read.extra == {"hue": "red"}
    written = CODEC.settings_to_json(read)
    assert read_settings(written) == replace(read, created_at=ANY, updated_at=ANY)
    strange = read_settings(sealed({"options": ["n"]}, 1))
    assert value_of(CODEC.settings_to_json(strange))["options"] == ["n"]


def test_a_new_setting_is_read_with_its_default_and_kept_by_the_easel_before(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The very step that used to make every stored conversation unreadable."""
    tomorrow = Codec(conversation=TomorrowsConversation)
    old = CODEC.settings_to_json(Conversation("i", "me", "A", model="m", n="2"))
    upgraded = TomorrowsConversation(
        **{"id": "i", "owner": "me", **tomorrow.settings_from_json(old)}
    )
    assert (upgraded.title, upgraded.n, upgraded.language) == ("A", "2", "")
    new = tomorrow.settings_to_json(replace(upgraded, language="de"))
    renamed = replace(read_settings(new), title="B")
    again = tomorrow.settings_from_json(CODEC.settings_to_json(renamed))
    assert (again["title"], again["language"]) == ("B", "de")
    assert caplog.records == []


@pytest.mark.parametrize(
    ("name", "wrong", "default", "chosen"),
    [
        ("tools_on", "yes", False, True),
        ("tools_on", 1, False, True),
        ("system", None, "", "Be brief."),
        ("title", 7, "", "A fox"),
        ("model", ["m"], "", "sketch"),
        ("n", ["n"], "", "2"),
        # What forbids must not fall back to allowing.
        ("tool_policy", "deny", {"*": "deny"}, {"chart": "deny"}),
        ("tool_policy", ["chart"], {"*": "deny"}, {}),
    ],
)
def test_a_setting_of_a_wrong_type_costs_that_setting_only_and_only_once_it_is_set(
    name: str, wrong: object, default: object, chosen: object
) -> None:
    stored = sealed({"title": "A", "model": "m", name: wrong})
    read = read_settings(stored)
    assert getattr(read, name) == default
    kept = value_of(CODEC.settings_to_json(replace(read, updated_at=read.created_at)))
    assert kept[name] == wrong
    written = CODEC.settings_to_json(replace(read, **{name: chosen}))  # type: ignore[arg-type]
    assert value_of(written)[name] == chosen
    assert read_settings(written).extra is None


def test_a_wrong_type_is_logged_once_and_never_with_what_was_stored(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rows = [sealed({"brightness": "secret"}) for _ in range(3)]
    bright = Codec(conversation=BrightConversation)
    assert [bright.settings_from_json(row).get("brightness") for row in rows] == [0] * 3
    (record,) = caplog.records
    assert "brightness" in record.getMessage()
    assert "secret" not in record.getMessage()


@pytest.mark.parametrize("stored", ["{", "null", sealed([]), sealed("text"), '{"version":1}'])
def test_settings_that_cannot_be_read_are_defaults_until_something_is_set(stored: str) -> None:
    read = read_settings(stored)
    assert (read.title, read.model, read.tools_on) == ("", "", False)
    assert CODEC.settings_to_json(read) == stored
    written = CODEC.settings_to_json(replace(read, title="Found again"))
    assert read_settings(written).title == "Found again"
    assert stored in value_of(written).values()


def test_a_newer_version_is_read_as_far_as_it_goes_and_goes_on_being_newer() -> None:
    """Written back under our number, its own steps would be taken twice."""
    newer = VERSION + 3
    parts = CODEC.parts_from_json(sealed([*WHOLE_PARTS, {"kind": "text", "words": "?"}], newer))
    assert [part.kind for part in parts[:-1]] == [part["kind"] for part in WHOLE_PARTS]
    last = parts[-1]
    assert isinstance(last, UnknownPart)
    assert "newer Easel" in last.sentence
    written = value_of(CODEC.parts_to_json((*parts, Text("Ours"))))
    assert [part.get("version") for part in written] == [newer] * 6 + [None]
    assert CODEC.parts_from_json(sealed(written)) == (*parts, Text("Ours"))
    (whole,) = CODEC.parts_from_json(sealed({"parts": []}, newer))
    assert isinstance(whole, UnknownPart)
    assert whole.newer
    settings = CODEC.settings_to_json(read_settings(sealed({"title": "A", "mood": "calm"}, newer)))
    assert value_of(settings) == {**value_of(settings), "mood": "calm", "version": newer}
    finish = CODEC.detail_to_json(CODEC.detail_from_json(Finish, sealed({"kind": "stop"}, newer)))
    assert value_of(finish)["version"] == newer


def rename(old: str, new: str) -> Step:
    def step(stored: dict[str, Any]) -> dict[str, Any]:
        stored[new] = stored.pop(old)
        return stored

    return step


def test_older_forms_are_led_up_step_by_step_and_newer_objects_are_left_as_they_are() -> None:
    steps = {
        1: {"text": rename("t", "words"), "settings": rename("prompt", "instructions")},
        2: {"text": rename("words", "text"), "settings": rename("instructions", "system")},
    }
    third = Codec(3, steps)
    assert third.parts_from_json(sealed([{"kind": "text", "t": "A fox"}], 1)) == (Text("A fox"),)
    assert third.parts_from_json(sealed([{"kind": "text", "words": "A fox"}], 2)) == (
        Text("A fox"),
    )
    nested = [{**WHOLE_PARTS[4], "content": [{"kind": "text", "t": "Done."}]}]
    (result,) = third.parts_from_json(sealed(nested, 1))
    assert isinstance(result, ToolResult)
    assert result.content == (Text("Done."),)
    assert read_settings(sealed({"prompt": "Be brief."}, 1), third).system == "Be brief."
    # What version 3 wrote went through an Easel of version 1, which knows no such key.
    written = third.settings_to_json(Conversation("i", "me", "A", model="m", system="Be brief."))
    through = CODEC.settings_to_json(replace(read_settings(written), title="B"))
    back = read_settings(through, third)
    assert (back.title, back.system) == ("B", "Be brief.")
    # An unknown part of an old version goes on being of that version.
    film = third.parts_from_json(sealed([{"kind": "film"}], 1))
    assert value_of(third.parts_to_json(film)) == [{"kind": "film", "version": 1}]


def test_the_time_of_a_call_is_kept_and_a_call_without_one_is_stored_as_it_always_was() -> None:
    timed = ToolResult("c", "clock", (), took_s=1.5)
    (kept,) = CODEC.parts_from_json(CODEC.parts_to_json((timed,)))
    assert isinstance(kept, ToolResult)
    assert kept.took_s == 1.5
    assert "took_s" not in CODEC.parts_to_json((replace(timed, took_s=None),))
