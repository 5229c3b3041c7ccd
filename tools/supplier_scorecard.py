"""How reliable suppliers are: one in full, or all of them with the least reliable first."""

from pydantic import Field

from engine.model.config import PlanConfig
from engine.service.stores import Stores
from engine.service.suppliers import SupplierReport, supplier_report
from tools.cells import Record, known, records, rounded
from tools.context import ToolContext
from tools.facts import Entity, FactKind
from tools.ledger import Ledger
from tools.names import Names, names_of, require_supplier
from tools.page import Skip, Top, end_page, page_of
from tools.result import FactTable, OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool

OTIF = "lines with 98 % of the units good and in by the promised day / lines due"
SAFETY = "safety stock at the spread of the lead time as it is, less that at the target's spread"
# Column of the scorecard -> kind and label of the fact.
_FIGURES: dict[str, tuple[FactKind, str]] = {
    "lines": ("count", "order lines looked at"),
    "judged_lines": ("count", "order lines due by now"),
    "overdue_lines": ("count", "order lines overdue"),
    "otif_share": ("percent", "on time in full"),
    "on_time_share": ("percent", "on time"),
    "in_full_share": ("percent", "in full"),
    "delivered_share": ("percent", "units delivered of those due"),
    "lost_share": ("percent", "chance that an order never comes"),
    "stated_days": ("days", "lead time it states"),
    "promised_days": ("days", "mean time from order to the promised day"),
    "confirmed_days": ("days", "mean time from order to the confirmed day"),
    "mean_days": ("days", "lead time expected"),
    "sd_days": ("days", "spread of the lead time (standard deviation)"),
    "best_quarter_sd_days": ("days", "spread in its steadiest quarter"),
    "rejected_share": ("percent", "units refused"),
    "cancelled_share": ("percent", "units cancelled"),
}
_MONEY = {
    "safety_minor": "money in safety stock of its items",
    "freed_best_quarter_minor": "money freed by the spread of its best quarter",
    "freed_promised_minor": "money freed by keeping its promised days",
}
_STEADY_DAYS = 0.5  # a trend below it is none
_LEAST_SHARE = 0.0005  # a price difference below it is shown as none


class SupplierScorecard(Arguments):
    supplier: str | None = Field(default=None, description="code or name; null: all of them")
    top: Top = 10
    skip: Skip = 0


def supplier_scorecard(arguments: SupplierScorecard, context: ToolContext) -> ToolResult:
    run = current_run(context)
    names = names_of(context.stores, run)
    one = None if arguments.supplier is None else require_supplier(names, arguments.supplier)
    report = context.compute.call(computed, context.stores, context.config, run.id)
    ledger = ledger_for(run)
    ordered_from = set(report.rows["supplier"])
    if not ordered_from or (one is not None and one.code not in ordered_from):
        return ledger.result("none")
    ledger.add("suppliers.first", report.first, "date", "first day of the orders looked at")
    ledger.add("suppliers.service", report.service_target, "percent",
               "cycle service that safety stock is reckoned for")  # fmt: skip
    if one is not None:
        _add_card(ledger, "supplier", report.of(one.code), one)
        return ledger.result("one")
    _table(ledger, names, report, arguments)
    return ledger.result("further" if arguments.skip else "listed")


def computed(stores: Stores, config: PlanConfig, run_id: str) -> SupplierReport:
    """Importable by a compute process: lead times are learnt anew from every delivery."""
    return supplier_report(stores, config, run_id)


def _add_card(ledger: Ledger, prefix: str, row: Record, who: Entity) -> None:
    ledger.code(f"{prefix}.code", who)
    ledger.name(f"{prefix}.name", who)
    for column in (*_FIGURES, *_MONEY):
        _figure(ledger, prefix, column, row, who)
    _add_trend(ledger, prefix, known(row["trend_days"]), who)
    _add_price(ledger, prefix, known(row["price_variance"]), who)


def _figure(ledger: Ledger, prefix: str, column: str, row: Record, who: Entity) -> str:
    """The fact of one column; the empty cell where nothing is known."""
    value = known(row[column])
    if value is None:
        return ""
    fact_id = f"{prefix}.{column}"
    if column in _MONEY:
        return ledger.add(fact_id, round(value), "money", _MONEY[column], who,
                          is_estimate=True, formula=SAFETY)  # fmt: skip
    kind, label = _FIGURES[column]
    shown = {"percent": round(value, 3), "days": rounded(value)}.get(kind, int(value))
    formula = OTIF if column == "otif_share" else None
    return ledger.add(fact_id, shown, kind, label, who, formula=formula)


def _add_trend(ledger: Ledger, prefix: str, trend: float | None, who: Entity) -> None:
    if trend is None:
        return
    way = "steady" if abs(trend) < _STEADY_DAYS else "slower" if trend > 0 else "faster"
    ledger.add(f"{prefix}.trend", way, "status", "trend of the lead time", who)
    ledger.add(f"{prefix}.trend_days", rounded(abs(trend)), "days",
               "change of the lead time from earlier to later orders", who)  # fmt: skip


def _add_price(ledger: Ledger, prefix: str, variance: float | None, who: Entity) -> None:
    if variance is None:
        return
    near = abs(variance) < _LEAST_SHARE
    way = "as listed" if near else "above list" if variance > 0 else "below list"
    ledger.add(f"{prefix}.price", way, "status", "prices paid against the list", who)
    ledger.add(f"{prefix}.price_variance", round(abs(variance), 3), "percent",
               "difference of prices paid from the list", who)  # fmt: skip


def _table(
    ledger: Ledger, names: Names, report: SupplierReport, arguments: SupplierScorecard
) -> None:
    """The least reliable first."""
    page = page_of(records(report.rows), top=arguments.top, skip=arguments.skip)
    ledger.add("suppliers.count", len(report.rows), "count", "suppliers with orders")
    for number, row in page.numbered():
        _add_card(ledger, f"supplier.{number}", row, names.supplier(str(row["supplier"])))
    freed = known(report.rows["freed_best_quarter_minor"].sum())
    ledger.add("suppliers.freed", round(freed or 0), "money",
               "money freed if every supplier kept the spread of its best quarter",
               is_estimate=True, formula=SAFETY)  # fmt: skip
    columns = {
        "Supplier": "name", "Lines": "lines", "On time in full": "otif_share",
        "Lead time": "mean_days", "Spread": "sd_days", "Trend": "trend",
        "Freed by its best quarter": "freed_best_quarter_minor",
    }  # fmt: skip
    ledger.table(
        FactTable(
            name="suppliers",
            title="Suppliers, the least reliable first",
            columns=tuple(columns),
            rows=tuple(
                tuple(ledger.id_if_known(f"supplier.{n}.{name}") for name in columns.values())
                for n, _ in page.numbered()
            ),
            rest=end_page(ledger, "suppliers.rest", page.rest, "further suppliers"),
        )
    )
    if not page.is_first:
        return
    worst = names.supplier(str(page.rows[0]["supplier"]))
    ledger.offer(
        OfferedAction(
            kind="say",
            label=f"More on {worst.name or worst.code}",
            text=f"How reliable is {worst.name or worst.code}?",
        )
    )


TOOL = Tool(
    name="supplier_scorecard",
    mode="read",
    description=(
        "How reliable suppliers are, one or all with the worst first: lead time stated, promised, "
        "confirmed and as it is, its spread and trend, on time in full, prices, rejects, "
        "cancellations, and the money in stock that a better spread would free."
    ),
    arguments=SupplierScorecard,
    run=supplier_scorecard,
)
