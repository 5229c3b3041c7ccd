"""`qm bench approve`: from the click to the committed decision, with many people deciding."""
