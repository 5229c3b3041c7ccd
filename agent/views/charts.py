"""Pictures for surfaces, drawn in a compute process: matplotlib never enters the service."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agent.views.chart_marks import HIGH, LOW, Flags, Marks, alternative_text, marks_of
from engine.service.artefacts import ForecastView, read_forecast
from engine.service.reading import run_header
from engine.service.stores import Stores

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
SIZE_INCHES = (10.5, 4.9)
DOTS_PER_INCH = 130
INK, MUTED, ACCENT, PERSON = "#1f2933", "#8a97a5", "#0b6e99", "#7b3fa0"
BAND, OUT, PROMO, PULSE = "#a9d4e8", "#fbd9cd", "#e0a100", "#d1495b"
STRIP = 0.022  # height of the promotion strip, as a share of the axes
HEADROOM = 1.12
SPIKE = 3.0  # times everything else: beyond it a peak is cut off, or nothing else could be read


def forecast_png(stores: Stores, run_id: str, sku: str, location: str, path: Path) -> Path:
    """Draw one series of a run to a file and return its path."""
    run = run_header(stores, run_id)
    view = read_forecast(stores, str(run.artefacts["series"]), sku, location)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(drawn(view))
    return path


def forecast_words(stores: Stores, run_id: str, sku: str, location: str) -> str:
    """The same picture in words."""
    run = run_header(stores, run_id)
    return alternative_text(read_forecast(stores, str(run.artefacts["series"]), sku, location))


def drawn(view: ForecastView) -> bytes:
    """The picture as PNG: what sold, what demand was, what is expected and how sure that is.

    Its alternative text is in the file's own description.
    """
    from io import BytesIO

    from matplotlib.figure import Figure

    marks = marks_of(view)
    figure = Figure(figsize=SIZE_INCHES, dpi=DOTS_PER_INCH, layout="constrained")
    axes = figure.add_subplot()
    top = _ceiling(view, marks)
    _shade(axes, view, marks)
    _history(axes, view, marks, top)
    _future(axes, view, marks)
    _dress(axes, view, top)
    figure.legend(loc="outside lower left", ncols=8, frameon=False, fontsize=9, handlelength=1.6,
                  columnspacing=1.4)  # fmt: skip
    picture = BytesIO()
    words = {"Software": None, "Description": alternative_text(view)}
    figure.savefig(picture, format="png", metadata=words)
    return picture.getvalue()


def _ceiling(view: ForecastView, marks: Marks) -> float:
    """Top of the axis: everything, unless a lone peak would press all else to the ground."""
    past = np.nan_to_num(np.fmax(view.observed[-marks.shown :], view.clean[-marks.shown :]))
    ahead = float(view.quantile(HIGH).max(initial=0.0))
    peak = float(past.max(initial=0.0))
    # Three buckets at that height are a season, not a slip.
    usual = max(float(np.sort(past)[-4]) if len(past) > 3 else peak, ahead)  # noqa: PLR2004  three lone peaks
    top = SPIKE * usual if usual > 0 and peak > SPIKE * usual else max(peak, ahead)
    return max(top * HEADROOM, 1.0)


def _shade(axes: "Axes", view: ForecastView, marks: Marks) -> None:
    """Out of stock as a background; promotions, past and planned, as a strip along the top."""
    starts = view.history_starts[-marks.shown :]
    for first, last in _runs(marks.out):
        axes.axvspan(_x(starts[first]), _x(starts[last], view.bucket_days), color=OUT, lw=0,
                     zorder=0, label=_once(axes, "out of stock"))  # fmt: skip
    every = (*starts, *view.starts)
    for first, last in _runs(np.concatenate([marks.promoted, marks.planned])):
        axes.axvspan(_x(every[first]), _x(every[last], view.bucket_days), ymin=1 - STRIP, ymax=1.0,
                     color=PROMO, lw=0, zorder=3, label=_once(axes, "promotion"))  # fmt: skip


def _runs(flags: Flags) -> list[tuple[int, int]]:
    """First and last position of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(first), int(last) - 1) for first, last in edges.reshape(-1, 2)]


def _once(axes: "Axes", label: str) -> str | None:
    """The label where the legend does not have it yet."""
    return None if label in axes.get_legend_handles_labels()[1] else label


