"""The terminal: tables, progress and the chat loop."""
