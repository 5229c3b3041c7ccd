"""Pictures for surfaces, drawn in a compute process: matplotlib never enters the service."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.service.artefacts import ForecastView, read_forecast
from engine.service.reading import run_header
from engine.service.stores import Stores

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE_INCHES = (10.5, 4.8)
DOTS_PER_INCH = 130
SHOWN_HISTORY = 60  # buckets: a year and some weeks, so that last season is in view
LOW, HIGH = 0.1, 0.9
INK, MUTED, ACCENT = "#1f2933", "#7b8794", "#0b6e99"
BAND, OUT, PROMO = "#9fd0e6", "#f6c7b6", "#f3e3a1"
IN_STOCK_ENOUGH = 0.5  # a bucket with less counts as out of stock


def forecast_png(stores: Stores, run_id: str, sku: str, location: str, path: Path) -> Path:
    """Draw one series of a run to a file and return its path."""
    run = run_header(stores, run_id)
    view = read_forecast(stores, str(run.artefacts["series"]), sku, location)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(drawn(view))
    return path


def drawn(view: ForecastView) -> bytes:
    """The picture as PNG: what sold, what demand was, what is expected and how sure that is."""
    from io import BytesIO

    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_INCHES, dpi=DOTS_PER_INCH, layout="constrained")
    axes = figure.add_subplot()
    _shade(axes, view)
    _history(axes, view)
    _future(axes, view)
    _dress(axes, view)
    figure.legend(loc="outside lower left", ncols=6, frameon=False, fontsize=9)
    picture = BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _shade(axes: "Axes", view: ForecastView) -> None:
    """Stretches out of stock and on promotion, each named once."""
    starts = view.history_starts[-SHOWN_HISTORY:]
    out = view.in_stock[-SHOWN_HISTORY:] < IN_STOCK_ENOUGH
    promoted = view.promoted[-SHOWN_HISTORY:] > 0
    _spans(axes, starts, out, view.bucket_days, OUT, "out of stock")
    _spans(axes, starts, promoted & ~out, view.bucket_days, PROMO, "promotion")


def _spans(
    axes: "Axes",
    starts: Sequence[date],
    flags: NDArray[np.bool_],
    days: int,
    colour: str,
    label: str,
) -> None:
    named = False
    for start, flag in zip(starts, flags, strict=True):
        if flag:
            end = start + timedelta(days=days)
            axes.axvspan(_x(start), _x(end), color=colour, lw=0, label=None if named else label)
            named = True


def _history(axes: "Axes", view: ForecastView) -> None:
    middle = [_x(start, view.bucket_days / 2) for start in view.history_starts[-SHOWN_HISTORY:]]
    sold, clean = view.observed[-SHOWN_HISTORY:], view.clean[-SHOWN_HISTORY:]
    axes.plot(middle, sold, color=MUTED, lw=1.1, marker="o", ms=2.4, label="sold")
    if np.nanmax(np.abs(np.nan_to_num(sold) - np.nan_to_num(clean)), initial=0) > 0:
        axes.plot(middle, clean, color=INK, lw=1.5, label="demand, cleaned")


def _future(axes: "Axes", view: ForecastView) -> None:
    middle = [_x(start, view.bucket_days / 2) for start in view.starts]
    low, high = view.quantile(LOW), view.quantile(HIGH)
    axes.fill_between(middle, low, high, color=BAND, lw=0, label=f"{HIGH - LOW:.0%} band")
    axes.plot(middle, view.mean, color=ACCENT, lw=2.2, label="expected")
    axes.axvline(_x(view.starts[0]), color=MUTED, lw=0.9, ls=(0, (3, 3)))


def _dress(axes: "Axes", view: ForecastView) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    _title(axes, view)
    axes.set_ylabel(f"units per {_bucket(view)}", color=INK)
    axes.set_ylim(bottom=0)
    axes.margins(x=0.01)
    locator = AutoDateLocator()
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.spines[["top", "right"]].set_visible(False)  # pyright: ignore[reportCallIssue, reportArgumentType]  stubs lack the list form
    axes.grid(axis="y", color="#e4e7eb", lw=0.7)
    axes.set_axisbelow(True)


def _title(axes: "Axes", view: ForecastView) -> None:
    """Which item, and the answer in one line: what to expect next and how sure that is."""
    name = view.sku if view.name in ("", view.sku) else f"{view.sku}  {view.name}"
    low, high = view.quantile(LOW)[0], view.quantile(HIGH)[0]
    next_ = (
        f"Next {_bucket(view)} {view.mean[0]:,.0f} units, {low:,.0f} to {high:,.0f} with a chance "
        f"of {HIGH - LOW:.0%}; confidence {view.confidence}"
    )
    axes.text(0, 1.09, f"{name} at {view.location}", transform=axes.transAxes, color=INK,
              weight="bold", size=13)  # fmt: skip
    axes.text(0, 1.03, next_, transform=axes.transAxes, color=ACCENT, size=10.5)
    axes.annotate(
        "today", (_x(view.starts[0]), 1), xycoords=("data", "axes fraction"), color=MUTED,
        xytext=(4, -10), textcoords="offset points", size=9,
    )  # fmt: skip


def _bucket(view: ForecastView) -> str:
    return "week" if view.bucket_days == 7 else "day"  # noqa: PLR2004  days of a week


def _x(day: date, offset_days: float = 0.0) -> float:
    """A day on matplotlib's axis: days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal() + offset_days
