"""Who understands a question and words an answer: one port, two adapters."""
