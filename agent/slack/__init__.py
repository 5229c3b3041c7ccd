"""Slack: the only room that speaks it."""
