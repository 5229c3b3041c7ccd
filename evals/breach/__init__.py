"""A scripted model and data that lie, and a judge that shares nothing with the guards."""
