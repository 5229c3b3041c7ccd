"""Exceptions that people put off or look after. Rows are only added, and ended at most once."""

import sqlalchemy as sa

from engine.store.tables.base import UtcDateTime, metadata

exception_snoozes = sa.Table(
    "exception_snoozes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),  # plan_exceptions.key, stable between runs
    sa.Column("until", sa.Date),  # first day on which it is back; NULL: no day
    sa.Column("grows_basis_points", sa.Integer),  # back when the stake is so much above; NULL: none
    sa.Column("stake_minor", sa.BigInteger, nullable=False),  # at stake when it was put off
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("ended_by", sa.Text),
    sa.Column("ended_at", UtcDateTime),
    sa.CheckConstraint("until IS NOT NULL OR grows_basis_points IS NOT NULL", name="end"),
    sa.Index("ix_exception_snoozes_key", "key"),
)
exception_assignments = sa.Table(
    "exception_assignments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),  # plan_exceptions.key, stable between runs
    sa.Column("assignee", sa.Text, nullable=False),  # a person's id
    sa.Column("due", sa.Date),  # the day on which the assignee is reminded; NULL: no day
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("ended_by", sa.Text),
    sa.Column("ended_at", UtcDateTime),
    sa.Index("ix_exception_assignments_key", "key"),
)
