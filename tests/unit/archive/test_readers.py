"""What other clients export is read as far as it goes, and what is left out is counted."""

import io
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from chat.archive.document import NotTaken
from chat.archive.readers.registry import READERS, open_reader, reader_for
from chat.archive.sources import PIECE_BYTES, json_items, open_source
from chat.core.messages import Conversation, Message
from chat.core.parts import Image, Part, Reasoning, Text, images, plain_text
from tests.unit.archive import exports
from tests.unit.archive.conversations import ME, House, run
from tests.unit.archive.test_round_trip import of_two_answers


@pytest.fixture
def house() -> Iterator[House]:
    with closing(House()) as made:
        yield made


def easel() -> bytes:
    async def made() -> bytes:
        with closing(House()) as house:
            return await house.zipped((await house.keep(of_two_answers())).id)

    data: bytes = run(made())
    return data


SAMPLES: dict[str, list[Any]] = {
    "easel": [easel],
    "openai": [lambda: exports.chatgpt(exports.chatgpt_conversation())],
    "open_webui": [
        lambda: json.dumps([exports.open_webui_chat()]).encode(),
        lambda: json.dumps(exports.open_webui_chat()["chat"]).encode(),
    ],
    "gemini": [
        exports.gemini_json,
        exports.gemini_html,
        lambda: json.dumps(exports.ACTIVITIES).encode(),
    ],
}
"""Files of each program in ``READERS``: a row there needs one here."""

CASES = [(name, number) for name in READERS for number in range(len(SAMPLES[name]))]


@pytest.mark.parametrize(("name", "number"), CASES)
async def test_each_reader_takes_its_own_files_and_leaves_those_of_others(
    name: str, number: int, house: House
) -> None:
    data = SAMPLES[name][number]()
    assert reader_for(open_source(io.BytesIO(data))).title == open_reader(name).title
    fitting = [n for n in READERS if open_reader(n).fits(open_source(io.BytesIO(data)))]
    assert fitting == [name]
    done = await house.take(data)
    assert done.sentence.startswith(f"Imported {len(done.conversations)} conversation")
    for conversation in done.conversations:
        assert conversation.model
        tree = house.store.tree(ME, conversation.id)
        assert all(message.parts and message.status == "complete" for message in tree)
        for message in tree:
            for image in images(message.parts):
                await house.pictures.bytes_of(ME, image.media.sha256, thumbnail=True)


# Easel's own are zips, and made by a whole store: not where tests are only listed.
PLAIN = [
    (name, number)
    for name, number in CASES
    if name != "easel" and SAMPLES[name][number]()[:1] in b"[{"
]


@pytest.mark.parametrize(("name", "number"), PLAIN)
async def test_missing_and_odd_fields_stop_no_reader(name: str, number: int, house: House) -> None:
    """Each value in turn is taken away, or is something else."""
    data = SAMPLES[name][number]()
    value = json.loads(data)
    for spoiled in _spoiled(value):
        try:
            await house.take(json.dumps(spoiled).encode())
        except NotTaken:
            continue


@pytest.mark.deep
async def test_chatgpt_trees_of_odd_values_are_read_or_refused(house: House) -> None:
    for spoiled in _spoiled(exports.chatgpt_conversation()):
        try:
            await house.take(exports.chatgpt(exports.chatgpt_conversation(), spoiled))
        except NotTaken as error:
            raise AssertionError(f"one sound conversation is lost to {spoiled}") from error


def _spoiled(value: Any) -> Iterator[Any]:
    """The value with one thing in it missing or odd, each in turn."""
    if isinstance(value, dict):
        for key in value:
            rest = {k: v for k, v in value.items() if k != key}
            yield rest
            for odd in (None, -1, 1e300, "x", [None], {"x": 1}):
                yield {**rest, key: odd}
            for inner in _spoiled(value[key]):
                yield {**value, key: inner}
    elif isinstance(value, list):
        for place, item in enumerate(value):
            for inner in _spoiled(item):
                yield [*value[:place], inner, *value[place + 1 :]]


async def taken(house: House, data: bytes) -> tuple[list[tuple[Conversation, list[Message]]], str]:
    done = await house.take(data)
    return [(made, house.store.tree(ME, made.id)) for made in done.conversations], done.sentence


def kinds(parts: tuple[Part, ...]) -> list[type]:
    return [type(part) for part in parts]


