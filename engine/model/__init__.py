"""Domain types and frame contracts."""
