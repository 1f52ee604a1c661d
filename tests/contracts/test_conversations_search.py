"""What every store of conversations promises about lists and searches."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from chat.core.errors import NotFound, TooMany
from chat.core.messages import Conversation, new_id, now
from chat.core.parts import File, MediaRef, Text, ToolResult
from chat.core.ports import MOST_PINNED, Conversations
from tests.contracts.samples import ME, SOMEBODY, conversation, picture, replied, said


def told(store: Conversations, title: str, *texts: str, owner: str = ME) -> Conversation:
    """A conversation in which these things were said."""
    created = conversation(owner, title)
    store.create(created)
    for text in texts:
        store.add([said(created, text=text)])
    return created


def found(store: Conversations, query: str) -> list[str]:
    return [hit.conversation.title for hit in store.search(ME, query)]


def test_the_list_shows_what_was_used_last_first(store: Conversations) -> None:
    first = told(store, "first", "hello")
    told(store, "second", "hello")
    assert found(store, "") == ["second", "first"]
    store.add([said(first)])
    assert found(store, "") == ["first", "second"]


def test_a_clock_set_back_does_not_reorder_the_list(store: Conversations) -> None:
    ahead = replace(
        conversation(title="ahead"), head_id=new_id(), updated_at=now() + timedelta(hours=1)
    )
    store.create(ahead)
    told(store, "used since", "hello")
    assert found(store, "") == ["used since", "ahead"]


def test_pages_of_a_list_join_without_gap_or_repeat(store: Conversations) -> None:
    titles = [str(number) for number in range(7)]
    for title in titles:
        told(store, title, "hello")
    seen: list[str] = []
    before = None
    while page := store.search(ME, limit=3, before=before):
        seen += [hit.conversation.title for hit in page]
        before = page[-1].conversation.updated_at
    assert seen == titles[::-1]
    assert all(hit.excerpt == "" for hit in store.search(ME))


def test_what_is_pinned_leads_the_list_however_old_and_comes_once(store: Conversations) -> None:
    old, *_ = [told(store, title, "hello") for title in "abcdefg"]
    newer = store.search(ME)[2].conversation
    store.pin(ME, old.id, on=True)
    assert store.pin(ME, newer.id, on=True).pinned_at == store.get(ME, newer.id).pinned_at
    page = store.search(ME, limit=3)
    assert [hit.conversation.title for hit in page] == ["e", "a", "g", "f", "d"]
    rest = store.search(ME, limit=3, before=page[-1].conversation.updated_at)
    assert [hit.conversation.title for hit in rest] == ["c", "b"]
    assert found(store, "hello") == ["g", "f", "e", "d", "c", "b", "a"], (
        "a search has its own order"
    )
    since = store.get(ME, old.id).pinned_at
    assert store.pin(ME, old.id, on=True).pinned_at == since, "twice is once"
    store.change(ME, old.id, lambda now: replace(now, title="A"))
    store.delete(ME, old.id)
    assert store.restore(ME, old.id).pinned_at == since
    assert store.pin(ME, old.id, on=False).pinned_at is None
    assert [hit.conversation.title for hit in store.search(ME, limit=9)][-1] == "A"
    store.delete(ME, newer.id)
    for owner, wanted in ((SOMEBODY, old.id), (ME, newer.id), (ME, new_id())):
        with pytest.raises(NotFound):
            store.pin(owner, wanted, on=True)


def test_a_list_shows_the_picture_that_came_last_and_is_not_deleted(store: Conversations) -> None:
    shown, wordy = told(store, "shown"), told(store, "wordy", "hello")
    first, last = (picture(name) for name in (b"first", b"last"))
    for each in (first, last):
        store.grant_media(ME, each.media)
    question = said(shown)
    replies = [replace(replied(shown, question), parts=(Text("."), each)) for each in (first, last)]
    store.add([question, replies[0]])
    store.add([replies[1]])
    store.set_head(ME, shown.id, replies[0].id)

    def pictures() -> list[str]:
        assert store.listed(ME, shown.id).picture == store.search(ME)[0].picture
        assert store.search(ME, "shown") == [store.listed(ME, shown.id)]
        assert store.transcript(ME, shown.id, None, 9).picture == store.search(ME)[0].picture
        return [hit.picture for hit in store.search(ME)]

    assert pictures() == [last.media.sha256, ""]
    store.withdraw_media(ME, last.media.sha256)
    assert pictures() == [first.media.sha256, ""]
    store.delete(ME, wordy.id)
    for owner, wanted in ((SOMEBODY, shown.id), (ME, wordy.id), (ME, new_id())):
        with pytest.raises(NotFound):
            store.listed(owner, wanted)


def test_there_is_an_end_to_pinning(store: Conversations) -> None:
    first, *others = [told(store, str(number), "hello") for number in range(MOST_PINNED + 1)]
    for each in others:
        store.pin(ME, each.id, on=True)
    with pytest.raises(TooMany):
        store.pin(ME, first.id, on=True)
    store.delete(ME, others[0].id)
    store.pin(ME, first.id, on=True)


def test_conversations_without_a_message_take_no_place_in_the_list(store: Conversations) -> None:
    """Or a page of them would hide what somebody looks for."""
    told(store, "used", "hello")
    for _ in range(3):
        told(store, "empty")
    assert [hit.conversation.title for hit in store.search(ME, limit=2)] == ["used"]
    assert [hit.conversation.title for hit in store.search(ME, "empty", limit=2)] == []


def test_two_people_never_find_each_others(store: Conversations) -> None:
    told(store, "mine", "secret fox")
    told(store, "theirs", "secret fox", owner=SOMEBODY)
    assert found(store, "") == ["mine"]
    assert found(store, "secret") == ["mine"]


@pytest.mark.parametrize(
    "query",
    ["fox", "FOX", "red river", "river red", "straße", "STRASSE", "weißer", "l'été", "L'ÉTÉ", "🦊"],
)
def test_every_word_is_found_in_any_case_and_order(store: Conversations, query: str) -> None:
    told(store, "The red fox", "At the river.", "Weißer Fuchs, Straße, l'été 🦊")
    told(store, "Nothing", "Nothing at all.")
    assert found(store, query) == ["The red fox"]


@pytest.mark.parametrize(
    "query", ["wolf", "fox wolf", "redriver", "%", "_ed", "'", '"', "\\", "--"]
)
def test_what_is_not_said_is_not_found(store: Conversations, query: str) -> None:
    """Characters that mean something to a database are only characters here."""
    told(store, "The red fox", "At the river.")
    assert found(store, query) == []


@pytest.mark.parametrize("text", ["100 % wool", "snake_case", "it's", 'a "quote"', "a\\b", "/x/"])
def test_special_characters_are_found_where_they_stand(store: Conversations, text: str) -> None:
    told(store, "yes", text)
    told(store, "no", "100 wool snakeXcase its a quote ab x")
    for word in text.split():
        if not word.isalnum():
            assert found(store, word) == ["yes"]


def test_an_excerpt_shows_the_passage_around_the_match(store: Conversations) -> None:
    told(store, "Animals", "ß" * 300 + " the\nFOX sleeps " + "x" * 300)
    (hit,) = store.search(ME, "fox")
    assert "the FOX sleeps xx" in hit.excerpt
    assert hit.excerpt.startswith("…ß")
    assert hit.excerpt.endswith("x…")
    assert len(hit.excerpt) < 200
    (by_title,) = store.search(ME, "animals")
    assert by_title.excerpt == ""
    (by_both,) = store.search(ME, "animals fox")
    assert "FOX" in by_both.excerpt


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("## A **red** fox\n\n- *sleeps* by the `river`", "A red fox sleeps by the river"),
        ("The [fox](https://example.org/a 'of the wood') and ![it](b.png)", "The fox and it"),
        ("| fox | hen |\n| --- | :-: |\n| 1 | 2 |", "fox hen 1 2"),
        ("> 2 * 3 is snake_case of my_fox.csv", "2 * 3 is snake_case of my_fox.csv"),
        ("```python\nfox = 1\n```", "fox = 1"),
        ("See https://example.org/fox-" + "-" * 9_000, "See https://example.org/fox-"),
    ],
)
def test_an_excerpt_has_words_and_no_markup(store: Conversations, text: str, shown: str) -> None:
    told(store, "Animals", text)
    (hit,) = store.search(ME, "fox")
    assert hit.excerpt.startswith(shown)


def test_an_excerpt_is_what_the_user_said_rather_than_what_was_answered(
    store: Conversations,
) -> None:
    created = told(store, "Animals", "my fox at dusk")
    head = store.get(ME, created.id).head_id
    asked = store.message(ME, str(head))
    store.add([replied(created, asked, "I am a painter without a network. Here is the fox.")])
    (hit,) = store.search(ME, "fox")
    assert hit.excerpt == "my fox at dusk"


def test_a_changed_reply_is_found_by_its_new_words(store: Conversations) -> None:
    created = told(store, "A", "question")
    head = store.get(ME, created.id).head_id
    reply = replied(created, store.message(ME, str(head)), "draft words")
    store.add([reply])
    store.update(replace(reply, parts=(Text("final words"), picture())))
    assert found(store, "draft") == []
    assert found(store, "final") == ["A"]


def test_a_file_is_found_by_its_name_who_ever_made_it(store: Conversations) -> None:
    created = conversation(title="Sums")
    store.create(created)
    asked = said(created, text="Add these up")
    store.add([replace(asked, parts=(named("Umsätze_Mai.csv"), *asked.parts))])
    made = ToolResult("c1", "query_data", (Text("12 rows"), named("result.csv")))
    store.add([replace(replied(created, asked, "There."), parts=(made, Text("There.")))])
    assert found(store, "umsätze_mai.CSV") == ["Sums"]
    assert found(store, "add mai there result") == ["Sums"]
    assert found(store, "rows") == [], "what tools answer is not what was said"
    (hit,) = store.search(ME, "umsätze")
    assert hit.excerpt == "Add these up Umsätze_Mai.csv"


def named(name: str) -> File:
    return File(MediaRef(hashlib.sha256(name.encode()).hexdigest(), "text/csv", 9, 0, 0), name)


def test_a_renamed_conversation_is_found_by_its_new_name(store: Conversations) -> None:
    created = told(store, "old name", "hello")
    store.change(ME, created.id, lambda found: replace(found, title="new name"))
    assert found(store, "old") == []
    assert found(store, "new") == ["new name"]


@pytest.mark.parametrize("query", ["fox " * 5_000, "f" * 100_000, " ".join(map(str, range(9_999)))])
def test_an_absurd_query_is_answered_all_the_same(store: Conversations, query: str) -> None:
    told(store, "A fox", "hello")
    assert found(store, query) in (["A fox"], [])


@pytest.mark.parametrize("query", ["\0", "\ud800", "a\0b \udfff"])
def test_a_query_that_no_database_takes_is_no_error(store: Conversations, query: str) -> None:
    told(store, "A fox", "hello")
    assert found(store, query) in (["A fox"], [])
