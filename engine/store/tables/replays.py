"""Replays that are over: what each policy would have led to. Amounts are minor units."""

import sqlalchemy as sa

from engine.store.tables.base import Json, UtcDateTime, metadata

replays = sa.Table(
    "replays",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # hash of the report's content
    sa.Column("snapshot_id", sa.Text, nullable=False),
    sa.Column("weeks", sa.Integer, nullable=False),
    sa.Column("is_whole", sa.Boolean, nullable=False),  # of the company, not of a part
    sa.Column("report", Json, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Index("ix_replays_created_at", "created_at"),
)
