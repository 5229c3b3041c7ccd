"""Purchasing."""

import sqlalchemy as sa
from alembic import op

from engine.store.tables.base import Json, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "people", "slack_identities", "policy_versions", "audit_events", "audit_head", "sequences",
    "purchase_orders", "po_revisions", "po_lines", "approval_requests", "approval_decisions",
    "budgets", "budget_proposals", "budget_revisions", "budget_commitments",
)  # fmt: skip


def upgrade() -> None:
    _create_people()
    _create_audit()
    _create_orders()
    _create_approvals()
    _create_budgets()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("os_user", sa.Text, unique=True),
        sa.Column("roles", Json, nullable=False),
        sa.Column("active", sa.Boolean(create_constraint=True, name="active"), nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "slack_identities",
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, sa.ForeignKey("people.id"), nullable=False),
    )
    op.create_table(
        "policy_versions",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("loaded_at", UtcDateTime, nullable=False),
    )


def _create_audit() -> None:
    op.create_table(
        "audit_events",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("mac", sa.String(64), nullable=False, unique=True),
    )
    op.create_index("ix_audit_events_subject", "audit_events", ["subject"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_only_one")),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "mac": "0" * 64}])


def _create_orders() -> None:
    op.create_table(
        "sequences",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "purchase_orders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Text, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("supplier", sa.Text, nullable=False),
        sa.Column("ship_to", sa.Text, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("snapshot_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("draft_key", sa.Text, nullable=False, unique=True),
        sa.Column("drafted_by", sa.Text, nullable=False),
        sa.Column("drafted_at", UtcDateTime, nullable=False),
        sa.Column("requested_by", sa.Text),
        sa.Column("proposed_at", UtcDateTime),
        sa.Column("approved_at", UtcDateTime),
        sa.Column("sent_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("postponed_until", sa.Date),
    )
    op.create_index("ix_purchase_orders_state", "purchase_orders", ["state"])
    op.create_index(
        "ix_purchase_orders_requested_by_supplier", "purchase_orders", ["requested_by", "supplier"]
    )
    _create_revisions()


def _create_revisions() -> None:
    op.create_table(
        "po_revisions",
        sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("total_minor", sa.BigInteger, nullable=False),
        sa.Column("base_total_minor", sa.BigInteger, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )
    op.create_table(
        "po_lines",
        sa.Column("po_id", sa.Integer, primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("units", sa.BigInteger, nullable=False),
        sa.Column("unit_price_micros", sa.BigInteger, nullable=False),
        sa.Column("total_minor", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["po_id", "revision"], ["po_revisions.po_id", "po_revisions.revision"]
        ),
        sa.CheckConstraint("units > 0", name=op.f("ck_po_lines_units")),
    )
    op.create_index("ix_po_lines_sku", "po_lines", ["sku"])


def _create_approvals() -> None:
    pending = sa.text("state = 'pending'")
    op.create_table(
        "approval_requests",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("own_minor", sa.BigInteger, nullable=False),
        sa.Column("over_budget_reason", sa.Text),
        sa.Column("decided_at", UtcDateTime),
        sa.CheckConstraint(
            "state IN ('pending', 'approved', 'rejected', 'expired', 'void')",
            name=op.f("ck_approval_requests_state"),
        ),
    )
    op.create_index(
        "uq_approval_requests_pending",
        "approval_requests",
        ["po_id"],
        unique=True,
        sqlite_where=pending,
        postgresql_where=pending,
    )
    op.create_index("ix_approval_requests_state", "approval_requests", ["state"])
    _create_decisions()


def _create_decisions() -> None:
    op.create_table(
        "approval_decisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("request_id", sa.Integer, sa.ForeignKey("approval_requests.id"), nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("approver", sa.Text, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("judged_minor", sa.BigInteger, nullable=False),
        sa.Column("limit_minor", sa.BigInteger),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("audit_seq", sa.Integer, sa.ForeignKey("audit_events.seq"), nullable=False),
        sa.UniqueConstraint("request_id", "step"),
        sa.UniqueConstraint("request_id", "approver", "decision"),
        sa.CheckConstraint(
            "decision IN ('approve', 'reject')", name=op.f("ck_approval_decisions_decision")
        ),
    )


def _create_budgets() -> None:
    op.create_table(
        "budgets",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("period", sa.Text, primary_key=True),
        sa.Column("cap_minor", sa.BigInteger, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.CheckConstraint("cap_minor >= 0", name=op.f("ck_budgets_cap")),
    )
    op.create_table(
        "budget_proposals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("cap_minor", sa.BigInteger, nullable=False),
        sa.Column("cap_before_minor", sa.BigInteger),
        sa.Column("revision_before", sa.Integer, nullable=False),
        sa.Column("consequence", Json, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("reason", sa.Text),
        sa.CheckConstraint("cap_minor >= 0", name=op.f("ck_budget_proposals_cap")),
    )
    op.create_table(
        "budget_revisions",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("period", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("cap_minor", sa.BigInteger, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("proposal_id", sa.Integer, sa.ForeignKey("budget_proposals.id")),
        sa.ForeignKeyConstraint(["scope", "period"], ["budgets.scope", "budgets.period"]),
    )
    _create_commitments()


def _create_commitments() -> None:
    op.create_table(
        "budget_commitments",
        sa.Column(
            "request_id", sa.Integer, sa.ForeignKey("approval_requests.id"), primary_key=True
        ),
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), nullable=False),
        sa.Column("week", sa.Text, nullable=False),
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "state IN ('committed', 'consumed', 'released')",
            name=op.f("ck_budget_commitments_state"),
        ),
    )
    for column in ("po_id", "week", "month"):
        op.create_index(f"ix_budget_commitments_{column}", "budget_commitments", [column])
