"""Demand hidden by stockouts: how well cleaning recovers weeks that were masked on purpose."""
