"""What a chart of a forecast marks, told apart from how it is drawn: also its alternative text."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.model.forecast import DRIVERS
from engine.service.artefacts import ForecastView, corrected, shown_buckets

Flags = NDArray[np.bool_]
LOW, HIGH = 0.1, 0.9
IN_STOCK_ENOUGH = 0.5  # a bucket with less counts as out of stock
NOTICEABLE = 0.02  # of the mean: what a driver must move to be marked


@dataclass(frozen=True, kw_only=True)
class Marks:
    """Flags over the history shown ([bucket]) and over the forecast ([step])."""

    shown: int  # buckets of history in view
    cleaned: Flags = field(repr=False)  # demand differs from what was sold
    out: Flags = field(repr=False)
    promoted: Flags = field(repr=False)
    planned: Flags = field(repr=False)  # promotions ahead
    overridden: Flags = field(repr=False)
    pulsing: Flags = field(repr=False)


def marks_of(view: ForecastView) -> Marks:
    """What of history and forecast is out of the ordinary."""
    shown = shown_buckets(view)
    sold = view.observed[-shown:]
    return Marks(
        shown=shown,
        cleaned=corrected(view),
        out=np.isfinite(sold) & (view.in_stock[-shown:] < IN_STOCK_ENOUGH),
        promoted=view.promoted[-shown:] > 0,
        planned=view.planned > 0,
        overridden=_moved(view, "override") != 0,
        pulsing=_moved(view, "pulse") != 0,
    )


def _moved(view: ForecastView, driver: str) -> NDArray[np.float64]:
    """[step] units of one driver; 0 where too small to be marked."""
    units = view.drivers[:, DRIVERS.index(driver)]
    least = NOTICEABLE * np.maximum(view.mean, 1.0)
    return np.where(np.abs(units) > least, units, 0.0)


def alternative_text(view: ForecastView) -> str:
    """The chart in words, for whoever cannot see it."""
    marks = marks_of(view)
    bucket = "week" if view.bucket_days == 7 else "day"  # noqa: PLR2004  days of a week
    low, high = view.quantile(LOW)[0], view.quantile(HIGH)[0]
    name = view.sku if view.name in ("", view.sku) else f"{view.sku} {view.name}"
    said = (
        f"Line chart of {name} at {view.location}: {marks.shown} {bucket}s sold and "
        f"{len(view.mean)} {bucket}s forecast, from {view.starts[0]}. "
        f"Next {bucket} {view.mean[0]:,.0f} units, {low:,.0f} to {high:,.0f} with a chance of "
        f"{HIGH - LOW:.0%}; confidence {view.confidence}."
    )
    counted = (
        (marks.out, "out of stock"), (marks.cleaned, "with demand corrected"),
        (marks.promoted, "promoted"), (marks.planned, "of planned promotion"),
        (marks.overridden, "set by people"), (marks.pulsing, "under a jump or collapse of demand"),
    )  # fmt: skip
    parts = [f"{_count(flags, bucket)} {what}" for flags, what in counted if flags.any()]
    return f"{said} Marked: {', '.join(parts)}." if parts else said


def _count(flags: Flags, bucket: str) -> str:
    count = int(flags.sum())
    return f"{count} {bucket}" if count == 1 else f"{count} {bucket}s"
