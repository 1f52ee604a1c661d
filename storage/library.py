"""The pictures of an owner over all conversations, as statements inside a transaction.

A page walks an index from where the page before ended, so it costs the same in a library of fifty
pictures and of fifty thousand.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from typing import Any

from chat.core.messages import Message
from chat.core.parts import Image, MediaRef, pictures
from chat.core.ports import (
    BOARD,
    FAVOURITE,
    LibraryCounts,
    LibraryPage,
    LibraryQuery,
    PictureUse,
)
from storage.codec import CODEC
from storage.library_entries import (
    Entry,
    Place,
    board_page,
    board_start,
    entry,
    fits,
    month_starts,
    newest_first,
    place_of,
    stray,
)
from storage.picture_words import few_saying, index_words, is_exact, saying
from storage.rows import MESSAGE_COLUMNS, from_message_row
from storage.text_search import anywhere, query_words
from storage.transaction import Row, Transaction, moment_of, names

QUESTION_COLUMNS = MESSAGE_COLUMNS.replace("m.", "q.")
UNREAD_MIME = "application/octet-stream"
WIDTH = MESSAGE_COLUMNS.count(",") + 1
"""Columns of a message."""
FEW = 1_000
"""Messages that may say what is searched for, up to which they are looked up one by one. Where more
do, the list is walked: the first page of them is near."""


def show_pictures(writing: Transaction, message: Message) -> None:
    """List the pictures that a message shows, which is there already, and no others of it.

    What they are found by is noted, too.
    """
    model = message.origin.model if message.origin else ""
    wanted = [
        (image.media.sha256, image.origin, model if image.origin == "model" else "")
        for image in pictures(message.parts)
    ]
    listed = [tuple(row) for row in writing.rows(_LISTED, message_id=message.id)]
    if listed != wanted:
        if listed:
            writing.run(_UNLIST, message_id=message.id)
        for position, (sha256, origin, drawn_by) in enumerate(wanted):
            writing.run(
                _LIST,
                message_id=message.id,
                position=position,
                sha256=sha256,
                origin=origin,
                model=drawn_by,
            )
    if listed or wanted:
        index_words(writing, message.id)


def library(
    reading: Transaction, owner: str, query: LibraryQuery, limit: int, after: str
) -> LibraryPage:
    """What ``Conversations.library`` promises."""
    if query.board or query.only:
        return _listed(reading, owner, query, limit, after)
    place = place_of(after)
    found = [*_present(reading, owner, query, limit + 1, place), *_kept(reading, owner, query)]
    return newest_first(found, limit, place)


def models(reading: Transaction, owner: str) -> list[str]:
    """What ``Conversations.library_models`` promises."""
    return [model for (model,) in reading.rows(_MODELS, owner=owner)]


def uses(reading: Transaction, owner: str, sha256: str) -> list[PictureUse]:
    """What ``Conversations.picture_uses`` promises."""
    rows = reading.rows(_USES, owner=owner, sha256=sha256)
    return [PictureUse(name, _title(settings), count) for name, settings, count in rows]


def counts(reading: Transaction, owner: str, query: LibraryQuery, zone: tzinfo) -> LibraryCounts:
    """What ``Conversations.library_counts`` promises."""
    if query.board or query.only:
        shas = _in_order(reading, owner, query)
        return LibraryCounts(sum(1 for _ in _those(reading, owner, query, shas, 0)), ())
    words = query_words(query.words)
    conditions, values = _conditions(reading, owner, query)
    sought = _sought(reading, owner, words)
    conditions[0] = f"p.conversation_id NOT IN ({_BINNED})"
    source = "SELECT p.made_at FROM shown_picture AS p"
    if query.favourites:
        source += _MARKED
    if sought is None and words:
        said, pieces = saying(words)
        conditions.append(f"p.seq IN ({said})")
        values |= pieces
    if sought is not None or not is_exact(words):
        source += _SAID
        conditions += _said(words, values)
    where = " AND ".join((_whose(sought, values), *conditions, _FIRST_OF_ALL, _NONE_DELETED))
    made: list[Any] = []
    if sought != []:
        made = [at for (at,) in reading.rows(f"{source} WHERE {where}", **values)]
    made += [reading.moment(each.picture.made_at) for each in _kept(reading, owner, query)]
    if not made:
        return LibraryCounts(0, ())
    starts = month_starts(moment_of(min(made)), moment_of(max(made)), zone)
    # As they are stored: to make moments of all of them costs more than to find them.
    begins: list[Any] = [reading.moment(begin) for _, begin in starts]
    found = Counter(bisect_right(begins, at) for at in made)
    months = [(name, found[at]) for at, (name, _) in enumerate(starts, 1) if at in found]
    return LibraryCounts(len(made), months[::-1])


def _present(
    reading: Transaction, owner: str, query: LibraryQuery, limit: int, after: Place | None
) -> Iterable[Entry]:
    """Pictures of conversations that are not in the bin."""
    words = query_words(query.words)
    conditions, values = _conditions(reading, owner, query)
    values["most"] = limit
    if after is not None:
        conditions.append("(p.made_at, p.seq, p.position) < (:made_at, :seq, :position)")
        values |= {"made_at": reading.moment(after[0]), "seq": after[1], "position": after[2]}
    sought = _sought(reading, owner, words)
    if sought == []:
        return ()
    conditions += _said(words, values)
    # Last what costs most to look at.
    where = " AND ".join((_whose(sought, values), *conditions, _FIRST, _NOT_DELETED))
    statement = f"{_FOUND} WHERE {where} {_NEWEST_FIRST} LIMIT :most"
    return map(_entry, reading.rows(statement, **values))


def _conditions(
    reading: Transaction, owner: str, query: LibraryQuery
) -> tuple[list[str], dict[str, object]]:
    """What a query wants of pictures, words apart, and the values in it."""
    conditions = ["c.deleted_at IS NULL"]
    values: dict[str, object] = {"owner": owner}
    if query.made is not None:
        conditions.append(f"p.origin {'<>' if query.made else '='} 'upload'")
    if query.model:
        conditions.append("p.model = :model")
        values["model"] = query.model
    if query.since is not None:
        conditions.append("p.made_at >= :since")
        values["since"] = reading.moment(query.since)
    if query.until is not None:
        conditions.append("p.made_at < :until")
        values["until"] = reading.moment(query.until)
    if query.favourites:
        conditions.append("f.id IS NOT NULL")
    return conditions, values


def _sought(reading: Transaction, owner: str, words: Sequence[str]) -> list[int] | None:
    """The ``seq`` of all messages that words can be in; ``None``: too many, or no words."""
    return few_saying(reading, owner, words, FEW) if words else None


def _whose(sought: Sequence[int] | None, values: dict[str, object]) -> str:
    """The condition that pictures are the owner's and, where some are given, of these messages."""
    if sought is None:
        return "p.owner = :owner"
    values |= {f"found{number}": seq for number, seq in enumerate(sought)}
    # So that those are looked up one by one, and the list of all is not walked for them.
    return f"(p.owner || '') = :owner AND p.seq IN ({names('found', len(sought))})"


