"""The workspace of support.slack, for every test in here."""

from support.slack import office, slack

__all__ = ["office", "slack"]
