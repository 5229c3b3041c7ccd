"""Snapshots of the data, the imports that made them, and what the imports found."""

import sqlalchemy as sa

from engine.store.tables.base import Json, UtcDateTime, metadata

# Rows of these four tables are inserted together and never updated: a snapshot is immutable.
snapshots = sa.Table(
    "snapshots",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("company", Json, nullable=False),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("sales_bucket", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("sales_bucket IN ('day', 'week')", name="sales_bucket"),
)

snapshot_tables = sa.Table(
    "snapshot_tables",
    metadata,
    sa.Column("snapshot_id", sa.Text, sa.ForeignKey("snapshots.id"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("blob", sa.Text, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
)

import_runs = sa.Table(
    "import_runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("mapping", sa.Text),
    sa.Column("snapshot_id", sa.Text, sa.ForeignKey("snapshots.id"), nullable=False, index=True),
    sa.Column("previous_snapshot_id", sa.Text, sa.ForeignKey("snapshots.id")),
    sa.Column("quarantine_blob", sa.Text),
    sa.Column("report", Json, nullable=False),  # rows per table, reconciliation, changes
)

findings = sa.Table(
    "findings",
    metadata,
    sa.Column("import_run_id", sa.Integer, sa.ForeignKey("import_runs.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("table_name", sa.Text, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("done", sa.Text, nullable=False),
    sa.Column("examples", Json, nullable=False),
    sa.CheckConstraint("severity IN ('error', 'warning', 'info')", name="severity"),
)
