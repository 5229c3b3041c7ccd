"""Conversation."""

import sqlalchemy as sa
from alembic import op

from engine.store.tables.base import Json, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_threads()
    _create_turns()
    _create_tool_calls()
    _create_facts()
    _create_notices()


def downgrade() -> None:
    for table in ("notices", "facts", "tool_calls", "turns", "threads"):
        op.drop_table(table)


def _create_threads() -> None:
    op.create_table(
        "threads",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("surface", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("memory", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
    )


def _create_turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "thread_id",
            sa.Text,
            sa.ForeignKey("threads.id", name=op.f("fk_turns_thread_id_threads")),
            nullable=False,
        ),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("identity_source", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("run_id", sa.Text),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("prompt_version", sa.Text, nullable=False),
        sa.Column("answered_at", UtcDateTime),
        sa.Column("outcome", sa.Text),
        sa.Column("complaints", Json, nullable=False),
        sa.Column("answer", Json),
        sa.Column("input_tokens", sa.Integer, nullable=False),
        sa.Column("output_tokens", sa.Integer, nullable=False),
        sa.UniqueConstraint("thread_id", "ordinal", name=op.f("uq_turns_thread_id_ordinal")),
        sa.CheckConstraint(
            "outcome IN ('clean', 'repaired', 'template', 'failed')",
            name=op.f("ck_turns_outcome"),
        ),
    )


def _create_tool_calls() -> None:
    op.create_table(
        "tool_calls",
        _turn("tool_calls"),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("tool", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("arguments", Json, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("result", Json),
        sa.Column("error", sa.Text),
        sa.CheckConstraint("mode IN ('read', 'write')", name=op.f("ck_tool_calls_mode")),
        sa.CheckConstraint(
            "state IN ('started', 'done', 'failed')", name=op.f("ck_tool_calls_state")
        ),
    )


def _create_facts() -> None:
    op.create_table(
        "facts",
        _turn("facts"),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("call_ordinal", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.Column("run_id", sa.Text),
        sa.Column("snapshot_id", sa.Text),
        sa.Column("formula", sa.Text),
    )


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("shown_at", UtcDateTime),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    op.create_index("ix_notices_person_id_shown_at", "notices", ["person_id", "shown_at"])


def _turn(table: str) -> sa.Column[str]:
    return sa.Column(
        "turn_id",
        sa.Text,
        sa.ForeignKey("turns.id", name=op.f(f"fk_{table}_turn_id_turns")),
        primary_key=True,
    )
