"""Inbound orders to delivery windows, and how well past windows held."""

from engine.promise.backtest import HitRate as HitRate, hit_rate as hit_rate
from engine.promise.windows import (
    PromiseWindow as PromiseWindow,
    promise_windows as promise_windows,
)
