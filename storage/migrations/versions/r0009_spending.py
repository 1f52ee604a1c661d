"""What a conversation cost is read from an index alone, not from each of its replies."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_message_spending", "message", ["conversation_id", "role", "status", "cost_usd"]
    )
