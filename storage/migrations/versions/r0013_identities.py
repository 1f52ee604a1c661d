"""Whom a provider of identities has signed in is known again by what it calls them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("identity", sa.String()))
    op.create_index("ix_person_identity", "person", ["identity"], unique=True)
