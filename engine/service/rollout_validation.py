"""Days 31 to 45: forecasts of the items that matter held against what happened."""

from typing import Any

import numpy as np
import pandas as pd

from engine.model.snapshot import Snapshot
from engine.service.forecast_accuracy import accuracy_of
from engine.service.items import catalogue
from engine.service.reading import RunHeader
from engine.service.rollout_check import Step, check
from engine.service.rollout_items import readiness
from engine.service.stores import Stores

TOP = 100
LEAST_SURE = 0.9  # share of the top items whose forecast is more than a guess
LEANS, ALARM = 0.25, 4.0  # bias as a share, and the tracking signal, from which a person looks
NAME, FIRST, LAST = "forecast validation", 31, 45


def validation(stores: Stores, snapshot: Snapshot | None, run: RunHeader | None) -> Step:
    """The top items by revenue: model against actuals, proxies named, overrides needed."""
    if snapshot is None or run is None:
        nothing = check("a plan", "there is no plan", "qm plan", passes=False)
        return Step(name=NAME, first_day=FIRST, last_day=LAST, checks=(nothing,), facts={})
    top = _top(stores, snapshot, run)
    found = accuracy_of(stores, run)
    weak = top[top["confidence"] == "low"]
    leaning = top[(top["bias"].abs() >= LEANS) & (top["signal"].abs() >= ALARM)]
    sure = 1 - len(weak) / max(len(top), 1)
    better = found.final < found.naive
    checks = (
        check("a plan", f"of {run.as_of}", "", passes=True),
        check("the model beats the last week repeated", _errors(found.final, found.naive),
              "look at the items below before buying by it", passes=bool(better)),
        check("top items are forecast from their own history",
              f"{len(top) - len(weak)} of {len(top)}",
              f"{len(weak)} stand on a proxy or little history: name an analogue (qm launch add), "
              "or set them (qm override add)", passes=sure >= LEAST_SURE),
        check("nothing leans to one side", f"{len(leaning)} of {len(top)} do",
              "set what you know better (qm override add) or look at the data (qm corrections "
              "list); qm learn corrects what lasts", passes=leaning.empty),
    )  # fmt: skip
    facts: dict[str, Any] = {
        "basis": found.basis,
        "proxies": _rows(weak), "overrides_needed": _rows(leaning), "top": _rows(top),
    }  # fmt: skip
    return Step(name=NAME, first_day=FIRST, last_day=LAST, checks=checks, facts=facts)


def _top(stores: Stores, snapshot: Snapshot, run: RunHeader) -> pd.DataFrame:
    """sku, revenue, confidence, wape, bias, signal of the top items, each where it sells most."""
    revenue = readiness(snapshot, set())[["sku", "revenue"]]
    known = catalogue(stores, run)[["sku", "location", "confidence", "mean_weekly_units"]]
    judged = accuracy_of(stores, run).worst[["sku", "location", "wape", "bias", "signal"]]
    rows = known.merge(judged, on=["sku", "location"], how="left").merge(revenue, on="sku")
    rows = rows.sort_values(["mean_weekly_units", "location"], ascending=[False, True])
    each = rows.drop_duplicates("sku").sort_values(["revenue", "sku"], ascending=[False, True])
    return each.head(TOP).reset_index(drop=True)


def _errors(final: float, naive: float) -> str:
    if not (np.isfinite(final) and np.isfinite(naive)):
        return "too little history to tell"
    return f"error {final:.1%} of demand against {naive:.1%}"


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    names = ["sku", "location", "confidence", "wape", "bias", "signal"]
    return [
        {
            name: None if isinstance(value, float) and not np.isfinite(value) else value
            for name, value in zip(names, row, strict=True)
        }
        for row in frame[names].itertuples(index=False, name=None)
    ]
