"""Monthly reviews with their actions; corrections that were learnt; proposals about automation."""

import sqlalchemy as sa
from alembic import op

from engine.store.tables.base import Json, UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _reviews()
    _actions()
    _corrections()
    _proposals()


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("snapshot_id", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("playbook", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_reviews_month", "reviews", ["month"])


def _actions() -> None:
    op.create_table(
        "review_actions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("outcome", sa.Text),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'dropped')", name=op.f("ck_review_actions_state")
        ),
    )
    op.create_index("ix_review_actions_state", "review_actions", ["state"])


def _corrections() -> None:
    op.create_table(
        "corrections_learnt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("value", sa.Float, nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("ended_why", sa.Text),
        sa.CheckConstraint(
            "kind IN ('bias', 'band', 'lead_time')", name=op.f("ck_corrections_learnt_kind")
        ),
        sa.CheckConstraint(
            "state IN ('refused', 'in_force', 'replaced', 'rolled_back')",
            name=op.f("ck_corrections_learnt_state"),
        ),
    )
    op.create_index("ix_corrections_learnt_state", "corrections_learnt", ["state"])


def _proposals() -> None:
    op.create_table(
        "tier_proposals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("reason", sa.Text),
        sa.CheckConstraint(
            "direction IN ('wider', 'narrower')", name=op.f("ck_tier_proposals_direction")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'approved', 'rejected', 'superseded')",
            name=op.f("ck_tier_proposals_state"),
        ),
    )


def downgrade() -> None:
    for table in ("tier_proposals", "corrections_learnt", "review_actions", "reviews"):
        op.drop_table(table)
