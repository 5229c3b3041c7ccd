"""Who may act. The only place of names and addresses; everything else knows people by id."""

import sqlalchemy as sa

from engine.store.tables.base import Json, UtcDateTime, metadata

people = sa.Table(
    "people",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text),
    sa.Column("os_user", sa.Text, unique=True),
    sa.Column("roles", Json, nullable=False),  # for showing; the policy version decides
    sa.Column("active", sa.Boolean(create_constraint=True, name="active"), nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
)
# Several Slack workspaces may belong to one company: a user id means nothing without its team.
slack_identities = sa.Table(
    "slack_identities",
    metadata,
    sa.Column("team_id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, sa.ForeignKey("people.id"), nullable=False),
)
# The last row is in force. A policy that returns after another gets a new row: history is kept.
policy_versions = sa.Table(
    "policy_versions",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),  # canonical text of engine.purchase.policy
    sa.Column("loaded_at", UtcDateTime, nullable=False),
)
