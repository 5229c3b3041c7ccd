"""What can be asked of a running installation: each answer with its reason and the next step."""
