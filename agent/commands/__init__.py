"""The commands of `qm`, a file per area; each offers `register(app)`."""