def _said(words: Sequence[str], values: dict[str, object]) -> list[str]:
    """That every word stands in a message or in what it answers; values are added."""
    values |= {f"word{number}": anywhere(word) for number, word in enumerate(words)}
    return [
        f"(m.words LIKE :word{n} ESCAPE '/' OR q.words LIKE :word{n} ESCAPE '/')"
        for n in range(len(words))
    ]


def _kept(reading: Transaction, owner: str, query: LibraryQuery) -> list[Entry]:
    """Favourites, and pictures on boards, that no conversation shows which is not in the bin."""
    fit = fits(query)
    strays = [sha256 for (sha256,) in reading.rows(_STRAYS, owner=owner)]
    found = (_of(reading, owner, sha256) for sha256 in strays)
    return [each for each in found if each is not None and fit(each)]


def _listed(
    reading: Transaction, owner: str, query: LibraryQuery, limit: int, after: str
) -> LibraryPage:
    """Pictures in an order that is given, by a board or by who asks."""
    shas = _in_order(reading, owner, query)
    return board_page(_those(reading, owner, query, shas, board_start(after)), limit)


def _in_order(reading: Transaction, owner: str, query: LibraryQuery) -> Sequence[str]:
    if query.only:
        return query.only
    return [sha for (sha,) in reading.rows(_ON_BOARD, owner=owner, board=query.board)]


def _those(
    reading: Transaction, owner: str, query: LibraryQuery, shas: Sequence[str], begin: int
) -> Iterator[tuple[int, Entry]]:
    """Of these pictures those that are there and fit, with their number, from one number on."""
    fit = fits(query)
    for number, sha256 in enumerate(shas[begin:], begin):
        found = _of(reading, owner, sha256)
        if found is not None and fit(found):
            yield number, found


def _of(reading: Transaction, owner: str, sha256: str) -> Entry | None:
    """A picture where it came first, in a conversation that is not in the bin if there is one."""
    row = reading.row(_ONE, owner=owner, sha256=sha256)
    if row is not None:
        return _entry(row)
    row = reading.row(_STRAY, owner=owner, sha256=sha256)
    if row is None:
        return None
    *ref, stored_at, favourite = row
    return stray(MediaRef(*ref), moment_of(stored_at), favourite=favourite is not None)


def _entry(row: Row) -> Entry:
    seq, position, sha256, origin, settings, deleted_at, favourite, *rest = row
    message = from_message_row(tuple(rest[:WIDTH]))
    question = tuple(rest[WIDTH:])
    shown = {image.media.sha256: image for image in pictures(message.parts)}
    # What cannot be read of a message is listed even so.
    unread = Image(MediaRef(sha256, UNREAD_MIME, 0, 1, 1), origin)
    return entry(
        seq,
        position,
        shown.get(sha256, unread),
        message,
        None if question[0] is None else from_message_row(question),
        title=_title(settings),
        deleted=deleted_at is not None,
        favourite=favourite is not None,
    )


