"""Classes of attack, one file per kind of lie; `catalogue` has them all."""
