"""Sales history -> clean demand: calendar, stockout censoring, anomalies, returns, bundles."""

from engine.demand.clean import clean_demand

__all__ = ["clean_demand"]
