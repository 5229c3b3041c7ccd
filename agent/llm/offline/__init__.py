"""The model that runs without a key: it reads by rules and asks when it is unsure."""
