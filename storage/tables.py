"""The tables: columns, keys and indexes. What stands in a JSON column is the codec's matter.

Statements are plain SQL (:mod:`storage.transaction`): what is declared here makes the tables, and
is what migrations are compared with.

A change here needs a new revision in ``storage/migrations/versions``.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

REVISION = "0017"
"""The revision that makes these tables."""

ALIVE_SQL = "status IN ('queued', 'streaming')"
WAITING_SQL = "status = 'waiting'"
PINNED_SQL = "pinned_at IS NOT NULL"


class ConversationRow(SQLModel, table=True):
    """A conversation."""

    __tablename__ = "conversation"
    __table_args__ = (
        sa.Index("ix_conversation_list", "owner", "deleted_at", "updated_at"),
        sa.Index("ix_conversation_bin", "deleted_at"),
        sa.Index(
            "ix_conversation_pinned",
            "owner",
            "pinned_at",
            sqlite_where=sa.text(PINNED_SQL),
            postgresql_where=sa.text(PINNED_SQL),
        ),
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
    pinned_at: datetime | None = Field(default=None, sa_type=sa.DateTime)


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
        sa.Index(
            "ix_message_waiting",
            "seq",
            sqlite_where=sa.text(WAITING_SQL),
            postgresql_where=sa.text(WAITING_SQL),
        ),
        # All that the sum of a conversation's costs asks for.
        sa.Index("ix_message_spending", "conversation_id", "role", "status", "cost_usd"),
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
    """Its words and the names of its files as a search reads them."""
    finish: str | None = Field(default=None, sa_type=sa.Text)
    origin: str | None = Field(default=None, sa_type=sa.Text)
    usage: str | None = Field(default=None, sa_type=sa.Text)
    cost_usd: float | None = Field(default=None, sa_type=sa.Double)
    client_id: str | None = None
    created_at: datetime = Field(sa_type=sa.DateTime)
    finished_at: datetime | None = Field(default=None, sa_type=sa.DateTime)
    lease_by: str | None = None
    """The process that writes it, while it is alive and several may use the database."""


class MessageMediaRow(SQLModel, table=True):
    """A picture that a message names, drafts and those inside tool results included."""

    __tablename__ = "message_media"
    __table_args__ = (sa.Index("ix_message_media_sha256", "sha256"),)

    message_id: str = Field(primary_key=True, foreign_key="message.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    sha256: str


class ShownPictureRow(SQLModel, table=True):
    """A finished picture as a message shows it, no mask: what an owner's library is listed from.

    What is read from the message again stands here too, so that a list goes by an index.
    """

    __tablename__ = "shown_picture"
    __table_args__ = (
        sa.Index("ix_shown_picture_list", "owner", "made_at", "seq", "position"),
        sa.Index("ix_shown_picture_sha256", "owner", "sha256", "seq", "position"),
        sa.Index("ix_shown_picture_model", "owner", "model"),
        sa.Index("ix_shown_picture_conversation", "conversation_id"),
    )

    seq: int = Field(
        primary_key=True,
        foreign_key="message.seq",
        ondelete="CASCADE",
        sa_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    )
    position: int = Field(primary_key=True)
    owner: str
    conversation_id: str
    """No foreign key: with its messages a conversation's rows go."""
    sha256: str
    origin: str
    model: str
    """The id of the model card; empty: no model made it."""
    made_at: datetime = Field(sa_type=sa.DateTime)


class LibraryWordRow(SQLModel, table=True):
    """A word that is said where an owner's pictures are shown."""

    __tablename__ = "library_word"
    __table_args__ = (sa.UniqueConstraint("owner", "text", name="uq_library_word"),)

    id: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    )
    owner: str
    text: str
    """As a search reads it."""


class PictureWordRow(SQLModel, table=True):
    """A message that shows pictures, and a word that it says or answers."""

    __tablename__ = "picture_word"
    __table_args__ = (sa.Index("ix_picture_word_seq", "seq"),)

    word_id: int = Field(
        primary_key=True,
        foreign_key="library_word.id",
        sa_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    )
    seq: int = Field(
        primary_key=True,
        foreign_key="message.seq",
        ondelete="CASCADE",
        sa_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    )


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
    withdrawn_at: datetime | None = Field(default=None, sa_type=sa.DateTime)
    """Set once the owner has deleted the picture; undo clears it."""


