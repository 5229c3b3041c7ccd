"""Conversations with what must come of them: in the database first, in words last."""
