"""Clean demand -> probabilistic forecast with drivers; backtests; new-item proxies."""

from engine.forecast.forecasting import forecast_demand
from engine.forecast.readiness import made_ready

__all__ = ["forecast_demand", "made_ready"]
