"""What an edit changed is told over HTTP once the reply has ended, and is found once."""

import asyncio
import io
from dataclasses import replace
from typing import Any

from PIL import Image as Pillow

from chat.core.events import ImageBytes, TextDelta
from chat.turns.changes import CHANGE
from tests.scripted import Script, Wait
from tests.unit.turns.workshop import DONE, ME, Workshop
from tests.unit.web.studio import Studio, opened, studio

SIDE_PX = 90


def room(sofa: str) -> bytes:
    """A grey picture whose lower left third has a colour."""
    out = io.BytesIO()
    shown = Pillow.new("RGB", (SIDE_PX, SIDE_PX), "grey")
    third = SIDE_PX // 3
    shown.paste(Pillow.new("RGB", (third, third), sofa), (0, SIDE_PX - third))
    shown.save(out, "PNG")
    return out.getvalue()


async def edited(page: Studio) -> tuple[str, str, str]:
    """An upload and its edit; the reply, and the sha256 of both pictures."""
    sofa, _ = await page.shop.pictures.keep(ME, room("red"), "upload")
    started = await page.shop.ask(await page.shop.begin(), "Make it green", [sofa.sha256])
    reply = await page.shop.answer(started)
    (made,) = (part.media.sha256 for part in reply.parts if part.kind == "image")
    return reply.id, sofa.sha256, made


async def told(page: Studio, reply: str, status: int = 200) -> Any:
    got = await page.http.get(f"/api/messages/{reply}/changes")
    assert got.status_code == status, got.text
    return got.json()


SCRIPT: Script = [ImageBytes(room("green")), TextDelta("Here is your *green* sofa. More?"), DONE]


async def test_where_and_how_much_an_edit_changed_and_what_the_reply_says() -> None:
    async with studio(SCRIPT) as page:
        reply, before, made = await edited(page)
        (change,) = (await told(page, reply))["changes"]
        assert (change["sha"], change["before"]) == (made, before)
        assert change["words"] == "Changed: an area in the lower left, 12% of the picture."
        assert change["spoken"].endswith(" The reply says: Here is your green sofa.")


async def test_what_stands_next_to_an_edit_is_said_of_it() -> None:
    introduced: Script = [
        TextDelta("I am the painter.\n\nThe sofa is green now. "), ImageBytes(room("green")), DONE,
    ]  # fmt: skip
    async with studio(introduced) as page:
        reply, *_ = await edited(page)
        (change,) = (await told(page, reply))["changes"]
        assert change["spoken"].endswith(" The reply says: The sofa is green now.")


async def test_it_is_found_once_and_kept() -> None:
    async with studio(SCRIPT) as page:
        reply, before, made = await edited(page)
        first = await told(page, reply)
        (record,) = page.shop.store.records(ME, CHANGE)
        assert record.id == f"{before}.{made}"
        assert record.pictures == ()
        page.shop.media.delete(before)  # whoever looked again would find nothing
        assert await told(page, reply) == first
        assert page.shop.store.records(ME, CHANGE) == [record]


async def test_a_record_that_makes_no_sense_is_found_anew() -> None:
    async with studio(SCRIPT) as page:
        reply, *_ = await edited(page)
        first = await told(page, reply)
        (record,) = page.shop.store.records(ME, CHANGE)
        strange = replace(record, value={"share": "much"})
        page.shop.store.keep_record(ME, CHANGE, record.id, lambda _: strange)
        assert await told(page, reply) == first


async def test_a_running_reply_a_new_picture_and_a_lost_one_changed_nothing() -> None:
    gate = asyncio.Event()
    script: Script = [ImageBytes(room("green")), Wait(gate), DONE]
    blue: Script = [ImageBytes(room("blue")), DONE]
    async with studio(script, blue, SCRIPT) as page:
        sofa, _ = await page.shop.pictures.keep(ME, room("red"), "upload")
        started = await page.shop.ask(await page.shop.begin(), "green", [sofa.sha256])
        assert await told(page, started.reply_id) == {"changes": []}
        gate.set()
        await page.shop.answer(started)
        fresh = await page.shop.ask(await page.shop.begin(), "blue")
        await page.shop.answer(fresh)
        assert await told(page, fresh.reply_id) == {"changes": []}
        assert await told(page, fresh.question_id) == {"changes": []}
        reply, before, _ = await edited(page)
        page.shop.media.delete(before)
        assert await told(page, reply) == {"changes": []}


async def test_nobody_else_is_told() -> None:
    shop = Workshop([SCRIPT])
    async with opened(shop) as mine, opened(shop, "somebody else") as theirs:
        reply, *_ = await edited(mine)
        await told(theirs, reply, 404)
        await told(mine, "0" * 32, 404)
