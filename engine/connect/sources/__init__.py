"""Other systems as sources of the data contract: one port, read incrementally, safe to repeat."""
