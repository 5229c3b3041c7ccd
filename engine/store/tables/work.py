"""Work to be done later: jobs with their time, messages on their way out, and who leads."""

import sqlalchemy as sa

from engine.store.tables.base import Json, UtcDateTime, metadata

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("run_at", UtcDateTime, nullable=False),
    sa.Column("claims", sa.Integer, nullable=False),  # only grows: tells two claims apart
    sa.Column("failures", sa.Integer, nullable=False),  # in a row
    sa.Column("claimed_by", sa.Text),
    sa.Column("claimed_until", UtcDateTime),
    sa.Column("last_error", sa.Text),
    sa.Column("ended_at", UtcDateTime),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'dead')", name="state"),
    sa.Index("ix_jobs_state_run_at", "state", "run_at"),
)
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),  # at most one send per key
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("next_at", UtcDateTime, nullable=False),
    sa.Column("claims", sa.Integer, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("claimed_by", sa.Text),
    sa.Column("claimed_until", UtcDateTime),
    sa.Column("receipt", sa.Text),  # what the transport answered: a path, a message id
    sa.Column("last_error", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.CheckConstraint(
        "state IN ('pending', 'sending', 'delivered', 'unconfirmed', 'dead')", name="state"
    ),
    sa.Index("ix_outbox_state_next_at", "state", "next_at"),
)
leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("token", sa.BigInteger, nullable=False),  # grows whenever the holder changes
    sa.Column("expires_at", UtcDateTime, nullable=False),
)
