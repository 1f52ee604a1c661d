"""The tables: columns, keys and indexes. What stands in a JSON column is the codec's matter.

A change here needs a new revision in ``storage/migrations/versions``.
"""

import sqlalchemy as sa

REVISION = "0002"
"""The revision that makes these tables."""

ALIVE_SQL = "status IN ('queued', 'streaming')"

METADATA = sa.MetaData()


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A moment, kept as UTC without a zone: SQLite would drop the zone and never say so."""
    return sa.Column(name, sa.DateTime, nullable=nullable)


CONVERSATION = sa.Table(
    "conversation",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("owner", sa.String, nullable=False),
    # Title, model, system, tools and options, as JSON.
    sa.Column("settings", sa.Text, nullable=False),
    # The title as a search reads it.
    sa.Column("title_words", sa.Text, nullable=False),
    # No foreign key, it would close a circle with ``message``: who writes it looks first.
    sa.Column("head_id", sa.String),
    _moment("created_at"),
    _moment("updated_at"),
    _moment("deleted_at", nullable=True),
    sa.Index("ix_conversation_list", "owner", "deleted_at", "updated_at"),
    sa.Index("ix_conversation_bin", "deleted_at"),
)

MESSAGE = sa.Table(
    "message",
    METADATA,
    # The order of arrival: clocks may jump, it does not.
    sa.Column(
        "seq",
        # SQLite counts only in a column whose type is exactly INTEGER.
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        primary_key=True,
    ),
    sa.Column("id", sa.String, nullable=False, unique=True),
    sa.Column(
        "conversation_id",
        sa.String,
        sa.ForeignKey("conversation.id", ondelete="CASCADE"),
        nullable=False,
    ),
    sa.Column("parent_id", sa.String, sa.ForeignKey("message.id")),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("parts", sa.Text, nullable=False),
    # The plain text as a search reads it.
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("finish", sa.Text),
    sa.Column("origin", sa.Text),
    sa.Column("usage", sa.Text),
    sa.Column("cost_usd", sa.Double),
    sa.Column("client_id", sa.String),
    _moment("created_at"),
    _moment("finished_at", nullable=True),
    sa.UniqueConstraint("conversation_id", "client_id", name="uq_message_client"),
    sa.CheckConstraint("parent_id <> id", name="ck_message_parent"),
    sa.Index("ix_message_children", "parent_id", "seq"),
    sa.Index("ix_message_conversation", "conversation_id", "parent_id", "seq"),
    sa.Index(
        "ix_message_alive",
        "seq",
        sqlite_where=sa.text(ALIVE_SQL),
        postgresql_where=sa.text(ALIVE_SQL),
    ),
    sqlite_autoincrement=True,
)

MESSAGE_MEDIA = sa.Table(
    # The pictures that a message names, drafts and those inside tool results included.
    "message_media",
    METADATA,
    sa.Column(
        "message_id",
        sa.String,
        sa.ForeignKey("message.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sha256", sa.String, nullable=False),
    sa.Index("ix_message_media_sha256", "sha256"),
)

MEDIA = sa.Table(
    # Stored pictures.
    "media",
    METADATA,
    sa.Column("sha256", sa.String, primary_key=True),
    sa.Column("mime", sa.String, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("width_px", sa.Integer, nullable=False),
    sa.Column("height_px", sa.Integer, nullable=False),
    _moment("created_at"),
)

MEDIA_GRANT = sa.Table(
    # Who may see a stored picture.
    "media_grant",
    METADATA,
    sa.Column("owner", sa.String, primary_key=True),
    sa.Column("sha256", sa.String, sa.ForeignKey("media.sha256"), primary_key=True),
)

IDENTITY = sa.Table(
    # One row: which database this is. Copies of it carry the same id.
    "identity",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
)
