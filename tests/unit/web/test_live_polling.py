"""A page that no WebSocket reaches asks for what there is: nothing is lost on the way."""

import asyncio
from typing import Any

import httpx

from chat.core.events import TextDelta
from chat.web.live_polling import MAX_PAGES, PollingPage
from tests.unit.turns.workshop import DONE
from tests.unit.web.studio import Studio, studio

ID = "ab" * 16


async def said(made: Studio, message: dict[str, Any], page: str = ID, begins: bool = True) -> None:
    await made.post(f"/live/{page}/say", {"begins": begins, "said": [message]})


async def polled(made: Studio, arrived: int, page: str = ID) -> dict[str, Any]:
    told: dict[str, Any] = await made.post(f"/live/{page}", {"arrived": arrived})
    return told


async def test_a_reply_comes_by_polling_from_its_question_to_its_end() -> None:
    async with studio([TextDelta("by "), TextDelta("polling"), DONE]) as made:
        conversation = await made.begin()
        await said(made, {"type": "open", "conversation": conversation})
        await made.ask(conversation)
        arrived, kinds = 0, []
        while "end" not in kinds:
            told = await polled(made, arrived)
            arrived = told["number"]
            kinds += [each["type"] for each in told["told"]]
        assert kinds[0] == "window"
        assert kinds.index("stream") < kinds.index("end")


async def test_an_answer_that_was_lost_is_given_again() -> None:
    async with studio() as made:
        conversation = await made.begin()
        await said(made, {"type": "open", "conversation": conversation})
        first = await polled(made, 0)
        assert await polled(made, 0) == first
        await said(made, {"type": "ping"})
        second = await polled(made, first["number"])
        assert [each["type"] for each in second["told"]] == ["beat"]


class Waiting:
    """A page with nothing to tell, until a test says so."""

    def __init__(self) -> None:
        self.out: asyncio.Queue[str] = asyncio.Queue()

    async def watch(self) -> None:
        await asyncio.Event().wait()

    async def take(self, text: str | None) -> None:
        self.out.put_nowait(text or "")


async def test_a_question_that_hangs_somewhere_makes_room_for_the_next() -> None:
    page = Waiting()
    polled = PollingPage(page)
    try:
        hanging = asyncio.create_task(polled.answer(0, patience_s=1_000))
        await asyncio.sleep(0)
        later = asyncio.create_task(polled.answer(0, patience_s=1_000))
        assert await hanging == '{"number":0,"told":[]}'
        await page.take('{"type":"beat"}')
        assert await later == '{"number":1,"told":[{"type":"beat"}]}'
    finally:
        polled.watching.cancel()


async def test_a_page_that_was_forgotten_is_told_to_begin_anew() -> None:
    async with studio() as made:
        for path, body in ((f"/live/{ID}", {"arrived": 3}), (f"/live/{ID}/say", {"said": []})):
            answer = await made.http.post(path, json=body)
            assert answer.status_code == 410
            assert "begins anew" in answer.json()["error"]


async def test_there_is_an_end_to_pages_that_poll() -> None:
    async with studio() as made:

        async def ask(number: int) -> httpx.Response:
            body = {"begins": True, "said": [{"type": "ping"}]}
            return await made.http.post(f"/live/{number:032x}/say", json=body)

        answers = [await ask(number) for number in range(MAX_PAGES + 1)]
        assert {answer.status_code for answer in answers[:-1]} == {200}
        assert answers[-1].status_code == 503
        assert "Too many pages" in answers[-1].json()["error"]
