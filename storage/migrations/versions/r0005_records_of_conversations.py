"""What an owner keeps beside one conversation goes with it: variants, repeats, changes."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

changes_rows = ("owned_record", "owned_record_media")
"""Those of conversations that were removed go now, with the pictures that they name."""


def upgrade() -> None:
    with op.batch_alter_table("owned_record") as table:
        table.add_column(sa.Column("conversation_id", sa.String()))
        table.create_foreign_key(
            "fk_owned_record_conversation",
            "conversation",
            ["conversation_id"],
            ["id"],
            ondelete="CASCADE",
        )
    op.create_index("ix_owned_record_conversation", "owned_record", ["conversation_id"])
    _tell_whose()


def _tell_whose() -> None:
    connection = op.get_bind()
    record = sa.table(
        "owned_record",
        sa.column("owner", sa.String()),
        sa.column("kind", sa.String()),
        sa.column("id", sa.String()),
        sa.column("value", sa.Text()),
        sa.column("conversation_id", sa.String()),
    )
    media = sa.table(
        "owned_record_media",
        sa.column("owner", sa.String()),
        sa.column("kind", sa.String()),
        sa.column("record_id", sa.String()),
    )
    message = sa.table(
        "message", sa.column("id", sa.String()), sa.column("conversation_id", sa.String())
    )
    conversation = sa.table("conversation", sa.column("id", sa.String()))
    kinds = ("variants", "replay")
    for row in connection.execute(sa.select(record).where(record.c.kind.in_(kinds))).all():
        if row.kind == "replay":
            wanted = sa.select(conversation.c.id).where(conversation.c.id == _told(row.value))
        else:
            wanted = sa.select(message.c.conversation_id).where(message.c.id == row.id)
        found = connection.execute(wanted).scalar()
        this = (record.c.owner == row.owner) & (record.c.kind == row.kind) & (record.c.id == row.id)
        if found is not None:
            connection.execute(record.update().where(this).values(conversation_id=found))
            continue
        # No foreign key holds while SQLite is migrated: what hangs on it goes by name.
        connection.execute(
            media.delete().where(
                (media.c.owner == row.owner)
                & (media.c.kind == row.kind)
                & (media.c.record_id == row.id)
            )
        )
        connection.execute(record.delete().where(this))


def _told(stored: str) -> str:
    """The conversation that a record of a repeat names; empty: none."""
    try:
        value: Any = json.loads(stored)
    except (ValueError, RecursionError):
        return ""
    found = value.get("conversation") if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
