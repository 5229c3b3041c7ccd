"""Imports."""

import sqlalchemy as sa
from alembic import op

from engine.store.tables.base import Json, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("company", Json, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("sales_bucket", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "sales_bucket IN ('day', 'week')", name=op.f("ck_snapshots_sales_bucket")
        ),
    )
    op.create_table(
        "snapshot_tables",
        sa.Column("snapshot_id", sa.Text, sa.ForeignKey("snapshots.id"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("blob", sa.Text, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
    )
    _create_import_runs()
    _create_findings()


def _create_import_runs() -> None:
    op.create_table(
        "import_runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("mapping", sa.Text),
        sa.Column("snapshot_id", sa.Text, sa.ForeignKey("snapshots.id"), nullable=False),
        sa.Column("previous_snapshot_id", sa.Text, sa.ForeignKey("snapshots.id")),
        sa.Column("quarantine_blob", sa.Text),
        sa.Column("report", Json, nullable=False),
    )
    op.create_index("ix_import_runs_snapshot_id", "import_runs", ["snapshot_id"])


def _create_findings() -> None:
    op.create_table(
        "findings",
        sa.Column("import_run_id", sa.Integer, sa.ForeignKey("import_runs.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("table_name", sa.Text, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("done", sa.Text, nullable=False),
        sa.Column("examples", Json, nullable=False),
        sa.CheckConstraint(
            "severity IN ('error', 'warning', 'info')", name=op.f("ck_findings_severity")
        ),
    )


def downgrade() -> None:
    for table in ("findings", "import_runs", "snapshot_tables", "snapshots"):
        op.drop_table(table)
