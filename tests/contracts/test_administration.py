"""What a host looks at and sets is kept whole: sums of use, the audit log, settings."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest

from chat.core.audit import AuditEntry, AuditQuery
from chat.core.errors import NotFound, OwnerGone, Unstorable
from chat.core.messages import Conversation, Status, new_id
from chat.core.parts import Image
from chat.core.people import Person
from chat.core.ports import Conversations, OwnedRecord, WholeConversation
from chat.core.spending import EVERYBODY, Amount, SpendingLimits, person_subject
from chat.core.stored_sizes import OwnerSizes
from chat.core.usage_sums import UsageRow, UsageSum
from tests.contracts.samples import ME, conversation, picture_ref, replied, said

OTHER = "somebody-else"
OCTOBER, DAY, NEXT = date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 1)
NOON = datetime(2026, 11, 30, 12, 0, 0, 5, UTC)


def test_use_is_summed_up_by_day_by_owner_and_by_model(store: Conversations) -> None:
    usage = store.usage
    one = UsageSum(1, 2, 1, 100, 50, 1, 0.25, 1)
    usage.add([UsageRow(ME, DAY, "fox", one), UsageRow(ME, DAY, "fox", one)])
    usage.add([UsageRow(OTHER, DAY, "fox", UsageSum(1, usd=1.0))])
    usage.add([UsageRow(ME, NEXT, "heron", UsageSum(3, pictures=4))])
    usage.add([UsageRow(ME, OCTOBER, "fox", UsageSum(9, usd=9.0))])
    two, other = one + one, UsageSum(1, usd=1.0)
    heron = UsageSum(3, pictures=4)
    assert usage.totals("day", DAY, NEXT) == [("2026-11-30", two + other), ("2026-12-01", heron)]
    assert usage.totals("owner", DAY, NEXT) == [(ME, two + heron), (OTHER, other)]
    assert usage.totals("model", DAY, NEXT) == [("fox", two + other), ("heron", heron)]
    assert usage.totals("model", DAY, NEXT, owner=OTHER) == [("fox", other)]
    assert usage.totals("owner", OCTOBER, NEXT, model="heron") == [(ME, heron)]
    assert usage.totals("day", date(2027, 1, 1), date(2027, 2, 1)) == []
    assert [(row.day, row.model) for row in usage.rows(date.min, date.max, owner=ME)] == [
        (OCTOBER, "fox"), (DAY, "fox"), (NEXT, "heron"),
    ]  # fmt: skip
    assert usage.forget_before(DAY) == 1
    assert usage.rows(date.min, date.max, owner=ME) == [
        UsageRow(ME, DAY, "fox", two),
        UsageRow(ME, NEXT, "heron", heron),
    ]


def test_of_many_that_count_at_once_nothing_is_lost(store: Conversations) -> None:
    def one(number: int) -> None:
        rows = [UsageRow(f"{ME}-{k}", DAY, "fox", UsageSum(1, 1)) for k in (number % 3, 7)]
        store.usage.add(rows)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(24)))
    assert store.usage.totals("model", DAY, DAY) == [("fox", UsageSum(48, 48))]


def test_the_audit_log_is_read_newest_first_in_pages_and_by_what_is_asked(
    store: Conversations,
) -> None:
    log = store.audit
    made = [
        AuditEntry("signed_in", "a", "Ada", address="2001:db8::1", at=NOON),
        AuditEntry(
            "role_changed", "a", "Ada", "b", "Füchse \0\ud800 🦊", facts={"role": "manager"},
            at=NOON + timedelta(hours=1),
        ),
        AuditEntry("signed_in", "b", "Bob", at=NOON + timedelta(hours=2)),
        AuditEntry("signed_in", "c", "Cid", at=NOON + timedelta(hours=2)),
    ]  # fmt: skip
    for each in made:
        log.add(each)
    every = log.entries(AuditQuery(), 10)
    assert [each.at for each in every] == sorted((each.at for each in made), reverse=True)
    assert every[-1] == made[0]
    assert (every[2].facts, every[2].subject_name[:6]) == ({"role": "manager"}, "Füchse")
    paged: list[AuditEntry] = []
    last: AuditEntry | None = None
    while some := log.entries(AuditQuery(), 1, last):
        paged += some
        last = some[-1]
    assert paged == list(every)
    assert {each.actor for each in log.entries(AuditQuery(act="signed_in"), 9)} == {"a", "b", "c"}
    assert [each.act for each in log.entries(AuditQuery(person="b"), 9)] == [
        "signed_in", "role_changed",
    ]  # fmt: skip
    within = AuditQuery(since=NOON, until=NOON + timedelta(hours=1))
    assert log.entries(within, 9) == [made[0]]
    assert log.entry(made[0].id) == made[0]
    assert log.entry("nothing") is None
    assert log.forget_before(NOON + timedelta(hours=1)) == 1
    assert len(log.entries(AuditQuery(), 9)) == 3


def test_a_setting_of_the_host_is_kept_changed_and_forgotten(store: Conversations) -> None:
    kept = store.host_settings
    assert kept.value("retention") is None
    kept.keep("retention", {"audit_days": 30})
    kept.keep("retention", {"audit_days": 90})
    kept.keep("other", [1, "ü"])
    assert kept.value("retention") == {"audit_days": 90}
    kept.keep("retention", None)
    assert (kept.value("retention"), kept.value("other")) == (None, [1, "ü"])


def test_what_is_kept_is_counted_of_everybody_and_of_each(store: Conversations) -> None:
    mine, hers, binned, empty = (conversation(each) for each in (ME, OTHER, ME, ME))
    for each in (mine, hers, binned, empty):
        store.create(each)
        if each is not empty:
            store.add([said(each)])
    store.delete(ME, binned.id)
    small, large = picture_ref(b"fox"), picture_ref(b"a large heron")
    for owner, ref in ((ME, small), (ME, large), (OTHER, small)):
        store.grant_media(owner, ref)
    store.withdraw_media(ME, large.sha256)
    sizes = store.sizes()
    assert dict(sizes.owners) == {
        ME: OwnerSizes(1, 1, 1, small.size_bytes),
        OTHER: OwnerSizes(1, 0, 1, small.size_bytes),
    }
    assert (sizes.messages, sizes.pictures, sizes.picture_bytes) == (3, 1, small.size_bytes)
    ((deleted,),) = [[each.deleted_at for each in store.binned(ME)]]
    assert sizes.binned_since == deleted
    assert sizes.database == "Memory" or sizes.database_bytes > 4096
    assert store.integrity() == ""


def test_what_nobody_has_used_for_long_goes_to_the_bin_but_for_what_is_pinned_or_under_way(
    store: Conversations,
) -> None:
    made = {}
    for name, status in {
        "old": "complete", "pinned": "complete", "alive": "streaming", "waiting": "waiting",
    }.items():  # fmt: skip
        made[name] = conversation(title=name)
        store.create(made[name])
        question = said(made[name])
        store.add([question, replied(made[name], question, "x", cast("Status", status))])
    store.pin(ME, made["pinned"].id, on=True)
    moment = NOON + timedelta(days=1)
    assert store.bin_untouched(store.get(ME, made["old"].id).updated_at, moment) == 0
    later = store.get(ME, made["waiting"].id).updated_at + timedelta(days=1)
    assert store.bin_untouched(later, moment) == 1
    assert [(each.title, each.deleted_at) for each in store.binned(ME)] == [("old", moment)]
    assert store.bin_untouched(later, moment) == 0


def _restored(store: Conversations, old: Conversation) -> str:
    store.delete(ME, old.id)
    return store.restore(ME, old.id).id


def _imported(store: Conversations, old: Conversation) -> str:
    (kept,) = store.add_whole(ME, [store.whole(ME, old.id)])
    store.delete(ME, old.id)
    assert kept.updated_at < store.whole(ME, old.id).conversation.updated_at
    return kept.id


def _pinned_for_long(store: Conversations, old: Conversation) -> str:
    store.pin(ME, old.id, on=True)
    return store.pin(ME, old.id, on=False).id


def _looked_at(store: Conversations, old: Conversation) -> str:
    store.note_use(ME, old.id)
    return old.id


@pytest.mark.parametrize("used", [_restored, _imported, _pinned_for_long, _looked_at])
def test_what_somebody_wants_again_is_not_put_away_as_untouched(
    store: Conversations, used: Callable[[Conversations, Conversation], str]
) -> None:
    old = conversation(title="old")
    store.create(old)
    store.add([said(old)])
    store.note_use(OTHER, old.id)
    store.note_use(ME, new_id())
    said_until = datetime.now(UTC)
    place = store.get(ME, old.id).updated_at
    kept = used(store, old)
    assert store.bin_untouched(said_until, said_until) == 0
    assert store.get(ME, kept).updated_at <= place
    # That it was used is no use for ever, and goes with it.
    later = datetime.now(UTC) + timedelta(seconds=1)
    assert store.bin_untouched(later, later) == 1
    store.erase(ME)
    assert store.everything(ME).records == []


def test_all_of_an_owner_is_told_and_removed_and_nothing_of_anybody_else(
    store: Conversations,
) -> None:
    mine, binned, hers = conversation(), conversation(title="binned"), conversation(OTHER)
    own, shared, boarded = (picture_ref(each) for each in (b"own", b"shared", b"boarded"))
    for each in (mine, binned, hers):
        store.create(each)
    for ref in (own, shared, boarded):
        store.grant_media(ME, ref)
    store.grant_media(OTHER, shared)
    shown = replace(said(mine), parts=(Image(own, "upload"), Image(shared, "upload")))
    store.add([shown])
    store.add([said(binned)])
    store.add([replace(said(hers), parts=(Image(shared, "upload"),))])
    store.delete(ME, binned.id)
    board = OwnedRecord("board", "b", {"name": "Birds"}, (boarded.sha256,))
    store.keep_record(ME, "board", "b", lambda _: board)
    store.people.add(Person(ME, "me", "Me"))
    store.budgets.set_limits(person_subject(ME), SpendingLimits(usd_a_day=1.0))
    store.budgets.add(ME, Amount(2.0, 1), DAY)
    store.usage.add([UsageRow(ME, DAY, "fox", UsageSum(1))])
    store.audit.add(AuditEntry("key_made", ME, "me", "", "laptop", "192.0.2.1"))
    store.audit.add(AuditEntry("role_changed", OTHER, "other", ME, "me"))
    named = {"groups": "CN=Birds", "by": "proxy"}
    for actor, subject in ((ME, ME), (OTHER, ME), (ME, "a-share"), (OTHER, OTHER)):
        store.audit.add(AuditEntry("groups_changed", actor, "", subject, facts=named))

    things = store.everything(ME)
    assert {each.id for each in things.conversations} == {mine.id, binned.id}
    assert [(each.kind, each.id, each.value) for each in things.records] == [
        ("board", "b", {"name": "Birds"})
    ]
    assert {each.sha256 for each in things.media} == {
        own.sha256, shared.sha256, boarded.sha256,
    }  # fmt: skip
    assert len(store.whole(ME, binned.id).messages) == 1
    with pytest.raises(NotFound):
        store.whole(OTHER, binned.id)

    removed = store.remove_owner(ME, "removed-1")
    assert removed.conversations == 2
    assert set(removed.pictures) == {own.sha256, boarded.sha256}
    nothing = store.everything(ME)
    assert (list(nothing.conversations), list(nothing.records), list(nothing.media)) == ([], [], [])
    assert store.people.person(ME) is None
    assert store.budgets.limits([person_subject(ME)]) == {}
    assert store.budgets.spent(ME, DAY).day == Amount()
    assert store.budgets.spent("removed-1", DAY).day == Amount(2.0, 1)
    assert store.budgets.spent(EVERYBODY, DAY).day == Amount(2.0, 1)
    assert store.usage.totals("owner", DAY, DAY) == [("removed-1", UsageSum(1))]
    entries = store.audit.entries(AuditQuery(person="removed-1"), 9)
    assert {(each.actor_name, each.subject_name, each.address) for each in entries} == {
        ("removed-1", "", ""), ("other", "removed-1", ""), ("removed-1", "removed-1", ""),
        ("", "removed-1", ""),
    }  # fmt: skip
    assert [each.facts for each in entries if each.facts] == [{"by": "proxy"}] * 3
    assert [each.facts for each in store.audit.entries(AuditQuery(person=OTHER), 9)].count(
        named
    ) == 1
    assert store.media(OTHER, shared.sha256) == shared
    assert len(store.tree(OTHER, hers.id)) == 1
    assert store.remove_owner(ME, "removed-1").conversations == 0
    assert store.budgets.forget_before(NEXT) == 2
    assert store.integrity() == ""


ADDED: dict[str, Callable[[Conversations, str], object]] = {
    "a conversation": lambda store, owner: store.create(conversation(owner)),
    "a file": lambda store, owner: store.add_whole(
        owner, [WholeConversation(conversation(), [])], [picture_ref(b"file")]
    ),
    "an upload": lambda store, owner: store.grant_media(owner, picture_ref(b"upload")),
    "a board": lambda store, owner: store.keep_record(
        owner, "board", new_id(), lambda _: OwnedRecord("board", "b", {"name": "Birds"})
    ),
}


@pytest.mark.parametrize("what", ADDED)
def test_nothing_is_left_of_whoever_was_removed_while_they_were_still_sending(
    store: Conversations, what: str
) -> None:
    gone, add = new_id(), ADDED[what]
    store.people.add(Person(gone, "gone", "Gone"))

    def sent_by(owner: str) -> bool:
        try:
            add(store, owner)
        except OwnerGone:
            return False
        return True

    def sent(_: int) -> bool:
        return sent_by(gone)

    with ThreadPoolExecutor(4) as pool:
        sending = [pool.submit(sent, number) for number in range(8)]
        pool.submit(store.remove_owner, gone, "removed-1").result()
        for each in sending:
            each.result()
    assert not sent(0)
    things = store.everything(gone)
    assert (list(things.conversations), list(things.records), list(things.media)) == ([], [], [])
    assert gone not in store.sizes().owners
    # Who is no person is never removed: the one user of an Easel, a key of the host.
    for owner in ("local", "key:robot"):
        add(store, owner)
    # Where people sign in that one user is a person, too, or is gone.
    store.tell_people_apart()
    add(store, "key:robot")
    assert not sent_by("local")
    store.people.add(Person("local", "ada", "Ada", "administrator"))
    assert sent_by("local")


def test_a_copy_is_made_of_pictures_that_whoever_shares_them_still_has(
    store: Conversations,
) -> None:
    lender, ref = new_id(), picture_ref(b"lent")
    store.people.add(Person(lender, "lender", "Lender"))
    store.grant_media(lender, ref)
    whole = WholeConversation(conversation(), [])
    store.add_whole(ME, [whole], [ref], lender=lender)
    assert store.media_is_held(ref.sha256)
    assert list(store.remove_owner(lender, "removed-1").pictures) == []
    with pytest.raises(NotFound):
        store.add_whole(OTHER, [whole], [ref], lender=lender)
    assert list(store.everything(OTHER).media) == []
    assert not store.media_is_held(picture_ref(b"nobody's").sha256)


ASKED: dict[str, Callable[[Conversations], object]] = {
    "a name": lambda store: store.people.by_name("\0"),
    "a person": lambda store: store.people.person("\0"),
    "the audit log": lambda store: store.audit.entries(AuditQuery(person="\0"), 9),
    "usage": lambda store: store.usage.rows(date.min, date.max, owner="\0"),
}


@pytest.mark.parametrize("what", ASKED)
def test_what_no_name_can_be_is_not_found_and_takes_nobody_for_a_failing_database(
    store: Conversations, what: str
) -> None:
    try:
        found = ASKED[what](store)
    except Unstorable:
        return
    assert not found
