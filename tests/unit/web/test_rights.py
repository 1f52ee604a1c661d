"""What a role may not use is there by no door: each door against each right.

A model that is not theirs is like one that does not exist. What is kept from somebody leaves no
trace, and a right that changes holds from the next request on.
"""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from chat.core.errors import Unavailable
from chat.core.events import Finished, ImageBytes, TextDelta
from chat.core.messages import Finish, Message
from chat.core.parts import ToolCall, ToolResult, plain_text
from chat.core.people import Person, Role
from chat.core.rights import NO_UPLOADS, NOTHING, PROVIDER_SEARCH, Allowed, Rights
from chat.models.rights_file import RightsRules
from chat.providers.shared.requests.choices import wants_search
from chat.tools.schema import with_facts
from chat.web.api_door import ApiDoor
from chat.web.api_keys import read_api_keys
from chat.web.key_holders import KeyHolders
from tests.scripted import Script, Wait
from tests.unit.turns.workshop import CARD, DONE, ME, Workshop, png
from tests.unit.web.studio import Studio, opened

DEAR = replace(CARD, id="dear", title="The Dear One", aliases=("posh",), tools=True)
WRITER = replace(CARD, id="writer", title="The Writer", output_modalities=("text",))
KEY = "sk-easel-laptop-0123456789"
URL = f"data:image/png;base64,{b64encode(png('green')).decode()}"
SAYS: Script = [TextDelta("Yes."), DONE]
DRAWS: Script = [ImageBytes(png("red")), DONE]

WITHOUT_DEAR = Rights(models=Allowed(("*", "!dear")))
"""Everything but the dear model."""
CHEAP = RightsRules(roles={"user": WITHOUT_DEAR, "key": WITHOUT_DEAR})
NO_ADDING = RightsRules(roles=dict.fromkeys(("user", "key"), Rights(uploads=False)))


@asynccontextmanager
async def ruled(
    *scripts: Script, allowed: RightsRules = CHEAP, role: Role = "user", **more: Any
) -> AsyncIterator[Studio]:
    """A studio with three models, whose user has a role, and which programs may use, too."""
    shop = Workshop(list(scripts), allowed=allowed, **more)
    shop.store.people.add(Person(ME, "me", "Me", role=role))
    shop.add_cards(DEAR, WRITER)
    keys, _ = read_api_keys(f"laptop={KEY}")
    async with opened(shop, behind=lambda web: ApiDoor(web, web, KeyHolders(keys))) as made:
        yield made


def become(made: Studio, role: Role) -> None:
    """Have an administrator give me another role, of which the next request knows."""
    made.shop.rights.note(
        made.shop.store.people.change(ME, lambda person: replace(person, role=role))
    )


async def old_conversation(made: Studio) -> tuple[str, Message]:
    """A conversation with the dear model, of a time when it was mine; its last reply."""
    become(made, "administrator")
    conversation = await made.begin()
    await made.set(conversation, {"model": "dear"})
    sofa, _ = await made.shop.pictures.keep(ME, png("white"), "upload")
    started = await made.ask(conversation, pictures=[sofa.sha256])
    reply = await made.shop.answer_of(started["reply"])
    assert reply.status == "complete"
    become(made, "user")
    return conversation, reply


Door = Callable[[Studio, str, Message], Coroutine[Any, Any, tuple[int, str]]]
"""Asks for the dear model; the status and all that is said."""


async def _page(made: Studio, path: str, body: Any = None) -> tuple[int, str]:
    answer = await made.http.post(path, json={} if body is None else body)
    return answer.status_code, answer.text


async def _message(made: Studio, conversation: str, before: Message) -> tuple[int, str]:
    del before
    body = {"text": "more", "client_id": "client-2"}
    return await _page(made, f"/api/conversations/{conversation}/messages", body)


async def _variants(made: Studio, conversation: str, before: Message) -> tuple[int, str]:
    del conversation, before
    other = await made.begin()
    body = {"text": "more", "client_id": "client-2", "models": ["model", "dear"]}
    return await _page(made, f"/api/conversations/{other}/messages", body)


