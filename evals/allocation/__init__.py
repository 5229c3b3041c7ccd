"""`qm bench allocate`: the budget decision against HiGHS and CP-SAT, checked on its own."""
