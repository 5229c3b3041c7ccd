"""The newcomer's way in: a made-up company, planned and ready to talk."""
