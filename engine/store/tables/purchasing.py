"""Purchase orders, their revisions, and the decisions on them.

Amounts are minor units: `total_minor` of the order's currency, `base_..._minor` and everything an
approver is held against of the company's base currency.
"""

import sqlalchemy as sa

from engine.store.tables.base import UtcDateTime, metadata

sequences = sa.Table(
    "sequences",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)
purchase_orders = sa.Table(
    "purchase_orders",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    # One name for life, taken in the transaction that stores the first draft: no number is lost to
    # a failure or used twice, and a cancelled draft stays on record under its own.
    sa.Column("number", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("supplier", sa.Text, nullable=False),
    sa.Column("ship_to", sa.Text, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("snapshot_id", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),  # the current one
    # run | supplier | ship-to | currency | how many-th: the same need cannot be drafted twice, even
    # by two processes that both found nothing.
    sa.Column("draft_key", sa.Text, nullable=False, unique=True),
    sa.Column("drafted_by", sa.Text, nullable=False),
    sa.Column("drafted_at", UtcDateTime, nullable=False),
    sa.Column("requested_by", sa.Text),
    sa.Column("proposed_at", UtcDateTime),
    sa.Column("approved_at", UtcDateTime),
    sa.Column("sent_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("postponed_until", sa.Date),
    sa.Index("ix_purchase_orders_state", "state"),
    sa.Index("ix_purchase_orders_requested_by_supplier", "requested_by", "supplier"),
)
# What came in the place of an order that was superseded: one order or several.
po_successors = sa.Table(
    "po_successors",
    metadata,
    sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), primary_key=True),
    sa.Column("successor_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), primary_key=True),
    sa.Index("ix_po_successors_successor_id", "successor_id"),
)
po_revisions = sa.Table(
    "po_revisions",
    metadata,
    sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),  # SHA-256 of `content`
    sa.Column("content", sa.Text, nullable=False),  # canonical text of engine.purchase.order
    sa.Column("total_minor", sa.BigInteger, nullable=False),
    sa.Column("base_total_minor", sa.BigInteger, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
)
po_lines = sa.Table(
    "po_lines",
    metadata,
    sa.Column("po_id", sa.Integer, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("units", sa.BigInteger, nullable=False),
    sa.Column("unit_price_micros", sa.BigInteger, nullable=False),
    sa.Column("total_minor", sa.BigInteger, nullable=False),
    sa.ForeignKeyConstraint(["po_id", "revision"], ["po_revisions.po_id", "po_revisions.revision"]),
    sa.CheckConstraint("units > 0", name="units"),
    sa.Index("ix_po_lines_sku", "sku"),
)
approval_requests = sa.Table(
    "approval_requests",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # of the revision
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),  # 1 until the first approval, then 2, ...
    sa.Column("requested_by", sa.Text, nullable=False),
    sa.Column("requested_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("own_minor", sa.BigInteger, nullable=False),  # base currency, at the recorded rate
    sa.Column("over_budget_reason", sa.Text),  # given when it was proposed above the budget
    sa.Column("decided_at", UtcDateTime),
    sa.CheckConstraint(
        "state IN ('pending', 'approved', 'rejected', 'expired', 'void')", name="state"
    ),
    # At most one question about an order is open at a time.
    sa.Index(
        "uq_approval_requests_pending",
        "po_id",
        unique=True,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    ),
    sa.Index("ix_approval_requests_state", "state"),
)
# Only what took effect is here; what was refused is in the audit.
approval_decisions = sa.Table(
    "approval_decisions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("request_id", sa.Integer, sa.ForeignKey("approval_requests.id"), nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("approver", sa.Text, nullable=False),
    sa.Column("on_behalf_of", sa.Text),  # who lent the authority; NULL: the approver's own
    # Decided beyond the approver's own limits in an emergency; everybody concerned was told.
    sa.Column("break_glass", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # of what the approver was shown
    sa.Column("policy_version", sa.Text, nullable=False),
    sa.Column("judged_minor", sa.BigInteger, nullable=False),
    sa.Column("limit_minor", sa.BigInteger),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("audit_seq", sa.Integer, sa.ForeignKey("audit_events.seq"), nullable=False),
    sa.UniqueConstraint("request_id", "step"),  # one effective decision per step
    # Each step another person, who may still think better of it and reject.
    sa.UniqueConstraint("request_id", "approver", "decision"),
    sa.CheckConstraint("decision IN ('approve', 'reject')", name="decision"),
)
