"""Planning cases for replenishment tests: items, demand and stock in one line each."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from engine.model.config import PlanConfig
from engine.model.decisions import OPEN_ORDERS, Decisions
from engine.model.forecast import DRIVERS, DemandNoise, Forecast
from engine.model.plan import Plan
from engine.model.snapshot import Snapshot
from engine.replenish import Candidates, Rules, build_candidates, compose_plan
from engine.supply import lead_times
from support.demand import AS_OF, snapshot

MICROS = 1_000_000
# No spread in lead times and no capital cost unless a test wants them: figures by hand are easier.
PLAIN = PlanConfig(lead_time_spread=0.0)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One SKU-location; weekly demand is negative binomial (Poisson where `size` is infinite)."""

    sku: str = "A"
    location: str = "MAIN"
    weekly: float | tuple[float, ...] = 10.0
    price: float = 20.0
    cost: float = 10.0
    on_hand: int = 0
    reserved: int = 0
    level_cv: float = 0.0
    size: float = np.inf
    confidence: str = "high"
    supplier: str | None = "ACME"
    currency_cost: float | None = None  # the supplier's price where it is not `cost`
    terms: dict[str, Any] = field(default_factory=dict[str, Any])  # of supplier_items
    item: dict[str, Any] = field(default_factory=dict[str, Any])  # of items


def forecast_of(items: list[Item], steps: int = 13) -> Forecast:
    """A forecast that is certain of everything but the noise."""
    rows = sorted(items, key=lambda each: (each.sku, each.location))
    mean = np.stack([np.broadcast_to(np.asarray(each.weekly, float), steps) for each in rows])
    series = pd.DataFrame(
        {
            "sku": [each.sku for each in rows],
            "location": [each.location for each in rows],
            "category": [each.item.get("category", "goods") for each in rows],
            "name": [each.sku for each in rows],
            "price_micros": [each.price * MICROS for each in rows],
            "unit_cost_micros": [each.cost * MICROS for each in rows],
            "launch_date": pd.NaT,
            "status": "active",
            "method": "given",
            "reason": "a test says so",
            "confidence": [each.confidence for each in rows],
        }
    )
    drivers = np.zeros((*mean.shape, len(DRIVERS)))
    drivers[:, :, 0] = mean
    return Forecast(
        bucket="week",
        starts=pd.date_range(AS_OF, periods=steps, freq="7D"),
        series=series,
        levels=(0.5,),
        mean=np.array(mean),
        quantiles=np.array(mean)[:, :, None],
        drivers=drivers,
        noise=DemandNoise(
            level_cv=np.asarray([each.level_cv for each in rows], dtype=float),
            size=np.asarray([each.size for each in rows], dtype=float),
        ),
    )


def company(items: list[Item], **tables: Any) -> Snapshot:
    """A snapshot in which these items are sold by one supplier with a week of lead time."""
    buyable = {each.sku: each for each in items if each.supplier is not None}
    defaults: dict[str, Any] = {
        "items": [
            {"sku": each.sku, "category": "goods", **each.item}
            for each in {each.sku: each for each in items}.values()
        ],
        "locations": [{"location": name} for name in sorted({each.location for each in items})],
        "stock": [
            {
                "date": pd.Timestamp(AS_OF) - pd.Timedelta(days=1),
                "sku": each.sku,
                "location": each.location,
                "on_hand": each.on_hand,
                "reserved": each.reserved,
            }
            for each in items
        ],
        "suppliers": [{"supplier": "ACME", "lead_time_days": 7.0, "payment_days": 0}],
        "supplier_items": [
            {
                "supplier": each.supplier,
                "sku": each.sku,
                "unit_cost_micros": (each.currency_cost or each.cost) * MICROS,
                **each.terms,
            }
            for each in buyable.values()
        ],
    }
    return snapshot(**(defaults | tables))


def candidates_for(
    items: list[Item],
    *,
    config: PlanConfig = PLAIN,
    decisions: Decisions | None = None,
    rules: Rules | None = None,
    findings: pd.DataFrame | None = None,
    **tables: Any,
) -> Candidates:
    world = company(items, **tables)
    return build_candidates(
        world,
        forecast_of(items),
        lead_times(world, config),
        decisions or Decisions(),
        config,
        rules=rules,
        findings=findings,
    )


def plan_for(items: list[Item], budget_minor: int | None = None, **other: Any) -> Plan:
    return compose_plan(candidates_for(items, **other), budget_minor)


def ordered(plan: Plan) -> dict[tuple[str, str], int]:
    """Units by (sku, location)."""
    rows = zip(plan.lines["sku"], plan.lines["location"], plan.lines["units"], strict=True)
    return {(str(sku), str(location)): int(units) for sku, location, units in rows}


def drafts(plan: Plan, **other: Any) -> Decisions:
    """Every line of a plan as a draft order."""
    lines = plan.lines.assign(
        po="D1", line=plan.lines["rank"], state="draft", ordered_on=None, drafted_on=None
    )
    return Decisions(open_orders=lines.assign(**other).reindex(columns=list(OPEN_ORDERS)))


def codes(plan: Plan) -> set[str]:
    """The kinds of exceptions of a plan."""
    return set(plan.exceptions["code"])


SEVERAL = [
    Item(sku="CUP", weekly=30, price=9, cost=4, size=3, terms={"case_pack": 12}),
    Item(sku="LAMP", weekly=4, price=80, cost=41, on_hand=3, terms={"minimum_units": 5}),
    Item(sku="VASE", weekly=12, price=25, cost=11, on_hand=10, size=1.5),
    Item(sku="BOWL", weekly=20, price=12, cost=5, terms={"tiers": "60:4.50|200:4.10"}),
]
