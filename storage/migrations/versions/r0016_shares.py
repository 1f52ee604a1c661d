"""What people show each other: by a link, by name, or to all who sign in."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "share",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("leaf", sa.String(), nullable=False),
        sa.Column("token", sa.String(), unique=True),
        sa.Column("everybody", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime()),
        sa.Column("views", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_share_owner", "share", ["owner"])
    op.create_table(
        "share_person",
        sa.Column(
            "share_id",
            sa.String(),
            sa.ForeignKey("share.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "person_id",
            sa.String(),
            sa.ForeignKey("person.id", ondelete="CASCADE"),
            primary_key=True,
        ),
    )
    op.create_index("ix_share_person_person", "share_person", ["person_id"])
