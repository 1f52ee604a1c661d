"""What people spend is counted by day, and what they may is kept where an administrator set it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spending",
        sa.Column("owner", sa.String(), primary_key=True),
        sa.Column("day", sa.String(), primary_key=True),
        sa.Column("usd", sa.Double(), nullable=False),
        sa.Column("pictures", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "spending_limit",
        sa.Column("subject", sa.String(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
    )
