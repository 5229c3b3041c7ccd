"""Forecast, supply and stock to a ranked, budgeted list of buys and transfers."""
