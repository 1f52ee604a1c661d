"""A host sees what runs and stops it, sees how providers are, and whether what is kept is sound."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from chat.core.audit import AuditQuery
from chat.core.errors import Unavailable
from chat.core.events import TextDelta
from chat.core.messages import now
from chat.core.models import Deployment
from chat.core.parts import MediaRef
from chat.core.people import Person, Role
from chat.core.stored_sizes import KnownBackup
from chat.telemetry.provider_health import EndpointHealth, ProviderHealth
from chat.web.admin.sections import Administration
from chat.web.admin.storage_page import Disk, in_bytes
from tests.scripted import Wait
from tests.unit.turns.workshop import DONE, Workshop
from tests.unit.web.studio import Studio, opened
from tests.unit.web.test_admin_pages import pages


@asynccontextmanager
async def running(shop: Workshop) -> AsyncIterator[tuple[Studio, list[str]]]:
    """Bob, a user, has a reply that is being written, and one in the queue; their ids."""
    shop.store.people.add(Person("bob", "bob", "Bob <b>", "user"))
    async with opened(shop, "bob") as made:
        replies = []
        for number in range(2):
            started = await made.ask(await made.begin(), client_id=f"client-{number}")
            replies.append(started["reply"])
        job = shop.jobs.get(replies[0])
        assert job is not None
        async for _ in job.watch():
            if any(part for part in job.message.parts) or job.message.origin:
                break
        yield made, replies


def held(event: asyncio.Event) -> Workshop:
    return Workshop([[TextDelta("a word"), Wait(event), DONE], [TextDelta("b"), DONE]], most=1)


@pytest.mark.parametrize("role", ["administrator", "manager"])
async def test_a_host_sees_what_runs_and_what_waits_and_whose_it_is_and_stops_it(
    role: Role,
) -> None:
    going_on = asyncio.Event()
    shop = held(going_on)
    shop.store.people.add(Person("ada", "ada", "Ada", role))
    async with running(shop) as (_, (first, second)), pages(shop, role) as http:
        told = (await http.get("/admin/running")).text
        assert told.count("Stop: Bob &lt;b&gt;") == 2
        assert "waits, number 1 in the queue" in told
        stopped = await http.post("/admin/running/stop", data={"reply": first})
        assert stopped.status_code == 303
        reply = shop.store.message("bob", first)
        assert (reply.status, reply.finish and reply.finish.kind) == ("stopped", "cancelled")
        assert reply.finish is not None
        assert reply.finish.message.startswith("Whoever looks after this Easel stopped this reply.")
        await shop.jobs.wait(second)
        assert shop.store.message("bob", second).status == "complete"
        again = await http.post("/admin/running/stop", data={"reply": first})
        assert (again.status_code, "has ended already" in again.text) == (404, True)
        assert "No reply is being written." in (await http.get("/admin/running")).text
    (entry,) = shop.store.audit.entries(AuditQuery(act="reply_stopped"), 9)
    assert (entry.actor, entry.subject, entry.subject_name) == ("ada", "bob", "bob")


async def test_a_manager_stops_no_reply_of_an_administrator() -> None:
    going_on = asyncio.Event()
    shop = held(going_on)
    shop.store.people.add(Person("ada", "ada", "Ada", "manager"))
    async with running(shop) as (_, (first, second)), pages(shop, "manager") as http:
        shop.store.people.change("bob", lambda bob: Person(bob.id, "bob", "Bob", "administrator"))
        assert "Stop: Bob" not in (await http.get("/admin/running")).text
        refused = await http.post("/admin/running/stop", data={"reply": first})
        assert refused.status_code == 403
        going_on.set()
        await shop.jobs.wait(first)
        await shop.jobs.wait(second)
        assert shop.store.message("bob", first).status == "complete"
    assert shop.store.audit.entries(AuditQuery(act="reply_stopped"), 9) == []


async def test_how_providers_are_is_told_and_why_one_is_left_in_peace() -> None:
    shop = Workshop([])
    parts = Administration(health=Seen())
    deployment = Deployment("door", "wire-model")
    parts.balancer.failed(deployment, Unavailable("The server is <down>."))
    async with pages(shop, None, parts=parts) as http:
        told = (await http.get("/admin/providers")).text
        for words in (
            "The Door", "fails", "1 (25 %)", "Unavailable (503)", "2.5", "door/wire-model",
            "The server is &lt;down&gt;.",
        ):  # fmt: skip
            assert words in told, words
        tried = await http.post("/admin/providers/test", data={"endpoint": "door"})
        assert 'role="status"' in tried.text
        missing = await http.post("/admin/providers/test", data={"endpoint": "none"})
        assert missing.status_code == 404


class Seen(ProviderHealth):
    """Of an endpoint that has answered, and then failed."""

    def now(self) -> dict[str, EndpointHealth]:
        at = now()
        return {
            "door": EndpointHealth(4, 1, at - timedelta(hours=1), at, "Unavailable (503)", 10.0)
        }


async def test_what_is_kept_is_told_and_what_is_missing_is_found() -> None:
    shop = Workshop([])
    shop.store.people.add(Person("ada", "ada", "Ada", "administrator"))
    shop.store.grant_media("ada", MediaRef("ab" * 32, "image/png", 1_500_000, 3, 3))
    backup = KnownBackup(now() - timedelta(days=3), "/srv/<copies>", 7)
    lost = [2]
    disk = Disk(lambda: 12_300_000_000, lambda: [backup], lambda: lost[0])
    async with pages(shop, parts=Administration(disk=disk)) as http:
        told = (await http.get("/admin/storage")).text
        for words in ("1.5 MB", "12.3 GB", "/srv/&lt;copies&gt;", "Ada"):
            assert words in told, words
        found = (await http.post("/admin/storage/check")).text
        assert "2 pictures are named and not there." in found
        lost[0] = 0
        assert "Everything that is named is there" in (await http.post("/admin/storage/check")).text
    assert [in_bytes(each) for each in (0, 999, 1000, 123_456, 5 * 10**12)] == [
        "0 B", "999 B", "1.0 kB", "123 kB", "5.0 TB",
    ]  # fmt: skip
