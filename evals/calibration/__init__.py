"""`qm eval calibration`: does the stated share of demand fall inside the stated bands?"""
