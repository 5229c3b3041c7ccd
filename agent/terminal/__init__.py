"""The conversation in a terminal: the same turns, cards and decisions as anywhere else."""
