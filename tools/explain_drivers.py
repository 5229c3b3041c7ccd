"""What moves a forecast: units per driver, which add up exactly to the forecast."""

from typing import Annotated

from pydantic import Field

from tools.cells import adding_up, rounded
from tools.context import ToolContext
from tools.facts import Entity
from tools.forecast_demand import DAYS_PER_WEEK, DEFAULT_WEEKS, steps_in, view_of
from tools.ledger import Ledger
from tools.names import names_of
from tools.places import places_of
from tools.result import FactTable, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool

NEGLIGIBLE = 1e-6  # units; a driver that moves less is not listed


class ExplainDrivers(Arguments):
    sku: str = Field(description="exact SKU")
    location: str | None = Field(default=None, description="null: where it sells most")
    weeks: Annotated[int, Field(ge=1, le=52)] = Field(
        default=DEFAULT_WEEKS, description="weeks ahead"
    )


def explain_drivers(arguments: ExplainDrivers, context: ToolContext) -> ToolResult:
    run = current_run(context)
    place = str(places_of(context, run, arguments.sku, arguments.location)[0]["location"])
    view = view_of(context, run, arguments.sku, place)
    steps = steps_in(view, arguments.weeks)
    names = names_of(context.stores, run)
    about = (names.item(arguments.sku), names.location(place))
    ledger = ledger_for(run)
    ledger.name("item.name", about[0])
    ledger.code("item.sku", about[0])
    ledger.name("place.location", about[1])
    ledger.add("drivers.weeks", rounded(steps * view.bucket_days / DAYS_PER_WEEK), "weeks",
               "weeks covered", is_asked=arguments.weeks != DEFAULT_WEEKS)  # fmt: skip
    moving = _add_drivers(ledger, view.driver_totals(steps), about)
    return ledger.result("explained" if moving else "baseline-only")


def _add_drivers(ledger: Ledger, totals: dict[str, float], about: tuple[Entity, ...]) -> int:
    """Rows that sum to the forecast; returns how many drivers besides the baseline move it."""
    chosen = [n for n, u in totals.items() if abs(u) > NEGLIGIBLE or n == "baseline"]
    units = adding_up([totals[name] for name in chosen])
    moving = dict(zip(chosen, units, strict=True))
    rows = [
        _row(ledger, f"driver.{number}", name, shown, moving["baseline"], about)
        for number, (name, shown) in enumerate(moving.items(), start=1)
    ]
    total = ledger.add(
        "drivers.total",
        rounded(sum(units)),
        "units",
        "expected sales",
        *about,
        inputs=[row[1] for row in rows],
        formula="sum over drivers",
    )
    name = ledger.add("drivers.total_name", "forecast", "name", "sum of the drivers", *about)
    ledger.table(
        FactTable(
            name="drivers",
            title="Drivers, in their published order; they add up to the forecast",
            columns=("Driver", "Units", "Of the baseline"),
            rows=(*rows, (name, total, "")),
        )
    )
    others = {n: u for n, u in moving.items() if n != "baseline"}
    if others:
        largest = max(others, key=lambda driver: (abs(others[driver]), driver))
        ledger.add("drivers.largest", largest, "name", "driver that moves it most", *about)
        ledger.add("drivers.largest_units", others[largest], "units",
                   f"{largest} units", *about)  # fmt: skip
    return len(others)


def _row(
    ledger: Ledger,
    prefix: str,
    name: str,
    units: float,
    baseline: float,
    about: tuple[Entity, ...],
) -> tuple[str, str, str]:
    share = ""
    if baseline:
        label = f"{name} share of the baseline"
        share = ledger.add(f"{prefix}.share", round(units / baseline, 4), "percent", label, *about)
    return (
        ledger.add(f"{prefix}.name", name, "name", "driver", *about),
        ledger.add(f"{prefix}.units", units, "units", f"{name} units", *about),
        share,
    )


TOOL = Tool(
    name="explain_drivers",
    mode="read",
    description="What moves an item's forecast: units and share per driver, adding up exactly.",
    arguments=ExplainDrivers,
    run=explain_drivers,
)
