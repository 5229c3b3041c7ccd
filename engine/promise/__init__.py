"""Inbound supply to ETA windows and allocation."""