async def _alias(made: Studio, conversation: str, before: Message) -> tuple[int, str]:
    del conversation, before
    other = await made.begin()
    body = {"text": "more", "client_id": "client-2", "models": ["posh"]}
    return await _page(made, f"/api/conversations/{other}/messages", body)


async def _regenerate(made: Studio, conversation: str, before: Message) -> tuple[int, str]:
    del conversation
    return await _page(made, f"/api/messages/{before.id}/regenerate")


async def _edit(made: Studio, conversation: str, before: Message) -> tuple[int, str]:
    del conversation
    body = {"text": "other words", "client_id": "client-2"}
    return await _page(made, f"/api/messages/{before.parent_id}/edit", body)


async def _choose(made: Studio, conversation: str, before: Message) -> tuple[int, str]:
    del conversation, before
    other = await made.begin()
    answer = await made.http.patch(f"/api/conversations/{other}/settings", json={"model": "dear"})
    return answer.status_code, answer.text


async def _use_settings(made: Studio, conversation: str, before: Message) -> tuple[int, str]:
    del conversation
    return await _page(made, f"/api/messages/{before.id}/settings")


async def _replay(made: Studio, conversation: str, before: Message) -> tuple[int, str]:
    path = f"/api/conversations/{conversation}/replays"
    picture: Any = before.parts[0]
    sha = picture.media.sha256
    body = {"picture": sha, "steps": [{"number": 1}], "targets": [sha]}
    return await _page(made, path, body)


async def _improve(made: Studio, conversation: str, before: Message) -> tuple[int, str]:
    del before
    return await _page(made, f"/api/improvement?conversation={conversation}", {"text": "a fox"})


async def _api(made: Studio, path: str, asked: Any) -> tuple[int, str]:
    answer = await made.http.post(path, json=asked, headers={"Authorization": f"Bearer {KEY}"})
    return answer.status_code, answer.text


async def _chat_api(made: Studio, conversation: str, before: Message) -> tuple[int, str]:
    del conversation, before
    asked = {"model": "dear", "messages": [{"role": "user", "content": "a fox"}]}
    return await _api(made, "/v1/chat/completions", asked)


async def _streamed_api(made: Studio, conversation: str, before: Message) -> tuple[int, str]:
    del conversation, before
    asked = {"model": "posh", "messages": [{"role": "user", "content": "x"}], "stream": True}
    return await _api(made, "/v1/chat/completions", asked)


async def _images_api(made: Studio, conversation: str, before: Message) -> tuple[int, str]:
    del conversation, before
    return await _api(made, "/v1/images/generations", {"model": "dear", "prompt": "a fox"})


async def _models_api(made: Studio, conversation: str, before: Message) -> tuple[int, str]:
    del conversation, before
    answer = await made.http.get("/v1/models/dear", headers={"Authorization": f"Bearer {KEY}"})
    return answer.status_code, answer.text


MODEL_DOORS: dict[str, tuple[Door, int]] = {
    "message": (_message, 400), "variants": (_variants, 400), "alias": (_alias, 400),
    "regenerate": (_regenerate, 400), "edit": (_edit, 400), "choose": (_choose, 422),
    "use settings": (_use_settings, 422), "replay": (_replay, 400), "improve": (_improve, 400),
    "chat API": (_chat_api, 404), "streamed chat API": (_streamed_api, 404),
    "images API": (_images_api, 404), "models API": (_models_api, 404),
}  # fmt: skip


def _unnamed(said: str) -> str:
    for name in ("dear", "posh", "nobody"):
        said = said.replace(name, "x")
    return said


