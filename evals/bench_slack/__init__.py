"""How fast a real `qm slack` acknowledges, decides and answers while it is busy."""
