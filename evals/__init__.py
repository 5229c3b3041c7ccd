"""Agent cases, decision back-tests and speed benchmarks."""
