"""Stand-ins for outside services that run here: used by tests and by `qm bench` and `qm eval`."""
