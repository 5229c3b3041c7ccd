"""Purchase orders: composition, price breaks, revisions, diffs, approval rules."""
