"""Prompts as Markdown, loaded by name and versioned by hash."""
