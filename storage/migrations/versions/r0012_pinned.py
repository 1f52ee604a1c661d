"""Pinned conversations: on top of the list, and found without reading it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PINNED = sa.text("pinned_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("conversation", sa.Column("pinned_at", sa.DateTime()))
    op.create_index(
        "ix_conversation_pinned",
        "conversation",
        ["owner", "pinned_at"],
        sqlite_where=PINNED,
        postgresql_where=PINNED,
    )
