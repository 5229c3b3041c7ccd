"""Clean demand -> probabilistic forecast with drivers; backtests; new-item proxies."""

from engine.forecast.forecasting import forecast_demand

__all__ = ["forecast_demand"]
