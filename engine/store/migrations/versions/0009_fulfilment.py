"""Confirmations, receipts, amendments and acknowledgements of orders; decisions in an emergency."""

import sqlalchemy as sa
from alembic import op

from engine.store.tables.base import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_AMENDED = (
    "state IN ('proposed', 'approved', 'sent', 'send_unconfirmed', 'rejected', 'withdrawn', "
    "'expired')"
)


def upgrade() -> None:
    op.add_column(
        "approval_decisions",
        sa.Column("break_glass", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "po_amendments",
        sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("base_revision", sa.Integer, nullable=False),
        sa.Column("request_id", sa.Integer, sa.ForeignKey("approval_requests.id"), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("sent_at", UtcDateTime),
        sa.CheckConstraint(_AMENDED, name=op.f("ck_po_amendments_state")),
    )
    _create_confirmations()
    _create_receipts()
    op.create_table(
        "po_acknowledgements",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'with_errors', 'refused')",
            name=op.f("ck_po_acknowledgements_verdict"),
        ),
    )


def downgrade() -> None:
    for table in (
        "po_acknowledgements", "po_receipt_lines", "po_receipts", "po_confirmed_lines",
        "po_confirmations", "po_amendments",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_column("approval_decisions", "break_glass")


def _create_confirmations() -> None:
    op.create_table(
        "po_confirmations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", UtcDateTime),
        sa.UniqueConstraint("po_id", "key"),
        sa.CheckConstraint(
            "answer IN ('not_needed', 'open', 'accepted', 'amended')",
            name=op.f("ck_po_confirmations_answer"),
        ),
    )
    op.create_table(
        "po_confirmed_lines",
        sa.Column(
            "confirmation_id", sa.Integer, sa.ForeignKey("po_confirmations.id"), primary_key=True
        ),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("units", sa.BigInteger, nullable=False),
        sa.Column("expected_on", sa.Date, nullable=False),
        sa.CheckConstraint("units >= 0", name=op.f("ck_po_confirmed_lines_units")),
    )


def _create_receipts() -> None:
    op.create_table(
        "po_receipts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("on_day", sa.Date, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.UniqueConstraint("po_id", "key"),
        sa.CheckConstraint("kind IN ('receipt', 'return')", name=op.f("ck_po_receipts_kind")),
    )
    op.create_table(
        "po_receipt_lines",
        sa.Column("receipt_id", sa.Integer, sa.ForeignKey("po_receipts.id"), primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("units", sa.BigInteger, nullable=False),
        sa.Column("rejected_units", sa.BigInteger, nullable=False),
        sa.Column("replaced", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.CheckConstraint("units >= 0", name=op.f("ck_po_receipt_lines_units")),
        sa.CheckConstraint("rejected_units >= 0", name=op.f("ck_po_receipt_lines_rejected_units")),
    )
