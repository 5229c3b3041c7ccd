"""How did we do: key figures of a period, beside the period before."""

from datetime import date, timedelta

from pydantic import Field

from engine.measure import Kpi
from engine.service.measure import KpiReport, kpi_report as measure
from engine.service.stores import Stores
from tools.cells import rounded
from tools.context import ToolContext
from tools.facts import FactKind
from tools.ledger import Ledger
from tools.result import FactTable, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool

KINDS: dict[str, FactKind] = {"share": "percent", "days": "days", "money": "money"}
DEFAULT_DAYS = 28  # the weeks before the plan, where no period is named


class KpiReportOf(Arguments):
    first: date | None = Field(default=None, description="first day; null: the last four weeks")
    last: date | None = Field(default=None, description="last day, included")


def kpi_report(arguments: KpiReportOf, context: ToolContext) -> ToolResult:
    run = current_run(context)
    last = arguments.last or run.as_of - timedelta(days=1)
    last = min(last, run.as_of - timedelta(days=1))
    first = arguments.first or last - timedelta(days=DEFAULT_DAYS - 1)
    report = context.compute.call(measured, context.stores, first, last, run.snapshot_id)
    ledger = ledger_for(run)
    ledger.add("kpi.first", report.period.start, "date", "first day of the period",
               is_asked=arguments.first is not None)  # fmt: skip
    ledger.add("kpi.last", report.period.end, "date", "last day of the period",
               is_asked=arguments.last is not None)  # fmt: skip
    before = {kpi.name: kpi for kpi in report.before}
    rows = tuple(
        _row(ledger, f"kpi.{number}", kpi, before.get(kpi.name), report)
        for number, kpi in enumerate(report.kpis, start=1)
    )
    ledger.table(
        FactTable(
            name="kpis",
            title="Key figures, and the period before",
            columns=("Figure", "Value", "Before", "Better is", "What it is"),
            rows=rows,
        )
    )
    return ledger.result("reported")


def measured(stores: Stores, first: date, last: date, snapshot_id: str) -> KpiReport:
    """Importable by a compute process: it reads all of the sales and stock."""
    return measure(stores, start=first, end=last, snapshot_id=snapshot_id)


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
    """The figure with the formula that made it; empty where there was nothing to measure."""
    if kpi.value is None:
        return ""
    shown = {
        "share": round(kpi.value, 4),
        "days": rounded(kpi.value),
        "money": round(kpi.value),
    }
    return ledger.add(
        fact_id,
        shown[kpi.unit],
        KINDS[kpi.unit],
        label,
        currency=currency,
        is_estimate=kpi.unit == "money",
        formula=f"{kpi.numerator_label} / {kpi.denominator_label}",
    )


TOOL = Tool(
    name="kpi_report",
    mode="read",
    description=(
        "Stockout rate, fill rate, on time in full, order cycle time and cash in slow movers of a "
        "period, beside the period before."
    ),
    arguments=KpiReportOf,
    run=kpi_report,
)
