"""The groups that people are in, and what is shared with groups.

A column that may be empty, so that an Easel of the version before goes on adding people.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("told_groups", sa.Text()))
    op.add_column("person", sa.Column("given_groups", sa.Text()))
    op.create_table(
        "share_group",
        sa.Column(
            "share_id",
            sa.String(),
            sa.ForeignKey("share.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("name", sa.String(), primary_key=True),
    )
    op.create_index("ix_share_group_name", "share_group", ["name"])
