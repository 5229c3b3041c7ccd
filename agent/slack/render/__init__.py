"""View models to blocks: pure functions, no client, no store."""
