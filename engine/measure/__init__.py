"""What happened, in figures whose definitions stand beside them."""

from engine.measure.availability import fill_rate as fill_rate, stockout_rate as stockout_rate
from engine.measure.kpi import Kpi as Kpi, KpiName as KpiName, Part as Part
from engine.measure.slow_movers import cash_in_slow_movers as cash_in_slow_movers
from engine.measure.suppliers import (
    Tolerance as Tolerance,
    on_time_in_full as on_time_in_full,
    order_cycle_time as order_cycle_time,
)
from engine.model.period import Period as Period
