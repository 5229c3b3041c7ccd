"""What people decide about demand: overrides, promotions, launches, prices, corrections undone.

Rows are only added. What is withdrawn keeps its row and gains one in the second table.
"""

import sqlalchemy as sa

from engine.store.tables.base import UtcDateTime, metadata

demand_decisions = sa.Table(
    "demand_decisions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),  # canonical JSON of its dataclass
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("expires_on", sa.Date),  # first day on which it no longer counts; NULL: never
    sa.Index("ix_demand_decisions_kind", "kind"),
)
demand_withdrawals = sa.Table(
    "demand_withdrawals",
    metadata,
    sa.Column("decision_id", sa.Integer, sa.ForeignKey("demand_decisions.id"), primary_key=True),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("reason", sa.Text),
)
