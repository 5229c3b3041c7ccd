"""`qm eval slack-faults`: Slack and our processes broken in every way we know, seeded."""
