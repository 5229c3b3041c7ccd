"""`qm bench allocate`: the budget decision against HiGHS and CP-SAT, checked by its own evaluator."""
