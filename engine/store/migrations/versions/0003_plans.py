"""Plans."""

import sqlalchemy as sa
from alembic import op

from engine.store.tables.base import Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _run_id() -> sa.Column[str]:
    return sa.Column(
        "run_id", sa.Text, sa.ForeignKey("plan_runs.id", ondelete="CASCADE"), primary_key=True
    )


def upgrade() -> None:
    op.create_table(
        "plan_runs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("snapshot_id", sa.Text, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("budget_minor", sa.BigInteger),
        sa.Column("inputs", Json, nullable=False),
        sa.Column("allocation", Json, nullable=False),
        sa.Column("artefacts", Json, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "plans_of_record",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("run_id", sa.Text, sa.ForeignKey("plan_runs.id"), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    _create_lines()
    _create_cuts_and_transfers()
    op.create_table(
        "plan_exceptions",
        _run_id(),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("sku", sa.Text),
        sa.Column("location", sa.Text),
        sa.Column("supplier", sa.Text),
        sa.Column("po", sa.Text),
        sa.Column("at_stake_minor", sa.BigInteger, nullable=False),
        sa.Column("facts", Json, nullable=False),
    )
    op.create_index(
        "ix_plan_exceptions_run_id_at_stake", "plan_exceptions", ["run_id", "at_stake_minor"]
    )


def _create_lines() -> None:
    op.create_table(
        "plan_lines",
        _run_id(),
        sa.Column("sku", sa.Text, primary_key=True),
        sa.Column("location", sa.Text, primary_key=True),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("supplier", sa.Text, nullable=False),
        sa.Column("units", sa.BigInteger, nullable=False),
        sa.Column("cost_minor", sa.BigInteger, nullable=False),
        sa.Column("value_minor", sa.BigInteger, nullable=False),
        sa.Column("lost_margin_minor", sa.BigInteger, nullable=False),
        sa.Column("tier", sa.Text, nullable=False),
        sa.Column("detail", Json, nullable=False),
    )
    op.create_index("ix_plan_lines_run_id_rank", "plan_lines", ["run_id", "rank"])


def _create_cuts_and_transfers() -> None:
    op.create_table(
        "plan_cuts",
        _run_id(),
        sa.Column("sku", sa.Text, primary_key=True),
        sa.Column("location", sa.Text, primary_key=True),
        sa.Column("supplier", sa.Text, primary_key=True),
        sa.Column("units", sa.BigInteger, nullable=False),
        sa.Column("cost_minor", sa.BigInteger, nullable=False),
        sa.Column("expected_loss_minor", sa.BigInteger, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "plan_transfers",
        _run_id(),
        sa.Column("sku", sa.Text, primary_key=True),
        sa.Column("from_location", sa.Text, primary_key=True),
        sa.Column("to_location", sa.Text, primary_key=True),
        sa.Column("units", sa.BigInteger, nullable=False),
        sa.Column("cost_minor", sa.BigInteger, nullable=False),
        sa.Column("value_minor", sa.BigInteger, nullable=False),
        sa.Column("arrives_days", sa.Integer, nullable=False),
        sa.Column("source_left_units", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for table in (
        "plan_exceptions",
        "plan_transfers",
        "plan_cuts",
        "plan_lines",
        "plans_of_record",
        "plan_runs",
    ):
        op.drop_table(table)
