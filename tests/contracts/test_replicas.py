"""What processes over one store promise each other: nobody's reply is ended while it is written."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import psycopg
import pytest

from chat.core.errors import Conflict, StorageError
from chat.core.messages import Message, new_id
from chat.core.ports import Conversations
from chat.core.replicas import BEAT_S, LEASE_S, ReplicasSeen
from chat.turns.presence import Presence
from storage.data_dir_lock import Process
from storage.open import open_conversations
from tests.contracts.samples import ME, conversation, replied, said


def begun(store: Conversations) -> Message:
    """A reply that this store's process has begun."""
    mine = conversation()
    store.create(mine)
    asked = said(mine)
    reply = replied(mine, asked)
    store.add([asked, reply])
    return reply


@dataclass
class Pair:
    """Two processes over one database."""

    url: str
    here: Conversations
    there: Conversations

    def lapse(self, store: Conversations) -> None:
        """Have the lease of one run out, as if it had said nothing for long."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            late = "UPDATE replica SET until = until - interval '1 minute' WHERE id = %s"
            assert connection.execute(late, [store.replicas.own]).rowcount == 1


@pytest.fixture
def pair(migrated_address_of: Callable[[str], str]) -> Iterator[Pair]:
    url = migrated_address_of("postgresql")
    with (
        closing(open_conversations(url)) as here,
        closing(open_conversations(url)) as there,
    ):
        here.replicas.beat()
        there.replicas.beat()
        yield Pair(url, here, there)


def test_one_process_alone_finds_what_a_crash_left_with_its_owner(store: Conversations) -> None:
    if store.replicas.shared:
        pytest.skip("several processes may use this store")
    reply = begun(store)
    assert store.replicas.beat() == ReplicasSeen()
    (left,) = store.replicas.take_over(lapsed=False)
    assert (left.owner, left.message) == (ME, reply)
    with store.replicas.housekeeping() as may:
        assert may
    store.replicas.leave()


def test_a_second_process_ends_nobodys_reply(pair: Pair) -> None:
    reply = begun(pair.here)
    assert pair.there.replicas.beat() == ReplicasSeen([pair.here.replicas.own])
    for lapsed in (False, True):
        assert pair.there.replicas.take_over(lapsed=lapsed) == []
    pair.here.update(replace(reply, status="streaming"))
    assert pair.here.message(ME, reply.id).status == "streaming"


def test_what_a_dead_process_left_is_taken_over_once_and_the_rest_is_not(pair: Pair) -> None:
    lost, kept = begun(pair.here), begun(pair.there)
    ended = begun(pair.here)
    pair.here.update(replace(ended, status="complete"))
    pair.lapse(pair.here)
    assert pair.there.replicas.beat() == ReplicasSeen([], lapsed=True)
    with closing(open_conversations(pair.url)) as third:
        third.replicas.beat()
        found = [one.replicas.take_over(lapsed=True) for one in (pair.there, third)]
    assert [[left.message.id for left in each] for each in found] == [[lost.id], []]
    assert found[0][0].owner == ME
    assert pair.there.replicas.beat().lapsed is False
    assert kept.id in {each.id for each in pair.there.unfinished()}


def test_who_comes_back_goes_on_with_its_reply_unless_another_one_does(pair: Pair) -> None:
    """It was only slow: what the model has said since is kept."""
    back, lost = begun(pair.here), begun(pair.here)
    pair.lapse(pair.here)
    for left in pair.there.replicas.take_over(lapsed=True):
        pair.there.update(replace(left.message, status="interrupted"))
    pair.there.change_message(ME, lost.id, lambda found: replace(found, status="queued"))
    pair.here.replicas.beat()
    pair.here.update(replace(back, status="complete"))
    assert pair.there.message(ME, back.id).status == "complete"
    with pytest.raises(Conflict):
        pair.here.update(replace(lost, status="complete"))
    assert pair.there.message(ME, lost.id).status == "queued"


def test_who_starts_again_in_its_data_folder_need_not_wait(pair: Pair) -> None:
    reply, dead = begun(pair.here), pair.here.replicas.own
    others = begun(pair.there)
    with closing(open_conversations(pair.url, Process(new_id(), before=dead))) as again:
        again.replicas.beat()
        assert [left.message.id for left in again.replicas.take_over(lapsed=False)] == [reply.id]
    assert others.id in {each.id for each in pair.there.unfinished()}


def test_who_ends_in_good_order_leaves_what_it_could_not_save_to_the_others(pair: Pair) -> None:
    reply = begun(pair.here)
    pair.here.replicas.leave()
    assert pair.there.replicas.beat().lapsed
    assert [left.message.id for left in pair.there.replicas.take_over(lapsed=True)] == [reply.id]


def test_one_keeps_house_at_a_time(pair: Pair) -> None:
    with pair.here.replicas.housekeeping() as first:
        assert first
        with pair.there.replicas.housekeeping() as second:
            assert not second
    with pair.there.replicas.housekeeping() as later:
        assert later


class Told:
    """Implements ``Replicas`` for a presence: what it is told stands in a list."""

    shared, own = True, "own"

    def __init__(self) -> None:
        self.seen = ReplicasSeen()
        self.answers = True

    def beat(self) -> ReplicasSeen:
        if not self.answers:
            raise StorageError("It is away.")
        return self.seen


def test_nobody_is_judged_after_a_silence_in_which_nobody_could_speak() -> None:
    """The database was away, or this machine slept: every lease has run out meanwhile."""
    told, looked, clock = Told(), list[float](), [0.0]

    async def took_over() -> None:
        looked.append(clock[0])

    async def lived() -> None:
        presence = Presence(told, took_over, lambda: clock[0])  # type: ignore[arg-type]

        async def beats(count: int) -> None:
            for _ in range(count):
                await presence.beat()
                clock[0] += BEAT_S

        await beats(4)  # a first look, once it has seen a whole lease pass
        assert looked == [LEASE_S]
        told.seen = ReplicasSeen(["other"], lapsed=True)
        await beats(1)
        assert looked == [LEASE_S, 6.0]
        assert presence.others == ("other",)
        clock[0] += 100
        began = clock[0]
        await beats(4)
        assert looked[2:] == [began + LEASE_S]
        await presence.close()

    asyncio.run(lived())