def _history(axes: "Axes", view: ForecastView, marks: Marks, top: float) -> None:
    middle = _middles(view.history_starts[-marks.shown :], view.bucket_days)
    sold, clean = view.observed[-marks.shown :], view.clean[-marks.shown :]
    axes.plot(middle, np.minimum(sold, top), color=MUTED, lw=1.3, label="sold", zorder=4)
    if marks.cleaned.any():
        # Only where it differs, with the neighbours that it comes from and goes back to.
        near = marks.cleaned.copy()
        near[1:] |= marks.cleaned[:-1]
        near[:-1] |= marks.cleaned[1:]
        axes.plot(middle, np.where(near, np.minimum(clean, top), np.nan), color=INK, lw=1.6,
                  ls=(0, (3, 1.4)), label="demand, corrected", zorder=5)  # fmt: skip
    for position in np.flatnonzero(np.nan_to_num(sold) > top):
        axes.annotate(
            f"{sold[position]:,.0f} ↑", (middle[position], top), color=MUTED, size=8.5,
            ha="center", va="top", xytext=(0, -10), textcoords="offset points",
        )  # fmt: skip


def _future(axes: "Axes", view: ForecastView, marks: Marks) -> None:
    middle = _middles(view.starts, view.bucket_days)
    low, high = view.quantile(LOW), view.quantile(HIGH)
    axes.fill_between(middle, low, high, color=BAND, lw=0, alpha=0.75, zorder=2,
                      label=f"{HIGH - LOW:.0%} of outcomes")  # fmt: skip
    axes.plot(middle, view.mean, color=ACCENT, lw=2.4, label="expected", zorder=6)
    _points(axes, middle, view.mean, marks.overridden, PERSON, "D", "set by people")
    _points(axes, middle, view.mean, marks.pulsing, PULSE, "^", "jump or collapse, fading")
    axes.axvline(_x(view.starts[0]), color=INK, lw=0.9, ls=(0, (2, 3)), zorder=1)


def _points(
    axes: "Axes",
    middle: Sequence[float],
    mean: Floats,
    flags: Flags,
    colour: str,
    marker: str,
    label: str,
) -> None:
    if flags.any():
        chosen = [each for each, flag in zip(middle, flags, strict=True) if flag]
        axes.plot(chosen, mean[flags], ls="", marker=marker, ms=5.5, color=colour, mec="white",
                  mew=0.7, label=label, zorder=7)  # fmt: skip


def _dress(axes: "Axes", view: ForecastView, top: float) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.ticker import MaxNLocator

    _title(axes, view)
    axes.set_ylabel(f"units per {_bucket(view)}", color=INK)
    axes.set_ylim(0, top)
    axes.margins(x=0.01)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    locator = AutoDateLocator(minticks=5, maxticks=12)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.spines[["top", "right", "left"]].set_visible(False)  # pyright: ignore[reportCallIssue, reportArgumentType]  stubs lack the list form
    axes.tick_params(length=0, colors=INK)
    axes.grid(axis="y", color="#e4e7eb", lw=0.7)
    axes.set_axisbelow(True)


def _title(axes: "Axes", view: ForecastView) -> None:
    """Which item, and the answer in one line: what to expect next and how sure that is."""
    name = view.sku if view.name in ("", view.sku) else f"{view.sku}  {view.name}"
    low, high = view.quantile(LOW)[0], view.quantile(HIGH)[0]
    next_ = (
        f"Next {_bucket(view)}: {view.mean[0]:,.0f} units ({HIGH - LOW:.0%} between {low:,.0f} and "
        f"{high:,.0f}).  Next {_stretch(view)}: {_next_weeks(view):,.0f}.  "
        f"Confidence {view.confidence}."
    )
    axes.text(0, 1.105, f"{name}, {view.location}", transform=axes.transAxes, color=INK,
              weight="bold", size=13)  # fmt: skip
    axes.text(0, 1.04, next_, transform=axes.transAxes, color=ACCENT, size=10.5)
    axes.annotate(
        "today", (_x(view.starts[0]), 0.93), xycoords=("data", "axes fraction"), color=INK,
        xytext=(-4, 0), textcoords="offset points", size=9, ha="right",
    )  # fmt: skip


def _next_weeks(view: ForecastView) -> float:
    return float(view.mean[: _steps_of_month(view)].sum())


def _steps_of_month(view: ForecastView) -> int:
    """Buckets of the next four weeks, as far as the forecast goes."""
    return min(len(view.mean), 28 // view.bucket_days)


def _stretch(view: ForecastView) -> str:
    return f"{_steps_of_month(view)} {_bucket(view)}s"


def _bucket(view: ForecastView) -> str:
    return "week" if view.bucket_days == 7 else "day"  # noqa: PLR2004  days of a week


def _middles(starts: Sequence[date], bucket_days: int) -> list[float]:
    return [_x(start, bucket_days / 2) for start in starts]


def _x(day: date, offset_days: float = 0.0) -> float:
    """A day on matplotlib's axis: days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal() + offset_days
