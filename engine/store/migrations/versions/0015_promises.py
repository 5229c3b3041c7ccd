"""Promises: allocation, what customers were told, the storefront, messages, keys."""

import sqlalchemy as sa
from alembic import op

from engine.store.tables.base import Json, UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = (
    "promise_runs",
    "backorder_cancellations",
    "allocation_ledger",
    "backorder_promises",
    "told_windows",
    "stock_transfers",
    "place_promises",
    "promise_changes",
    "customer_notices",
    "contact_opt_outs",
    "api_keys",
    "webhook_subscriptions",
    "connections",
)


def upgrade() -> None:
    _runs()
    _ledger()
    _backorders()
    _told()
    _transfers()
    _places()
    _notices()
    _keys()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


def _runs() -> None:
    op.create_table(
        "promise_runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("snapshot_id", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("policy", Json, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
    )
    op.create_table(
        "backorder_cancellations",
        sa.Column("order_line", sa.Text, primary_key=True),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )


def _ledger() -> None:
    op.create_table(
        "allocation_ledger",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("promise_runs.id"), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("order_line", sa.Text, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("units", sa.BigInteger, nullable=False),
        sa.Column("held", sa.BigInteger, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("paid_at", UtcDateTime),
        sa.Column("why", sa.Text, nullable=False),
        sa.CheckConstraint("units <> 0", name=op.f("ck_allocation_ledger_units")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_allocation_ledger_held")),
    )
    op.create_index("ix_allocation_ledger_order_line", "allocation_ledger", ["order_line"])
    op.create_index("ix_allocation_ledger_sku", "allocation_ledger", ["sku"])


def _backorders() -> None:
    op.create_table(
        "backorder_promises",
        sa.Column("order_line", sa.Text, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("promise_runs.id"), nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("contact_ref", sa.Text),
        sa.Column("units", sa.BigInteger, nullable=False),
        sa.Column("held", sa.BigInteger, nullable=False),
        sa.Column("ready", sa.Boolean, nullable=False),
        sa.Column("ready_on", sa.Date),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("ahead", sa.BigInteger, nullable=False),
        sa.Column("paid_at", UtcDateTime),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("first_on", sa.Date),
        sa.Column("last_on", sa.Date),
        sa.Column("likeliest_on", sa.Date),
        sa.Column("pos", Json, nullable=False),
        sa.Column("slips", sa.Float),
        sa.Column("at_risk", sa.Boolean, nullable=False),
        sa.Column("told_first", sa.Date),
        sa.Column("told_last", sa.Date),
        sa.Column("times_told", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'served', 'cancelled', 'gone')",
            name=op.f("ck_backorder_promises_state"),
        ),
        sa.CheckConstraint("held >= 0 AND held <= units", name=op.f("ck_backorder_promises_held")),
    )


def _told() -> None:
    op.create_table(
        "told_windows",
        sa.Column("order_line", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("first_on", sa.Date, nullable=False),
        sa.Column("last_on", sa.Date, nullable=False),
        sa.Column("told_on", sa.Date, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.CheckConstraint(
            "origin IN ('order', 'engine', 'message')", name=op.f("ck_told_windows_origin")
        ),
        sa.CheckConstraint(
            "outcome IN ('held', 'early', 'late')", name=op.f("ck_told_windows_outcome")
        ),
    )


def _transfers() -> None:
    op.create_table(
        "stock_transfers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("from_location", sa.Text, nullable=False),
        sa.Column("to_location", sa.Text, nullable=False),
        sa.Column("units", sa.BigInteger, nullable=False),
        sa.Column("sent_on", sa.Date, nullable=False),
        sa.Column("arrives_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("received_on", sa.Date),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_stock_transfers_units")),
        sa.CheckConstraint(
            "state IN ('sent', 'received', 'cancelled')", name=op.f("ck_stock_transfers_state")
        ),
    )


def _places() -> None:
    op.create_table(
        "place_promises",
        sa.Column("sku", sa.Text, primary_key=True),
        sa.Column("location", sa.Text, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("told_first", sa.Date),
        sa.Column("told_last", sa.Date),
    )
    op.create_table(
        "promise_changes",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("promise_runs.id"), nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("body", Json, nullable=False),
    )


def _notices() -> None:
    op.create_table(
        "customer_notices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("contact_ref", sa.Text),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("promise_runs.id"), nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("apology", sa.Text, nullable=False),
        sa.Column("carrier", sa.Text, nullable=False),
        sa.Column("lines", Json, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("note", sa.Text, nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'queued', 'sent', 'unconfirmed', 'failed', 'dismissed', "
            "'replaced', 'needless', 'no_contact', 'opted_out')",
            name=op.f("ck_customer_notices_state"),
        ),
    )
    op.create_index("ix_customer_notices_state", "customer_notices", ["state"])
    op.create_table(
        "contact_opt_outs",
        sa.Column("contact_ref", sa.Text, primary_key=True),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )


def _keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("secret_digest", sa.String(64), nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("per_second", sa.Float, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime),
        sa.Column("revoked_by", sa.Text),
        sa.Column("revoked_at", UtcDateTime),
    )
    op.create_table(
        "webhook_subscriptions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("after_seq", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("next_at", UtcDateTime, nullable=False),
        sa.Column("last_error", sa.Text),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
    )
    op.create_table(
        "connections",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("cursors", Json, nullable=False),
        sa.Column("read_at", UtcDateTime),
        sa.Column("last_error", sa.Text),
    )
