"""A person takes everything along, or is removed for good: all of theirs, and nobody else's."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

from chat.core.audit import AuditEntry, AuditQuery
from chat.core.events import ImageBytes, TextDelta
from chat.core.messages import now
from chat.core.people import Person, Session
from chat.core.personal_keys import PersonalKey
from chat.core.ports import OwnedRecord
from chat.core.shares import Share
from chat.core.spending import SpendingLimits, person_subject
from chat.core.usage_sums import UsageRow, UsageSum
from chat.turns.app_state import LOCAL_OWNER
from chat.web.admin.person_page import Removal, pseudonym_of
from chat.web.admin.sections import Administration
from storage.media.names import original_of
from tests.scripted import Wait
from tests.unit.turns.workshop import DONE, Workshop, png
from tests.unit.web.studio import Studio, opened
from tests.unit.web.test_admin_pages import pages


@asynccontextmanager
async def lived_in(shop: Workshop) -> AsyncIterator[tuple[Studio, dict[str, str]]]:
    """Bob has two conversations, one in the bin, a board, a preset, a key, limits and sums."""
    store = shop.store
    store.people.add(Person("ada", "ada", "Ada", "administrator"))
    store.people.add(Person("bob", "bob", "Bob", "user", given_groups=("painters",)))
    store.people.begin(Session("ab" * 32, "bob", now().replace(year=2999)))
    store.personal_keys.add(PersonalKey("k1", "bob", "laptop", "cd" * 32, ("chat",)))
    store.budgets.set_limits(person_subject("bob"), SpendingLimits(usd_a_day=2.0))
    store.usage.add([UsageRow("bob", date(2026, 11, 30), "model", UsageSum(1, 1, usd=0.5))])
    store.shares.add(Share("s1", "bob", "board", "b1", token="ef" * 16, everybody=True,
                           groups=("painters",)))  # fmt: skip
    store.audit.add(AuditEntry("signed_in", "bob", "bob", address="192.0.2.1"))
    store.audit.add(AuditEntry("role_changed", "ada", "ada", "bob", "bob", "192.0.2.99"))
    store.audit.add(AuditEntry("tries_used_up", "", "", "bob", "bob", "192.0.2.98"))
    async with opened(shop, "bob") as made:
        ids = {}
        for name in ("kept", "binned"):
            ids[name] = await made.begin()
            started = await made.ask(ids[name], text=f"a {name} fox", client_id=f"client-{name}")
            await shop.jobs.wait(started["reply"])
        upload = await made.http.post("/api/media", content=png("blue", 20))
        ids["picture"] = upload.json()["sha"]
        board = {"name": "Birds", "pictures": [ids["picture"]]}
        await made.post("/api/library/boards", board)
        await made.http.delete(f"/api/conversations/{ids['binned']}")
        yield made, ids


def drawing() -> Workshop:
    red, green = ImageBytes(png("red", 16)), ImageBytes(png("green", 16))
    return Workshop([[red, DONE], [green, DONE]])


async def test_the_file_of_somebody_holds_all_of_theirs_and_another_easel_takes_it_in() -> None:
    shop = drawing()
    async with lived_in(shop) as (made, ids):
        async with pages(shop) as http:
            answer = await http.get("/admin/person/export", params={"id": "bob"})
        own = await made.http.get("/api/everything")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert file.testzip() is None
        names = file.namelist()
        held = {each: json.loads(file.read(each)) for each in names if each.endswith(".json")}
        read = [file.read(each) for each in names]
        others = [file.read(each) for each in names if each.startswith("other pictures/")]
    with zipfile.ZipFile(io.BytesIO(own.content)) as same:
        assert same.namelist() == names
    documents = [each for each in names if each.endswith("/conversation.json")]
    assert len(documents) == 2
    assert sum(each.startswith("In the bin - ") for each in documents) == 1
    assert [len(each) for each in others] == [shop.store.media("bob", ids["picture"]).size_bytes]
    assert [each["value"]["name"] for each in held["records.json"] if each["kind"] == "board"] == [
        "Birds"
    ]
    person = held["person.json"]
    assert (person["name"], person["limits"]) == ("bob", {"usd_a_day": 2.0})
    assert (person["groups"], held["shares.json"][0]["with_groups"]) == (["painters"], ["painters"])
    assert [each["name"] for each in person["api_keys"]] == ["laptop"]
    assert [(each["kind"], each["by_link"]) for each in held["shares.json"]] == [("board", True)]
    assert held["usage.json"][0]["cost_usd"] == 0.5
    assert [
        (each["act"], each["who"], each["address"])
        for each in held["audit.json"]
        if each["act"] in ("signed_in", "role_changed", "tries_used_up")
    ] == [
        # Where others were is for no user to know, nor what an administrator signs in by.
        ("tries_used_up", "somebody", ""),
        ("role_changed", "administrator", ""),
        ("signed_in", "bob", "192.0.2.1"),
    ]
    assert not any(b"192.0.2.9" in part for part in read)
    assert "cd" * 32 not in answer.text
    for secret in ("ab" * 32, "ef" * 16):
        assert not any(secret in json.dumps(each) for each in held.values())
    other = Workshop([])
    async with opened(other, "eve") as elsewhere:
        taken = await elsewhere.http.post("/api/import", content=answer.content)
        assert (taken.status_code, len(taken.json()["conversations"])) == (200, 2)
    noted = shop.store.audit.entries(AuditQuery(act="person_exported"), 9)
    assert sorted(each.actor for each in noted) == ["ada", "bob"]


async def test_somebody_is_removed_with_all_of_theirs_and_nothing_of_anybody_else_s() -> None:
    shop = drawing()
    store, told = shop.store, list[str]()

    def forget(pictures: object) -> None:
        for name in shop.media.names(now().replace(year=2999)):
            if original_of(name) in set(pictures):  # type: ignore[call-overload]
                shop.media.delete(name)

    removal = Removal(
        lambda who, ended: told.extend([who, *ended]), forget, lambda: told.append("copies")
    )
    async with lived_in(shop) as (_, ids):
        pseudonym = pseudonym_of(store.people.everybody()[1])
        drawn = {ref.sha256 for ref in store.everything("bob").media}
        shared = ids["picture"]
        store.grant_media("eve", store.media("bob", shared))
        keep = OwnedRecord("board", "e1", {"name": "Eve's"}, (shared,))
        store.keep_record("eve", "board", "e1", lambda _: keep)
        async with pages(shop, parts=Administration(removal=removal)) as http:
            page = await http.get("/admin/person", params={"id": "bob"})
            assert "1 conversations, 1 in the bin, 3 pictures" in page.text
            for typed in ("", "Bob", "ada"):
                refused = await http.post(
                    "/admin/person/remove", data={"person": "bob", "typed": typed}
                )
                assert (refused.status_code, store.people.person("bob") is None) == (400, False)
            done = await http.post("/admin/person/remove", data={"person": "bob", "typed": "bob"})
            assert "2 conversations, 2 pictures" in done.text
            again = await http.post("/admin/person/remove", data={"person": "bob", "typed": "bob"})
            assert again.status_code == 404
            mine = await http.post("/admin/person/remove", data={"person": "ada", "typed": "ada"})
            assert mine.status_code == 409
    assert told == ["bob", "ab" * 32, "copies"]
    assert store.people.person("bob") is None
    assert store.people.session("ab" * 32) is None
    assert store.personal_keys.by_digest("cd" * 32) is None
    assert store.budgets.limits([person_subject("bob")]) == {}
    assert store.shares.of("bob") == []
    everything = store.everything("bob")
    assert (everything.conversations, everything.records, everything.media) == ([], [], [])
    left = {original_of(name) for name in shop.media.names(now().replace(year=2999))}
    assert (left & drawn, store.media("eve", shared).sha256) == ({shared}, shared)
    assert store.usage.totals("owner", date.min, date.max) == [(pseudonym, UsageSum(1, 1, usd=0.5))]
    every = store.audit.entries(AuditQuery(), 99)
    assert not any("bob" in (each.actor, each.subject, each.subject_name) for each in every)
    assert {each.act for each in store.audit.entries(AuditQuery(person=pseudonym), 9)} == {
        "signed_in", "role_changed", "tries_used_up", "person_removed", "reply_stopped", "erased",
    } - {"reply_stopped", "erased"}  # fmt: skip


def test_one_first_administrator_after_another_is_told_apart_when_they_are_gone() -> None:
    first, moment = Person(LOCAL_OWNER), now()
    second = replace(first, created_at=moment)
    assert pseudonym_of(first) == pseudonym_of(replace(first, name="renamed"))
    assert pseudonym_of(first) != pseudonym_of(second)


async def test_who_is_removed_while_a_reply_is_written_leaves_nothing_behind() -> None:
    shop = Workshop([[TextDelta("a word"), Wait(asyncio.Event()), DONE]])
    store = shop.store
    store.people.add(Person("ada", "ada", "Ada", "administrator"))
    store.people.add(Person("bob", "bob", "Bob", "user"))
    async with opened(shop, "bob") as made, pages(shop) as http:
        started = await made.ask(await made.begin())
        done = await http.post("/admin/person/remove", data={"person": "bob", "typed": "bob"})
        assert done.status_code == 200
        await shop.jobs.wait(started["reply"])
    assert shop.jobs.running == []
    assert store.everything("bob").conversations == []
    assert store.unfinished() == []
    assert replace(store.sizes(), database="") == replace(type(store.sizes())(""), database="")