async def test_chatgpt_keeps_branches_pictures_and_models(house: House) -> None:
    ((made, tree),), sentence = await taken(house, exports.chatgpt(exports.chatgpt_conversation()))
    assert made.title == "A blue photo"
    assert made.updated_at.timestamp() == 1735689700.5
    asked, first, second, thanks = tree
    assert [m.role for m in tree] == ["user", "assistant", "assistant", "user"]
    assert [m.parent_id for m in tree] == [None, asked.id, asked.id, second.id]
    assert made.head_id == thanks.id
    assert first.origin is not None
    assert first.origin.model == "gpt-5"
    assert plain_text(first.parts) == "I cannot."
    (photo,) = images(asked.parts)
    (drawing,) = images(second.parts)
    assert (await house.pictures.bytes_of(ME, photo.media.sha256, False))[1] == exports.RED
    assert (await house.pictures.bytes_of(ME, drawing.media.sha256, False))[1] == exports.BLUE
    assert (photo.origin, drawing.origin, drawing.alt) == ("upload", "model", "A blue square")
    assert kinds(second.parts) == [Reasoning, Reasoning, Image, Reasoning, Text]
    assert plain_text(second.parts) == "Here it is."
    assert "2 of 4 messages had a kind of content that was left out" in sentence
    assert "(audio and video, unknown content)" in sentence
    assert "1 picture was not in the file" in sentence


async def test_a_long_list_of_conversations_is_read_one_at_a_time(house: House) -> None:
    long = exports.chatgpt_conversation()
    long["mapping"]["asked"]["message"]["content"] = exports.words(
        "".join(f'\\" ]}}{{[ {n * 2654435761 % 2**32:x}' for n in range(PIECE_BYTES // 8))
    )
    data = exports.chatgpt(*[exports.chatgpt_conversation()] * 3, long)
    source = open_source(io.BytesIO(data))
    items = list(json_items(source, "conversations.json"))
    assert [item["title"] for item in items] == ["A blue photo"] * 4
    assert items[3] == long
    assert len((await house.take(data)).conversations) == 4


async def test_open_webui_keeps_branches_thoughts_and_pictures_that_are_there(house: House) -> None:
    data = json.dumps([exports.open_webui_chat()]).encode()
    ((made, tree),), sentence = await taken(house, data)
    asked, first, second = tree
    assert (made.title, made.head_id) == ("A square", first.id)
    assert [m.parent_id for m in tree] == [None, asked.id, asked.id]
    (photo,) = images(asked.parts)
    assert (await house.pictures.bytes_of(ME, photo.media.sha256, False))[1] == exports.RED
    assert second.parts == (Reasoning("A square."), Text("\nA red square."))
    assert second.origin is not None
    assert second.origin.model == "Gemma"
    assert "1 of 3 messages had a kind of content that was left out (files)." in sentence
    assert "1 picture was not in the file" in sentence


async def test_gemini_activities_become_conversations_by_their_time(house: House) -> None:
    found, sentence = await taken(house, exports.gemini_json())
    assert [made.title for made, _ in found] == ["Draw a fox.", "And in green?"]
    (_, tree), (_, later) = found
    asked, answer, thanks = tree
    assert [m.role for m in tree] == ["user", "assistant", "user"]
    assert plain_text(asked.parts).endswith("Draw a fox.")
    assert (await house.pictures.bytes_of(ME, images(asked.parts)[0].media.sha256, False))[1] == (
        exports.RED
    )
    told = plain_text(answer.parts)
    assert told == "## A fox\n\nIt is **red**:\n\n- fur\n- tail\n\n```\nfox()\n```"
    assert (thanks.parent_id, len(later)) == (answer.id, 2)
    assert "1 of 5 messages had a kind of content that was left out (files)." in sentence
    assert "1 picture was not in the file" in sentence


async def test_gemini_activities_as_a_page_say_the_same(house: House) -> None:
    ((made, tree),), _ = await taken(house, exports.gemini_html())
    asked, answer, thanks = tree
    assert plain_text(asked.parts).startswith("Draw a fox.")
    assert len(images(asked.parts)) == 1
    assert plain_text(answer.parts) == "Here is a **fox**."
    assert plain_text(thanks.parts) == "Thanks"
    assert made.created_at.isoformat() == "2026-07-26T06:07:57+00:00"
