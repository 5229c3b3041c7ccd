"""Peers that the harnesses run beside the engine, each on the same series in the same run."""
