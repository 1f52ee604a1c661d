"""What a host sees and sets: sums of use, the audit log, and settings made while Easel runs.

The sums begin with what the messages say that there are.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COUNTS = ("replies", "calls", "failed", "input_tokens", "output_tokens", "pictures", "unpriced")
INPUT = ("input_text_tokens", "input_image_tokens")
OUTPUT = ("output_text_tokens", "output_image_tokens", "reasoning_tokens")

_REPLIES = """
    SELECT c.owner, m.created_at, m.origin, m.usage, m.cost_usd, m.status,
        (SELECT count(*) FROM shown_picture AS s WHERE s.seq = m.seq AND s.origin = 'model')
    FROM message AS m JOIN conversation AS c ON c.id = m.conversation_id
    WHERE m.role = 'assistant' AND m.origin IS NOT NULL
        AND m.status NOT IN ('queued', 'streaming', 'waiting')
"""


def upgrade() -> None:
    usage = op.create_table(
        "usage_day",
        sa.Column("day", sa.String(), primary_key=True),
        sa.Column("owner", sa.String(), primary_key=True),
        sa.Column("model", sa.String(), primary_key=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        sa.Column("usd", sa.Double(), nullable=False),
    )
    op.create_index("ix_usage_day_owner", "usage_day", ["owner", "day"])
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at", "id"])
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor", "at"])
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject", "at"])
    op.create_table(
        "host_setting",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
    )
    _fill(usage)


def _fill(usage: sa.Table) -> None:
    """Sum up what ended replies have counted. Each is taken for one request that went out."""
    sums: dict[tuple[str, str, str], dict[str, float]] = {}
    for owner, at, origin, counted, usd, status, pictures in op.get_bind().execute(
        sa.text(_REPLIES)
    ):
        model, tokens = _value(origin).get("model"), _value(counted)
        if not isinstance(model, str) or not model or model == "studio":
            continue
        key = str(at)[:10], owner, model
        row = sums.setdefault(key, dict.fromkeys((*COUNTS, "usd"), 0))
        row["replies"] += 1
        row["calls"] += 1
        row["failed"] += status == "failed"
        row["input_tokens"] += _sum(tokens, INPUT)
        row["output_tokens"] += _sum(tokens, OUTPUT)
        row["pictures"] += pictures
        row["unpriced"] += usd is None
        row["usd"] += usd or 0.0
    rows = [
        {"day": day, "owner": owner, "model": model, **row}
        for (day, owner, model), row in sums.items()
    ]
    if rows:
        op.bulk_insert(usage, rows)


def _value(stored: str | None) -> dict[str, object]:
    """What a column of JSON holds; nothing where somebody wrote something else into it."""
    try:
        read = json.loads(stored or "null")
    except ValueError:
        return {}
    value = read.get("value") if isinstance(read, dict) else None
    return value if isinstance(value, dict) else {}


def _sum(tokens: dict[str, object], names: tuple[str, ...]) -> int:
    return sum(value for name in names if isinstance(value := tokens.get(name), int))
