"""The sections of a review that look back: figures, forecasts, overrides, suppliers, a replay."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, SupportsFloat, cast

import numpy as np
import pandas as pd

from engine.measure import Kpi
from engine.measure.said import said_in
from engine.model.config import PlanConfig
from engine.model.period import Period
from engine.model.review import CellKind, ReviewCell, ReviewSection
from engine.service.forecast_accuracy import accuracy_of, said_before
from engine.service.learnt import corrections
from engine.service.measure import KpiReport
from engine.service.overrides import overrides
from engine.service.reading import RunHeader
from engine.service.replay_storage import latest_replay
from engine.service.stores import Stores
from engine.service.suppliers import supplier_report

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_ROWS = 10
LEAST_REPLAYED_WEEKS = 4
_KINDS: dict[str, CellKind] = {
    "share": "percent", "days": "days", "weeks": "weeks", "ratio": "ratio", "money": "money",
}  # fmt: skip
TOUCHED = 1e-6  # units; less is no override


def cell(value: object, kind: CellKind) -> ReviewCell:
    """A cell of a frame's value; what is missing, endless or no number is empty."""
    if kind in ("text", "date"):
        return ReviewCell(value=None if value is None else str(value), kind=kind)
    number = float(value) if isinstance(value, SupportsFloat) else float("nan")
    if not np.isfinite(number):
        return ReviewCell(value=None, kind=kind)
    whole = kind in ("count", "money", "minor")
    return ReviewCell(value=round(number) if whole else round(number, 4), kind=kind)


def row(*pairs: tuple[object, CellKind]) -> tuple[ReviewCell, ...]:
    return tuple(cell(value, kind) for value, kind in pairs)


def figures(report: KpiReport) -> ReviewSection:
    before = {kpi.name: kpi for kpi in report.before}
    return ReviewSection(
        name="figures",
        title="Key figures",
        says="The month beside the days of equal length before it. What could not be measured is "
        "left out; low and high hold an estimate nineteen times out of twenty.",
        columns=("Figure", "Month", "Before", "Low", "High", "Better is", "What it is"),
        rows=tuple(_figure(kpi, before.get(kpi.name)) for kpi in report.kpis if _is_known(kpi)),
        empty="There was nothing to measure.",
    )


def _is_known(kpi: Kpi) -> bool:
    return kpi.value is not None


def _figure(kpi: Kpi, before: Kpi | None) -> tuple[ReviewCell, ...]:
    kind = _KINDS[kpi.unit]
    earlier = None if before is None else before.value
    return row(
        (kpi.name, "text"), (kpi.value, kind), (earlier, kind), (kpi.low, kind), (kpi.high, kind),
        (kpi.better, "text"), (kpi.formula, "text"),
    )  # fmt: skip


def drift(stores: Stores, run: RunHeader) -> ReviewSection:
    """Series whose errors run to one side: the tracking signal beyond its alarm."""
    found = accuracy_of(stores, run)
    alarmed = found.worst[found.worst["signal"].abs() >= _ALARM][:MOST_ROWS]
    return ReviewSection(
        name="drift",
        title="Model drift",
        says=f"Series whose forecast errors add up to one side, the largest first; by "
        f"{found.basis}. A signal below zero: less was wanted than forecast.",
        columns=("Item", "Place", "Signal", "Bias", "Error", "Units off"),
        rows=tuple(
            row((each.sku, "text"), (each.location, "text"), (each.signal, "ratio"),
                (each.bias, "percent"), (each.wape, "percent"), (each.error_units, "units"))
            for each in alarmed.itertuples()
        ),
        empty="No forecast runs to one side.",
    )  # fmt: skip


_ALARM = 4.0  # as engine.forecast.tracking.ALARM: this also runs where no forecasting is loaded


def value_added(stores: Stores, run: RunHeader) -> ReviewSection:
    """WAPE of each step from the naive forecast to the one that was bought by."""
    found = accuracy_of(stores, run)
    steps = (
        ("repeat the last week", found.naive), ("the model", found.statistical),
        ("the model with overrides", found.final),
    )  # fmt: skip
    return ReviewSection(
        name="value added",
        title="What forecasting added",
        says=f"Absolute error over demand of each step, by {found.basis}; each should be smaller "
        "than the one above it.",
        columns=("Forecast", "Error"),
        rows=tuple(row((name, "text"), (value, "percent")) for name, value in steps
                   if np.isfinite(value)),
        empty="No week has been judged yet.",
    )  # fmt: skip


