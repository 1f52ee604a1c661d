"""The pictures of an owner over all conversations: every one, each once, and no one else's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from chat.core.errors import NotFound
from chat.core.messages import Conversation, Message, Origin, new_id
from chat.core.parts import Image, Text, ToolResult
from chat.core.ports import (
    BOARD,
    FAVOURITE,
    Conversations,
    LibraryPage,
    LibraryQuery,
    OwnedRecord,
    PictureUse,
    WholeConversation,
)
from tests.contracts.samples import ME, SOMEBODY, conversation, picture, picture_ref, said

ALL = LibraryQuery()
BEGAN = datetime(2026, 11, 1, 12, tzinfo=UTC)


def sha(name: str) -> str:
    return picture_ref(name.encode()).sha256


def asked(of: Conversation, *parts: Image | Text, at: datetime = BEGAN) -> Message:
    return Message(new_id(), of.id, None, "user", parts, created_at=at)


def drawn(
    question: Message, *parts: Image | Text | ToolResult, model: str = "sketch", day: int = 0
) -> Message:
    origin = Origin("sketch", "sketch", model)
    at = BEGAN + timedelta(days=day)
    return Message(
        new_id(),
        question.conversation_id,
        question.id,
        "assistant",
        parts,
        origin=origin,
        created_at=at,
    )


def begun(store: Conversations, *, owner: str = ME, title: str = "A fox") -> Conversation:
    made = conversation(owner, title)
    store.create(made)
    return made


def grant(store: Conversations, *names: str, owner: str = ME) -> None:
    for name in names:
        store.grant_media(owner, picture_ref(name.encode()))


def exchange(
    store: Conversations,
    *names: str,
    words: str = "Draw it.",
    day: int = 0,
    model: str = "sketch",
    owner: str = ME,
    of: Conversation | None = None,
) -> tuple[Conversation, Message, Message]:
    """A question and a reply that shows these pictures."""
    grant(store, *names, owner=owner)
    of = of or begun(store, owner=owner)
    question = asked(of, Text(words), at=BEGAN + timedelta(days=day))
    reply = drawn(question, *(picture(name.encode()) for name in names), model=model, day=day)
    store.add([question, reply])
    return of, question, reply


def names(page: LibraryPage) -> list[str]:
    known = {sha(name): name for name in ("fox", "owl", "elk", "bee", "cat", "dog")}
    return [known[each.image.media.sha256] for each in page.pictures]


def listed(store: Conversations, query: LibraryQuery = ALL, owner: str = ME) -> list[str]:
    return names(store.library(owner, query, 100))


def favour(store: Conversations, name: str) -> None:
    record = OwnedRecord(FAVOURITE, sha(name), None, (sha(name),))
    store.keep_record(ME, FAVOURITE, sha(name), lambda _: record)


def pin(store: Conversations, board: str, *on: str) -> None:
    record = OwnedRecord(BOARD, board, {"name": board}, tuple(map(sha, on)))
    store.keep_record(ME, BOARD, board, lambda _: record)


def test_pictures_are_listed_newest_first_with_what_is_known_of_them(store: Conversations) -> None:
    exchange(store, "fox", words="Draw a fox.", day=1)
    of, _, reply = exchange(store, "owl", "elk", words="An owl and an elk!", day=2, model="gemini")
    page = store.library(ME, ALL, 10)
    assert names(page) == ["elk", "owl", "fox"]
    assert page.after == ""
    first = page.pictures[0]
    assert (first.prompt, first.model, first.title) == ("An owl and an elk!", "gemini", "A fox")
    assert (first.message_id, first.conversation_id) == (reply.id, of.id)
    assert first.made_at == reply.created_at
    assert first.image == picture(b"elk")
    assert not first.favourite
    assert not first.deleted


def test_a_library_is_its_owners(store: Conversations) -> None:
    exchange(store, "fox")
    exchange(store, "owl", owner=SOMEBODY)
    assert listed(store) == ["fox"]
    assert listed(store, owner=SOMEBODY) == ["owl"]
    assert listed(store, owner="nobody") == []


def test_a_picture_that_is_carried_along_is_listed_once_where_it_was_made(
    store: Conversations,
) -> None:
    of, _, reply = exchange(store, "fox", words="Draw a fox.")
    for number in range(3):
        carried = asked(of, Image(picture_ref(b"fox"), "upload"), Text("Now at night"))
        answer = drawn(carried, picture(b"owl" if number else b"elk"), day=number)
        grant(store, "elk", "owl")
        store.add([carried, answer])
    page = store.library(ME, ALL, 10)
    assert sorted(names(page)) == ["elk", "fox", "owl"]
    fox = next(each for each in page.pictures if each.image.media.sha256 == sha("fox"))
    assert (fox.message_id, fox.prompt) == (reply.id, "Draw a fox.")


def test_drafts_masks_and_unfinished_ones_are_not_pictures(store: Conversations) -> None:
    of = begun(store)
    grant(store, "fox", "owl", "elk", "bee")
    mask = replace(picture(b"bee"), mask=True, origin="upload")
    question = asked(of, picture(b"fox"), mask, Text("Change it."))
    reply = drawn(question, picture(b"elk", draft=True))
    store.add([question, reply])
    assert sorted(listed(store)) == ["elk", "fox"]
    store.update(replace(reply, parts=(picture(b"elk", draft=True), picture(b"owl"))))
    assert sorted(listed(store)) == ["fox", "owl"]


def test_pictures_of_tools_are_among_them(store: Conversations) -> None:
    of = begun(store)
    grant(store, "fox")
    question = asked(of, Text("A chart, please."))
    chart = replace(picture(b"fox"), origin="tool")
    store.add([question, drawn(question, ToolResult("1", "chart", (chart,)))])
    page = store.library(ME, ALL, 10)
    assert names(page) == ["fox"]
    assert page.pictures[0].model == ""
    assert listed(store, LibraryQuery(made=True)) == ["fox"]
    assert listed(store, LibraryQuery(made=False)) == []


def test_pages_hold_every_picture_once_also_where_one_moment_made_several(
    store: Conversations,
) -> None:
    exchange(store, "fox", "owl", "elk", day=1)
    exchange(store, "bee", "cat", day=1)
    seen: list[str] = []
    after = ""
    for _ in range(9):
        page = store.library(ME, ALL, 2, after)
        seen += names(page)
        after = page.after
        if not after:
            break
    assert seen == ["cat", "bee", "elk", "owl", "fox"]


def test_a_page_ends_the_list_exactly_where_it_is_full(store: Conversations) -> None:
    exchange(store, "fox", "owl")
    assert store.library(ME, ALL, 2).after == ""


@pytest.mark.parametrize("after", ["nonsense", "1,2,3", "2026-01-01,1,1", "9" * 40, "\0,\0,\0"])
def test_a_place_that_makes_no_sense_begins_anew(store: Conversations, after: str) -> None:
    exchange(store, "fox")
    assert names(store.library(ME, ALL, 9, after)) == ["fox"]


def test_filters_find_what_they_name(store: Conversations) -> None:
    of = begun(store)
    grant(store, "owl")
    store.add([asked(of, Image(picture_ref(b"owl"), "upload"), Text("My own owl"))])
    exchange(store, "fox", words="A RED fox, 100% wild", day=3, model="gemini")
    exchange(store, "elk", words="A blue elk", day=5)
    assert listed(store, LibraryQuery(made=True)) == ["elk", "fox"]
    assert listed(store, LibraryQuery(made=False)) == ["owl"]
    assert listed(store, LibraryQuery(model="gemini")) == ["fox"]
    assert listed(store, LibraryQuery(model="gem")) == []
    since, until = BEGAN + timedelta(days=3), BEGAN + timedelta(days=5)
    assert listed(store, LibraryQuery(since=since)) == ["elk", "fox"]
    assert listed(store, LibraryQuery(until=until)) == ["fox", "owl"]
    assert listed(store, LibraryQuery(since=since, until=until)) == ["fox"]
    assert listed(store, LibraryQuery(words="FOX red")) == ["fox"]
    assert listed(store, LibraryQuery(words="100%")) == ["fox"]
    assert listed(store, LibraryQuery(words="1_0")) == []
    assert listed(store, LibraryQuery(words="own owl")) == ["owl"]
    assert listed(store, LibraryQuery(words="red elk")) == []
    assert store.library_models(ME) == ["gemini", "sketch"]
    assert store.library_models(SOMEBODY) == []


def test_a_search_reads_the_prompt_of_an_upload_but_not_the_reply_before_it(
    store: Conversations,
) -> None:
    of, _, reply = exchange(store, "fox", words="Draw a fox.")
    grant(store, "owl")
    told = replace(reply, parts=(*reply.parts, Text("A vixen.")))
    store.update(told)
    later = Message(
        new_id(), of.id, reply.id, "user", (Image(picture_ref(b"owl"), "upload"), Text("An owl"))
    )
    store.add([later])
    assert listed(store, LibraryQuery(words="vixen")) == ["fox"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("vixen", True), ("ixe", True), ("VIXEN’S", True), ("n’s t", True), ("xens", False),
        ("50%-off", True), ("%-", True), ("%off", False), ("_", True), ("a_b", True),
        ("红狐", True), ("狐红", False), ("狐", True), ("🦊", True), ("strasse", True),
        ("x" * 70, True), ("y" + "x" * 130 + "z", True), ("yx" * 40, False), ("x" * 140, False),
        ("é", True), ("e\u0301", True), ("\0", True), ("  ", True), ("a" * 300, False),
    ],
)  # fmt: skip
def test_a_word_is_found_wherever_it_stands_in_a_text(
    store: Conversations, words: str, found: bool
) -> None:
    long = "y" + "x" * 130 + "z"
    text = f"The vixen’s tail, 50%-off a_b 红狐狸🦊 Straße café e\u0301t\u00e9 \0 {long}"
    exchange(store, "fox", words=text)
    exchange(store, "owl", words="Something else, with nothing in it.", day=1)
    asked = LibraryQuery(words=words)
    assert ("fox" in listed(store, asked)) == found
    assert store.library_counts(ME, asked, UTC).total == len(listed(store, asked))


def test_words_of_a_question_and_of_its_reply_are_found_together(store: Conversations) -> None:
    of, _, reply = exchange(store, "fox", words="Draw a fox.")
    store.update(replace(reply, parts=(*reply.parts, Text("A vixen."))))
    exchange(store, "owl", words="A vixen")
    assert listed(store, LibraryQuery(words="fox vixen")) == ["fox"]
    store.update(replace(reply, parts=(*reply.parts, Text("A dog."))))
    assert listed(store, LibraryQuery(words="fox vixen")) == []
    assert listed(store, LibraryQuery(words="fox dog")) == ["fox"]
    store.update(replace(reply, parts=(Text("A vixen."),)))
    assert listed(store, LibraryQuery(words="vixen")) == ["owl"]
    store.delete(ME, of.id)
    store.purge(datetime.now(UTC) + timedelta(days=1))
    assert listed(store, LibraryQuery(words="vixen")) == ["owl"]


def test_a_question_in_other_words_finds_what_answers_it_by_those(store: Conversations) -> None:
    _, question, _ = exchange(store, "fox", words="Draw a fox.")
    store.update(replace(question, parts=(Text("Draw a badger."),)))
    assert listed(store, LibraryQuery(words="badger")) == ["fox"]
    assert listed(store, LibraryQuery(words="fox")) == []


def test_what_is_found_is_counted_by_months_of_where_the_owner_is(store: Conversations) -> None:
    exchange(store, "fox", "owl", words="Red", day=0)
    of, *_ = exchange(store, "elk", words="Red", day=30)
    exchange(store, "bee", words="Blue", day=30)
    exchange(store, "fox", words="Again", day=60)
    exchange(store, "cat", owner=SOMEBODY)
    counted = store.library_counts(ME, ALL, UTC)
    assert (counted.total, list(counted.months)) == (4, [("2026-12", 2), ("2026-11", 2)])
    east = store.library_counts(ME, ALL, ZoneInfo("Pacific/Kiritimati"))
    assert list(east.months) == [("2026-12", 2), ("2026-11", 2)]
    west = store.library_counts(ME, ALL, timezone(timedelta(hours=-13)))
    assert list(west.months) == [("2026-11", 2), ("2026-10", 2)]
    red = store.library_counts(ME, LibraryQuery(words="red"), UTC)
    assert (red.total, list(red.months)) == (3, [("2026-12", 1), ("2026-11", 2)])
    assert store.library_counts(ME, LibraryQuery(words="green"), UTC).total == 0
    assert store.library_counts(ME, LibraryQuery(made=False), UTC).total == 0
    favour(store, "elk")
    assert store.library_counts(ME, LibraryQuery(favourites=True), UTC).total == 1
    store.delete(ME, of.id)
    store.withdraw_media(ME, sha("owl"))
    left = store.library_counts(ME, ALL, UTC)
    assert (left.total, list(left.months)) == (3, [("2026-12", 2), ("2026-11", 1)])
    pin(store, "b1", "elk", "bee")
    board = store.library_counts(ME, LibraryQuery(board="b1"), UTC)
    assert (board.total, list(board.months)) == (2, [])
    narrow = LibraryQuery(board="b1", words="blue")
    assert store.library_counts(ME, narrow, UTC).total == 1
    assert store.library_counts("nobody", ALL, UTC).total == 0


def test_pictures_of_the_first_and_the_last_day_of_all_time_are_counted(
    store: Conversations,
) -> None:
    ends = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    for name, moment in zip(("fox", "owl"), ends, strict=True):
        of = begun(store)
        grant(store, name)
        question = asked(of, picture(name.encode()), at=moment)
        store.add([question])
    for zone in ("America/New_York", "Asia/Tokyo"):
        assert store.library_counts(ME, ALL, ZoneInfo(zone)).total == 2


def test_pictures_of_a_deleted_conversation_are_not_shown_unless_kept(
    store: Conversations,
) -> None:
    of, *_ = exchange(store, "fox", "owl", "elk", words="Three beasts")
    exchange(store, "bee", day=1)
    favour(store, "owl")
    pin(store, "b1", "elk")
    store.delete(ME, of.id)
    page = store.library(ME, ALL, 10)
    assert names(page) == ["bee", "elk", "owl"]
    assert [(each.deleted, each.favourite) for each in page.pictures] == [
        (False, False),
        (True, False),
        (True, True),
    ]
    assert page.pictures[1].prompt == "Three beasts"
    assert names(store.library(ME, ALL, 1, store.library(ME, ALL, 1).after)) == ["elk"]
    assert listed(store, LibraryQuery(words="beasts")) == ["elk", "owl"]
    store.restore(ME, of.id)
    assert listed(store) == ["bee", "elk", "owl", "fox"]


def test_a_picture_of_two_conversations_stays_when_the_first_is_deleted(
    store: Conversations,
) -> None:
    first, *_ = exchange(store, "fox", words="First")
    exchange(store, "fox", words="Second", day=1)
    assert [each.prompt for each in store.library(ME, ALL, 9).pictures] == ["First"]
    store.delete(ME, first.id)
    assert [each.prompt for each in store.library(ME, ALL, 9).pictures] == ["Second"]


def test_a_favourite_outlasts_its_conversation_for_good(store: Conversations) -> None:
    of, *_ = exchange(store, "fox", "owl")
    favour(store, "owl")
    store.delete(ME, of.id)
    assert store.purge(datetime.now(UTC) + timedelta(days=1)) == 1
    (left,) = store.library(ME, ALL, 9).pictures
    assert left.image.media == picture_ref(b"owl")
    assert (left.message_id, left.conversation_id, left.favourite) == ("", "", True)
    assert listed(store, LibraryQuery(favourites=True)) == ["owl"]


def test_favourites_are_marked_and_found(store: Conversations) -> None:
    exchange(store, "fox", "owl")
    favour(store, "fox")
    assert [each.favourite for each in store.library(ME, ALL, 9).pictures] == [False, True]
    assert listed(store, LibraryQuery(favourites=True)) == ["fox"]
    store.keep_record(ME, FAVOURITE, sha("fox"), lambda _: None)
    assert listed(store, LibraryQuery(favourites=True)) == []


def test_a_board_shows_its_pictures_in_its_order(store: Conversations) -> None:
    of, *_ = exchange(store, "fox", "owl", words="Beasts")
    exchange(store, "elk", "bee", day=3)
    pin(store, "b1", "owl", "bee", "fox")
    board = LibraryQuery(board="b1")
    assert listed(store, board) == ["owl", "bee", "fox"]
    page = store.library(ME, board, 2)
    assert names(page) == ["owl", "bee"]
    assert names(store.library(ME, board, 2, page.after)) == ["fox"]
    assert listed(store, replace(board, words="beasts")) == ["owl", "fox"]
    store.delete(ME, of.id)
    assert listed(store, board) == ["owl", "bee", "fox"]
    assert listed(store, LibraryQuery(board="another")) == []
    assert listed(store, board, owner=SOMEBODY) == []


def test_pictures_that_are_named_come_in_the_order_of_their_names(store: Conversations) -> None:
    exchange(store, "fox", "owl", "elk")
    exchange(store, "bee", owner=SOMEBODY)
    named = LibraryQuery(only=tuple(map(sha, ("elk", "bee", "fox"))))
    assert listed(store, named) == ["elk", "fox"]
    page = store.library(ME, named, 1)
    assert names(store.library(ME, named, 1, page.after)) == ["fox"]


def test_a_deleted_picture_is_lost_to_its_owner_alone_until_it_is_taken_back(
    store: Conversations,
) -> None:
    exchange(store, "fox", "owl")
    exchange(store, "fox", owner=SOMEBODY)
    store.withdraw_media(ME, sha("fox"))
    store.withdraw_media(ME, sha("fox"))
    assert listed(store) == ["owl"]
    assert listed(store, owner=SOMEBODY) == ["fox"]
    with pytest.raises(NotFound):
        store.media(ME, sha("fox"))
    assert store.media_in_use() == {sha("fox"), sha("owl")}
    store.withdraw_media(SOMEBODY, sha("fox"))
    assert store.media_in_use() == {sha("owl")}
    assert store.restore_media(ME, sha("fox")) == picture_ref(b"fox")
    assert listed(store) == ["owl", "fox"]
    assert store.media_in_use() == {sha("fox"), sha("owl")}


def test_a_deleted_picture_that_is_added_once_more_is_there_again(store: Conversations) -> None:
    exchange(store, "fox")
    store.withdraw_media(ME, sha("fox"))
    grant(store, "fox")
    assert listed(store) == ["fox"]
    assert store.media(ME, sha("fox")) == picture_ref(b"fox")


def test_nobody_deletes_what_is_not_theirs(store: Conversations) -> None:
    exchange(store, "fox")
    with pytest.raises(NotFound):
        store.withdraw_media(SOMEBODY, sha("fox"))
    with pytest.raises(NotFound):
        store.restore_media(SOMEBODY, sha("fox"))


def test_a_deleted_picture_cannot_be_kept_nor_shown_on_a_board(store: Conversations) -> None:
    exchange(store, "fox", "owl")
    pin(store, "b1", "fox", "owl")
    store.withdraw_media(ME, sha("fox"))
    assert listed(store, LibraryQuery(board="b1")) == ["owl"]
    with pytest.raises(NotFound):
        favour(store, "fox")


def test_the_conversations_that_show_a_picture_are_named(store: Conversations) -> None:
    of, _, reply = exchange(store, "fox")
    again = Message(new_id(), of.id, reply.id, "user", (picture(b"fox"),))
    store.add([again])
    other, *_ = exchange(store, "fox", of=begun(store, title="Another"))
    binned, *_ = exchange(store, "fox")
    store.delete(ME, binned.id)
    exchange(store, "fox", owner=SOMEBODY)
    assert store.picture_uses(ME, sha("fox")) == [
        PictureUse(other.id, "Another", 1),
        PictureUse(of.id, "A fox", 2),
    ]
    assert store.picture_uses(ME, sha("owl")) == []


def test_a_conversation_that_is_brought_in_brings_its_pictures(store: Conversations) -> None:
    made = conversation(SOMEBODY)
    question = asked(made, Text("Draw a fox."))
    reply = drawn(question, picture())
    whole = WholeConversation(replace(made, head_id=reply.id), [question, reply])
    store.add_whole(ME, [whole], [picture_ref()])
    assert listed(store) == ["fox"]
    assert listed(store, owner=SOMEBODY) == []


def test_words_alone_list_nothing(store: Conversations) -> None:
    of = begun(store)
    store.add([said(of)])
    assert listed(store) == []
