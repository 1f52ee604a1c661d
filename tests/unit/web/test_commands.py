"""Commands over HTTP: what works, and the status and sentence of everything that does not."""

import asyncio
from typing import Any

import pytest

from chat.core.events import TextDelta
from chat.core.parts import plain_text
from tests.scripted import Script, Wait
from tests.unit.turns.workshop import DONE, ME
from tests.unit.web.studio import Studio, opened, studio

NOBODY = "0" * 32
SCRIPT: Script = [TextDelta("yes"), DONE]

ROUTES: list[tuple[str, str, Any]] = [
    ("POST", "/api/conversations/{id}/messages", {"text": "x", "client_id": "client-9"}),
    ("POST", "/api/conversations/{id}/title", {"title": "x"}),
    ("POST", "/api/conversations/{id}/pin", {"on": True}),
    ("POST", "/api/conversations/{id}/duplicate", None),
    ("GET", "/api/conversations/{id}/settings", None),
    ("PATCH", "/api/conversations/{id}/settings", {"tools_on": True}),
    ("DELETE", "/api/conversations/{id}", None),
    ("DELETE", "/api/bin/{id}", None),
    ("POST", "/api/conversations/{id}/restore", None),
    ("POST", "/api/messages/{id}/edit", {"text": "x", "client_id": "client-9"}),
    ("POST", "/api/messages/{id}/regenerate", None),
    ("POST", "/api/messages/{id}/show", None),
]


async def turn(made: Studio, **more: Any) -> dict[str, str]:
    """A conversation with one whole turn."""
    started = await made.ask(await made.begin(), **more)
    await made.shop.jobs.wait(started["reply"])
    return started


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
async def test_nothing_is_found_by_a_strange_id_nor_by_anothers(
    method: str, path: str, body: Any
) -> None:
    async with studio(SCRIPT, SCRIPT) as made, opened(made.shop, "mallory") as other:
        mine = await turn(made)
        before = made.shop.store.message(ME, mine["reply"])
        name = "conversation" if "conversations" in path else "reply"
        for user, used in ((made, NOBODY), (other, mine[name]), (other, mine["question"])):
            answer = await user.http.request(method, path.format(id=used), json=body)
            assert answer.status_code == 404, answer.text
            assert answer.json()["error"].endswith(".")
        answer = await made.http.request(method, path.format(id="../etc"), json=body)
        assert answer.status_code in {400, 404, 405}
        answer = await made.http.request(method, path.format(id="A" * 32), json=body)
        assert answer.status_code == 400
        assert answer.json() == {"error": "This request is not in the form that Easel expects."}
        conversation = made.shop.store.get(ME, mine["conversation"])
        assert (conversation.title, conversation.tools_on) == ("go", False)
        assert conversation.head_id == mine["reply"]
        assert made.shop.store.message(ME, mine["reply"]) == before
        assert len(made.shop.provider.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        [], "text", 7, {}, {"text": "x"}, {"client_id": "client-1"},
        {"text": 3, "client_id": "client-1"}, {"text": "x", "client_id": "short"},
        {"text": "x", "client_id": "client-1; DROP"}, {"text": "x", "client_id": "c" * 65},
        {"text": "x", "client_id": "client-1", "model": "dearest"},
        {"text": "x", "client_id": "client-1", "pictures": ["../../etc/passwd"]},
        {"text": "x", "client_id": "client-1", "pictures": ["a" * 64] * 101},
        {"text": "x", "client_id": "client-1", "masks": ["../../etc/passwd"]},
        {"text": "x", "client_id": "client-1", "parent_id": "nobody"},
    ],
)  # fmt: skip
async def test_a_body_of_another_form_is_refused_with_a_sentence(body: Any) -> None:
    async with studio(SCRIPT) as made:
        conversation = await made.begin()
        answer = await made.post(f"/api/conversations/{conversation}/messages", body, 400)
        assert answer == {"error": "This request is not in the form that Easel expects."}
        assert made.shop.store.get(ME, conversation).head_id is None


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"text": "\\ud800"}'])
async def test_a_body_that_is_no_json_is_refused_with_a_sentence(raw: bytes) -> None:
    async with studio() as made:
        conversation = await made.begin()
        headers = {"Content-Type": "application/json"}
        answer = await made.http.post(
            f"/api/conversations/{conversation}/messages", content=raw, headers=headers
        )
        assert answer.status_code == 400, answer.text
        assert set(answer.json()) == {"error"}


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        ({"text": " \n"}, 422, "Write a message, or add a picture"),
        ({"text": "x" * 400_001}, 422, "at most 400,000"),
        ({"pictures": ["a" * 64]}, 404, "picture"),
        ({"pictures": [f"{n:064x}" for n in range(33)]}, 422, "at most 32"),
        ({"parent_id": NOBODY}, 404, "message"),
    ],
)
async def test_a_question_that_cannot_be_asked_leaves_nothing(
    more: dict[str, Any], status: int, words: str
) -> None:
    async with studio(SCRIPT) as made:
        conversation = await made.begin()
        body = {"text": "x", "client_id": "client-1", **more}
        answer = await made.post(f"/api/conversations/{conversation}/messages", body, status)
        assert words in answer["error"]
        assert made.shop.store.get(ME, conversation).head_id is None
        assert made.shop.provider.requests == []


async def test_a_question_hangs_only_under_a_message_of_its_own_conversation() -> None:
    async with studio(SCRIPT, SCRIPT) as made:
        one, two = await turn(made), await made.begin()
        body = {"text": "x", "client_id": "client-2", "parent_id": one["reply"]}
        answer = await made.post(f"/api/conversations/{two}/messages", body, 404)
        assert "not part of this conversation" in answer["error"]


