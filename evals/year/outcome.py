"""What a year came to: customers on the shelf and customers who waited, stock, cash."""

from dataclasses import replace
from typing import Any

import numpy as np

from engine.model.money import exponent
from engine.simulate.bootstrap import MEASURES, differences
from engine.simulate.outcome import Scores
from evals.year.live import Lived


def scores_of(lived: Lived, first_day: int = 0) -> Scores:
    """Per series from a day on; who waited and was served is no lost customer."""
    world = lived.run.world
    scores = lived.run.scores(first_day)
    served = np.zeros(len(world.series), np.int64)
    for line, day in lived.room.served:
        if day >= first_day:
            served[line.row] += line.units
    mine = served[world.established]
    minor = 10 ** exponent(world.known.company.base_currency)
    margin = np.maximum(world.series["price"] - world.series["cost"], 0).to_numpy(dtype=np.float64)
    worth = (margin * minor)[world.established]
    aside = lived.aside[first_day:].mean(axis=0)[world.established]
    cost = world.series["cost"].to_numpy(dtype=np.float64)[world.established] * minor
    return replace(
        scores,
        sold=np.minimum(scores.sold + mine, scores.wanted),
        lost_margin=np.maximum(scores.lost_margin - mine * worth, 0.0),
        stock=scores.stock + aside * cost,
    )


def told(lived: Lived, first_day: int = 0) -> dict[str, Any]:
    """Totals as plain figures; money in minor units of the base currency."""
    scores = scores_of(lived, first_day)
    wanted, sold = int(scores.wanted.sum()), int(scores.sold.sum())
    return {
        "wanted_units": wanted,
        "sold_units": sold,
        "fill_rate": sold / wanted if wanted else None,
        "lost_margin_minor": round(float(scores.lost_margin.sum())),
        "average_stock_minor": round(float(scores.stock.sum())),
        "ordered_minor": round(float(scores.ordered.sum())),
        "order_lines": int(scores.lines.sum()),
        "waited_units_served": sum(e.units for e, day in lived.room.served if day >= first_day),
        "waited_units_gave_up": lived.room.gave_up,
    }


def compared(ours: Lived, rival: Lived, seed: int, first_day: int = 0) -> dict[str, Any]:
    """Ours less the rival's, with what chance among the items leaves open (95 %)."""
    scores = {"ours": scores_of(ours, first_day), "rule": scores_of(rival, first_day)}
    found = differences(scores, "ours", seed=seed)["rule"]
    return {
        name: {"value": found[name].value, "low": found[name].low, "high": found[name].high}
        for name in MEASURES
    }
