"""`qm eval faults`: purchasing broken in every way we know; nothing may double or be lost."""