@pytest.mark.parametrize("door", MODEL_DOORS)
async def test_a_model_that_is_not_theirs_is_like_one_that_does_not_exist(door: str) -> None:
    ask, status = MODEL_DOORS[door]
    async with ruled(DRAWS, SAYS) as made:
        conversation, before = await old_conversation(made)
        messages = len(made.shop.store.tree(ME, conversation))
        refused, said = await ask(made, conversation, before)
        assert (refused, "is not in the catalogue" in said) == (status, True), said
        assert "The Dear One" not in said, "not even what it is called"
        assert len(made.shop.provider.requests) == 1, "the model was not asked again"
        assert len(made.shop.store.tree(ME, conversation)) == messages, "and nothing was kept"
        every = made.shop.store.search(ME, "", 50)
        assert {hit.conversation.model for hit in every} <= {"dear", "model"}
        become(made, "administrator")
        if not door.endswith("API"):  # the key is the host's: its role stays
            assert (await ask(made, conversation, before))[0] == 200, "it is there for others"


@pytest.mark.parametrize("role", ["user", "administrator"])
async def test_lists_have_the_models_that_are_theirs_and_no_others(role: Role) -> None:
    async with ruled(role=role) as made:
        menu = (await made.http.get("/api/models")).json()
        shown = [model["id"] for group in menu["groups"] for model in group["models"]]
        mine = ["model", "writer"] if role == "user" else ["model", "dear", "writer"]
        assert shown == mine
        (help_sheet,) = (await made.http.get("/api/endpoints")).json()["endpoints"]
        assert "dear" not in str(help_sheet) or role != "user"
        missing = (await made.http.get("/api/models/dear")).json()
        assert bool(missing["title"]) is (role != "user")
        told = await made.http.get("/v1/models", headers={"Authorization": f"Bearer {KEY}"})
        assert [each["id"] for each in told.json()["data"]] == ["model", "writer"]


async def test_an_endpoint_without_a_model_of_theirs_is_nowhere() -> None:
    only = RightsRules(roles={"user": Rights(models=NOTHING)})
    async with ruled(allowed=only) as made:
        assert (await made.http.get("/api/models")).json()["groups"] == []
        assert (await made.http.get("/api/endpoints")).json()["endpoints"] == []
        tested = await made.http.post("/api/endpoints/door/test")
        assert tested.status_code == 404
        begun = await made.http.post("/api/conversations")
        assert (begun.status_code, "may use here" in begun.text) == (400, True)
        settings = (await made.http.get("/api/settings")).json()
        assert settings["model"] is None
        become(made, "administrator")
        assert (await made.http.post("/api/endpoints/door/test")).status_code == 200


async def test_an_old_conversation_goes_on_with_another_model() -> None:
    async with ruled(DRAWS, SAYS) as made:
        conversation, before = await old_conversation(made)
        assert (await _message(made, conversation, before))[0] == 400
        await made.set(conversation, {"model": "writer"})
        started = await made.ask(conversation, client_id="client-3")
        reply = await made.shop.answer_of(started["reply"])
        assert plain_text(reply.parts) == "Yes."


async def test_what_waited_in_the_queue_is_not_asked_once_the_model_is_not_theirs() -> None:
    go = asyncio.Event()
    held: Script = [Wait(go), TextDelta("first"), DONE]
    async with ruled(held, SAYS, role="administrator", most=1) as made:
        first, second = await made.begin(), await made.begin()
        for each in (first, second):
            await made.set(each, {"model": "dear"})
        begun = await made.ask(first)
        waiting = await made.ask(second, client_id="client-2")
        # Nothing of theirs comes in meanwhile that would tell.
        made.shop.store.people.change(ME, lambda person: replace(person, role="user"))
        go.set()
        assert (await made.shop.answer_of(begun["reply"])).status == "complete"
        refused = await made.shop.answer_of(waiting["reply"])
        assert refused.status == "failed"
        assert refused.finish is not None
        assert "is not in the catalogue" in refused.finish.message
        assert len(made.shop.provider.requests) == 1


async def test_a_stand_in_that_is_not_theirs_does_not_answer() -> None:
    async with ruled([Unavailable("Gone.")], SAYS) as made:
        fails = replace(CARD, fallbacks={"unavailable": ("dear",)})
        made.shop.card = fails
        made.shop.add_cards(DEAR, WRITER)
        started = await made.ask(await made.begin())
        reply = await made.shop.answer_of(started["reply"])
        assert reply.status == "failed"
        assert "Dear" not in str(reply.finish)
        assert len(made.shop.provider.requests) == 1


