"""Receipts to lead-time distributions; open orders to supply with a chance per day; scorecards."""

from engine.supply.calendars import supplier_calendars as supplier_calendars
from engine.supply.inbound import (
    Inbound as Inbound,
    as_if_sent_now as as_if_sent_now,
    inbound as inbound,
)
from engine.supply.lead_times import lead_times as lead_times
from engine.supply.posterior import day_quantiles as day_quantiles
from engine.supply.remaining import lane_rows as lane_rows, remaining_pmf as remaining_pmf
from engine.supply.scorecard import scorecard as scorecard
