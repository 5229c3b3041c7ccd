"""Deterministic planning: usable with no agent, no Slack and no network."""
