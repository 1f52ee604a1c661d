"""What is shared is seen by whom it was shared with, as it was then, and by nobody any more after.

Whoever looks writes nothing: what they copy is theirs, without what is its owner's alone.
"""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from chat.core.events import Finished, ImageBytes, ReasoningDelta, TextDelta
from chat.core.messages import Finish, Usage, now
from chat.core.parts import File, ToolCall, ToolResult, files, images, plain_text
from chat.core.people import Person
from chat.core.rights import NO_SHARING, Rights
from chat.models.rights_file import RightsRules
from chat.turns.app_state import LOCAL_OWNER
from chat.web.access import AccessMiddleware, access_by
from chat.web.login import LoginMiddleware
from chat.web.login_mode import Login
from chat.web.owner import signed_in_owner
from chat.web.passwords import Passwords
from chat.web.policy import Policy
from chat.web.root_path import RootPathMiddleware
from tests.scripted import Script
from tests.unit.turns.workshop import Workshop, png
from tests.unit.web.studio import Studio, opened
from tests.unit.web.test_two_users import HASHER, PASSWORD, signed_in

RED = png("red", 20)
DRAWS: Script = [
    ReasoningDelta("the owner is poor"),
    TextDelta("A heron, as you wished."),
    ImageBytes(RED),
    Finished(Finish("stop"), Usage(reported_cost_usd=1.25)),
]
LATER: Script = [TextDelta("what came later"), Finished(Finish("stop"))]
PEOPLE = ("ada", "bob", "eve")


