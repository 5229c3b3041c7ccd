"""One file per use case: load, compute, save in one transaction."""