def judged_overrides(
    stores: Stores, run: RunHeader, period: Period, now: datetime
) -> ReviewSection:
    """Each override of the month: was the forecast nearer with it than without?"""
    plans = max((run.as_of - period.start).days // 7 + 2, 1)
    said = said_in(said_before(stores, run.as_of, plans=plans), period)
    touched = said[(said["final"] - said["plain"]).abs() > TOUCHED]
    rows = [
        judged(touched, each.content.sku, each.content.location, each.author,
                each.content.reason, each.content.start)
        for each in overrides(stores, now)
    ]  # fmt: skip
    known = [each for each in rows if each is not None]
    return ReviewSection(
        name="overrides",
        title="Overrides that helped or hurt",
        says="Units by which the forecast came nearer to demand because of a person's override; "
        "below zero it went further away.",
        columns=("Item", "Place", "By", "Reason", "Verdict", "Units nearer", "Weeks judged"),
        rows=tuple(sorted(known, key=lambda each: float(each[5].value or 0))[:MOST_ROWS]),
        empty="No override fell into weeks that can be judged.",
    )


def judged(
    touched: pd.DataFrame, sku: str, location: str | None, author: str, reason: str, start: object
) -> tuple[ReviewCell, ...] | None:
    mine = touched[(touched["sku"] == sku) & (touched["start"] >= pd.Timestamp(str(start)))]
    if location:
        mine = mine[mine["location"] == location]
    if mine.empty:
        return None
    without = (mine["plain"] - mine["actual"]).abs().sum()
    with_it = (mine["final"] - mine["actual"]).abs().sum()
    nearer = float(without - with_it)
    verdict = "helped" if nearer > 0 else "hurt" if nearer < 0 else "made no difference"
    return row((sku, "text"), (location or "everywhere", "text"), (author, "text"),
               (reason, "text"), (verdict, "text"), (nearer, "units"),
               (mine["start"].nunique(), "count"))  # fmt: skip


def suppliers(stores: Stores, config: PlanConfig, run: RunHeader) -> ReviewSection:
    found = supplier_report(stores, config, run.id).rows[:MOST_ROWS]
    return ReviewSection(
        name="suppliers",
        title="Supplier scorecards",
        says="The least reliable first, over the last year. Freed is what the spread of the best "
        "quarter would free in safety stock.",
        columns=("Supplier", "Lines", "On time in full", "Lead time", "Spread", "Trend", "Freed"),
        rows=tuple(
            row((each.supplier, "text"), (each.lines, "count"), (each.otif_share, "percent"),
                (each.mean_days, "days"), (each.sd_days, "days"), (each.trend_days, "days"),
                (each.freed_best_quarter_minor, "money"))
            for each in found.itertuples()
        ),
        empty="Nothing has been ordered in the last year.",
    )  # fmt: skip


def learnt(stores: Stores, since: datetime | None) -> ReviewSection:
    """Corrections in force, and those that were refused or rolled back since the last review."""
    found = [
        each
        for each in corrections(stores)
        if each.state == "in_force" or since is None or (each.ended_at or each.at) > since
    ]
    return ReviewSection(
        name="learnt",
        title="What was learnt",
        says="Corrections and what they were worth on weeks held back: the score before and after, "
        "lower is better. Those in force count in every plan.",
        columns=("Of", "Kind", "Value", "State", "Before", "After", "Judged on", "Why it ended"),
        rows=tuple(
            row((each.scope, "text"), (each.kind.replace("_", " "), "text"), (each.value, "ratio"),
                (each.state.replace("_", " "), "text"), (each.evidence["before"], "ratio"),
                (each.evidence["after"], "ratio"), (each.evidence["held_points"], "count"),
                (each.ended_why or "", "text"))
            for each in found[:MOST_ROWS]
        ),
        empty="Nothing has been learnt yet: qm learn",
    )  # fmt: skip


def replayed(stores: Stores) -> ReviewSection:
    """The newest replay of the whole company, as it was kept."""
    stored = latest_replay(stores, at_least_weeks=LEAST_REPLAYED_WEEKS)
    report: Mapping[str, Any] = {} if stored is None else stored.report
    policies = cast("dict[str, dict[str, Any]]", report.get("policies", {}))
    order = cast("list[str]", report.get("order", []))
    return ReviewSection(
        name="replay",
        title="Our policy against others",
        says="The company's own last weeks replayed under each policy; ours first. Made by `qm "
        "replay`.",
        columns=("Policy", "Fill rate", "Lost margin", "Stock", "Ordered"),
        rows=tuple(_policy(name, policies[name]) for name in order),
        empty="Nothing has been replayed yet: qm replay --weeks 26",
    )


def _policy(name: str, told: dict[str, Any]) -> tuple[ReviewCell, ...]:
    amounts = ("lost_margin_minor", "average_stock_minor", "ordered_minor")
    money: list[tuple[object, CellKind]] = [(told[each], "money") for each in amounts]
    return row((name, "text"), (told["fill_rate"], "percent"), *money)
