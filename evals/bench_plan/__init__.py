"""How long a whole plan takes, from the database to the stored run, and what each stage costs."""
