"""How long the reading tools take on a stored plan of a large company."""