def _title(settings: str) -> str:
    return str(CODEC.settings_from_json(settings)["title"])


_LISTED = """
    SELECT p.sha256, p.origin, p.model FROM shown_picture AS p
    JOIN message AS m ON m.seq = p.seq WHERE m.id = :message_id ORDER BY p.position
"""
_UNLIST = "DELETE FROM shown_picture WHERE seq = (SELECT seq FROM message WHERE id = :message_id)"
_LIST = """
    INSERT INTO shown_picture
        (seq, position, owner, conversation_id, sha256, origin, model, made_at)
    SELECT m.seq, :position, c.owner, c.id, :sha256, :origin, :model, m.created_at
    FROM message AS m JOIN conversation AS c ON c.id = m.conversation_id
    WHERE m.id = :message_id
"""
_SAID = """
    JOIN message AS m ON m.seq = p.seq
    LEFT JOIN message AS q ON q.id = m.parent_id AND m.role <> 'user'
"""
_MARKED = f"""
    LEFT JOIN owned_record AS f
        ON f.owner = p.owner AND f.kind = '{FAVOURITE}' AND f.id = p.sha256
"""
_FOUND = f"""
    SELECT p.seq, p.position, p.sha256, p.origin, c.settings, c.deleted_at, f.id,
        {MESSAGE_COLUMNS}, {QUESTION_COLUMNS}
    FROM shown_picture AS p JOIN conversation AS c ON c.id = p.conversation_id
    {_SAID} {_MARKED}
"""
# A picture that is carried along comes again and again: it is listed where it came first.
_FIRST = """
    NOT EXISTS (
        SELECT 1 FROM shown_picture AS e JOIN conversation AS ec ON ec.id = e.conversation_id
        WHERE e.owner = p.owner AND e.sha256 = p.sha256
            AND (e.seq, e.position) < (p.seq, p.position) AND ec.deleted_at IS NULL
    )
"""
_NOT_DELETED = """
    NOT EXISTS (
        SELECT 1 FROM media_grant AS g
        WHERE g.owner = p.owner AND g.sha256 = p.sha256 AND g.withdrawn_at IS NOT NULL
    )
"""
# The same for all at once: what is seldom is read first, and looked at in memory.
_BINNED = "SELECT id FROM conversation WHERE owner = :owner AND deleted_at IS NOT NULL"
_FIRST_OF_ALL = f"""
    NOT EXISTS (
        SELECT 1 FROM shown_picture AS e
        WHERE e.owner = p.owner AND e.sha256 = p.sha256
            AND (e.seq, e.position) < (p.seq, p.position)
            AND e.conversation_id NOT IN ({_BINNED})
    )
"""
_NONE_DELETED = """
    p.sha256 NOT IN (
        SELECT sha256 FROM media_grant WHERE owner = :owner AND withdrawn_at IS NOT NULL
    )
"""
_NEWEST_FIRST = "ORDER BY p.made_at DESC, p.seq DESC, p.position DESC"
_ONE = f"""
    {_FOUND} WHERE p.owner = :owner AND p.sha256 = :sha256 AND {_NOT_DELETED}
    ORDER BY (c.deleted_at IS NOT NULL), p.seq, p.position LIMIT 1
"""
_STRAYS = f"""
    SELECT DISTINCT r.sha256 FROM owned_record_media AS r
    WHERE r.owner = :owner AND r.kind IN ('{FAVOURITE}', '{BOARD}') AND NOT EXISTS (
        SELECT 1 FROM shown_picture AS e JOIN conversation AS ec ON ec.id = e.conversation_id
        WHERE e.owner = r.owner AND e.sha256 = r.sha256 AND ec.deleted_at IS NULL
    )
"""
_STRAY = f"""
    SELECT media.sha256, mime, size_bytes, width_px, height_px, media.created_at, f.id
    FROM media JOIN media_grant AS g ON g.sha256 = media.sha256
    LEFT JOIN owned_record AS f
        ON f.owner = g.owner AND f.kind = '{FAVOURITE}' AND f.id = media.sha256
    WHERE media.sha256 = :sha256 AND g.owner = :owner AND g.withdrawn_at IS NULL
"""
_ON_BOARD = f"""
    SELECT sha256 FROM owned_record_media
    WHERE owner = :owner AND kind = '{BOARD}' AND record_id = :board ORDER BY position
"""
_MODELS = (
    "SELECT DISTINCT model FROM shown_picture WHERE owner = :owner AND model <> '' ORDER BY model"
)
_USES = """
    SELECT c.id, c.settings, count(DISTINCT p.seq) FROM shown_picture AS p
    JOIN conversation AS c ON c.id = p.conversation_id
    WHERE p.owner = :owner AND p.sha256 = :sha256 AND c.deleted_at IS NULL
    GROUP BY c.id, c.settings, c.updated_at ORDER BY c.updated_at DESC
"""
