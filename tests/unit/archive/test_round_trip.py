"""What leaves as a zip comes back byte for byte: branches, tools, pictures, unknown parts."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from chat.core.conversation_settings import ToolPolicy
from chat.core.errors import NotFound
from chat.core.messages import Finish, Message, new_id
from chat.core.parts import Asked, File, Image, Text, ToolCall, images
from chat.core.ports import WholeConversation
from storage.codec import CODEC
from storage.stored_form import JsonForm
from tests.contracts.samples import conversation, replied, said
from tests.unit.archive.conversations import ME, SOMEBODY, House, drawn, run, whole_of, wholes


@pytest.fixture
def house() -> Iterator[House]:
    with closing(House()) as made:
        yield made


def letters(messages: list[Message]) -> list[object]:
    """All that a message holds, as the store would write it, with ids by their place."""
    places = {message.id: number for number, message in enumerate(messages)}
    return [
        (
            places.get(message.parent_id or ""),
            message.role,
            message.status,
            CODEC.parts_to_json(message.parts),
            CODEC.detail_to_json(message.finish),
            CODEC.detail_to_json(message.origin),
            CODEC.detail_to_json(message.usage),
            message.cost_usd,
            message.client_id,
            message.created_at,
            message.finished_at,
        )
        for message in messages
    ]


@pytest.mark.deep
@given(wholes())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_conversation_comes_back_to_the_letter_elsewhere_and_beside_itself(
    whole: WholeConversation,
) -> None:
    async def there_and_back() -> None:
        with closing(House()) as here, closing(House()) as elsewhere:
            kept = await here.keep(whole)
            data = await here.zipped(kept.id)
            for house, owner in ((elsewhere, SOMEBODY), (here, ME)):
                done = await house.take(data, owner)
                (came,) = done.conversations
                assert came == replace(
                    kept,
                    id=came.id,
                    owner=owner,
                    head_id=came.head_id,
                    updated_at=came.updated_at,
                    model=kept.model or "usual",
                )
                before, after = here.store.tree(ME, kept.id), house.store.tree(owner, came.id)
                assert letters(after) == letters(before)
                ids = [message.id for message in after]
                assert ids.index(came.head_id or "") == [m.id for m in before].index(
                    kept.head_id or ""
                )
                for message in after:
                    for sha256 in JsonForm().pictures_of(message.parts):
                        if sha256 in drawn():
                            ref, stored = await house.pictures.bytes_of(owner, sha256, False)
                            assert (ref, stored) == drawn()[sha256]
            assert came.id != kept.id

    run(there_and_back())


def of_two_answers() -> WholeConversation:
    """A question, two answers to it, and a question under the first."""
    pictures = [ref for ref, _ in drawn().values()]
    mine = conversation(title="A fox: by the sea / at night?")
    asked = replace(
        said(mine, text="Draw <b>this</b> fox."),
        parts=(Image(pictures[0], "upload", "A small fox"), Text("Draw <b>this</b> fox.")),
    )
    first = replace(
        replied(mine, asked, "**Here** it is.", "complete"),
        parts=(Text("**Here** it is."), Image(pictures[1], "model", "A red fox")),
        cost_usd=0.04,
    )
    second = replied(mine, asked, "No.", "complete")
    more = said(mine, first, "Thank you.")
    return WholeConversation(replace(mine, head_id=more.id), [asked, first, second, more])


async def test_two_imports_of_one_file_are_two_conversations(house: House) -> None:
    kept = await house.keep(of_two_answers())
    data = await house.zipped(kept.id)
    done = [await house.take(data) for _ in range(2)]
    assert len({each.conversations[0].id for each in done} | {kept.id}) == 3
    assert len(house.store.search(ME)) == 3
    assert done[1].sentence.endswith("It was here already and is here twice now.")
    elsewhere = await house.take(data, owner=SOMEBODY)
    assert "already" not in elsewhere.sentence, "nobody is told what others have"


async def test_files_of_tools_come_back_and_are_counted_as_files(house: House) -> None:
    whole = of_two_answers()
    ref = await house.pictures.keep_file(ME, b"BEGIN:VCALENDAR", "text/calendar")
    reply = whole.messages[1]
    made = replace(reply, parts=(*reply.parts, File(ref, "dinner.ics")))
    messages = [made if each.id == reply.id else each for each in whole.messages]
    kept = await house.keep(WholeConversation(whole.conversation, messages))
    done = await house.take(await house.zipped(kept.id), owner=SOMEBODY)
    assert "4 messages, 2 pictures, 1 file." in done.sentence
    found, data = await house.pictures.bytes_of(SOMEBODY, ref.sha256, thumbnail=False)
    assert (found, data) == (ref, b"BEGIN:VCALENDAR")


async def test_the_zip_holds_what_people_can_open_without_easel(house: House) -> None:
    kept = await house.keep(of_two_answers())
    exported = await house.exporter.zip(ME, [kept.id])
    assert exported.name == "A fox by the sea at night.zip"
    with zipfile.ZipFile(io.BytesIO(await whole_of(exported))) as file:
        assert file.testzip() is None
        names = file.namelist()
        page = file.read("index.html").decode()
        text = file.read("conversation.md").decode()
        document = json.loads(file.read("conversation.json"))
        entries = {entry.filename: entry for entry in file.infolist()}
        pictures = {name: file.read(name) for name in names if name.startswith("pictures/")}
    assert [name.rpartition(".")[0] for name in pictures] == [
        "pictures/01-a-small-fox",
        "pictures/02-a-red-fox",
    ]
    stored = [data for _, data in drawn().values()]
    assert list(pictures.values()) == stored[:2]
    for name in pictures:
        assert entries[name].compress_type == zipfile.ZIP_STORED
        assert f'src="{name}"' in page
        assert f"(<{name}>)" in text
    assert not any(entry.flag_bits & 0x8 for entry in entries.values()), "sizes stand in front"
    assert entries["index.html"].compress_type == zipfile.ZIP_DEFLATED
    assert (document["format"], document["version"]) == ("easel-conversation", 1)
    assert "owner" not in json.dumps(document)
    assert len(document["messages"]) == 4
    assert "&lt;b&gt;this&lt;/b&gt;" in page
    assert "<strong>Here</strong>" in page
    assert "version 1 of 2" in page
    assert "No." in page.partition('id="others"')[2]
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!pictures/|#|mailto:)', page)


async def test_a_selection_keeps_how_its_messages_hang_together(house: House) -> None:
    kept = await house.keep(of_two_answers())
    asked, _, second, more = house.store.tree(ME, kept.id)
    data = await house.zipped(kept.id, messages=[asked.id, more.id])
    (came,) = (await house.take(data)).conversations
    question, thanks = house.store.tree(ME, came.id)
    assert (question.parts, thanks.parts) == (asked.parts, more.parts)
    assert thanks.parent_id == question.id
    assert came.head_id == thanks.id
    data = await house.zipped(kept.id, messages=[second.id])
    (came,) = (await house.take(data)).conversations
    (lone,) = house.store.tree(ME, came.id)
    assert (lone.parts, lone.parent_id, came.head_id) == (second.parts, None, lone.id)
    with pytest.raises(NotFound):
        await house.zipped(kept.id, messages=[new_id()])


async def test_several_conversations_are_folders_of_one_zip(house: House) -> None:
    kept = [await house.keep(of_two_answers()) for _ in range(3)]
    data = await house.zipped(*(each.id for each in kept))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        folders = {name.partition("/")[0] for name in file.namelist() if "/" in name}
        contents = file.read("index.html").decode()
    title = "A fox by the sea at night"
    assert folders == {title, f"{title} 2", f"{title} 3"}
    assert contents.count("/index.html") == 3
    with closing(House()) as elsewhere:
        done = await elsewhere.take(data)
        assert len(done.conversations) == 3
        assert done.sentence.startswith("Imported 3 conversations from Easel: 12 messages")


async def test_nobody_exports_what_is_somebody_elses(house: House) -> None:
    mine, theirs = await house.keep(of_two_answers()), await house.keep(of_two_answers(), SOMEBODY)
    with pytest.raises(NotFound):
        await house.exporter.zip(ME, [mine.id, theirs.id])
    with pytest.raises(NotFound):
        await house.exporter.page(ME, theirs.id)


async def test_a_picture_whose_file_is_lost_is_told_and_stops_nothing(house: House) -> None:
    whole = of_two_answers()
    kept = await house.keep(whole)
    sha256 = images(whole.messages[1].parts)[0].media.sha256
    house.media.delete(sha256)
    data = await house.zipped(kept.id)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert json.loads(file.read("conversation.json"))["lost"] == [sha256]
        assert "its file is lost" in file.read("index.html").decode()
        assert "its file is lost" in file.read("conversation.md").decode()
    with closing(House()) as elsewhere:
        (came,) = (await elsewhere.take(data)).conversations
        assert elsewhere.store.tree(ME, came.id)[1].parts == whole.messages[1].parts


async def test_a_reply_that_was_under_way_comes_back_as_interrupted(house: House) -> None:
    mine = conversation()
    asked = said(mine)
    kept = await house.keep(
        WholeConversation(mine, [asked, replied(mine, asked, "So", "streaming")])
    )
    (came,) = (await house.take(await house.zipped(kept.id))).conversations
    assert house.store.tree(ME, came.id)[1].status == "interrupted"
    (unfinished,) = house.store.unfinished()
    assert unfinished.conversation_id == kept.id, "only the one that was there before"


async def test_a_file_neither_allows_tools_nor_has_a_call_wait_for_a_yes(house: House) -> None:
    """It may be a stranger's: what its card would say is not what the tool of this Easel does."""
    policy: dict[str, ToolPolicy] = {"send": "allow", "ring": "deny"}
    made = replace(conversation(ME), tool_policy=policy, tool_schemas={"send": "ab" * 32})
    asked = said(made)
    call = ToolCall("c1", "send", {}, asked=Asked("cd" * 32, "Harmless"))
    promised = Finish("tool_calls", message="It goes on when you have decided.", billed="yes")
    reply = replace(replied(made, asked, status="waiting"), parts=(call,), finish=promised)
    whole = WholeConversation(replace(made, head_id=reply.id), (asked, reply))
    data = await house.zipped((await house.keep(whole)).id)
    (came,) = (await house.take(data, SOMEBODY)).conversations
    assert (came.tool_policy, came.tool_schemas) == ({"ring": "deny"}, {})
    left = house.store.tree(SOMEBODY, came.id)[-1]
    assert (left.status, left.finish) == ("interrupted", replace(promised, message=""))


