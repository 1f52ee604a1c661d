"""The tables: columns, keys and indexes. What stands in a JSON column is the codec's matter.

Statements are plain SQL (:mod:`storage.transaction`): what is declared here makes the tables, and
is what migrations are compared with.

A change here needs a new revision in ``storage/migrations/versions``.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

REVISION = "0002"
"""The revision that makes these tables."""

ALIVE_SQL = "status IN ('queued', 'streaming')"


class ConversationRow(SQLModel, table=True):
    """A conversation."""

    __tablename__ = "conversation"
    __table_args__ = (
        sa.Index("ix_conversation_list", "owner", "deleted_at", "updated_at"),
        sa.Index("ix_conversation_bin", "deleted_at"),
    )

    id: str = Field(primary_key=True)
    owner: str
    settings: str = Field(sa_type=sa.Text)
    """Title, model, system, tools and options, as JSON."""
    title_words: str = Field(sa_type=sa.Text)
    """The title as a search reads it."""
    head_id: str | None = None
    """No foreign key, it would close a circle with ``message``: who writes it looks first."""
    created_at: datetime = Field(sa_type=sa.DateTime)
    updated_at: datetime = Field(sa_type=sa.DateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=sa.DateTime)


class MessageRow(SQLModel, table=True):
    """A message. ``seq`` is the order of arrival: clocks may jump, it does not."""

    __tablename__ = "message"
    __table_args__ = (
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
        {"sqlite_autoincrement": True},
    )

    seq: int | None = Field(
        default=None,
        primary_key=True,
        # SQLite counts only in a column whose type is exactly INTEGER.
        sa_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    )
    id: str = Field(unique=True)
    conversation_id: str = Field(foreign_key="conversation.id", ondelete="CASCADE")
    parent_id: str | None = Field(default=None, foreign_key="message.id")
    role: str
    status: str
    parts: str = Field(sa_type=sa.Text)
    words: str = Field(sa_type=sa.Text)
    """The plain text as a search reads it."""
    finish: str | None = Field(default=None, sa_type=sa.Text)
    origin: str | None = Field(default=None, sa_type=sa.Text)
    usage: str | None = Field(default=None, sa_type=sa.Text)
    cost_usd: float | None = Field(default=None, sa_type=sa.Double)
    client_id: str | None = None
    created_at: datetime = Field(sa_type=sa.DateTime)
    finished_at: datetime | None = Field(default=None, sa_type=sa.DateTime)


class MessageMediaRow(SQLModel, table=True):
    """A picture that a message names, drafts and those inside tool results included."""

    __tablename__ = "message_media"
    __table_args__ = (sa.Index("ix_message_media_sha256", "sha256"),)

    message_id: str = Field(primary_key=True, foreign_key="message.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    sha256: str


class MediaRow(SQLModel, table=True):
    """A stored picture."""

    __tablename__ = "media"

    sha256: str = Field(primary_key=True)
    mime: str
    size_bytes: int = Field(sa_type=sa.BigInteger)
    width_px: int
    height_px: int
    created_at: datetime = Field(sa_type=sa.DateTime)


class MediaGrantRow(SQLModel, table=True):
    """Who may see a stored picture."""

    __tablename__ = "media_grant"

    owner: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True, foreign_key="media.sha256")


class IdentityRow(SQLModel, table=True):
    """One row: which database this is. Copies of it carry the same id."""

    __tablename__ = "identity"

    id: str = Field(primary_key=True)


METADATA = SQLModel.metadata
CONVERSATION = METADATA.tables["conversation"]
MESSAGE = METADATA.tables["message"]
MESSAGE_MEDIA = METADATA.tables["message_media"]
MEDIA = METADATA.tables["media"]
MEDIA_GRANT = METADATA.tables["media_grant"]
"""The tables themselves: statements need no entities, which cost several times as much."""
