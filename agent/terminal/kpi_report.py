"""Key figures as a person reads them in a shell, and as JSON for another program."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from agent.grounding.formats import shown
from agent.terminal import render
from agent.terminal.order_report import console
from agent.views.answer import Cell, Column, Table
from engine.measure import Kpi
from engine.model.canonical import canonical_json
from engine.service.measure import KpiReport, KpiStory
from tools.cells import rounded
from tools.facts import Fact, FactKind

_KINDS: dict[str, FactKind] = {
    "share": "percent", "days": "days", "weeks": "weeks", "ratio": "ratio", "money": "money",
    "count": "count", "units": "units",
}  # fmt: skip
_BARS = "▁▂▃▄▅▆▇█"


def figure_text(value: float | None, unit: str, currency: str, locale: str) -> str:
    """A figure as its reader writes it; a dash where there was nothing to measure."""
    if value is None:
        return "-"
    exact = {"share": round(value, 3), "ratio": round(value, 2), "money": round(value)}
    number = exact.get(unit, rounded(value))
    fact = Fact(id="", value=number, kind=_KINDS[unit], label="", currency=currency,
                is_estimate=unit == "money")  # fmt: skip
    return shown(fact, locale)


def print_figures(
    report: KpiReport,
    locale: str,
    kpis: Sequence[Kpi] | None = None,
    before: Sequence[Kpi] | None = None,
) -> None:
    """Every figure beside the period before."""
    earlier = {kpi.name: kpi.value for kpi in (report.before if before is None else before)}
    rows = tuple(
        (
            Cell(kpi.name),
            Cell(_with_interval(kpi, report.currency, locale)),
            Cell(figure_text(earlier.get(kpi.name), kpi.unit, report.currency, locale)),
            Cell(_BETTER[kpi.better]),
            Cell(kpi.formula),
        )
        for kpi in (report.kpis if kpis is None else kpis)
    )
    columns = (
        Column(header="Figure", is_numeric=False), Column(header="Value", is_numeric=True),
        Column(header="Before", is_numeric=True), Column(header="Better is", is_numeric=False),
        Column(header="What it is", is_numeric=False),
    )  # fmt: skip
    out = console()
    title = f"{report.period.start:%d %b %Y} to {report.period.end:%d %b %Y}"
    out.print(render.table(Table(title=title, columns=columns, rows=rows), out.width))
    out.print("A dash: nothing to measure it from. One in full: qm kpi NAME --by class")


_BETTER = {"higher": "higher", "lower": "lower", "zero": "near zero"}


def print_story(story: KpiStory, locale: str) -> None:
    """One figure: what it means, its parts, its weeks and its cut."""
    out, kpi, report = console(), story.kpi, story.report
    value = _with_interval(kpi, report.currency, locale)
    before = report.before[0].value if report.before else None
    out.print(f"{kpi.name}: {value}", style="bold")
    out.print(f"{report.period.start:%d %b %Y} to {report.period.end:%d %b %Y}; the period before: "
              f"{figure_text(before, kpi.unit, report.currency, locale)}.")  # fmt: skip
    out.print(kpi.definition)
    out.print(f"It is {kpi.formula}.")
    for part in kpi.parts:
        out.print(f"  {part.label}: {figure_text(part.value, part.unit, report.currency, locale)}")
    weeks = [(f"{each.week.start:%d %b}", each.kpi) for each in story.trend]
    _print_rows("Week of", weeks, report.currency, locale)
    _print_rows(str(story.by), [(e.label, e.kpi) for e in story.slices], report.currency, locale)


def print_parts(stories: Sequence[KpiStory], locale: str) -> None:
    """Every figure that can be cut, its parts side by side."""
    cut = [story for story in stories if story.slices]
    if not cut:
        return
    labels = [each.label for each in cut[0].slices]
    rows = tuple(
        (
            Cell(story.kpi.name),
            *(
                Cell(figure_text(kpi.value, kpi.unit, story.report.currency, locale))
                for kpi in (story.kpi, *(each.kpi for each in story.slices))
            ),
        )
        for story in cut
    )
    numeric = tuple(Column(header=each, is_numeric=True) for each in ("All", *labels))
    out = console()
    table = Table(
        title=f"By {cut[0].by}",
        columns=(Column(header="Figure", is_numeric=False), *numeric),
        rows=rows,
    )
    out.print(render.table(table, out.width))


def _print_rows(header: str, rows: list[tuple[str, Kpi]], currency: str, locale: str) -> None:
    """Values with a bar each, so that the eye sees the course."""
    if not rows:
        return
    bars = sparks([kpi.value for _, kpi in rows])
    cells = tuple(
        (Cell(label), Cell(figure_text(kpi.value, kpi.unit, currency, locale)), Cell(bar))
        for (label, kpi), bar in zip(rows, bars, strict=True)
    )
    columns = (
        Column(header=header, is_numeric=False),
        Column(header="Value", is_numeric=True),
        Column(header="", is_numeric=False),
    )
    out = console()
    out.print(render.table(Table(title="", columns=columns, rows=cells), out.width))


def sparks(values: Sequence[float | None]) -> list[str]:
    """A block per value, from the lowest to the highest; a blank where there is none."""
    known = [each for each in values if each is not None]
    low, span = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    top = len(_BARS) - 1
    return [
        "" if each is None else _BARS[round((each - low) / span * top) if span else top // 2]
        for each in values
    ]


def kpi_json(stories: Sequence[KpiStory]) -> str:
    """Every figure with its parts, weeks and cut; money in minor units, dates as ISO texts."""
    report = stories[0].report
    content = {
        "snapshot": report.snapshot_id,
        "first": report.period.start,
        "last": report.period.end,
        "currency": report.currency,
        "kpis": {story.kpi.name: _content(story) for story in stories},
    }
    return json.dumps(json.loads(canonical_json(content)), indent=2, ensure_ascii=False)


def _content(story: KpiStory) -> dict[str, Any]:
    return {
        **asdict(story.kpi),
        "formula": story.kpi.formula,
        "before": story.report.before[0].value if story.report.before else None,
        "weeks": [
            {"first": each.week.start, "last": each.week.end, "value": each.kpi.value,
             "numerator": each.kpi.numerator, "denominator": each.kpi.denominator}
            for each in story.trend
        ],
        "by": story.by,
        "parts_of_the_company": {
            each.label: {"value": each.kpi.value, "numerator": each.kpi.numerator,
                         "denominator": each.kpi.denominator}
            for each in story.slices
        },
    }  # fmt: skip


def _with_interval(kpi: Kpi, currency: str, locale: str) -> str:
    said = figure_text(kpi.value, kpi.unit, currency, locale)
    if kpi.low is None or kpi.high is None or not kpi.value:
        return said
    ends = (figure_text(each, kpi.unit, currency, locale) for each in (kpi.low, kpi.high))
    return f"{said} ({' to '.join(ends)})"
