"""How good the data are: what was corrected, what is doubtful, what to fix first by money."""

from collections.abc import Callable

from pydantic import Field

from engine.service import data_health as service
from engine.service.correction_tables import CorrectionView, corrections_of
from engine.service.corrections import reversals
from engine.service.data_health import CorrectionTotal, DataHealth, Issue
from tools.cells import rounded
from tools.context import ToolContext
from tools.exception_rows import in_words
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import names_of, require_item, require_location
from tools.page import Page, Skip, Top, end_page, page_of
from tools.result import FactTable, OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool

Naming = Callable[[str], Entity]
SEVERITIES = ("error", "warning", "info")


class CheckData(Arguments):
    sku: str | None = Field(default=None, description="what was corrected of this item; null: all")
    location: str | None = Field(default=None, description="only there, with an item")
    top: Top = 10
    skip: Skip = 0


def data_health(arguments: CheckData, context: ToolContext) -> ToolResult:
    if arguments.sku is not None:
        return _of_item(arguments.sku, arguments, context)
    run = current_run(context)
    ledger = ledger_for(run)
    health = service.data_health(context.stores, run, context.now)
    if not arguments.skip:
        _add_state(ledger, health)
        _totals(ledger, health.totals)
    if not health.issues:
        return ledger.result("sound")
    names = names_of(context.stores, run)
    ledger.add("issue.count", len(health.issues), "count", "doubts about the data")
    page = page_of(health.issues, top=arguments.top, skip=arguments.skip)
    _issues(ledger, page, names.item, names.location)
    if not page.is_first:
        return ledger.result("further")
    first = health.issues[0].sku
    ledger.offer(
        OfferedAction(kind="say", label="What was corrected there",
                      text=f"What did you correct for {first}?")
    )  # fmt: skip
    return ledger.result("doubts")


def _add_state(ledger: Ledger, health: DataHealth) -> None:
    ledger.add("data.as_of", health.as_of, "date", "first day without data")
    ledger.add("data.days_old", health.days_old, "days", "age of the data")
    ledger.add("data.series", health.series, "count", "items by place")
    ledger.add("data.quarantined", health.quarantined, "count", "rows that could not be used")
    ledger.add("data.share", health.corrected_share, "percent", "demand moved by corrections",
               formula="|counted - recorded| / demand")  # fmt: skip
    ledger.add("data.reversed", health.reversed_by_people, "count",
               "corrections that people undid")  # fmt: skip
    ledger.add("data.missing", len(health.missing), "count", "tables that no file gave")
    for severity in SEVERITIES:
        found = sum(each.severity == severity for each in health.imported)
        ledger.add(f"data.{severity}", found, "count", f"findings of the import: {severity}")


def _totals(ledger: Ledger, totals: tuple[CorrectionTotal, ...]) -> None:
    rows = tuple(
        (
            ledger.add(f"kind.{n}.name", total.kind, "name", "kind of correction"),
            ledger.add(f"kind.{n}.series", total.series, "count", "series corrected"),
            ledger.add(f"kind.{n}.periods", total.periods, "count", "periods corrected"),
            ledger.add(f"kind.{n}.added", rounded(total.added), "units", "demand added"),
            ledger.add(f"kind.{n}.removed", rounded(total.removed), "units", "demand taken out"),
        )
        for n, total in enumerate(totals, start=1)
    )
    if rows:
        title = "What was corrected of recorded demand"
        columns = ("Kind", "Series", "Periods", "Added", "Taken out")
        ledger.table(FactTable(name="corrections", title=title, columns=columns, rows=rows))


def _issues(ledger: Ledger, page: Page[Issue], item: Naming, place: Naming) -> None:
    rows = tuple(
        _issue_row(ledger, f"issue.{number}", issue, item(issue.sku), place(issue.location))
        for number, issue in page.numbered()
    )
    ledger.add("issue.weeks", service.WEEKS_AT_STAKE, "weeks", "time for which sales are counted")
    columns = ("What", "Series", "Sales at stake", "Such as", "At")
    title = "What to fix first, by the sales that hang on it"
    rest = end_page(ledger, "issue.rest", page.rest, "further doubts")
    ledger.table(FactTable(name="issues", title=title, columns=columns, rows=rows, rest=rest))


def _issue_row(
    ledger: Ledger, prefix: str, issue: Issue, item: Entity, place: Entity
) -> tuple[str, ...]:
    ledger.add(f"{prefix}.fix", issue.fix, "sentence", "what helps")
    return (
        ledger.add(f"{prefix}.what", in_words(issue.code), "name", "doubt about the data"),
        ledger.add(f"{prefix}.series", issue.series, "count", "series concerned"),
        ledger.add(f"{prefix}.stake", issue.at_stake_minor, "money",
                   "expected sales of the series concerned", is_estimate=True),
        ledger.code(f"{prefix}.sku", item),
        ledger.code(f"{prefix}.location", place),
    )  # fmt: skip


def _of_item(sku: str, arguments: CheckData, context: ToolContext) -> ToolResult:
    """The latest corrections of an item, the newest first."""
    run = current_run(context)
    ledger, item = ledger_for(run), require_item(context.stores, run, sku)
    names = names_of(context.stores, run)
    place = require_location(names, arguments.location).code if arguments.location else None
    made = corrections_of(context.stores, run, sku, place)
    undone = [each for each in reversals(context.stores, context.now) if each.content.sku == sku]
    ledger.code("item.sku", item)
    ledger.name("item.name", item)
    ledger.add("item.corrections", len(made), "count", "periods corrected", item)
    ledger.add("item.reversed", sum(each.state == "in force" for each in undone), "count",
               "corrections that people undid", item)  # fmt: skip
    if not made:
        return ledger.result("item-as-recorded")
    moved = sum(each.after - each.before for each in made)
    ledger.add("item.change", rounded(abs(moved)), "units", "change of demand by corrections", item)
    ledger.add("item.direction", "up" if moved >= 0 else "down", "status", "direction of it", item)
    newest = sorted(made, key=lambda each: (each.start, each.location), reverse=True)
    page = page_of(newest, top=arguments.top, skip=arguments.skip)
    rows = tuple(
        _correction_row(ledger, f"correction.{number}", each, item, names.location(each.location))
        for number, each in page.numbered()
    )
    ledger.table(
        FactTable(
            name="corrections",
            title="Corrected periods, the newest first",
            columns=("From", "At", "Kind", "Recorded", "Counts", "Why"),
            rows=rows,
            rest=end_page(ledger, "correction.rest", page.rest, "further corrections"),
        )
    )
    return ledger.result("item" if page.is_first else "further")


def _correction_row(
    ledger: Ledger, prefix: str, made: CorrectionView, item: Entity, place: Entity
) -> tuple[str, ...]:
    return (
        ledger.add(f"{prefix}.start", made.start, "date", "first day of the period", item),
        ledger.code(f"{prefix}.location", place),
        ledger.add(f"{prefix}.kind", made.kind, "name", "kind of correction", item),
        ledger.add(f"{prefix}.before", rounded(made.before), "units", "recorded", item),
        ledger.add(f"{prefix}.after", rounded(made.after), "units", "counted as demand", item),
        ledger.add(f"{prefix}.reason", made.reason, "sentence", "why", item),
    )


TOOL = Tool(
    name="data_health",
    mode="read",
    description=(
        "How good the data are: corrections by kind with units, doubts ranked by money (phantom "
        "stock, missing stock history, suspected stockouts, peaks), age, quarantined rows; with an "
        "item, what was corrected of its demand and why."
    ),
    arguments=CheckData,
    run=data_health,
)
