"""Life after sending: what the supplier confirms, what comes, and what is changed on the way.

Rows are only added; a confirmation is answered once and an amendment moves through its states. All
of it is sealed with the order's steps (engine.service.order_facts).
"""

import sqlalchemy as sa

from engine.store.tables.base import UtcDateTime, metadata

# A new revision of an order that its supplier has. It becomes the current one when it is approved;
# until then the supplier delivers, and planning counts, the one before.
po_amendments = sa.Table(
    "po_amendments",
    metadata,
    sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("base_revision", sa.Integer, nullable=False),  # what it changes
    sa.Column("request_id", sa.Integer, sa.ForeignKey("approval_requests.id"), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("sent_at", UtcDateTime),
    sa.CheckConstraint(
        "state IN ('proposed', 'approved', 'sent', 'send_unconfirmed', 'rejected', 'withdrawn', "
        "'expired')",
        name="state",
    ),
)
po_confirmations = sa.Table(
    "po_confirmations",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), nullable=False),
    sa.Column("key", sa.Text, nullable=False),  # what a repeat is recognised by
    sa.Column("revision", sa.Integer, nullable=False),  # what was confirmed
    sa.Column("digest", sa.String(64), nullable=False),  # of the lines as they were told
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    # not_needed: as ordered; open: a person must answer; accepted, or amended by a new revision
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("answered_by", sa.Text),
    sa.Column("answered_at", UtcDateTime),
    sa.UniqueConstraint("po_id", "key"),
    sa.CheckConstraint("answer IN ('not_needed', 'open', 'accepted', 'amended')", name="answer"),
)
po_confirmed_lines = sa.Table(
    "po_confirmed_lines",
    metadata,
    sa.Column(
        "confirmation_id", sa.Integer, sa.ForeignKey("po_confirmations.id"), primary_key=True
    ),
    sa.Column("line", sa.Integer, primary_key=True),
    sa.Column("units", sa.BigInteger, nullable=False),  # 0: the supplier will not deliver it
    sa.Column("expected_on", sa.Date, nullable=False),
    sa.CheckConstraint("units >= 0", name="units"),
)
# What a supplier confirmed at another price than was ordered; a line without a row is as ordered.
po_confirmed_prices = sa.Table(
    "po_confirmed_prices",
    metadata,
    sa.Column(
        "confirmation_id", sa.Integer, sa.ForeignKey("po_confirmations.id"), primary_key=True
    ),
    sa.Column("line", sa.Integer, primary_key=True),
    sa.Column("unit_price_micros", sa.BigInteger, nullable=False),  # the order's currency
    sa.CheckConstraint("unit_price_micros > 0", name="unit_price_micros"),
)
# Goods that came, or went back.
po_receipts = sa.Table(
    "po_receipts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), nullable=False),
    sa.Column("key", sa.Text, nullable=False),  # delivery note, or the import that told of it
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # of the lines as they were told
    sa.Column("on_day", sa.Date, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.UniqueConstraint("po_id", "key"),
    sa.CheckConstraint("kind IN ('receipt', 'return')", name="kind"),
)
po_receipt_lines = sa.Table(
    "po_receipt_lines",
    metadata,
    sa.Column("receipt_id", sa.Integer, sa.ForeignKey("po_receipts.id"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True),
    sa.Column("units", sa.BigInteger, nullable=False),  # good ones that came, or that went back
    sa.Column("rejected_units", sa.BigInteger, nullable=False),  # refused at the door
    # Whether the supplier sends what was refused or sent back again.
    sa.Column("replaced", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.CheckConstraint("units >= 0", name="units"),
    sa.CheckConstraint("rejected_units >= 0", name="rejected_units"),
)
# What a supplier's system says of a document that it was sent (X12 997, or a person's word).
po_acknowledgements = sa.Table(
    "po_acknowledgements",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("verdict IN ('accepted', 'with_errors', 'refused')", name="verdict"),
)
