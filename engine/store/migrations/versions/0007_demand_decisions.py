"""Decisions of people about demand."""

import sqlalchemy as sa
from alembic import op

from engine.store.tables.base import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "demand_decisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("expires_on", sa.Date),
    )
    op.create_index("ix_demand_decisions_kind", "demand_decisions", ["kind"])
    op.create_table(
        "demand_withdrawals",
        sa.Column(
            "decision_id",
            sa.Integer,
            sa.ForeignKey(
                "demand_decisions.id",
                name=op.f("fk_demand_withdrawals_decision_id_demand_decisions"),
            ),
            primary_key=True,
        ),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("reason", sa.Text),
    )


def downgrade() -> None:
    op.drop_table("demand_withdrawals")
    op.drop_table("demand_decisions")
