"""The workspace of support.slack, for every test in here."""

from support.slack import http_office, office, slack

__all__ = ["http_office", "office", "slack"]