class IdentityRow(SQLModel, table=True):
    """One row: which database this is. Copies of it carry the same id."""

    __tablename__ = "identity"

    id: str = Field(primary_key=True)


class OwnedRecordRow(SQLModel, table=True):
    """Something small that an owner keeps beside the conversations."""

    __tablename__ = "owned_record"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name="fk_owned_record_conversation",
            ondelete="CASCADE",
        ),
        sa.Index("ix_owned_record_conversation", "conversation_id"),
    )

    owner: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    value: str = Field(sa_type=sa.Text)
    changed_at: datetime = Field(sa_type=sa.DateTime)
    conversation_id: str | None = None
    """The conversation that it goes with."""


class OwnedRecordMediaRow(SQLModel, table=True):
    """A picture that such a record names."""

    __tablename__ = "owned_record_media"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["owner", "kind", "record_id"],
            ["owned_record.owner", "owned_record.kind", "owned_record.id"],
            ondelete="CASCADE",
        ),
        sa.Index("ix_owned_record_media_sha256", "sha256"),
    )

    owner: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    record_id: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    sha256: str


class PersonRow(SQLModel, table=True):
    """Somebody who may sign in."""

    __tablename__ = "person"
    __table_args__ = (sa.Index("ix_person_identity", "identity", unique=True),)

    id: str = Field(primary_key=True)
    """The owner of all that is theirs."""
    name: str | None = Field(default=None, unique=True)
    """By which they sign in, in lower case."""
    title: str
    role: str
    password: str
    """A salted hash; empty: none yet."""
    invitation: str | None = Field(default=None, unique=True)
    """The sha256 of a one-time link."""
    invited_until: datetime | None = Field(default=None, sa_type=sa.DateTime)
    created_at: datetime = Field(sa_type=sa.DateTime)
    ends_at: datetime | None = Field(default=None, sa_type=sa.DateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=sa.DateTime)
    identity: str | None = None
    """The sha256 of what a provider of identities knows them by."""
    told_groups: str | None = Field(default=None, sa_type=sa.Text)
    """The groups that whoever signs them in says they are in, as a JSON array of names."""
    given_groups: str | None = Field(default=None, sa_type=sa.Text)
    """Those that administrators have put them into, in the same form."""


class LoginSessionRow(SQLModel, table=True):
    """That a browser is signed in."""

    __tablename__ = "login_session"
    __table_args__ = (
        sa.Index("ix_login_session_person", "person_id"),
        sa.Index("ix_login_session_end", "ends_at"),
    )

    id: str = Field(primary_key=True)
    """The sha256 of what its cookie carries."""
    person_id: str = Field(foreign_key="person.id", ondelete="CASCADE")
    created_at: datetime = Field(sa_type=sa.DateTime)
    seen_at: datetime = Field(sa_type=sa.DateTime)
    ends_at: datetime = Field(sa_type=sa.DateTime)


class SpendingRow(SQLModel, table=True):
    """What an owner has spent on a day of UTC; an owner without a name stands for all of them."""

    __tablename__ = "spending"

    owner: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    """Such as ``2026-11-30``."""
    usd: float = Field(sa_type=sa.Double)
    pictures: int = Field(sa_type=sa.BigInteger)


class SpendingLimitRow(SQLModel, table=True):
    """What somebody, or everybody of a role, may spend, where it was set on the page."""

    __tablename__ = "spending_limit"

    subject: str = Field(primary_key=True)
    """Such as ``role:user``."""
    value: str = Field(sa_type=sa.Text)
    """The limits, as JSON."""
    changed_at: datetime = Field(sa_type=sa.DateTime)


class PersonalKeyRow(SQLModel, table=True):
    """A key by which a program acts for somebody."""

    __tablename__ = "personal_key"
    __table_args__ = (sa.UniqueConstraint("person_id", "name", name="uq_personal_key_name"),)

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", ondelete="CASCADE")
    name: str
    digest: str = Field(unique=True)
    """The sha256 of the key."""
    scopes: str
    """What it is good for, with spaces between."""
    created_at: datetime = Field(sa_type=sa.DateTime)
    ends_at: datetime | None = Field(default=None, sa_type=sa.DateTime)
    used_at: datetime | None = Field(default=None, sa_type=sa.DateTime)


