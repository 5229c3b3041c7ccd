"""Key figures as pictures: the weeks of each, and the parts of the company beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from agent.views.charts import ACCENT, BAND, DOTS_PER_INCH, INK, MUTED
from engine.measure import EVERY_CUT, Period
from engine.model.money import exponent
from engine.model.review import Review
from engine.service.kpi_names import kpi_name
from engine.service.measure import USUAL_DAYS, KpiStory, kpi_stories
from engine.service.reading import run_header
from engine.service.stores import Stores
from tools.result import ChartRequest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANEL_INCHES = (4.6, 2.5)
ACROSS = 3
CHART_WEEKS = 13  # in a picture of a chat
FEW = 3  # bars whose names stand level
UNIT_NAMES = {"share": "%", "days": "days", "weeks": "weeks", "ratio": "a year"}


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One figure: its weeks as a line, or its parts as bars; values as on the axis."""

    title: str
    unit: str
    weeks: tuple[date, ...] = ()
    labels: tuple[str, ...] = ()
    values: tuple[float | None, ...]

    @property
    def words(self) -> str:
        known = ", ".join("unknown" if each is None else f"{each:,.4g}" for each in self.values)
        return f"{self.title} ({self.unit}): {known}"


def kpi_picture(stories: Sequence[KpiStory], path: Path) -> Path:
    """A panel per figure that has weeks to show; its alternative text is in the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(panels_png(panels_of(stories)))
    return path


def kpi_png(stores: Stores, chart: ChartRequest, path: Path) -> str:
    """Draw the key figure that a tool asks for; returns the picture in words."""
    run = run_header(stores, chart.run_id)
    last = date.fromisoformat(chart.last)
    stories = kpi_stories(
        stores,
        (kpi_name(chart.name),),
        period=Period(start=last - timedelta(days=USUAL_DAYS - 1), end=last),
        weeks=CHART_WEEKS,
        by=next((cut for cut in EVERY_CUT if cut == chart.by), None),
        snapshot_id=run.snapshot_id,
    )
    kpi_picture(stories, path)
    return panels_words(panels_of(stories))


def panels_of(stories: Sequence[KpiStory]) -> list[Panel]:
    """The weeks of every figure first, then their parts."""
    told = [story for story in stories if any(each.kpi.value is not None for each in story.trend)]
    weeks = [
        _panel(
            story.kpi.name, story.kpi.unit, story.report.currency,
            [each.kpi.value for each in story.trend],
            weeks=tuple(each.week.start for each in story.trend),
        )
        for story in told
    ]  # fmt: skip
    parts = [
        _panel(
            f"{story.kpi.name} by {story.by}", story.kpi.unit, story.report.currency,
            [each.kpi.value for each in story.slices],
            labels=tuple(each.label for each in story.slices),
        )
        for story in told if story.slices
    ]  # fmt: skip
    return weeks + parts


def review_panels(review: Review) -> list[Panel]:
    """The weeks of a review's key figures, as they were kept with it."""
    return [
        _panel(
            each.name, each.unit, review.currency, list(each.values),
            weeks=tuple(date.fromisoformat(week) for week in each.weeks),
        )
        for each in review.trends if any(value is not None for value in each.values)
    ]  # fmt: skip


def panels_png(panels: Sequence[Panel]) -> bytes:
    """All panels in one picture, three across."""
    from io import BytesIO

    from matplotlib.figure import Figure

    across = min(ACROSS, max(len(panels), 1))
    rows = -(-max(len(panels), 1) // across)
    size = (PANEL_INCHES[0] * across, PANEL_INCHES[1] * rows)
    figure = Figure(figsize=size, dpi=DOTS_PER_INCH, layout="constrained")
    for number, panel in enumerate(panels, start=1):
        axes = figure.add_subplot(rows, across, number)
        (_bars if panel.labels else _line)(axes, panel)
        _dress(axes, panel)
    picture = BytesIO()
    words = {"Software": None, "Description": panels_words(panels)}
    figure.savefig(picture, format="png", metadata=words)
    return picture.getvalue()


def panels_words(panels: Sequence[Panel]) -> str:
    """The same picture in words."""
    return "Week by week, the oldest first. " + "; ".join(panel.words for panel in panels)


def _panel(
    title: str,
    unit: str,
    currency: str,
    values: Sequence[float | None],
    *,
    weeks: tuple[date, ...] = (),
    labels: tuple[str, ...] = (),
) -> Panel:
    """On the axis stand percent, days, weeks, or the currency's major unit."""
    scale = {"share": 100.0, "money": 1 / 10 ** exponent(currency)}.get(unit, 1.0)
    return Panel(
        title=title,
        unit=currency if unit == "money" else UNIT_NAMES[unit],
        weeks=weeks,
        labels=labels,
        values=tuple(None if each is None else each * scale for each in values),
    )


def _line(axes: "Axes", panel: Panel) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    pairs = [(day, value) for day, value in zip(panel.weeks, panel.values, strict=True)
             if value is not None]  # fmt: skip
    days = [day.toordinal() - _EPOCH for day, _ in pairs]
    values = [value for _, value in pairs]
    axes.plot(days, values, color=ACCENT, lw=2.0, marker="o", ms=3.5)
    if panel.unit != "%":  # what matters of a share are its points, far from zero
        axes.fill_between(days, values, min(0.0, *values), color=BAND, alpha=0.35, lw=0)
    axes.margins(y=0.18)
    if not any(values):  # nothing all along: no axis of thousandths
        axes.set_ylim(-0.2, 1.0)
    locator = AutoDateLocator(minticks=3, maxticks=6)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))


def _bars(axes: "Axes", panel: Panel) -> None:
    values = [value or 0.0 for value in panel.values]
    bars = axes.bar(list(panel.labels), values, color=ACCENT, width=0.6)
    axes.bar_label(bars, fmt="{:,.4g}", color=INK, fontsize=8, padding=2)
    axes.margins(y=0.12)
    axes.tick_params(axis="x", labelrotation=30 if len(values) > FEW else 0)


def _dress(axes: "Axes", panel: Panel) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_title(f"{panel.title}, {panel.unit}", loc="left", color=INK, fontsize=10,
                   fontweight="bold")  # fmt: skip
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    axes.tick_params(length=0, colors=MUTED, labelsize=8)
    axes.grid(axis="y", color="#e4e7eb", lw=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


_EPOCH = 719_163  # date(1970, 1, 1).toordinal(), where matplotlib's axis begins
