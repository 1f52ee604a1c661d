"""What every store of conversations promises about messages and the tree they form."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chat.core.errors import Conflict, NotFound
from chat.core.messages import Conversation, Finish, Message, Origin, Status, Usage, now
from chat.core.parts import Echo, Reasoning, Text, ToolCall, ToolResult
from chat.core.ports import Conversations, Spending
from tests.contracts.samples import ME, SOMEBODY, conversation, picture, picture_ref, replied, said


@pytest.fixture
def mine(store: Conversations) -> Conversation:
    created = conversation()
    store.create(created)
    return created


def test_a_message_comes_back_as_it_was_added(store: Conversations, mine: Conversation) -> None:
    signed = Echo("gemini", {"signature": "AAEC", "nested": [1, {"deep": None}]})
    question = said(mine, text="A \0, a \ud800, שלום and 🦊", client_id="browser-1")
    reply = Message(
        id=question.id + "r",
        conversation_id=mine.id,
        parent_id=question.id,
        role="assistant",
        parts=(
            Reasoning("Foxes are red.", signed),
            ToolCall("call-1", "chart", {"values": [1.5, 2]}, signed),
            ToolResult("call-1", "chart", (Text("Done."), picture(b"chart")), failed=True),
            Text("Here.", signed),
            picture(draft=True),
            replace(picture(), echo=signed),
        ),
        status="complete",
        finish=Finish("stop", "STOP", "Fine."),
        origin=Origin("gemini", "google", "nano", "resp-1"),
        usage=Usage(input_text_tokens=3, output_image_tokens=0, reported_cost_usd=0.04),
        cost_usd=0.039,
        finished_at=now(),
    )
    store.add([question, reply])
    assert store.message(ME, question.id) == question
    assert store.message(ME, reply.id) == reply
    assert store.branch(reply.id) == [question, reply]
    assert store.get(ME, mine.id).head_id == reply.id


def test_update_changes_the_reply_and_nothing_else(
    store: Conversations, mine: Conversation
) -> None:
    question = said(mine)
    reply = replied(mine, question)
    store.add([question, reply])
    before = store.get(ME, mine.id)
    finished = replace(
        reply,
        parts=(Text("A fox."), picture()),
        status="failed",
        finish=Finish("error", "Unavailable", "No answer."),
        origin=Origin("gemini", "google", "nano"),
        usage=Usage(output_text_tokens=5),
        cost_usd=0.1,
        finished_at=now(),
    )
    store.update(replace(finished, role="user", parent_id=None, client_id="x", created_at=now()))
    assert store.message(ME, reply.id) == finished
    assert store.get(ME, mine.id) == before
    with pytest.raises(NotFound):
        store.update(replied(mine, question))


def test_add_is_all_or_nothing(store: Conversations, mine: Conversation) -> None:
    first = said(mine, client_id="once")
    store.add([first])
    again = [said(mine, first), said(mine, first, client_id="once")]
    twins = [said(mine, first, client_id="twin"), said(mine, first, client_id="twin")]
    for refused in (again, twins, [said(mine, first), first]):
        with pytest.raises(Conflict):
            store.add(refused)
    stray = said(mine, said(mine))
    with pytest.raises(NotFound):
        store.add([said(mine, first), stray])
    assert store.reply_to(first.id) is None
    assert store.get(ME, mine.id).head_id == first.id


def test_one_add_serves_one_conversation(store: Conversations, mine: Conversation) -> None:
    other = conversation()
    store.create(other)
    with pytest.raises(ValueError, match="exactly one conversation"):
        store.add([said(mine), said(other)])
    with pytest.raises(ValueError, match="exactly one conversation"):
        store.add([])
    elsewhere = said(other)
    store.add([elsewhere])
    with pytest.raises(NotFound):
        store.add([said(mine, elsewhere)])
    with pytest.raises(NotFound):
        store.add([said(conversation())])
    looped = said(mine)
    with pytest.raises(NotFound):
        store.add([replace(looped, parent_id=looped.id)])


def test_a_client_id_counts_within_its_conversation(
    store: Conversations, mine: Conversation
) -> None:
    other = conversation()
    store.create(other)
    here, there = said(mine, client_id="same"), said(other, client_id="same")
    store.add([here])
    store.add([there])
    assert store.by_client_id(mine.id, "same") == here
    assert store.by_client_id(other.id, "same") == there
    assert store.by_client_id(mine.id, "unknown") is None


def test_siblings_stand_in_the_order_they_came(store: Conversations, mine: Conversation) -> None:
    """Also where a clock was set back between two edits."""
    late = replace(said(mine), created_at=now() + timedelta(hours=1))
    early = replace(said(mine), created_at=now() - timedelta(hours=1))
    store.add([late])
    store.add([early])
    answers = [replied(mine, late, text) for text in "abc"]
    for answer in answers:
        store.add([answer])
    ids = [answer.id for answer in answers]
    assert store.siblings([answers[1].id, late.id]) == {
        answers[1].id: ids,
        late.id: [late.id, early.id],
    }
    assert store.reply_to(late.id) == answers[-1]
    assert store.reply_to(early.id) is None
    assert store.siblings([]) == {}
    with pytest.raises(NotFound):
        store.siblings([late.id, "unknown"])


def test_roots_of_two_conversations_are_strangers(store: Conversations, mine: Conversation) -> None:
    other = conversation()
    store.create(other)
    here, there = said(mine), said(other)
    store.add([here])
    store.add([there])
    assert store.siblings([here.id, there.id]) == {here.id: [here.id], there.id: [there.id]}


def test_the_newest_leaf_follows_the_newest_child(store: Conversations, mine: Conversation) -> None:
    root = said(mine)
    old, new = replied(mine, root), replied(mine, root)
    end = said(mine, new)
    store.add([root, old, new, end])
    store.add([said(mine, old)])
    assert store.newest_leaf(root.id) == end.id
    assert store.newest_leaf(end.id) == end.id
    with pytest.raises(NotFound):
        store.newest_leaf("unknown")


def test_a_branch_is_one_way_and_a_limit_keeps_its_end(
    store: Conversations, mine: Conversation
) -> None:
    way = [said(mine, text="0")]
    for number in range(1, 30):
        way.append(said(mine, way[-1], text=str(number)))
    aside = said(mine, way[10], text="aside")
    store.add([*way, aside])
    assert store.branch(way[-1].id) == way
    assert store.branch(way[-1].id, limit=4) == way[-4:]
    assert store.branch(way[-1].id, limit=1) == way[-1:]
    assert store.branch(way[-1].id, limit=500) == way
    assert store.branch(aside.id, limit=2) == [way[10], aside]
    with pytest.raises(NotFound):
        store.branch("unknown")


def test_what_a_crash_left_is_found_oldest_first(store: Conversations, mine: Conversation) -> None:
    question = said(mine)
    later = replace(replied(mine, question), created_at=now() - timedelta(hours=2))
    debris = [replied(mine, question), replied(mine, question, status="streaming"), later]
    done = replied(mine, question, status="complete")
    store.add([question, *debris, done])
    assert store.unfinished() == debris
    store.update(replace(debris[0], status="interrupted"))
    assert store.unfinished() == debris[1:]


def test_pictures_are_in_use_while_a_message_names_them(
    store: Conversations, mine: Conversation
) -> None:
    """What is not in use may be cleared away, so drafts and what tools drew count as well."""
    question = replace(said(mine), parts=(picture(b"upload"),))
    inside = ToolResult("call-1", "chart", (picture(b"chart"),))
    reply = replace(
        replied(mine, question), parts=(picture(b"draft", draft=True), inside, picture(b"upload"))
    )
    store.add([question, reply])
    names = {data: picture_ref(data).sha256 for data in (b"upload", b"draft", b"chart", b"final")}
    assert store.media_in_use() == {names[b"upload"], names[b"draft"], names[b"chart"]}
    store.update(replace(reply, parts=(picture(b"final"),)))
    assert store.media_in_use() == {names[b"upload"], names[b"final"]}
    store.delete(ME, mine.id)
    assert store.media_in_use() == {names[b"upload"], names[b"final"]}
    store.purge(now() + timedelta(seconds=1))
    assert store.media_in_use() == set()


def test_what_a_conversation_cost_counts_every_branch_and_owns_up_to_the_unknown(
    store: Conversations,
) -> None:
    of, other = conversation(), conversation()
    for each in (of, other):
        store.create(each)
    question, elsewhere = said(of), said(other)
    store.add([question])
    store.add([elsewhere, replace(replied(other, elsewhere, status="complete"), cost_usd=9.0)])
    ends: list[tuple[Status, float | None]] = [
        ("complete", 0.25),
        ("failed", None),
        ("complete", 0.5),
        ("streaming", None),
        ("complete", 0.0),
    ]
    for status, cost_usd in ends:
        store.add([replace(replied(of, question), status=status, cost_usd=cost_usd)])
    assert store.spending(ME, of.id) == Spending(cost_usd=0.75, priced=3, unpriced=1)


def test_what_a_conversation_cost_is_nobody_elses_business(store: Conversations) -> None:
    of = conversation()
    store.create(of)
    assert store.spending(ME, of.id) == Spending()
    with pytest.raises(NotFound):
        store.spending(SOMEBODY, of.id)
    store.delete(ME, of.id)
    with pytest.raises(NotFound):
        store.spending(ME, of.id)
