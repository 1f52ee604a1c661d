"""What every store of conversations promises to callers that come at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from chat.core.errors import Conflict
from chat.core.messages import Conversation
from chat.core.ports import Conversations
from tests.contracts.samples import ME, conversation, picture_ref, replied, said


def at_once(calls: Sequence[Callable[[], object]]) -> list[Exception | None]:
    """Run calls from as many threads, released together; what each of them raised."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], object]) -> Exception | None:
        barrier.wait()
        try:
            call()
        except Conflict as error:
            return error
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_a_message_sent_five_times_at_once_is_one_message(store: Conversations) -> None:
    """A double click, or a browser that tries again, must not pay for two replies."""
    mine = conversation()
    store.create(mine)
    for number in range(5):
        messages = [said(mine, client_id=f"click-{number}") for _ in range(5)]
        raised = at_once([lambda sent=sent: store.add([sent]) for sent in messages])  # type: ignore[misc]
        winners = [sent for sent, error in zip(messages, raised, strict=True) if error is None]
        assert len(winners) == 1
        assert store.by_client_id(mine.id, f"click-{number}") == winners[0]


def test_two_tabs_that_send_at_once_make_two_branches(store: Conversations) -> None:
    """Nothing is lost and nothing is interleaved."""
    mine = conversation()
    store.create(mine)
    root = said(mine)
    store.add([root])
    pairs = [(question := said(mine, root), replied(mine, question)) for _ in range(6)]
    assert at_once([lambda pair=pair: store.add(pair) for pair in pairs]) == [None] * 6  # type: ignore[misc]
    questions = {question.id for question, _ in pairs}
    assert set(store.siblings([pairs[0][0].id])[pairs[0][0].id]) == questions
    for question, reply in pairs:
        assert store.branch(reply.id) == [root, question, reply]
    assert store.get(ME, mine.id).head_id in {reply.id for _, reply in pairs}


def test_the_same_picture_granted_at_once_is_granted(store: Conversations) -> None:
    owners = [ME, "a", "b", "c", ME]
    ref = picture_ref()
    raised = at_once([lambda owner=owner: store.grant_media(owner, ref) for owner in owners])  # type: ignore[misc]
    assert raised == [None] * 5
    assert [store.media(owner, ref.sha256) for owner in owners] == [ref] * 5


def test_settings_changed_at_once_are_all_kept(store: Conversations) -> None:
    """Two menus turned quickly after one another must both stay where they were put."""
    mine = conversation()
    store.create(mine)

    def choose(name: str) -> Callable[[Conversation], Conversation]:
        return lambda found: replace(found, tool_policy={**found.tool_policy, name: "deny"})

    names = [f"tool-{number}" for number in range(20)]
    calls = [lambda name=name: store.change(ME, mine.id, choose(name)) for name in names]
    assert at_once(calls) == [None] * 20
    assert store.get(ME, mine.id).tool_policy == dict.fromkeys(names, "deny")


def test_a_change_that_fails_changes_nothing(store: Conversations) -> None:
    """And the next one does not wait for it."""
    mine = conversation()
    store.create(mine)

    def refuse(found: Conversation) -> Conversation:
        raise Conflict(found.title)

    assert isinstance(at_once([lambda: store.change(ME, mine.id, refuse)])[0], Conflict)
    assert store.get(ME, mine.id) == mine
    assert store.change(ME, mine.id, lambda found: replace(found, title="B")).title == "B"
