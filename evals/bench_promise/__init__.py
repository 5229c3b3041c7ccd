"""How fast promises are made for a large company, and answered over HTTP."""
