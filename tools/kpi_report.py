"""How did we do: key figures of a period, beside the period before; or one of them in full."""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field

from engine.measure import Cut, Kpi, KpiName, Period
from engine.model.config import PlanConfig
from engine.service.kept_figures import kept_report, kept_story
from engine.service.kpi_names import kpi_name
from engine.service.measure import (
    USUAL_DAYS,
    KpiReport,
    KpiStory,
    kpi_report as measure,
    kpi_stories,
)
from engine.service.stores import Stores
from tools.cells import rounded
from tools.context import ToolContext
from tools.facts import FactKind, Value
from tools.ledger import Ledger
from tools.result import ChartRequest, FactTable, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool

KINDS: dict[str, FactKind] = {
    "share": "percent", "days": "days", "weeks": "weeks", "ratio": "ratio", "money": "money",
    "count": "count", "units": "units",
}  # fmt: skip
DEFAULT_WEEKS = 8


class KpiReportOf(Arguments):
    first: date | None = Field(default=None, description="first day; null: the last four weeks")
    last: date | None = Field(default=None, description="last day, included")
    name: str | None = Field(
        default=None, description="one figure in full, such as fill rate or GMROI; null: all"
    )
    by: Literal["class", "category", "location", "supplier"] | None = Field(
        default=None, description="cut one figure: class is A/B/C by revenue"
    )
    weeks: Annotated[int, Field(ge=1, le=52)] = Field(
        default=DEFAULT_WEEKS, description="weeks of trend of one figure"
    )


def kpi_report(arguments: KpiReportOf, context: ToolContext) -> ToolResult:
    run = current_run(context)
    last = arguments.last or run.as_of - timedelta(days=1)
    last = min(last, run.as_of - timedelta(days=1))
    first = arguments.first or last - timedelta(days=USUAL_DAYS - 1)
    ledger = ledger_for(run)
    ledger.add("kpi.first", first, "date", "first day of the period",
               is_asked=arguments.first is not None)  # fmt: skip
    ledger.add("kpi.last", last, "date", "last day of the period",
               is_asked=arguments.last is not None)  # fmt: skip
    data, config = run.snapshot_id, context.config
    asked = (context.stores, first, last, data, config)
    period = Period(start=first, end=last)
    if arguments.name is None:
        report = kept_report(context.stores, period=period, snapshot_id=data, config=config)
        return _all_of(ledger, report or context.compute.call(measured, *asked))
    name, weeks, by = kpi_name(arguments.name), arguments.weeks, arguments.by
    story = kept_story(
        context.stores, name, period=period, weeks=weeks, by=by, snapshot_id=data, config=config
    )
    return _one_of(ledger, story or context.compute.call(told, *asked, name, weeks, by))


def measured(
    stores: Stores, first: date, last: date, snapshot_id: str, config: PlanConfig
) -> KpiReport:
    """Importable by a compute process: it reads all of the sales and stock."""
    return measure(stores, start=first, end=last, snapshot_id=snapshot_id, config=config)


def told(
    stores: Stores, first: date, last: date, snapshot_id: str, config: PlanConfig,
    name: KpiName, weeks: int, by: Cut | None,
) -> KpiStory:  # fmt: skip
    """As measured, of one figure with its trend and parts."""
    period = Period(start=first, end=last)
    return kpi_stories(
        stores, (name,), period=period, weeks=weeks, by=by, snapshot_id=snapshot_id, config=config
    )[0]


def _all_of(ledger: Ledger, report: KpiReport) -> ToolResult:
    """The figures there is something to say of; what could not be measured has no row."""
    _figures(ledger, report, [kpi for kpi in report.kpis if kpi.value is not None])
    return ledger.result("reported")


