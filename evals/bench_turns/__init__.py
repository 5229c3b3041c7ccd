"""How long people wait for whole answers, and what a conversation costs in memory and storage."""
