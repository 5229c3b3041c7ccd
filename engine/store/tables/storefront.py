"""What others see of promises: places as the storefront asks for them, changes, messages, keys."""

import sqlalchemy as sa

from engine.store.tables.base import Json, UtcDateTime, metadata

place_promises = sa.Table(
    "place_promises",
    metadata,
    sa.Column("sku", sa.Text, primary_key=True),
    sa.Column("location", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),  # an offer as canonical JSON
    sa.Column("digest", sa.String(64), nullable=False),
    # The window that the feed told last for one unit; it moves only beyond the tolerance.
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("told_first", sa.Date),
    sa.Column("told_last", sa.Date),
)
promise_changes = sa.Table(
    "promise_changes",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("run_id", sa.Integer, sa.ForeignKey("promise_runs.id"), nullable=False),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("location", sa.Text, nullable=False),
    sa.Column("body", Json, nullable=False),  # before and after
)
customer_notices = sa.Table(
    "customer_notices",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("contact_ref", sa.Text),  # a reference; never a name or an address
    sa.Column("run_id", sa.Integer, sa.ForeignKey("promise_runs.id"), nullable=False),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("apology", sa.Text, nullable=False),
    sa.Column("carrier", sa.Text, nullable=False),
    sa.Column("lines", Json, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # of what the customer will read
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("note", sa.Text, nullable=False),
    sa.CheckConstraint(
        "state IN ('draft', 'queued', 'sent', 'unconfirmed', 'failed', 'dismissed', "
        "'replaced', 'needless', 'no_contact', 'opted_out')",
        name="state",
    ),
    sa.Index("ix_customer_notices_state", "state"),
)
contact_opt_outs = sa.Table(
    "contact_opt_outs",
    metadata,
    sa.Column("contact_ref", sa.Text, primary_key=True),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)
api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("secret_digest", sa.String(64), nullable=False),  # the secret itself is kept nowhere
    sa.Column("scopes", Json, nullable=False),
    sa.Column("per_second", sa.Float, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime),
    sa.Column("revoked_by", sa.Text),
    sa.Column("revoked_at", UtcDateTime),
)
webhook_subscriptions = sa.Table(
    "webhook_subscriptions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("after_seq", sa.Integer, nullable=False),  # the change that was delivered last
    sa.Column("failures", sa.Integer, nullable=False),  # in a row
    sa.Column("next_at", UtcDateTime, nullable=False),
    sa.Column("last_error", sa.Text),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
)
connections = sa.Table(
    "connections",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("cursors", Json, nullable=False),  # by table: how far it was read
    sa.Column("read_at", UtcDateTime),
    sa.Column("last_error", sa.Text),
)
