"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ALIVE = sa.text("status IN ('queued', 'streaming')")


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("title_words", sa.Text(), nullable=False),
        sa.Column("head_id", sa.String()),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("deleted_at", sa.DateTime()),
    )
    op.create_index("ix_conversation_list", "conversation", ["owner", "deleted_at", "updated_at"])
    op.create_index("ix_conversation_bin", "conversation", ["deleted_at"])
    op.create_table(
        "message",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        sa.Column(
            "conversation_id",
            sa.String(),
            sa.ForeignKey("conversation.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("parent_id", sa.String(), sa.ForeignKey("message.id")),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("finish", sa.Text()),
        sa.Column("origin", sa.Text()),
        sa.Column("usage", sa.Text()),
        sa.Column("cost_usd", sa.Double()),
        sa.Column("client_id", sa.String()),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime()),
        sa.UniqueConstraint("conversation_id", "client_id", name="uq_message_client"),
        sa.CheckConstraint("parent_id <> id", name="ck_message_parent"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_message_children", "message", ["parent_id", "seq"])
    op.create_index("ix_message_conversation", "message", ["conversation_id", "parent_id", "seq"])
    op.create_index(
        "ix_message_alive", "message", ["seq"], sqlite_where=ALIVE, postgresql_where=ALIVE
    )
    op.create_table(
        "message_media",
        sa.Column(
            "message_id",
            sa.String(),
            sa.ForeignKey("message.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String(), nullable=False),
    )
    op.create_index("ix_message_media_sha256", "message_media", ["sha256"])
    op.create_table(
        "media",
        sa.Column("sha256", sa.String(), primary_key=True),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "media_grant",
        sa.Column("owner", sa.String(), primary_key=True),
        sa.Column("sha256", sa.String(), sa.ForeignKey("media.sha256"), primary_key=True),
    )
