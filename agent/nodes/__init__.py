"""The steps of a turn; each reads the state and the stores and returns what changed."""
