"""What each kind of job does: a file per kind, each with `run(company, job)`."""
