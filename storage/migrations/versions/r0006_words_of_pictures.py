"""The words by which pictures of the library are found, so that a search reads no text in vain."""

import re
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

AT_ONCE = 500
"""Messages that are read in one go."""

_TOKEN = re.compile(r"[\u2e80-\U0010ffff]|[^\W\u2e80-\U0010ffff]+|[^\w\s\u2e80-\U0010ffff]")
_PIECE = 64


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    word = op.create_table(
        "library_word",
        sa.Column("id", number, primary_key=True, autoincrement=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.UniqueConstraint("owner", "text", name="uq_library_word"),
    )
    place = op.create_table(
        "picture_word",
        sa.Column(
            "word_id",
            number,
            sa.ForeignKey("library_word.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column(
            "seq",
            number,
            sa.ForeignKey("message.seq", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
    )
    _fill(word, place)
    op.create_index("ix_picture_word_seq", "picture_word", ["seq"])


def _fill(word: sa.Table, place: sa.Table) -> None:
    """Note the words of the messages that show pictures."""
    connection = op.get_bind()
    known: dict[tuple[str, str], int] = {}
    for found in _said(connection):
        new: list[dict[str, object]] = []
        places: list[dict[str, int]] = []
        for seq, owner, texts in found:
            for text in texts:
                if (owner, text) not in known:
                    known[owner, text] = len(known) + 1
                    new.append({"id": len(known), "owner": owner, "text": text})
                places.append({"word_id": known[owner, text], "seq": seq})
        if places:
            if new:
                connection.execute(word.insert(), new)
            connection.execute(place.insert(), places)
    if known and connection.dialect.name == "postgresql":
        connection.execute(
            sa.text("SELECT setval(pg_get_serial_sequence('library_word', 'id'), :last)"),
            {"last": len(known)},
        )


def _said(connection: sa.Connection) -> Iterator[list[tuple[int, str, list[str]]]]:
    """Messages that show pictures, some at a time: place, owner, and the words in order."""
    message = sa.table(
        "message",
        sa.column("seq", sa.BigInteger()),
        sa.column("id", sa.String()),
        sa.column("parent_id", sa.String()),
        sa.column("conversation_id", sa.String()),
        sa.column("role", sa.String()),
        sa.column("words", sa.Text()),
    )
    asked = message.alias("asked")
    conversation = sa.table("conversation", sa.column("id"), sa.column("owner", sa.String()))
    shown = sa.table("shown_picture", sa.column("seq", sa.BigInteger()))
    wanted = (
        sa.select(message.c.seq, conversation.c.owner, message.c.words, asked.c.words)
        .join_from(message, conversation, conversation.c.id == message.c.conversation_id)
        .join(
            asked,
            (asked.c.id == message.c.parent_id) & (message.c.role != "user"),
            isouter=True,
        )
        .where(sa.exists().where(shown.c.seq == message.c.seq))
        .order_by(message.c.seq)
        .limit(AT_ONCE)
    )
    last = 0
    while found := connection.execute(wanted.where(message.c.seq > last)).all():
        last = found[-1][0]
        yield [
            (seq, owner, sorted(_tokens(f"{said}\n{before or ''}")))
            for seq, owner, said, before in found
        ]


def _tokens(text: str) -> set[str]:
    found: set[str] = set()
    for token in _TOKEN.findall(text):
        if len(token) <= 2 * _PIECE:
            found.add(token)
        else:
            starts = range(0, len(token) - _PIECE, _PIECE)
            found.update(token[at : at + 2 * _PIECE] for at in starts)
    return found
