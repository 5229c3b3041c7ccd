"""What a plan does to the forecast, as facts: before and after, siblings, family, drivers."""

from typing import cast

from engine.service.demand_whatif import DemandChange, DemandPlan, demand_under
from tools.cells import Record, adding_up, records, rounded
from tools.context import ToolContext
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import Names
from tools.result import FactTable

SHOWN = 12
LEAST = 0.05  # units; what moves less is not shown
_SAYS = {1: "higher", -1: "lower", 0: "unchanged"}


def effect_of(context: ToolContext, run_id: str, plan: DemandPlan) -> DemandChange | None:
    """Computed in the pool; None where the forecast ends before the plan begins."""
    return context.compute.call(demand_under, context.stores, run_id, plan, context.now)


def add_effect(ledger: Ledger, names: Names, change: DemandChange, *about: Entity) -> None:
    """Facts `effect.*` and the tables of series and drivers."""
    before, after = (change.total(name, subject=True) for name in ("before", "after"))
    shown = _pair(before, after)
    ledger.add("effect.days", f"{change.first.isoformat()}/{change.last.isoformat()}", "date_range",
               "days compared", *about)  # fmt: skip
    ledger.add("effect.before", shown[0], "units", "expected sales without it", *about)
    ledger.add("effect.after", shown[1], "units", "expected sales with it", *about)
    ledger.add("effect.change", rounded(abs(shown[1] - shown[0])), "units",
               "change of expected sales", *about, inputs=("effect.before", "effect.after"),
               formula="|with it - without it|")  # fmt: skip
    ledger.add("effect.direction", direction(shown[1] - shown[0]), "status", "direction", *about)
    if before > 0:
        ledger.add("effect.share", round(abs(shown[1] - shown[0]) / before, 3), "percent",
                   "change of expected sales as a share", *about)  # fmt: skip
    _add_after(ledger, change, *about)
    _add_siblings(ledger, change)
    _series_table(ledger, names, change)
    _driver_table(ledger, change, *about)


def direction(difference: float) -> str:
    return _SAYS[(difference > 0) - (difference < 0)]


def _pair(before: float, after: float) -> tuple[int | float, int | float]:
    """Both as shown, so that their difference is what a reader computes."""
    change = adding_up([before, after - before])
    return change[0], rounded(sum(change))


def _add_after(ledger: Ledger, change: DemandChange, *about: Entity) -> None:
    """What the rest of the horizon loses to it, such as the dip after a promotion."""
    within = change.total("after", subject=True) - change.total("before", subject=True)
    whole = change.total("after_horizon", subject=True) - change.total(
        "before_horizon", subject=True
    )
    beside = whole - within
    if abs(beside) > LEAST:
        ledger.add("effect.later", rounded(abs(beside)), "units",
                   "change of expected sales on the other days", *about)  # fmt: skip
        ledger.add("effect.later_direction", direction(beside), "status", "direction", *about)


def _add_siblings(ledger: Ledger, change: DemandChange) -> None:
    """What other items lose or gain by it, and what the family gains as a whole."""
    moved = change.total("after", subject=False) - change.total("before", subject=False)
    if abs(moved) <= LEAST:
        return
    count = change.series.loc[~change.series["is_subject"], "sku"].nunique()
    ledger.add("siblings.count", int(count), "count", "other items that it moves")
    ledger.add("siblings.change", rounded(abs(moved)), "units", "change of the other items' sales")
    ledger.add("siblings.direction", direction(moved), "status", "direction of the other items")
    family = change.total("after") - change.total("before")
    ledger.add("family.change", rounded(abs(family)), "units", "change of the family's total sales")
    ledger.add("family.direction", direction(family), "status", "direction of the family")


def _series_table(ledger: Ledger, names: Names, change: DemandChange) -> None:
    rows = change.series.assign(size=(change.series["after"] - change.series["before"]).abs())
    order = rows.sort_values(["is_subject", "size", "sku", "location"],
                             ascending=[False, False, True, True])  # fmt: skip
    listed = records(order)
    ledger.table(
        FactTable(
            name="effect",
            title="Expected sales in that time, without it and with it",
            columns=("SKU", "Where", "Without", "With"),
            rows=tuple(
                _row(ledger, names, f"effect.{number}", row)
                for number, row in enumerate(listed[:SHOWN], start=1)
            ),
            rest=ledger.rest("effect.rest", max(len(listed) - SHOWN, 0), "further rows"),
        )
    )


def _row(ledger: Ledger, names: Names, prefix: str, row: Record) -> tuple[str, ...]:
    item, place = names.item(str(row["sku"])), names.location(str(row["location"]))
    before, after = _pair(cast("float", row["before"]), cast("float", row["after"]))
    return (
        ledger.code(f"{prefix}.sku", item),
        ledger.code(f"{prefix}.location", place),
        ledger.add(f"{prefix}.before", before, "units", "expected sales without it", item, place),
        ledger.add(f"{prefix}.after", after, "units", "expected sales with it", item, place),
    )


def _driver_table(ledger: Ledger, change: DemandChange, *about: Entity) -> None:
    moved = {name: units for name, units in change.drivers.items() if abs(units) > LEAST}
    if len(moved) < 2:  # noqa: PLR2004  one driver says what the total says
        return
    units = adding_up(list(moved.values()))
    rows = tuple(
        (
            ledger.add(f"effect.driver.{number}.name", name, "name", "driver", *about),
            ledger.add(f"effect.driver.{number}.units", each, "units", f"{name} units", *about),
        )
        for number, (name, each) in enumerate(zip(moved, units, strict=True), start=1)
    )
    ledger.table(
        FactTable(
            name="effect-drivers",
            title="What makes the difference",
            columns=("Driver", "Units"),
            rows=rows,
        )
    )
