"""What was asked and answered: threads, turns, tool calls, the facts behind every figure.

Chat text and names live here and nowhere else, so they can be forgotten without touching the
audit. Times are instants; everything a model or a person wrote is data, never control flow.
"""

import sqlalchemy as sa

from engine.store.tables.base import Json, UtcDateTime, metadata

threads = sa.Table(
    "threads",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("surface", sa.Text, nullable=False),  # terminal, slack, ...
    sa.Column("person_id", sa.Text, nullable=False),  # who opened it
    # What "it", "there" and "the second one" mean next: ids and names of things, no figures.
    sa.Column("memory", Json, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
)
turns = sa.Table(
    "turns",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("thread_id", sa.Text, sa.ForeignKey("threads.id"), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("person_id", sa.Text, nullable=False),
    sa.Column("identity_source", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.Column("run_id", sa.Text),  # plan of record when it began
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("prompt_version", sa.Text, nullable=False),
    sa.Column("answered_at", UtcDateTime),
    sa.Column("outcome", sa.Text),
    sa.Column("complaints", Json, nullable=False),  # what the verifier refused on the way
    sa.Column("answer", Json),
    sa.Column("input_tokens", sa.Integer, nullable=False),
    sa.Column("output_tokens", sa.Integer, nullable=False),
    sa.UniqueConstraint("thread_id", "ordinal"),
    sa.CheckConstraint("outcome IN ('clean', 'repaired', 'template', 'failed')", name="outcome"),
)
tool_calls = sa.Table(
    "tool_calls",
    metadata,
    sa.Column("turn_id", sa.Text, sa.ForeignKey("turns.id"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("tool", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("arguments", Json, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("result", Json),  # tables, entities, actions; the figures are in `facts`
    sa.Column("error", sa.Text),
    sa.CheckConstraint("mode IN ('read', 'write')", name="mode"),
    sa.CheckConstraint("state IN ('started', 'done', 'failed')", name="state"),
)
facts = sa.Table(
    "facts",
    metadata,
    sa.Column("turn_id", sa.Text, sa.ForeignKey("turns.id"), primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("call_ordinal", sa.Integer, nullable=False),  # 0: from the person's own message
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("value", Json, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("detail", Json, nullable=False),  # about, currency, inputs, is_estimate
    sa.Column("run_id", sa.Text),
    sa.Column("snapshot_id", sa.Text),
    sa.Column("formula", sa.Text),
)
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),  # told once, however often woken
    sa.Column("person_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("payload", Json, nullable=False),  # ids only
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("shown_at", UtcDateTime),
    sa.Index("ix_notices_person_id_shown_at", "person_id", "shown_at"),
)