class ReplicaRow(SQLModel, table=True):
    """A process that uses the database beside others."""

    __tablename__ = "replica"

    id: str = Field(primary_key=True)
    until: datetime = Field(sa_type=sa.DateTime)
    """When it is taken to be dead, unless it says otherwise before, by the server's clock."""


class UsageDayRow(SQLModel, table=True):
    """What somebody used of a model on a day of UTC."""

    __tablename__ = "usage_day"
    __table_args__ = (sa.Index("ix_usage_day_owner", "owner", "day"),)

    day: str = Field(primary_key=True)
    """Such as ``2026-11-30``."""
    owner: str = Field(primary_key=True)
    model: str = Field(primary_key=True)
    """The id of the model card."""
    replies: int = Field(sa_type=sa.BigInteger)
    calls: int = Field(sa_type=sa.BigInteger)
    failed: int = Field(sa_type=sa.BigInteger)
    input_tokens: int = Field(sa_type=sa.BigInteger)
    output_tokens: int = Field(sa_type=sa.BigInteger)
    pictures: int = Field(sa_type=sa.BigInteger)
    unpriced: int = Field(sa_type=sa.BigInteger)
    usd: float = Field(sa_type=sa.Double)


class AuditEntryRow(SQLModel, table=True):
    """That somebody did something."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index("ix_audit_entry_at", "at", "id"),
        sa.Index("ix_audit_entry_actor", "actor", "at"),
        sa.Index("ix_audit_entry_subject", "subject", "at"),
    )

    id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=sa.DateTime)
    act: str
    actor: str
    """No foreign key: whoever did it may be gone."""
    actor_name: str
    subject: str
    subject_name: str
    address: str
    facts: str = Field(sa_type=sa.Text)
    """As a JSON object."""


class HostSettingRow(SQLModel, table=True):
    """What the host has set while Easel runs."""

    __tablename__ = "host_setting"

    name: str = Field(primary_key=True)
    value: str = Field(sa_type=sa.Text)
    """As JSON."""
    changed_at: datetime = Field(sa_type=sa.DateTime)


class ShareRow(SQLModel, table=True):
    """That somebody lets others look at something of theirs."""

    __tablename__ = "share"
    __table_args__ = (sa.Index("ix_share_owner", "owner"),)

    id: str = Field(primary_key=True)
    owner: str
    kind: str
    """Of what is shared: a conversation or a board."""
    subject: str
    """Its id."""
    leaf: str
    """Of a conversation, the last message that is shown."""
    token: str | None = Field(default=None, unique=True)
    """What its link carries."""
    everybody: bool
    """All who sign in may look."""
    created_at: datetime = Field(sa_type=sa.DateTime)
    ends_at: datetime | None = Field(default=None, sa_type=sa.DateTime)
    views: int = Field(sa_type=sa.BigInteger)


class SharePersonRow(SQLModel, table=True):
    """Somebody with whom something is shared by name."""

    __tablename__ = "share_person"
    __table_args__ = (sa.Index("ix_share_person_person", "person_id"),)

    share_id: str = Field(primary_key=True, foreign_key="share.id", ondelete="CASCADE")
    person_id: str = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")


class ShareGroupRow(SQLModel, table=True):
    """A group with which something is shared."""

    __tablename__ = "share_group"
    __table_args__ = (sa.Index("ix_share_group_name", "name"),)

    share_id: str = Field(primary_key=True, foreign_key="share.id", ondelete="CASCADE")
    name: str = Field(primary_key=True)


METADATA = SQLModel.metadata
CONVERSATION = METADATA.tables["conversation"]
MESSAGE = METADATA.tables["message"]
MESSAGE_MEDIA = METADATA.tables["message_media"]
MEDIA = METADATA.tables["media"]
MEDIA_GRANT = METADATA.tables["media_grant"]
SHOWN_PICTURE = METADATA.tables["shown_picture"]
"""The tables themselves: statements need no entities, which cost several times as much."""
