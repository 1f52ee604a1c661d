"""The words by which the pictures of a library are found, as statements inside a transaction.

A search wants texts that hold a word anywhere. To read every text for that costs most where
nothing is found, so each owner has a list of the words in them, which is far shorter, and with
each word the messages that say it. A word of a search is looked for in the list alone.
"""

from collections.abc import Sequence

from storage.text_search import anywhere, pieces, tokens
from storage.transaction import Transaction, named, names

AT_ONCE = 200
"""Words in one statement; a database takes only so many values."""


def index_words(writing: Transaction, message_id: str) -> None:
    """Note what finds the pictures of a message: its own words, and those that it answers.

    A message that shows no picture is found by nothing.
    """
    row = writing.row(_SAID, message_id=message_id)
    if row is None:
        return
    seq, owner, shows, said, asked = row
    wanted = tokens(f"{said}\n{asked or ''}") if shows else set()
    held: dict[str, int] = dict(writing.rows(_HELD, seq=seq))
    gone = [held[text] for text in held.keys() - wanted]
    new = sorted(wanted - held.keys())
    if new:
        # Or two that add the same words in another order would wait for each other.
        writing.alone(f"words of {owner}")
    for start in range(0, len(new), AT_ONCE):
        some = new[start : start + AT_ONCE]
        rows = ", ".join(f"(:owner, :word{number})" for number in range(len(some)))
        values = {"owner": owner, **named("word", some)}
        writing.run(f"INSERT INTO library_word (owner, text) VALUES {rows} {_ONCE}", **values)
        writing.run(f"{_PLACE} ({names('word', len(some))})", seq=seq, **values)
    for start in range(0, len(gone), AT_ONCE):
        ids = {f"gone{number}": each for number, each in enumerate(gone[start : start + AT_ONCE])}
        writing.run(f"{_TAKE} ({names('gone', len(ids))})", seq=seq, **ids)


def forget_unused(writing: Transaction) -> None:
    """Remove the words that no message says any more, in a transaction of its own."""
    # Whoever adds one just now is waited for, and seen.
    writing.keep_still("library_word")
    writing.run(_FORGET)


def saying(words: Sequence[str]) -> tuple[str, dict[str, object]]:
    """A query for the ``seq`` of every message that may say all of these words, at least one.

    It wants ``:owner``, too. What it finds says them surely where :func:`is_exact`.
    """
    wanted = _pieces(words)
    values: dict[str, object] = {f"piece{n}": anywhere(p) for n, p in enumerate(wanted)}
    return " INTERSECT ".join(_SAYING.format(name=name) for name in values), values


def few_saying(
    reading: Transaction, owner: str, words: Sequence[str], most: int
) -> list[int] | None:
    """The ``seq`` of all messages that may say these words; ``None``: of more than so many."""
    found: list[int] = []
    # The rarest of them tells as much as all, and takes less.
    for piece in _pieces(words):
        statement = f"{_DISTINCT.format(_SAYING.format(name='piece'))} LIMIT :limit"
        rows = reading.rows(statement, owner=owner, piece=anywhere(piece), limit=most + 1)
        found = [seq for (seq,) in rows]
        if len(found) <= most:
            return found
    said, values = saying(words)
    rows = reading.rows(
        f"{_DISTINCT.format(said)} LIMIT :limit", owner=owner, limit=most + 1, **values
    )
    return [seq for (seq,) in rows] if len(rows) <= most else None


def _pieces(words: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(piece for word in words for piece in pieces(word)))


def is_exact(words: Sequence[str]) -> bool:
    """Whether each of these words is one that is listed whole, or a part of one."""
    return all(len(pieces(word)) == 1 for word in words)


_DISTINCT = "SELECT DISTINCT seq FROM ({}) AS found"
_SAID = """
    SELECT m.seq, c.owner,
        EXISTS (SELECT 1 FROM shown_picture AS p WHERE p.seq = m.seq), m.words, q.words
    FROM message AS m JOIN conversation AS c ON c.id = m.conversation_id
    LEFT JOIN message AS q ON q.id = m.parent_id AND m.role <> 'user'
    WHERE m.id = :message_id
"""
_HELD = """
    SELECT w.text, w.id FROM picture_word AS s JOIN library_word AS w ON w.id = s.word_id
    WHERE s.seq = :seq
"""
_ONCE = "ON CONFLICT (owner, text) DO NOTHING"
_PLACE = """
    INSERT INTO picture_word (word_id, seq)
    SELECT id, :seq FROM library_word WHERE owner = :owner AND text IN
"""
_TAKE = "DELETE FROM picture_word WHERE seq = :seq AND word_id IN"
_FORGET = """
    DELETE FROM library_word
    WHERE NOT EXISTS (SELECT 1 FROM picture_word AS s WHERE s.word_id = library_word.id)
"""
_SAYING = """
    SELECT s.seq FROM library_word AS w JOIN picture_word AS s ON s.word_id = w.id
    WHERE w.owner = :owner AND w.text LIKE :{name} ESCAPE '/'
"""
