"""Key figures with their definitions."""
