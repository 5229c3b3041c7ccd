"""Key figures as the worker measured them after the plan of the night; made anew, they replace."""

import sqlalchemy as sa

from engine.store.tables.base import Json, UtcDateTime, metadata

key_figures = sa.Table(
    "key_figures",
    metadata,
    sa.Column("snapshot_id", sa.Text, primary_key=True),
    sa.Column("first", sa.Date, primary_key=True),
    sa.Column("last", sa.Date, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),  # engine.measure.KpiName
    sa.Column("by", sa.Text, primary_key=True),  # a cut; empty: the figure, before and its weeks
    sa.Column("settings", sa.String(64), nullable=False),  # digest of what measured it
    sa.Column("run_id", sa.Text, nullable=False),  # plan of record when it was measured
    sa.Column("content", Json, nullable=False),  # engine.service.figure_content
    sa.Column("at", UtcDateTime, nullable=False),
)
