"""Real sales histories for the harnesses: a folder in, a matrix of units out.

One adapter file per data set; `history.py` has what they share and makes snapshots of it.
"""
