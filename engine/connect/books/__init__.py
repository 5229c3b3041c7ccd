"""Accounting systems: orders and bills go there once each, by API or as a file."""
