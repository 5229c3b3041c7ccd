"""Factories and fakes; imported as `support`."""
