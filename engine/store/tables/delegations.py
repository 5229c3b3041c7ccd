"""Who stands in for whom, and until when. Rows are only added, and end once."""

import sqlalchemy as sa

from engine.store.tables.base import UtcDateTime, metadata

delegations = sa.Table(
    "delegations",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("giver", sa.Text, nullable=False),
    sa.Column("taker", sa.Text, nullable=False),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("ended_by", sa.Text),  # who took it back before its last day
    sa.Column("ended_at", UtcDateTime),
    sa.CheckConstraint("giver <> taker", name="parties"),
    sa.CheckConstraint("first_day <= last_day", name="days"),
    sa.Index("ix_delegations_last_day", "last_day"),
)