CALLS: Script = [
    ToolCall("c1", "calculator", {"expression": "6*7"}),
    Finished(Finish("tool_calls")),
]


@pytest.mark.parametrize(
    ("tools", "offered"),
    [
        (Allowed(), {"calculator", "clock", "shout"}),
        (Allowed(("clock",)), {"clock"}),
        (Allowed(("!calculator",)), {"clock", "shout"}),
        (NOTHING, set()),
    ],
)
async def test_of_tools_a_model_is_offered_theirs_alone(tools: Allowed, offered: set[str]) -> None:
    rules = RightsRules(roles={"user": Rights(tools=tools)})
    more = {"shout": lambda: "HEY"}
    async with ruled(CALLS, SAYS, allowed=rules, tools=more) as made:
        conversation = await made.begin()
        some = "calculator" in offered
        shown = (await made.http.get(f"/api/tools?conversation={conversation}")).json()
        listed = {tool["name"] for group in shown["groups"] for tool in group["tools"]}
        assert listed & {"calculator", "clock", "shout"} == offered
        assert bool(shown["reason"]) is not bool(offered)
        # Switched on when they were theirs.
        become(made, "administrator")
        await made.set(conversation, {"tools_on": True})
        become(made, "user")
        started = await made.ask(conversation)
        reply = await made.shop.answer_of(started["reply"])
        told = {tool.name for tool in made.shop.provider.requests[0].tools}
        assert told & {"calculator", "clock", "shout"} == offered
        results = [part for part in reply.parts if isinstance(part, ToolResult)]
        assert all(result.failed is not some for result in results)
        if not offered:
            refused = await made.set(conversation, {"tools_on": True}, 422)
            assert refused["error"] == "Tools are switched off for you in this Easel."


async def test_a_tool_that_waits_for_its_user_is_gone_once_it_is_not_theirs() -> None:
    @with_facts(policy="ask")
    def launch() -> str:
        """Launch it."""
        return "launched"

    rules = RightsRules(roles={"user": Rights(tools=Allowed(("clock",)))})
    call: Script = [ToolCall("c1", "launch", {}), Finished(Finish("tool_calls"))]
    tools = {"launch": launch}
    async with ruled(call, SAYS, allowed=rules, role="administrator", tools=tools) as made:
        conversation = await made.begin()
        await made.set(conversation, {"tools_on": True})
        started = await made.ask(conversation)
        reply = await made.shop.answer_of(started["reply"])
        (asked,) = (part for part in reply.parts if isinstance(part, ToolCall))
        assert (reply.status, asked.asked is not None) == ("waiting", True)
        become(made, "user")
        assert asked.asked is not None
        decision = {"call": "c1", "digest": asked.asked.digest, "choice": "once"}
        path = f"/api/messages/{reply.id}/decide"
        refused = await made.post(path, {"decisions": [decision]}, 422)
        assert "is not there any more" in refused["error"]


async def _media(made: Studio) -> tuple[int, str]:
    answer = await made.http.post("/api/media", content=png("blue"))
    return answer.status_code, answer.text


async def _added(made: Studio) -> tuple[int, str]:
    answer = await made.http.post("/api/media/added?name=a.txt", content=b"words")
    return answer.status_code, answer.text


async def _address(made: Studio) -> tuple[int, str]:
    return await _page(made, "/api/media/address", {"address": "https://example.test/a.png"})


async def _import(made: Studio) -> tuple[int, str]:
    answer = await made.http.post("/api/import", content=b"PK\x03\x04")
    return answer.status_code, answer.text


async def _chat_picture(made: Studio) -> tuple[int, str]:
    shown = [{"type": "image_url", "image_url": {"url": URL}}, {"type": "text", "text": "what?"}]
    asked = {"model": "model", "messages": [{"role": "user", "content": shown}]}
    return await _api(made, "/v1/chat/completions", asked)


