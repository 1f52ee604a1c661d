"""A picture of a library with its place in it. Knows values only: every store lists alike."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TypeAlias

from chat.core.messages import Message
from chat.core.parts import Image, MediaRef, plain_text, searched_text
from chat.core.ports import LibraryPage, LibraryPicture, LibraryQuery
from storage.text_search import query_words, searchable

Place: TypeAlias = tuple[datetime, int, int]
"""When it was made, the order of arrival of its message, and which picture of that it is."""

MOST_DIGITS = 10
NOWHERE = 0
"""In place of the order of arrival where no message shows the picture any more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A picture, its place, and the words that a search reads."""

    place: Place
    picture: LibraryPicture
    words: str


def entry(
    seq: int,
    position: int,
    image: Image,
    message: Message,
    question: Message | None,
    *,
    title: str,
    deleted: bool,
    favourite: bool,
) -> Entry:
    """A picture, which stands at this position among those of a message, with what it answers."""
    asked = message if message.role == "user" else question
    origin = message.origin
    return Entry(
        (message.created_at, seq, position),
        LibraryPicture(
            image=image,
            made_at=message.created_at,
            prompt=plain_text(asked.parts) if asked else "",
            model=origin.model if origin and image.origin == "model" else "",
            message_id=message.id,
            conversation_id=message.conversation_id,
            title=title,
            deleted=deleted,
            favourite=favourite,
        ),
        words="\n".join(searchable(searched_text(said.parts)) for said in (message, asked) if said),
    )


def stray(ref: MediaRef, stored_at: datetime, *, favourite: bool) -> Entry:
    """A picture that no message shows any more."""
    picture = LibraryPicture(Image(ref, "upload"), stored_at, favourite=favourite)
    return Entry((stored_at, NOWHERE, 0), picture, "")


def fits(query: LibraryQuery) -> Callable[[Entry], bool]:
    """Whether a picture is one that is asked for; its board is not looked at."""
    words = query_words(query.words)

    def fit(found: Entry) -> bool:
        picture = found.picture
        return (
            (query.made is None or (picture.image.origin != "upload") == query.made)
            and (not query.model or picture.model == query.model)
            and (query.since is None or picture.made_at >= query.since)
            and (query.until is None or picture.made_at < query.until)
            and (not query.favourites or picture.favourite)
            and all(word in found.words for word in words)
        )

    return fit


def newest_first(entries: Iterable[Entry], limit: int, after: Place | None) -> LibraryPage:
    """A page of entries in whatever order; it is the last where no more than these are given."""
    rest = [each for each in entries if after is None or each.place < after]
    rest.sort(key=lambda each: each.place, reverse=True)
    shown = [each.picture for each in rest[:limit]]
    return LibraryPage(shown, place_text(rest[limit - 1].place) if len(rest) > limit else "")


def month_starts(first: datetime, last: datetime, zone: tzinfo) -> list[tuple[str, datetime]]:
    """The months of a zone from one moment to another, as ``2026-11``, and when each begins."""
    begin, end = _local(first, zone), _local(last, zone)
    count = (end.year - begin.year) * 12 + end.month - begin.month + 1
    months = (divmod(begin.year * 12 + begin.month - 1 + number, 12) for number in range(count))
    return [(f"{year:04}-{month + 1:02}", _begin(year, month + 1, zone)) for year, month in months]


def month_of(moment: datetime, zone: tzinfo) -> str:
    """The month of a zone that a moment lies in, as ``2026-11``."""
    local = _local(moment, zone)
    return f"{local.year:04}-{local.month:02}"


def _local(moment: datetime, zone: tzinfo) -> datetime:
    try:
        return moment.astimezone(zone)
    except OverflowError:  # at either end of all time there is no other zone
        return moment


def _begin(year: int, month: int, zone: tzinfo) -> datetime:
    try:
        return datetime(year, month, 1, tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return datetime(year, month, 1, tzinfo=UTC)


def board_start(after: str) -> int:
    """At which number of a board a page begins."""
    return int(after) if after.isdecimal() and len(after) < MOST_DIGITS else 0


def board_page(entries: Iterable[tuple[int, Entry]], limit: int) -> LibraryPage:
    """A page of a board: pictures with their number on it, in order, none read in vain."""
    shown: list[LibraryPicture] = []
    for number, each in entries:
        if len(shown) == limit:
            return LibraryPage(shown, str(number))
        shown.append(each.picture)
    return LibraryPage(shown, "")


def place_text(place: Place) -> str:
    """A place as a page may keep it."""
    made_at, seq, position = place
    return f"{made_at.isoformat()},{seq},{position}"


def place_of(text: str) -> Place | None:
    """The place that a text names; ``None`` where it names none."""
    try:
        moment, seq, position = text.split(",")
        made_at = datetime.fromisoformat(moment)
        if made_at.tzinfo is None or max(int(seq), int(position)) >= 2**62:
            return None
        return made_at.astimezone(UTC), int(seq), int(position)
    except (ValueError, OverflowError):
        return None
