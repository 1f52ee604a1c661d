"""The library: every picture that a message shows, by owner and date, and deleted pictures."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AT_ONCE = 500
"""Messages that are read in one go."""


def upgrade() -> None:
    op.add_column("media_grant", sa.Column("withdrawn_at", sa.DateTime()))
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    shown = op.create_table(
        "shown_picture",
        sa.Column(
            "seq",
            number,
            sa.ForeignKey("message.seq", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
    )
    _fill(shown)
    op.create_index(
        "ix_shown_picture_list", "shown_picture", ["owner", "made_at", "seq", "position"]
    )
    op.create_index(
        "ix_shown_picture_sha256", "shown_picture", ["owner", "sha256", "seq", "position"]
    )
    op.create_index("ix_shown_picture_model", "shown_picture", ["owner", "model"])
    op.create_index("ix_shown_picture_conversation", "shown_picture", ["conversation_id"])


def _fill(shown: sa.Table) -> None:
    """List what the messages show that are there."""
    connection = op.get_bind()
    message = sa.table(
        "message",
        sa.column("seq", sa.BigInteger()),
        sa.column("id", sa.String()),
        sa.column("conversation_id", sa.String()),
        sa.column("parts", sa.Text()),
        sa.column("origin", sa.Text()),
        sa.column("created_at", sa.DateTime()),
    )
    conversation = sa.table("conversation", sa.column("id"), sa.column("owner", sa.String()))
    media = sa.table("message_media", sa.column("message_id"))
    asked = (
        sa.select(
            message.c.seq,
            message.c.conversation_id,
            conversation.c.owner,
            message.c.parts,
            message.c.origin,
            message.c.created_at,
        )
        .join_from(message, conversation, conversation.c.id == message.c.conversation_id)
        .where(sa.exists().where(media.c.message_id == message.c.id))
        .order_by(message.c.seq)
        .limit(AT_ONCE)
    )
    last = 0
    while found := connection.execute(asked.where(message.c.seq > last)).all():
        last = found[-1].seq
        rows = [
            {
                "seq": row.seq,
                "position": position,
                "owner": row.owner,
                "conversation_id": row.conversation_id,
                "sha256": sha256,
                "origin": origin,
                "model": _model(row.origin) if origin == "model" else "",
                "made_at": row.created_at,
            }
            for row in found
            for position, (sha256, origin) in enumerate(_shown(row.parts))
        ]
        if rows:
            connection.execute(shown.insert(), rows)


def _shown(stored: str) -> list[tuple[str, str]]:
    """Name and origin of the finished pictures; where drafts are all, the last stands in."""
    pictures = [each for each in _images(_value(stored)) if each.get("mask") is not True]
    finished = [each for each in pictures if each.get("draft") is not True]
    return [
        (str(each["media"]["sha256"]), str(each["origin"])) for each in finished or pictures[-1:]
    ]


def _images(parts: Any) -> Iterator[dict[str, Any]]:
    for part in parts if isinstance(parts, list) else ():
        if not isinstance(part, dict):
            continue
        if part.get("kind") == "tool_result":
            yield from _images(part.get("content"))
        elif part.get("kind") == "image" and _is_whole(part):
            yield part


def _is_whole(image: dict[str, Any]) -> bool:
    media, origin = image.get("media"), image.get("origin")
    return (
        isinstance(media, dict)
        and isinstance(media.get("sha256"), str)
        and origin in ("upload", "model", "tool")
    )


def _model(stored: str | None) -> str:
    origin = _value(stored) if stored else None
    model = origin.get("model") if isinstance(origin, dict) else None
    return model if isinstance(model, str) else ""


def _value(stored: str) -> Any:
    try:
        envelope = json.loads(stored)
    except (ValueError, RecursionError):
        return None
    return envelope.get("value") if isinstance(envelope, dict) else None