async def _chat_file(made: Studio) -> tuple[int, str]:
    file = {"filename": "a.txt", "file_data": "data:text/plain;base64,aGVsbG8="}
    asked = {
        "model": "model",
        "messages": [{"role": "user", "content": [{"type": "file", "file": file}]}],
    }
    return await _api(made, "/v1/chat/completions", asked)


async def _edited_api(made: Studio) -> tuple[int, str]:
    answer = await made.http.post(
        "/v1/images/edits",
        data={"prompt": "bluer", "model": "model"},
        files={"image": ("a.png", png(), "image/png")},
        headers={"Authorization": f"Bearer {KEY}"},
    )
    return answer.status_code, answer.text


UPLOAD_DOORS: dict[str, tuple[Callable[[Studio], Coroutine[Any, Any, tuple[int, str]]], int]] = {
    "picture": (_media, 422), "any file": (_added, 422), "address": (_address, 422),
    "import": (_import, 422), "chat API picture": (_chat_picture, 400),
    "chat API file": (_chat_file, 400), "edits API": (_edited_api, 400),
}  # fmt: skip


@pytest.mark.parametrize("door", UPLOAD_DOORS)
async def test_who_may_add_nothing_adds_nothing_by_any_door(door: str) -> None:
    add, status = UPLOAD_DOORS[door]
    async with ruled(allowed=NO_ADDING) as made:
        refused, said = await add(made)
        assert (refused, NO_UPLOADS in said) == (status, True), said
        assert made.shop.media.names(made.shop.moment()) == [], "nothing was kept"
        assert made.shop.provider.requests == []
        assert (await made.http.get("/api/settings")).json()["no_uploads"] == NO_UPLOADS
        become(made, "manager")
        assert (await made.http.get("/api/settings")).json()["no_uploads"] == ""


async def test_who_may_add_nothing_still_draws_and_edits_what_was_drawn() -> None:
    async with ruled(DRAWS, DRAWS, allowed=NO_ADDING) as made:
        conversation = await made.begin()
        reply = await made.shop.answer_of((await made.ask(conversation))["reply"])
        picture: Any = reply.parts[0]
        again = await made.ask(conversation, client_id="client-2", pictures=[picture.media.sha256])
        assert (await made.shop.answer_of(again["reply"])).status == "complete"


async def test_where_nobody_signs_in_what_holds_for_everybody_holds() -> None:
    rules = RightsRules(WITHOUT_DEAR, {"user": Rights(models=NOTHING)})
    async with ruled(allowed=rules, payer=ME) as made:
        menu = (await made.http.get("/api/models")).json()
        shown = [model["id"] for group in menu["groups"] for model in group["models"]]
        assert shown == ["model", "writer"]


SEARCHES = replace(CARD, grounding=True)
SEARCHING: dict[str, tuple[Allowed, bool]] = {
    "everything": (Allowed(), True),
    "nothing": (NOTHING, False),
    "others": (Allowed(("calculator",)), False),
    "it by name": (Allowed((PROVIDER_SEARCH,)), True),
    "all but it": (Allowed((f"!{PROVIDER_SEARCH}",)), False),
}


@pytest.mark.parametrize("tools", SEARCHING)
async def test_the_search_of_a_provider_is_a_tool_that_a_role_has_or_has_not(tools: str) -> None:
    allowed, may = SEARCHING[tools]
    rules = RightsRules(roles={"user": Rights(tools=allowed)})
    async with ruled(DRAWS, DRAWS, allowed=rules, card=SEARCHES, role="administrator") as made:
        conversation = await made.begin()
        await made.set(conversation, {PROVIDER_SEARCH: True})
        started = await made.ask(conversation)
        await made.shop.jobs.wait(started["reply"])
        become(made, "user")
        # What was chosen before is not sent along any more.
        started = await made.ask(conversation, client_id="client-2")
        await made.shop.jobs.wait(started["reply"])
        assert [wants_search(each) for each in made.shop.provider.requests] == [True, may]
        shown = await made.shop.settings.shown(ME, conversation)
        assert shown.settings[PROVIDER_SEARCH].offered is may