def _one_of(ledger: Ledger, story: KpiStory) -> ToolResult:
    report, kpi = story.report, story.kpi
    _figures(ledger, report, [kpi])
    if kpi.low is not None and kpi.high is not None:
        for end, value in (("low", kpi.low), ("high", kpi.high)):
            ledger.add(f"kpi.1.{end}", _shown(value, kpi.unit), KINDS[kpi.unit],
                       f"{end} end of 95 % for {kpi.name}", currency=report.currency,
                       is_estimate=True)  # fmt: skip
    _table(ledger, report, "parts", "What it is made of",
           [(each.label, each.value, each.unit) for each in kpi.parts])  # fmt: skip
    weeks = [(each.week.start.isoformat(), each.kpi.value, kpi.unit) for each in story.trend]
    _table(ledger, report, "trend", f"{kpi.name}, week by week", weeks, dated=True)
    parts = [(each.label, each.kpi.value, kpi.unit) for each in story.slices]
    if any(each.kpi.value is not None for each in story.trend):
        last = report.period.end.isoformat()
        ledger.chart(ChartRequest(kind="kpi", run_id=ledger.run_id or "", name=kpi.name, last=last,
                                  by=story.by or ""))  # fmt: skip
    _table(ledger, report, "cut", f"{kpi.name} by {story.by}", parts)
    return ledger.result("reported")


def _figures(ledger: Ledger, report: KpiReport, kpis: list[Kpi]) -> None:
    before = {kpi.name: kpi for kpi in report.before}
    rows = tuple(
        _row(ledger, f"kpi.{number}", kpi, before.get(kpi.name), report)
        for number, kpi in enumerate(kpis, start=1)
    )
    ledger.table(
        FactTable(
            name="kpis",
            title="Key figures, and the period before",
            columns=("Figure", "Value", "Before", "Better is", "What it is"),
            rows=rows,
        )
    )


def _table(
    ledger: Ledger,
    report: KpiReport,
    name: str,
    title: str,
    rows: list[tuple[str, float | None, str]],
    *,
    dated: bool = False,
) -> None:
    """Labels beside values; a table without rows is left out."""
    cells = tuple(
        (
            ledger.add(f"kpi.{name}.{n}.of", label, "date" if dated else "name", "what it is of"),
            ""
            if value is None
            else ledger.add(
                f"kpi.{name}.{n}", _shown(value, unit), KINDS[unit], label if not dated else title,
                currency=report.currency, is_estimate=unit == "money",
            ),
        )
        for n, (label, value, unit) in enumerate(rows, start=1)
    )  # fmt: skip
    if cells:
        ledger.table(
            FactTable(name=f"kpi {name}", title=title, columns=("Of", "Value"), rows=cells)
        )


def _row(
    ledger: Ledger, prefix: str, kpi: Kpi, before: Kpi | None, report: KpiReport
) -> tuple[str, ...]:
    return (
        ledger.add(f"{prefix}.name", kpi.name, "name", "key figure"),
        _value(ledger, f"{prefix}.value", kpi, kpi.name, report.currency),
        ""
        if before is None
        else _value(
            ledger, f"{prefix}.before", before, f"{kpi.name} of the period before", report.currency
        ),
        ledger.add(f"{prefix}.better", kpi.better, "status", "which way is good"),
        ledger.add(f"{prefix}.definition", kpi.definition, "sentence", f"definition of {kpi.name}"),
    )


def _value(ledger: Ledger, fact_id: str, kpi: Kpi, label: str, currency: str) -> str:
    """The figure with what made it, for whoever asks for its source; empty where unknown."""
    if kpi.value is None:
        return ""
    inputs = [
        ledger.add(f"{fact_id}.{side}", _shown(amount, "units"), "ratio", name)
        for side, amount, name in (
            ("above", kpi.numerator, kpi.numerator_label),
            ("below", kpi.denominator, kpi.denominator_label),
        )
        if kpi.unit != "money"
    ]
    return ledger.add(
        fact_id, _shown(kpi.value, kpi.unit), KINDS[kpi.unit], label, currency=currency,
        is_estimate=kpi.unit == "money", formula=kpi.formula, inputs=inputs,
    )  # fmt: skip


def _shown(value: float, unit: str) -> Value:
    """As people read it: shares to a tenth of a percent and finer, amounts whole."""
    if unit in ("money", "count"):
        return round(value)
    return (
        round(value, 4)
        if unit == "share"
        else round(value, 2)
        if unit == "ratio"
        else rounded(value)
    )


TOOL = Tool(
    name="kpi_report",
    mode="read",
    description=(
        "How we did in a period beside the one before: stockout rate, fill rate, on time in full, "
        "revenue saved, weeks of supply, cash in slow movers, stock age, cycle time, GMROI, "
        "forecast accuracy, budget use, promise hit rate. One figure by name: week by week, and by "
        "class A/B/C, category, location or supplier."
    ),
    arguments=KpiReportOf,
    run=kpi_report,
)
