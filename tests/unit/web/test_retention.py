"""What the host keeps no longer goes by the clock, what is pinned or under way stays."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chat.conversations.retention import Retention
from chat.core.audit import AuditEntry, AuditQuery
from chat.core.errors import ConfigError
from chat.core.messages import Conversation, Message, new_id, now
from chat.core.parts import Text
from chat.core.ports import USED
from chat.core.retention import RetentionRules, read_retention
from chat.core.spending import Amount
from chat.core.usage_sums import UsageRow, UsageSum
from chat.web.admin.sections import Administration
from chat.web.app import kept_tidy
from storage.memory import MemoryConversations
from tests.unit.turns.workshop import DONE, ME, Workshop
from tests.unit.web.studio import opened
from tests.unit.web.test_admin_pages import pages

BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def made(store: MemoryConversations, at: datetime, status: str = "complete") -> str:
    """A conversation that was used last at a moment."""
    each = Conversation(new_id(), "me", "Foxes", model="m", created_at=at, updated_at=at)
    store.create(each)
    question = Message(new_id(), each.id, None, "user", (Text("go"),), created_at=at)
    reply = Message(
        new_id(), each.id, question.id, "assistant", (Text("x"),), status=status, created_at=at  # type: ignore[arg-type]
    )  # fmt: skip
    store.add([question, reply])
    return each.id


def test_with_rules_of_days_everything_goes_when_its_day_has_come_and_not_before() -> None:
    store = MemoryConversations()
    old = made(store, BEGAN)
    pinned, alive = made(store, BEGAN), made(store, BEGAN, "streaming")
    waiting = made(store, BEGAN, "waiting")
    store.pin("me", pinned, on=True)
    retention = Retention(store)
    retention.change(RetentionRules(untouched_days=10, bin_days=5, audit_days=20, usage_days=62))
    here = {old, pinned, alive, waiting}
    # The store itself notes when something was used.
    began = max(store.get("me", each).updated_at for each in here)
    store.audit.add(AuditEntry("signed_in", at=began))
    store.usage.add([UsageRow("me", began.date(), "m", UsageSum(1))])
    store.budgets.add("me", Amount(1.0), began.date())

    def run(days: int, more: timedelta) -> dict[str, int]:
        return dict(retention.run(began + days * DAY + more, DAY))

    def listed() -> set[str]:
        return {hit.conversation.id for hit in store.search("me")}

    assert run(10, -HOUR) == {}
    assert listed() == here
    assert run(10, HOUR) == {"to_the_bin": 1}
    assert listed() == here - {old}
    assert [each.deleted_at for each in store.binned("me")] == [began + 10 * DAY + HOUR]
    assert run(15, -HOUR) == {}
    assert run(15, 2 * HOUR) == {"removed": 1}
    assert store.binned("me") == []
    assert run(20, -HOUR) == {}
    assert run(20, HOUR) == {"audit_entries": 1}
    assert store.audit.entries(AuditQuery(), 9) == []
    assert run(61, HOUR) == {}
    assert run(64, HOUR) == {"sums": 3}
    assert store.usage.rows(date.min, date.max) == []
    assert listed() == here - {old}


async def test_what_is_open_in_a_page_is_not_put_away_and_what_was_opened_not_at_once() -> None:
    shop = Workshop([[DONE]])
    store, retention = shop.store, Retention(shop.store)
    retention.change(RetentionRules(untouched_days=0))
    async with opened(shop, parts=Administration(retention=retention)) as here:
        started = await here.ask(await here.begin())
        await shop.jobs.wait(started["reply"])
        conversation = started["conversation"]
        ended = now()
        async with here.page(conversation):
            assert retention.run(ended, DAY) == {}
            store.keep_record(ME, USED, conversation, lambda _: None)
    retention.on_screen = list
    old = replace(store.get(ME, conversation), updated_at=BEGAN)
    await shop.library.opened(old)
    noted = store.record(ME, USED, conversation)
    assert noted is not None
    await shop.library.opened(old)
    assert store.record(ME, USED, conversation) == noted
    assert retention.run(ended, DAY) == {}
    assert retention.run(now(), DAY) == {"to_the_bin": 1}


async def test_opening_what_is_old_is_noted() -> None:
    shop = Workshop([[DONE]])
    store = shop.store
    async with opened(shop) as here:
        started = await here.ask(await here.begin())
        await shop.jobs.wait(started["reply"])
        whole = store.whole(ME, started["conversation"])
        old = replace(whole, conversation=replace(whole.conversation, updated_at=BEGAN))
        (kept,) = store.add_whole(ME, [old])
        store.keep_record(ME, USED, kept.id, lambda _: None)
        async with here.page(kept.id) as page:
            # What it is told next it is told after that was noted.
            await page.say({"type": "ping"})
            await page.next("beat")
            assert store.record(ME, USED, kept.id) is not None


def test_without_rules_nothing_but_the_bin_and_old_entries_go() -> None:
    store = MemoryConversations()
    kept = made(store, BEGAN)
    store.usage.add([UsageRow("me", date(2026, 1, 1), "m", UsageSum(1))])
    Retention(store).run(BEGAN + 3000 * DAY, DAY)
    assert store.get("me", kept).deleted_at is None
    assert len(store.usage.rows(date.min, date.max)) == 1


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("EASEL_KEEP_BIN_DAYS", "forever"), ("EASEL_KEEP_BIN_DAYS", "0"),
        ("EASEL_KEEP_AUDIT_DAYS", "-1"), ("EASEL_KEEP_USAGE_DAYS", "30"),
        ("EASEL_KEEP_CONVERSATIONS_DAYS", "a year"), ("EASEL_KEEP_AUDIT_DAYS", "99999999"),
    ],
)  # fmt: skip
def test_a_variable_that_makes_no_sense_is_refused_at_the_start(variable: str, value: str) -> None:
    with pytest.raises(ConfigError, match=variable):
        read_retention({variable: value})


async def test_what_is_due_is_done_at_the_start_and_again_and_again_until_the_end() -> None:
    over, loop, ran = asyncio.Event(), asyncio.get_running_loop(), 0

    def tidy() -> None:
        nonlocal ran
        ran += 1
        if ran == 3:
            loop.call_soon_threadsafe(over.set)

    await kept_tidy(tidy, over, every_s=0.0)
    assert ran >= 3
    over.set()
    await kept_tidy(tidy, over)


async def test_rules_are_changed_on_the_page_but_for_those_of_the_environment() -> None:
    shop, ran = Workshop([]), [{"removed": 3}, {}, None]
    said = read_retention({"EASEL_KEEP_AUDIT_DAYS": "Forever"})
    assert said == {"audit_days": None}
    retention = Retention(shop.store, said)
    parts = Administration(retention=retention, tidy=lambda: ran.pop(0))
    async with pages(shop, parts=parts) as http:
        shown = (await http.get("/admin/retention")).text
        assert "Set by EASEL_KEEP_AUDIT_DAYS." in shown
        fields = {"untouched_days": "400", "bin_days": "7", "audit_days": "1", "usage_days": ""}
        assert "These rules hold" in (await http.post("/admin/retention", data=fields)).text
        assert retention.rules() == RetentionRules(400, 7, None, None)
        wrong = await http.post(
            "/admin/retention", data={**fields, "usage_days": "3", "bin_days": "9"}
        )
        assert (wrong.status_code, 'value="3"' in wrong.text) == (400, True)
        assert "from 62 to 36,500, or empty for ever" in wrong.text
        assert retention.rules().bin_days == 7
        (entry,) = shop.store.audit.entries(AuditQuery(act="retention_changed"), 9)
        assert dict(entry.facts) == {"untouched_days": "400", "bin_days": "7"}
        assert "3 were removed for good." in (await http.post("/admin/retention/run")).text
        assert "Nothing was due." in (await http.post("/admin/retention/run")).text
        assert (await http.post("/admin/retention/run")).status_code == 409
