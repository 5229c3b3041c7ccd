"""The forecast of the company, a location or a category: what its items add up to."""

from engine.errors import InvalidInput
from engine.service.items import catalogue
from engine.service.reading import RunHeader
from engine.service.totals import HOW_MADE, TotalView, read_total
from tools.cells import rounded
from tools.channels import add_channels
from tools.context import ToolContext
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import Names, names_of, require_category, require_location, skus_below
from tools.result import FactTable, ToolResult
from tools.runs import ledger_for

DAYS_PER_WEEK = 7
SHOWN_BUCKETS = 13


def total_of(
    context: ToolContext,
    run: RunHeader,
    *,
    category: str | None,
    location: str | None,
    weeks: int,
    is_asked: bool,
) -> ToolResult:
    """The total asked for; raises InvalidInput for a category in one location alone."""
    if category is not None and location is not None:
        raise InvalidInput("Totals are kept for a category or for a location: ask for either.")
    names = names_of(context.stores, run)
    level, code = _meant(names, category, location)
    view = read_total(context.stores, run, level, code)
    ledger = ledger_for(run)
    about = (names.location(code),) if level == "location" else ()
    ledger.add("total.level", level, "status", "what the total is of", *about)
    if about:
        ledger.code("total.name", about[0])
    elif code:
        ledger.add("total.name", code, "name", "category")
    ledger.add("total.items", _items(context, run, level, code), "count", "items in it", *about)
    ledger.add("total.made", HOW_MADE, "sentence", "how the total is made", *about)
    steps = min(len(view.mean), max(1, weeks * DAYS_PER_WEEK // view.bucket_days))
    _add_figures(ledger, view, steps, about, is_asked=is_asked)
    _table(ledger, view, about)
    add_channels(ledger, [view], steps, *about)
    return ledger.result("total")


def _meant(names: Names, category: str | None, location: str | None) -> tuple[str, str]:
    """Level and name as `read_total` takes them."""
    if category is not None:
        return "category", require_category(names, category)
    if location is not None:
        return "location", require_location(names, location).code
    return "company", ""


def _items(context: ToolContext, run: RunHeader, level: str, code: str) -> int:
    if level == "category":
        return len(skus_below(context.stores, run, code))
    rows = catalogue(context.stores, run)
    inside = rows if level == "company" else rows[rows["location"] == code]
    return int(inside["sku"].nunique())


def _add_figures(
    ledger: Ledger, view: TotalView, steps: int, about: tuple[Entity, ...], *, is_asked: bool
) -> None:
    """Over the weeks asked for, and the next bucket with its band."""
    bucket = "week" if view.bucket_days == DAYS_PER_WEEK else "day"
    ledger.add("forecast.total", rounded(float(view.mean[:steps].sum())), "units",
               "expected sales in total", *about, formula="sum over the items and places in it",
               )  # fmt: skip
    ledger.add("forecast.weeks", rounded(steps * view.bucket_days / DAYS_PER_WEEK), "weeks",
               "weeks covered", is_asked=is_asked)  # fmt: skip
    ledger.add("total.bucket", bucket, "name", "length of one period", *about)
    ledger.add("total.starts", view.starts[0], "date", f"first day of the next {bucket}", *about)
    ledger.add("total.band", 0.8, "percent", "chance that actual sales lie inside", *about)
    for name, values, label in (
        ("low", view.low, "low end"), ("next", view.mean, "expected sales"),
        ("high", view.high, "high end"),
    ):  # fmt: skip
        ledger.add(f"total.{name}", rounded(float(values[0])), "units",
                   f"{label} of the next {bucket} in total", *about)  # fmt: skip


def _table(ledger: Ledger, view: TotalView, about: tuple[Entity, ...]) -> None:
    rows: list[tuple[str, ...]] = []
    for step in range(min(SHOWN_BUCKETS, len(view.mean))):
        prefix = f"step.{step + 1}"
        ends = {"low": view.low, "mean": view.mean, "high": view.high}
        starts = ledger.add(f"{prefix}.starts", view.starts[step], "date", "begins", *about)
        cells = [
            ledger.add(f"{prefix}.{name}", rounded(float(values[step])), "units", name, *about)
            for name, values in ends.items()
        ]
        rows.append((starts, *cells))
    ledger.table(
        FactTable(
            name="steps",
            title="Expected sales in total, with their band",
            columns=("From", "Low", "Expected", "High"),
            rows=tuple(rows),
        )
    )