async def test_five_clicks_are_one_question_and_one_call() -> None:
    gate = asyncio.Event()
    async with studio([Wait(gate), TextDelta("once"), DONE]) as made:
        conversation = await made.begin()
        clicks = await asyncio.gather(*(made.ask(conversation) for _ in range(5)))
        assert len({click["reply"] for click in clicks}) == 1
        gate.set()
        await made.shop.jobs.wait(clicks[0]["reply"])
        assert (await made.ask(conversation))["reply"] == clicks[0]["reply"]
        assert len(made.shop.provider.requests) == 1
        assert len(made.shop.store.branch(clicks[0]["reply"])) == 2


async def test_only_a_question_is_edited_and_only_a_reply_made_again() -> None:
    async with studio(SCRIPT) as made:
        started = await turn(made)
        body = {"text": "x", "client_id": "client-2"}
        answer = await made.post(f"/api/messages/{started['reply']}/edit", body, 404)
        assert answer == {"error": "Only a question can be edited."}
        answer = await made.post(f"/api/messages/{started['question']}/regenerate", status=404)
        assert answer == {"error": "Only a reply can be made again."}


async def test_an_edit_is_a_sibling_and_can_be_left_again() -> None:
    async with studio(SCRIPT, [TextDelta("other"), DONE]) as made:
        first = await turn(made)
        body = {"text": "better", "client_id": "client-2"}
        second = await made.post(f"/api/messages/{first['question']}/edit", body)
        await made.shop.jobs.wait(second["reply"])
        siblings = made.shop.store.siblings([first["question"]])[first["question"]]
        assert siblings == [first["question"], second["question"]]
        await made.post(f"/api/messages/{first['question']}/show")
        assert made.shop.store.get(ME, first["conversation"]).head_id == first["reply"]


async def test_stop_works_once_and_is_no_fault_afterwards_nor_for_strangers() -> None:
    async with (
        studio([TextDelta("half"), Wait(asyncio.Event()), DONE]) as made,
        opened(made.shop, "mallory") as other,
    ):
        conversation = await made.begin()
        async with made.page(conversation) as page:
            started = await made.ask(conversation)
            path = f"/api/messages/{started['reply']}/stop"
            await page.until(lambda: any("half" in r.open for r in page.growing.values()))
            assert await other.post(path) == {"stopped": False}
            assert await made.post(path) == {"stopped": True}
            assert "half" in await page.end_of(started["reply"])
            await made.shop.jobs.wait(started["reply"])
            assert await made.post(path) == {"stopped": False}
        assert made.shop.store.message(ME, started["reply"]).status == "stopped"


async def test_deleting_while_a_reply_grows_ends_it_and_undo_brings_back_what_came() -> None:
    async with studio([TextDelta("half"), Wait(asyncio.Event()), DONE]) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            started = await made.ask(conversation)
            await page.until(lambda: any("half" in r.open for r in page.growing.values()))
            answer = await made.http.delete(f"/api/conversations/{conversation}")
            assert answer.json() == {"deleted": True}
        assert made.shop.jobs.get(started["reply"]) is None
        assert made.shop.provider.closed_streams == 1
        listed = (await made.http.get("/api/conversations")).json()["conversations"]
        assert listed == []
        assert await made.post(f"/api/conversations/{conversation}/restore") == {"id": conversation}
        reply = made.shop.store.message(ME, started["reply"])
        assert (reply.status, plain_text(reply.parts)) == ("stopped", "half")


@pytest.mark.parametrize(
    ("title", "status"), [("x" * 201, 422), ("x" * 2_001, 400), ("  ", 422), ("\x00", 422)]
)
async def test_a_title_that_is_none_changes_nothing(title: str, status: int) -> None:
    async with studio(SCRIPT) as made:
        started = await turn(made)
        path = f"/api/conversations/{started['conversation']}/title"
        assert (await made.post(path, {"title": title}, status))["error"]
        assert await made.post(path, {"title": "  Two \n foxes 🦊 "}) == {"title": "Two foxes 🦊"}


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"},
                                     {"Sec-Fetch-Site": "cross-site"}])  # fmt: skip
async def test_a_strange_page_can_command_nothing(headers: dict[str, str]) -> None:
    async with studio(SCRIPT) as made:
        started = await turn(made)
        commands = [route for route in ROUTES if route[0] != "GET"]
        for method, path, body in [*commands, ("POST", "/api/conversations", None)]:
            name = "conversation" if "conversations" in path else "reply"
            answer = await made.http.request(
                method, path.format(id=started[name]), json=body, headers=headers
            )
            assert answer.status_code == 403, path
        assert made.shop.store.get(ME, started["conversation"]).title == "go"
        assert len(made.shop.provider.requests) == 1


async def test_where_nobody_may_wait_a_thirteenth_reply_at_once_is_refused() -> None:
    gate = asyncio.Event()
    async with studio(*([[Wait(gate), *SCRIPT]] * 13), most_queued=0) as made:
        conversation = await made.begin()
        started = [await made.ask(conversation, client_id=f"client-{n}") for n in range(12)]
        body = {"text": "x", "client_id": "client-12"}
        answer = await made.post(f"/api/conversations/{conversation}/messages", body, 422)
        assert "12 replies are being written or waiting already" in answer["error"]
        gate.set()
        for each in started:
            await made.shop.jobs.wait(each["reply"])
        await made.post(f"/api/conversations/{conversation}/messages", body)
