"""The challenger: boosted trees over all series, which learn what the structure misses.

One more candidate of the forecast. It needs the optional extra `ml`; without it, or with too
little history, the other candidates share its place and the forecast says so.
"""
