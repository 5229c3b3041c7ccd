"""The audit chain: rows are only ever added, each sealed with the one before."""

import sqlalchemy as sa

from engine.store.tables.base import UtcDateTime, metadata

audit_events = sa.Table(
    "audit_events",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),  # a person's id; never a name
    sa.Column("source", sa.Text, nullable=False),  # how the identity was verified
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # canonical text: ids, amounts and digests
    sa.Column("prev", sa.String(64), nullable=False),
    sa.Column("mac", sa.String(64), nullable=False, unique=True),
    sa.Index("ix_audit_events_subject", "subject"),
)
# One row, locked by whoever appends: writers on PostgreSQL take turns as they do on SQLite.
audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("mac", sa.String(64), nullable=False),
    sa.CheckConstraint("id = 1", name="only_one"),
)
