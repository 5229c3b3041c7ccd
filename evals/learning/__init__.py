"""Learning from past weeks, in a closed loop on real sales: does it help the weeks that follow?"""