async def test_an_html_file_holds_its_pictures(house: House) -> None:
    kept = await house.keep(of_two_answers())
    exported = await house.exporter.page(ME, kept.id)
    page = (await whole_of(exported)).decode()
    assert exported.name == "A fox by the sea at night.html"
    assert page.count('src="data:image/') == 2
    assert 'alt="A red fox"' in page


async def test_an_html_file_shows_what_no_browser_does(house: House) -> None:
    broken = b"BM" + bytes(12) + b"\x28" + bytes(60)
    mine = conversation()
    asked = said(mine)
    tiff = [ref for ref, _ in drawn().values()][-1]
    bitmap, _ = await house.pictures.keep(ME, broken, "model")
    parts = Image(tiff, "model", "A scan"), Image(bitmap, "model", "A bitmap")
    reply = replace(replied(mine, asked, "-", "complete"), parts=parts)
    kept = await house.keep(WholeConversation(replace(mine, head_id=reply.id), [asked, reply]))
    page = (await whole_of(await house.exporter.page(ME, kept.id))).decode()
    shown = re.findall('src="data:(image/[a-z]*);base64,', page)
    assert (tiff.mime, bitmap.mime, shown) == (
        "image/tiff",
        "image/bmp",
        ["image/png", "image/webp"],
    )
    with zipfile.ZipFile(io.BytesIO(await house.zipped(kept.id))) as file:
        shown = re.findall('src="([^"]*)"', file.read("index.html").decode())
        assert all(name.endswith((".tiff.webp", ".bmp.webp")) for name in shown)
        assert {*shown, *(name.removesuffix(".webp") for name in shown)} <= {*file.namelist()}
        assert len(shown) == 2
