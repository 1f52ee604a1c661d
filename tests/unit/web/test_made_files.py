"""A file that a tool made is there to be downloaded: by its owner, as it is, and never opened."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chat.archive.document import NotTaken
from chat.core.events import Finished, TextDelta
from chat.core.messages import Finish, Message, new_id, now
from chat.core.parts import File, Text, ToolCall, ToolResult, files
from chat.core.ports import WholeConversation
from chat.core.tools import MadeFile, ToolOutput
from storage.media.garbage import collect_garbage
from tests.contracts.samples import conversation, said
from tests.scripted import Script
from tests.unit.archive.conversations import House, run, whole_of
from tests.unit.turns.workshop import DONE, ME
from tests.unit.web.studio import Studio, opened, studio

DATA = b"%PDF-1.7 <script>alert(1)</script>"
CALLS: Script = [ToolCall("c1", "mine", {}), Finished(Finish("tool_calls"))]


def make() -> list[ToolOutput]:
    """Make a file."""
    return ["Made.", MadeFile('Ü "1"\r\n<b>.pdf', "application/pdf", DATA)]


async def made_by(made: Studio) -> File:
    """The file of a reply whose model called the tool, and went on after it."""
    conversation = await made.begin()
    await made.set(conversation, {"tools_on": True})
    started = await made.ask(conversation)
    await made.shop.jobs.wait(started["reply"])
    reply = made.shop.store.message(ME, started["reply"])
    assert reply.status == "complete"
    (file,) = files(reply.parts)
    return file


def scripted() -> dict[str, Any]:
    return {"tools": {"mine": make}}


async def test_a_file_is_downloaded_by_its_owner_alone_and_never_opened() -> None:
    async with studio(CALLS, [TextDelta("There."), DONE], **scripted()) as made:
        sha = (await made_by(made)).media.sha256
        for path in (f"/media/{sha}", f"/media/{sha}?download=1&title=Invoice 7"):
            answer = await made.http.get(path)
            assert answer.content == DATA
            assert answer.headers["content-type"].startswith("application/pdf")
            assert answer.headers["content-disposition"].startswith("attachment;")
            assert answer.headers["x-content-type-options"] == "nosniff"
        assert '"Invoice 7.pdf"' in answer.headers["content-disposition"]
        async with opened(made.shop, "mallory") as other:
            assert (await other.http.get(f"/media/{sha}")).status_code == 404


async def test_a_file_is_no_picture_of_a_question_and_no_garbage() -> None:
    async with studio(CALLS, [TextDelta("There."), DONE], **scripted()) as made:
        sha = (await made_by(made)).media.sha256
        body = {"text": "", "client_id": "client-2", "pictures": [sha]}
        await made.post(f"/api/conversations/{await made.begin()}/messages", body, 404)
        shop = made.shop
        collect_garbage(shop.store, shop.media, at=now() + timedelta(days=90))
        assert shop.media.get(sha) == DATA


def test_a_file_leaves_in_a_zip_and_comes_back() -> None:
    async def there_and_back() -> None:
        here, there = House(), House()
        ref = await here.pictures.keep_file(ME, DATA, "application/pdf")
        kept = await here.keep(_whole(File(ref, "a.pdf")))
        data = await whole_of(await here.exporter.zip(ME, [kept.id], ()))
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            assert packed.read("files/01-a.pdf") == DATA
        (came,) = (await there.take(data)).conversations
        (file,) = files([p for m in there.store.tree(ME, came.id) for p in m.parts])
        assert file == File(ref, "a.pdf")
        assert (await there.pictures.bytes_of(ME, ref.sha256, thumbnail=False))[1] == DATA
        disguised = _altered(data, "application/pdf", "text/html")
        other = House()
        await other.take(disguised)
        kind = (await other.pictures.bytes_of(ME, ref.sha256, thumbnail=False))[0].mime
        assert kind == "application/octet-stream", "what a file says it is opens nothing"
        with pytest.raises(NotTaken):
            await House().take(_altered(data, '"file"', '"film"'))

    run(there_and_back())


def _whole(file: File) -> WholeConversation:
    held = conversation()
    question = said(held)
    parts = (ToolCall("c1", "mine", {}), ToolResult("c1", "mine", (Text("Made."), file)))
    answer = Message(new_id(), held.id, question.id, "assistant", parts, "complete")
    return WholeConversation(replace(held, head_id=answer.id), [question, answer])


def _altered(data: bytes, word: str, other: str) -> bytes:
    """The zip with another word in its document."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            held = old.read(name)
            if name.endswith(".json"):
                assert word.encode() in held
                held = held.replace(word.encode(), other.encode())
            new.writestr(name, held)
    return out.getvalue()
