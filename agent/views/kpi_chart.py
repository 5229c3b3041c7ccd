"""Key figures as pictures: the weeks of each, and the parts of the company beside them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agent.views.charts import ACCENT, BAND, DOTS_PER_INCH, INK, MUTED
from engine.measure import Kpi
from engine.model.money import exponent
from engine.service.measure import KpiStory

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANEL_INCHES = (4.6, 2.5)
ACROSS = 3
SCALE = {"share": 100.0}  # shares are shown in percent
UNIT_NAMES = {"share": "%", "days": "days", "weeks": "weeks", "ratio": "a year"}


def kpi_picture(stories: Sequence[KpiStory], path: Path) -> Path:
    """A panel per figure that has weeks to show; its alternative text is in the file."""
    from matplotlib.figure import Figure

    told = [story for story in stories if any(each.kpi.value is not None for each in story.trend)]
    panels = [(story, False) for story in told] + [(s, True) for s in told if s.slices]
    across = min(ACROSS, max(len(panels), 1))
    rows = -(-max(len(panels), 1) // across)
    size = (PANEL_INCHES[0] * across, PANEL_INCHES[1] * rows)
    figure = Figure(figsize=size, dpi=DOTS_PER_INCH, layout="constrained")
    for number, (story, is_cut) in enumerate(panels, start=1):
        axes = figure.add_subplot(rows, across, number)
        (_parts if is_cut else _weeks)(axes, story)
    path.parent.mkdir(parents=True, exist_ok=True)
    words = {"Software": None, "Description": kpi_words(told)}
    figure.savefig(path, format="png", metadata=words)
    return path


def kpi_words(stories: Sequence[KpiStory]) -> str:
    """The same pictures in words."""
    said = []
    for story in stories:
        values = [value_of(each.kpi, story.report.currency) for each in story.trend]
        known = [f"{each:.1f}" for each in values if each is not None]
        said.append(f"{story.kpi.name} ({unit_of(story.kpi, story.report.currency)}): "
                    f"{', '.join(known)}")  # fmt: skip
    return "Week by week. " + "; ".join(said)


def value_of(kpi: Kpi, currency: str) -> float | None:
    """On the axis: percent, days, weeks, or the currency's major unit."""
    if kpi.value is None:
        return None
    if kpi.unit == "money":
        return kpi.value / 10 ** exponent(currency)
    return kpi.value * SCALE.get(kpi.unit, 1.0)


def unit_of(kpi: Kpi, currency: str) -> str:
    return currency if kpi.unit == "money" else UNIT_NAMES[kpi.unit]


def _weeks(axes: "Axes", story: KpiStory) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    currency = story.report.currency
    points = [(each.week.start, value_of(each.kpi, currency)) for each in story.trend]
    days = [day.toordinal() - _EPOCH for day, value in points if value is not None]
    values = [value for _, value in points if value is not None]
    axes.plot(days, values, color=ACCENT, lw=2.0, marker="o", ms=3.5)
    if story.kpi.unit != "share":  # what matters of a share are its points, far from zero
        axes.fill_between(days, values, min(0.0, *values), color=BAND, alpha=0.35, lw=0)
    axes.margins(y=0.18)
    locator = AutoDateLocator(minticks=3, maxticks=6)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    _dress(axes, story, story.kpi.name)


def _parts(axes: "Axes", story: KpiStory) -> None:
    currency = story.report.currency
    values = [value_of(each.kpi, currency) or 0.0 for each in story.slices]
    bars = axes.bar([each.label for each in story.slices], values, color=ACCENT, width=0.6)
    axes.bar_label(bars, fmt="{:,.4g}", color=INK, fontsize=8, padding=2)
    axes.tick_params(axis="x", labelrotation=30 if len(values) > len("ABC") else 0)
    _dress(axes, story, f"{story.kpi.name} by {story.by}")


def _dress(axes: "Axes", story: KpiStory, title: str) -> None:
    from matplotlib.ticker import FuncFormatter

    axes.set_title(f"{title}, {unit_of(story.kpi, story.report.currency)}", loc="left", color=INK,
                   fontsize=10, fontweight="bold")  # fmt: skip
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.4g}"))
    axes.tick_params(length=0, colors=MUTED, labelsize=8)
    axes.grid(axis="y", color="#e4e7eb", lw=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


_EPOCH = 719_163  # date(1970, 1, 1).toordinal(), where matplotlib's axis begins
