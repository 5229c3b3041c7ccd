"""The published example of minimum and multiple sizes, day by day through the whole engine."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from engine.model.config import PlanConfig
from engine.model.decisions import OPEN_ORDERS, Decisions
from engine.model.plan import Plan
from engine.replenish import Rules, build_candidates, compose_plan
from engine.supply import lead_times
from support.replenish import Item, company, forecast_of

FIRST = date(2026, 1, 1)
DUE = {date(2026, 1, 5): 5, date(2026, 1, 8): 20, date(2026, 1, 31): 100}
# Late demand stays due; no safety stock: served in half of the paths is enough.
CONFIG = PlanConfig(
    bucket="day", horizon=40, lead_time_spread=0.0, review_days=1, shortage="backorders",
    objective="cycle_service", service_target=0.5,
)  # fmt: skip

# Nothing is due after the 31st, so that a minimum would last for ever; the example buys it.
NO_REFUSAL = Rules(refuse_cover_days=float("inf"))


def plan_on(day: date, on_hand: int, waiting: int, orders: list[tuple[date, int]]) -> Plan:
    """The plan of a morning, with what was ordered before."""
    ahead = tuple(float(DUE.get(day + timedelta(days=n), 0)) for n in range(40))
    item = Item(weekly=ahead, on_hand=on_hand, terms={"minimum_units": 50, "case_pack": 12})
    stock = {"date": day - timedelta(days=1), "sku": "A", "location": "MAIN", "on_hand": on_hand}
    late = {"order_line": "L", "sku": "A", "location": "MAIN", "units": waiting}
    world = company(
        [item],
        suppliers=[{"supplier": "ACME", "lead_time_days": 14.0, "payment_days": 0}],
        stock=[stock],
        backorders=[late] if waiting else [],
        as_of=day,
    )
    sent = pd.DataFrame(
        [
            {
                "po": f"P{n}", "line": 1, "supplier": "ACME", "sku": "A", "location": "MAIN",
                "units": units, "state": "sent", "ordered_on": pd.Timestamp(on),
                "drafted_on": pd.Timestamp(on),
            }
            for n, (on, units) in enumerate(orders)
            if on + timedelta(days=14) > day
        ]
    )  # fmt: skip
    decided = Decisions(open_orders=sent.reindex(columns=list(OPEN_ORDERS)))
    forecast = replace(
        forecast_of([item], steps=40), bucket="day", starts=pd.date_range(day, periods=40)
    )
    times = lead_times(world, CONFIG)
    candidates = build_candidates(world, forecast, times, decided, CONFIG, rules=NO_REFUSAL)
    return compose_plan(candidates, None)


def test_minimum_and_multiple_sizes_place_the_published_orders_on_the_published_days() -> None:
    """PO 60 on 1 January for the 15th, PO 60 on the 17th for the 31st (frePPLe's documentation)."""
    position, orders = 10, list[tuple[date, int]]()
    looked_at = [0, 1, 4, 7, 8, 13, 14, 15, 16, 17, 30]  # of the days; nothing happens between
    for day in (FIRST + timedelta(days=n) for n in range(31)):
        position += sum(units for on, units in orders if on + timedelta(days=14) == day)
        if (day - FIRST).days in looked_at:
            plan = plan_on(day, max(position, 0), max(-position, 0), orders)
            orders += [(day, int(units)) for units in plan.lines["units"]]
        position -= DUE.get(day, 0)

    assert orders == [(date(2026, 1, 1), 60), (date(2026, 1, 17), 60)]
    assert position == 10 - 125 + 120
