"""Sales history to clean demand."""
