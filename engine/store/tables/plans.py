"""Plan runs and what they decided. Amounts are minor units of the run's base currency."""

import sqlalchemy as sa

from engine.store.tables.base import Json, UtcDateTime, metadata

plan_runs = sa.Table(
    "plan_runs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # hash of everything that decides the plan
    sa.Column("snapshot_id", sa.Text, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("budget_minor", sa.BigInteger),
    sa.Column("inputs", Json, nullable=False),  # configuration, decisions digest, engine version
    sa.Column("allocation", Json, nullable=False),
    sa.Column("artefacts", Json, nullable=False),  # name -> blob
    sa.Column("digest", sa.Text, nullable=False),  # of the plan's content
    sa.Column("created_at", UtcDateTime, nullable=False),  # outside the digest
)

# Which run was the plan when: the newest row counts. A run may return (a draft made and cancelled
# gives the earlier inputs again); a what-if is a run without a row here.
plans_of_record = sa.Table(
    "plans_of_record",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("run_id", sa.Text, sa.ForeignKey("plan_runs.id"), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)


def _run_id() -> sa.Column[str]:
    return sa.Column(
        "run_id", sa.Text, sa.ForeignKey("plan_runs.id", ondelete="CASCADE"), primary_key=True
    )


plan_lines = sa.Table(
    "plan_lines",
    metadata,
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
    sa.Column("detail", Json, nullable=False),  # the other columns of engine.model.plan.LINES
    sa.Index("ix_plan_lines_run_id_rank", "run_id", "rank"),
)
plan_cuts = sa.Table(
    "plan_cuts",
    metadata,
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
plan_transfers = sa.Table(
    "plan_transfers",
    metadata,
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
plan_exceptions = sa.Table(
    "plan_exceptions",
    metadata,
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
    sa.Index("ix_plan_exceptions_run_id_at_stake", "run_id", "at_stake_minor"),
)
