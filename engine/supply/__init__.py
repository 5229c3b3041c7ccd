"""Receipts to lead-time distributions and supplier scorecards."""
