"""Clean demand to a probabilistic forecast with drivers."""