@dataclass
class World:
    """Ada with a conversation and a board, Bob, Eve, and strangers."""

    made: Studio
    cookies: dict[str, dict[str, str]]
    conversation: str = ""
    reply: str = ""
    picture: str = ""
    board: str = ""

    async def asks(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {**self.cookies.get(who, {}), "Accept": "text/html"}
        return await self.made.http.request(method, path, headers=headers, **more)

    async def posts(self, who: str, path: str, body: Any) -> Any:
        answer = await self.asks(who, "POST", path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def shares(self, kind: str = "conversation", **more: Any) -> dict[str, Any]:
        """Ada shares it; what she is told of that."""
        subject = self.conversation if kind == "conversation" else self.board
        body = {"kind": kind, "subject": subject, **more}
        if kind == "conversation":
            body["leaf"] = self.reply
        told: dict[str, Any] = await self.posts("ada", "/api/shares", body)
        return told

    async def sees(self, who: str, shared: dict[str, Any]) -> int:
        """The status of what somebody gets to see."""
        return (await self.asks(who, "GET", f"/{shared['address']}")).status_code


def behind(web: ASGIApp, shop: Workshop) -> LoginMiddleware:
    for name in PEOPLE:
        groups = ("birders",) if name != "eve" else ("painters",)
        hashed = HASHER.hash(PASSWORD)
        shop.store.people.add(
            Person(name, name, name.title(), password=hashed, given_groups=groups)
        )
    return LoginMiddleware(
        web, Login("users"), shop.store.people, b"k" * 32, Policy(), passwords=Passwords(HASHER)
    )


@asynccontextmanager
async def world(**more: Any) -> AsyncIterator[World]:
    shop = Workshop([DRAWS, LATER, LATER], **more)
    async with opened(shop, owner_of=signed_in_owner, behind=lambda web: behind(web, shop)) as made:
        all_here = World(made, {name: await signed_in(made, name) for name in PEOPLE})
        all_here.conversation = (await all_here.posts("ada", "/api/conversations", {}))["id"]
        path = f"/api/conversations/{all_here.conversation}"
        settings = {"system": "a secret order", "safety_identifier": ""}
        answer = await all_here.asks("ada", "PATCH", f"{path}/settings", json=settings)
        assert answer.status_code == 200
        await all_here.posts("ada", f"{path}/title", {"title": "Herons"})
        asked = {"text": "Draw a heron", "client_id": "client-1"}
        started = await all_here.posts("ada", f"{path}/messages", asked)
        await shop.jobs.wait(started["reply"])
        reply = shop.store.message("ada", started["reply"])
        all_here.reply = reply.id
        all_here.picture = images(reply.parts)[0].media.sha256
        board = {"name": "Birds", "pictures": [all_here.picture]}
        all_here.board = (await all_here.posts("ada", "/api/library/boards", board))["id"]
        yield all_here


AUDIENCES: dict[str, tuple[dict[str, Any], dict[str, int]]] = {
    "link": ({"link": True}, {"ada": 200, "bob": 200, "eve": 200, "nobody": 200}),
    "by name": ({"names": ["Bob "]}, {"ada": 200, "bob": 200, "eve": 404, "nobody": 404}),
    "a group": ({"groups": ["birders"]}, {"ada": 200, "bob": 200, "eve": 404, "nobody": 404}),
    "everybody": ({"everybody": True}, {"ada": 200, "bob": 200, "eve": 200, "nobody": 404}),
}


@pytest.mark.parametrize("kind", ["conversation", "board"])
@pytest.mark.parametrize("audience", AUDIENCES)
async def test_who_may_look_sees_it_and_nobody_else(kind: str, audience: str) -> None:
    asked, statuses = AUDIENCES[audience]
    async with world() as here:
        shared = await here.shares(kind, **asked)
        for who, status in statuses.items():
            page = await here.asks(who, "GET", f"/{shared['address']}")
            assert page.status_code == status, who
            picture = await here.asks(who, "GET", f"/{shared['address']}/{here.picture}")
            assert picture.status_code == status, who
            assert (picture.content == RED) is (status == 200)
            assert ("Take a copy" in page.text or "my own copy" in page.text) is (
                status == 200 and who != "nobody"
            )
            copied = await here.asks(who, "POST", f"/{shared['address']}/copy", data={})
            assert copied.status_code == (401 if who == "nobody" else 303 if status == 200 else 404)
            assert "noindex" in page.headers["x-robots-tag"]
        listed = (await here.asks("bob", "GET", "/api/shares")).json()
        assert [each["title"] for each in listed["with_me"]] == (
            [] if audience == "link" else ["Herons" if kind == "conversation" else "Birds"]
        )
        assert [each["by"] for each in listed["with_me"]] == ["Ada"] * len(listed["with_me"])
        (mine,) = (await here.asks("ada", "GET", "/api/shares")).json()["mine"]
        assert mine["views"] == sum(s == 200 for who, s in statuses.items() if who != "ada")
        # Ended, it is gone for everybody, at once.
        ended = await here.asks("ada", "DELETE", f"/api/shares/{shared['id']}")
        assert ended.status_code == 200
        for who in statuses:
            assert await here.sees(who, shared) == 404
        assert (await here.asks("bob", "GET", "/api/shares")).json()["with_me"] == []


async def test_who_leaves_a_group_sees_nothing_of_it_and_only_those_in_it_share_with_it() -> None:
    async with world() as here:
        people = here.made.shop.store.people
        shared = await here.shares("board", groups=["birders"])
        assert (shared["groups"], shared["names"]) == (["birders"], [])
        doors = (("GET", ""), ("GET", f"/{here.picture}"), ("POST", "/copy"))

        async def opens(who: str) -> list[int]:
            answers = [
                await here.asks(who, method, f"/{shared['address']}{door}")
                for method, door in doors
            ]
            return [answer.status_code for answer in answers]

        assert await opens("bob") == [200, 200, 303]
        assert await opens("eve") == [404, 404, 404]
        listed = (await here.asks("bob", "GET", "/api/shares")).json()
        assert listed["groups"] == ["birders"]
        assert [each["groups"] for each in listed["with_me"]] == [[]], "who else is its owner's"
        people.change("bob", lambda bob: replace(bob, given_groups=(), told_groups=("painters",)))
        people.change("eve", lambda eve: replace(eve, told_groups=("birders",)))
        assert await opens("bob") == [404, 404, 404]
        assert await opens("eve") == [200, 200, 303]
        body = {"kind": "board", "subject": here.board}
        for who, group in (("ada", "painters"), ("ada", "nobody's")):
            refused = await here.asks(
                "ada", "POST", "/api/shares", json={**body, "groups": [group]}
            )
            assert refused.status_code == 422, who
            assert refused.json()["error"] == f"You are in no group called “{group}”."
        people.change("ada", lambda ada: replace(ada, role="administrator", given_groups=()))
        assert (await here.asks("ada", "GET", "/api/shares")).json()["groups"] == [
            "birders", "painters",
        ]  # fmt: skip
        await here.posts("ada", "/api/shares", {**body, "groups": ["painters"]})
        listed = (await here.asks("bob", "GET", "/api/shares")).json()
        assert len(listed["with_me"]) == 1
        people.remove("eve")
        assert await opens("eve") == [404, 404, 401]


async def test_a_conversation_is_shown_as_it_was_without_what_is_its_owner_s_alone() -> None:
    async with world() as here:
        shared = await here.shares(link=True)
        path = f"/api/conversations/{here.conversation}/messages"
        later = {"text": "And now?", "client_id": "client-2"}
        started = await here.posts("ada", path, later)
        await here.made.shop.jobs.wait(started["reply"])
        page = (await here.asks("nobody", "GET", f"/{shared['address']}")).text
        assert "A heron, as you wished." in page
        for kept in ("what came later", "And now?", "secret order", "owner is poor", "$1.25"):
            assert kept not in page
        assert "<script" not in page
        copied = await here.asks("bob", "POST", f"/{shared['address']}/copy", data={})
        made = re.fullmatch(r"/\?c=([0-9a-f]{32})", copied.headers["location"])
        assert made, copied.headers
        store = here.made.shop.store
        copy = store.get("bob", made[1])
        assert (copy.title, copy.system, copy.tool_policy) == ("Herons", "", {})
        question, reply = store.tree("bob", made[1])
        assert plain_text(reply.parts) == "A heron, as you wished."
        assert (reply.cost_usd, reply.usage, question.client_id) == (None, None, None)
        assert (await here.asks("bob", "GET", f"/media/{here.picture}")).content == RED
        # It goes on there, and nowhere else.
        before = store.tree("ada", here.conversation)
        path = f"/api/conversations/{made[1]}/messages"
        on = await here.posts("bob", path, {"text": "Bluer", "client_id": "client-3"})
        await here.made.shop.jobs.wait(on["reply"])
        assert store.message("bob", on["reply"]).status == "complete"
        assert store.tree("ada", here.conversation) == before


async def test_a_copy_has_no_file_of_which_the_page_shows_the_name_alone() -> None:
    async with world() as here:
        store, shop = here.made.shop.store, here.made.shop
        (added,) = [
            await here.asks("ada", "POST", "/api/media/added?name=plan.txt", content=b"the plan\n")
        ]
        sha = added.json()["file"]["sha"]
        path = f"/api/conversations/{here.conversation}/messages"
        body = {
            "text": "Read it", "client_id": "client-2",
            "files": [{"sha": sha, "name": "plan.txt"}],
        }  # fmt: skip
        started = await here.posts("ada", path, body)
        await shop.jobs.wait(started["reply"])
        made = File(store.media("ada", sha), "made.txt")
        store.change_message(
            "ada",
            started["reply"],
            lambda m: replace(
                m,
                parts=(ToolCall("c1", "convert", {}), ToolResult("c1", "convert", (made,))),
            ),
        )
        here.reply = started["reply"]
        shared = await here.shares(link=True)
        page = (await here.asks("bob", "GET", f"/{shared['address']}")).text
        assert "plan.txt" in page
        copied = await here.asks("bob", "POST", f"/{shared['address']}/copy", data={})
        tree = store.tree("bob", copied.headers["location"].rpartition("=")[2])
        assert [file.name for message in tree for file in files(message.parts)] == []
        told = repr([message.parts for message in tree])
        for name in ("plan.txt", "made.txt"):
            assert f"[The file “{name}” is not part of this copy.]" in told
        assert (await here.asks("bob", "GET", f"/media/{sha}")).status_code == 404
        assert (await here.asks("bob", "GET", f"/media/{here.picture}")).status_code == 200


async def test_of_a_board_one_picture_or_all_are_copied_and_it_is_shown_as_it_is() -> None:
    async with world() as here:
        shared = await here.shares("board", names=["bob"])
        upload = await here.made.http.post(
            "/api/media", content=png("blue", 12), headers=here.cookies["ada"]
        )
        blue = upload.json()["sha"]
        path = f"/api/library/boards/{here.board}/pictures"
        await here.posts("ada", path, {"pictures": [blue]})
        page = (await here.asks("bob", "GET", f"/{shared['address']}")).text
        assert blue in page
        assert here.picture in page
        for asked, count in (({"picture": blue}, 1), ({}, 2)):
            copied = await here.asks("bob", "POST", f"/{shared['address']}/copy", data=asked)
            conversation = copied.headers["location"].rpartition("=")[2]
            _, reply = here.made.shop.store.tree("bob", conversation)
            assert len(images(reply.parts)) == count
        strange = {"picture": "ab" * 32}
        copied = await here.asks("bob", "POST", f"/{shared['address']}/copy", data=strange)
        assert copied.status_code == 404
        # It can be looked at, and that is all.
        for act, body in (("name", {"name": "taken"}), ("pictures", {"pictures": [blue]})):
            refused = await here.asks(
                "bob", "POST", f"/api/library/boards/{here.board}/{act}", json=body
            )
            assert refused.status_code == 404


async def test_no_path_that_the_log_names_opens_what_is_shared(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with world() as here:
        shared = await here.shares(link=True)
        token = shared["address"].removeprefix("shared/")
        for who, method, path in (
            ("nobody", "GET", f"/shared/{token}."),
            ("nobody", "GET", f"/shared/{token}/x"),
            ("nobody", "GET", f"/shared/{token}/{'z' * 64}"),
            ("bob", "POST", f"/shared/{token}./copy"),
        ):
            assert (await here.asks(who, method, path)).status_code in (400, 404)
    assert "GET /shared/…: invalid request" in caplog.text
    assert not any(token in each.getMessage() for each in caplog.records if each.name[:4] == "chat")


async def test_a_copy_is_taken_and_found_below_a_pass_that_stands_in_for_a_cookie() -> None:
    async with opened(Workshop([DRAWS]), behind=RootPathMiddleware, owner=LOCAL_OWNER) as made:
        conversation = await made.begin()
        started = await made.ask(conversation)
        await made.shop.jobs.wait(started["reply"])
        body = {"kind": "conversation", "subject": conversation, "link": True}
        shared = await made.post("/~a-pass/api/shares", body)
        page = (await made.http.get(f"/~a-pass/{shared['address']}")).text
        (action,) = re.findall(r'action="([^"]*)"', page)
        copied = await made.http.post(action)
        assert (copied.status_code, action[:16]) == (303, "/~a-pass/shared/")
        assert copied.headers["location"].startswith("/~a-pass/?c=")
        # So do the pages of the host, where that one person comes in by a pass.
        page = (await made.http.get("/~a-pass/admin/retention")).text
        actions = re.findall(r'action="([^"]*)"', page)
        assert actions
        assert all(each.startswith("/~a-pass/admin/") for each in actions)


Ending = Any


def _deleted(here: World) -> None:
    here.made.shop.store.delete("ada", here.conversation)


def _shut_out(here: World) -> None:
    here.made.shop.store.people.change("ada", lambda who: replace(who, disabled_at=now()))


def _removed(here: World) -> None:
    here.made.shop.store.people.remove("ada")


def _over(here: World) -> None:
    store = here.made.shop.store
    (share,) = store.shares.of("ada")
    store.shares.remove("ada", share.id)
    store.shares.add(replace(share, ends_at=now() - timedelta(seconds=1)))


@pytest.mark.parametrize("end", [_deleted, _shut_out, _removed, _over])
@pytest.mark.parametrize("asked", [{"link": True}, {"names": ["bob"]}])
async def test_what_is_over_is_gone(end: Any, asked: dict[str, Any]) -> None:
    async with world() as here:
        shared = await here.shares(days=7, **asked)
        assert await here.sees("bob", shared) == 200
        end(here)
        assert await here.sees("bob", shared) == 404
        picture = await here.asks("bob", "GET", f"/{shared['address']}/{here.picture}")
        copied = await here.asks("bob", "POST", f"/{shared['address']}/copy", data={})
        assert (picture.status_code, copied.status_code) == (404, 404)
        assert (await here.asks("bob", "GET", "/api/shares")).json()["with_me"] == []


async def test_who_may_not_share_shares_nothing_and_what_they_shared_rests() -> None:
    rules = RightsRules(roles={"manager": Rights(sharing=False)})
    async with world(allowed=rules) as here:
        shared = await here.shares(link=True)
        people = here.made.shop.store.people
        people.change("ada", lambda who: replace(who, role="manager"))
        told = (await here.asks("ada", "GET", "/api/settings")).json()
        assert told["no_sharing"] == NO_SHARING
        body = {"kind": "board", "subject": here.board, "link": True}
        refused = await here.asks("ada", "POST", "/api/shares", json=body)
        assert (refused.status_code, refused.json()["error"]) == (422, NO_SHARING)
        assert await here.sees("bob", shared) == 404
        people.change("ada", lambda who: replace(who, role="user"))
        assert await here.sees("bob", shared) == 200


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        ({}, 422, "Say who may look"),
        ({"names": ["mallory"]}, 422, "Nobody signs in here as “mallory”."),
        ({"names": ["ada"]}, 422, "name somebody else"),
        ({"link": True, "days": 0}, 400, "not in the form"),
        ({"link": True, "leaf": "ab" * 16}, 404, ""),
    ],
)
async def test_what_cannot_be_shared_is_said(
    asked: dict[str, Any], status: int, sentence: str
) -> None:
    async with world() as here:
        body = {"kind": "conversation", "subject": here.conversation, "leaf": here.reply, **asked}
        refused = await here.asks("ada", "POST", "/api/shares", json=body)
        assert refused.status_code == status
        assert sentence in refused.json()["error"]
        assert here.made.shop.store.shares.of("ada") == []


async def test_a_link_opens_past_the_pass_phrase_and_nothing_else_does() -> None:
    access = access_by("a phrase for friends", "")
    assert access is not None
    shop = Workshop([DRAWS])
    async with opened(shop, behind=lambda web: AccessMiddleware(web, access, b"k" * 32)) as made:
        knows = {"Authorization": "Bearer a phrase for friends"}
        begun = await made.http.post("/api/conversations", json={}, headers=knows)
        conversation = begun.json()["id"]
        path = f"/api/conversations/{conversation}/messages"
        asked = {"text": "Draw", "client_id": "client-1"}
        started = (await made.http.post(path, json=asked, headers=knows)).json()
        await shop.jobs.wait(started["reply"])
        body = {
            "kind": "conversation", "subject": conversation, "leaf": started["reply"], "link": True,
        }  # fmt: skip
        shared = (await made.http.post("/api/shares", json=body, headers=knows)).json()
        page = await made.http.get(f"/{shared['address']}")
        assert page.status_code == 200
        assert "my own copy" not in page.text
        for method, other in (
            ("GET", "/shared/" + "x" * 43), ("GET", f"/shared/{shared['id']}"),
        ):  # fmt: skip
            assert (await made.http.request(method, other)).status_code == 404
        for method, other in (
            ("POST", f"/{shared['address']}/copy"), ("GET", "/api/shares"), ("GET", "/"),
        ):  # fmt: skip
            assert (await made.http.request(method, other)).status_code == 401
