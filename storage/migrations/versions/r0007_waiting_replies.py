"""Replies that wait for the user: found at a start without reading every message."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WAITING = sa.text("status = 'waiting'")


def upgrade() -> None:
    op.create_index(
        "ix_message_waiting", "message", ["seq"], sqlite_where=WAITING, postgresql_where=WAITING
    )
