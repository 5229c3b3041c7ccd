"""`qm eval intermittent`: spare parts against the Croston family."""
