"""Caps on purchasing and what has been promised against them.

Amounts are minor units of the company's base currency. A scope is `total`, `supplier:CODE` or
`category:PATH`; a period is an ISO week (2026-W48), month (2026-11), quarter (2026-Q4) or year.
"""

import sqlalchemy as sa

from engine.store.tables.base import Json, UtcDateTime, metadata

budgets = sa.Table(
    "budgets",
    metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("cap_minor", sa.BigInteger, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),  # "import" or "person"; a person's stays
    sa.CheckConstraint("cap_minor >= 0", name="cap"),
)
budget_revisions = sa.Table(
    "budget_revisions",
    metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("cap_minor", sa.BigInteger, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("proposal_id", sa.Integer, sa.ForeignKey("budget_proposals.id")),
    sa.ForeignKeyConstraint(["scope", "period"], ["budgets.scope", "budgets.period"]),
)
budget_proposals = sa.Table(
    "budget_proposals",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("period", sa.Text, nullable=False),
    sa.Column("cap_minor", sa.BigInteger, nullable=False),
    sa.Column("cap_before_minor", sa.BigInteger),
    sa.Column("revision_before", sa.Integer, nullable=False),  # 0: there was no such budget
    sa.Column("consequence", Json, nullable=False),  # what the planner says it would change
    sa.Column("digest", sa.Text, nullable=False),  # of everything above: what was shown
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("requested_by", sa.Text, nullable=False),
    sa.Column("requested_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("reason", sa.Text),
    sa.CheckConstraint("cap_minor >= 0", name="cap"),
)
# One row per scope that a proposed order touches, whether or not that scope has a budget today.
budget_commitments = sa.Table(
    "budget_commitments",
    metadata,
    sa.Column("request_id", sa.Integer, sa.ForeignKey("approval_requests.id"), primary_key=True),
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), nullable=False),
    sa.Column("week", sa.Text, nullable=False),
    sa.Column("month", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("state IN ('committed', 'consumed', 'released')", name="state"),
    sa.Index("ix_budget_commitments_po_id", "po_id"),
    sa.Index("ix_budget_commitments_week", "week"),
    sa.Index("ix_budget_commitments_month", "month"),
)
