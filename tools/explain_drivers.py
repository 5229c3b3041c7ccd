"""What moves a forecast: units and percentages per driver, which add up exactly."""

from typing import Annotated

import numpy as np
from pydantic import Field

from engine.kernels.waterfall import lifts
from engine.service.artefacts import ForecastView, corrected_buckets
from tools.cells import adding_up, known, rounded
from tools.context import ToolContext
from tools.facts import Entity
from tools.forecast_demand import DAYS_PER_WEEK, DEFAULT_WEEKS, steps_in, view_of
from tools.launched import add_launched
from tools.ledger import Ledger
from tools.names import names_of
from tools.places import places_of
from tools.result import FactTable, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool

NEGLIGIBLE = 1e-6  # units; a driver that moves less is not listed
TOLD = 3  # drivers that the sentence names
LEAST_SHARE = 0.005  # of the baseline; a driver that moves less is not told of
MILLE = 1000  # shares are shown in tenths of a percent


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
    _add_notes(ledger, view, about)
    add_launched(ledger, context, run, about[0], place)
    return ledger.result("explained" if moving else "baseline-only")


def _add_drivers(ledger: Ledger, totals: dict[str, float], about: tuple[Entity, ...]) -> int:
    """Rows that sum to the forecast; returns how many drivers besides the baseline are told of."""
    chosen = [n for n, u in totals.items() if abs(u) > NEGLIGIBLE or n == "baseline"]
    units = dict(zip(chosen, adding_up([totals[name] for name in chosen]), strict=True))
    shares, factors = _shares(totals, chosen), _factors(totals, chosen)
    rows = [
        _row(ledger, f"driver.{number}", name, units[name], shares.get(name), factors[name], about)
        for number, name in enumerate(chosen, start=1)
    ]
    total = ledger.add("drivers.total", rounded(sum(units.values())), "units", "expected sales",
                       *about, inputs=[row[1] for row in rows],
                       formula="sum over drivers")  # fmt: skip
    share = ""
    if shares:
        whole = round(sum(shares.values()), 4)
        share = ledger.add("drivers.share", whole, "percent", "forecast as a share of the baseline",
                           *about, inputs=[row[2] for row in rows])  # fmt: skip
    name = ledger.add("drivers.total_name", "forecast", "name", "sum of the drivers", *about)
    ledger.add("drivers.baseline", units["baseline"], "units", "baseline units", *about)
    ledger.table(
        FactTable(
            name="drivers",
            title="Drivers, in their published order; units and percentages add up to the forecast",
            columns=("Driver", "Units", "Of the baseline", "As a factor"),
            rows=(*rows, (name, total, share, "")),
        )
    )
    return _add_largest(ledger, units, shares, about)


def _shares(totals: dict[str, float], chosen: list[str]) -> dict[str, float]:
    """Of the baseline, in tenths of a percent that add up; none without a baseline."""
    baseline = totals["baseline"]
    if baseline <= NEGLIGIBLE:
        return {}
    exact = [MILLE * totals[name] / baseline for name in chosen]
    # Far above a hundred, so that nothing is rounded to tenths of a thousandth.
    shown = adding_up([*exact, 0.0])[:-1]
    return {name: round(each / MILLE, 4) for name, each in zip(chosen, shown, strict=True)}


def _factors(totals: dict[str, float], chosen: list[str]) -> dict[str, float | None]:
    """What each driver multiplies what comes before it by; nothing for the baseline."""
    units = np.array(list(totals.values()))
    every = dict(zip(totals, lifts(units), strict=True))
    return {name: known(float(every[name])) for name in chosen}


def _add_largest(
    ledger: Ledger,
    units: dict[str, int | float],
    shares: dict[str, float],
    about: tuple[Entity, ...],
) -> int:
    """The drivers that move it most, for a sentence: "seasonality adds 18 %"."""
    others = [
        name for name, share in shares.items() if name != "baseline" and abs(share) >= LEAST_SHARE
    ]
    ordered = sorted(others, key=lambda driver: (-abs(shares[driver]), driver))[:TOLD]
    for number, driver in enumerate(ordered, start=1):
        prefix, way = f"top.{number}", "adds" if shares[driver] > 0 else "takes away"
        ledger.add(f"{prefix}.name", driver, "name", "driver", *about)
        ledger.add(f"{prefix}.way", way, "status", "does it add or take away", *about)
        ledger.add(f"{prefix}.share", abs(shares[driver]), "percent",
                   f"{driver} share of the baseline", *about)  # fmt: skip
        ledger.add(f"{prefix}.units", abs(units[driver]), "units", f"{driver} units", *about)
    return len(ordered)


def _add_notes(ledger: Ledger, view: ForecastView, about: tuple[Entity, ...]) -> None:
    """Which method it rests on and why, and how much of the history was corrected."""
    ledger.add("drivers.method", view.method, "name", "forecasting method", *about)
    ledger.add("drivers.reason", view.reason, "sentence", "why this method", *about)
    if view.family_reason:
        ledger.add("drivers.family", view.family_reason, "sentence", "in its family", *about)
    ledger.add("drivers.corrected", corrected_buckets(view), "count",
               "past periods with corrected demand", *about)  # fmt: skip


def _row(
    ledger: Ledger,
    prefix: str,
    name: str,
    units: float,
    share: float | None,
    factor: float | None,
    about: tuple[Entity, ...],
) -> tuple[str, str, str, str]:
    return (
        ledger.add(f"{prefix}.name", name, "name", "driver", *about),
        ledger.add(f"{prefix}.units", units, "units", f"{name} units", *about),
        "" if share is None else ledger.add(f"{prefix}.share", share, "percent",
                                            f"{name} share of the baseline", *about),
        "" if factor is None else ledger.add(f"{prefix}.factor", round(factor, 3), "ratio",
                                             f"{name} as a factor", *about),
    )  # fmt: skip


TOOL = Tool(
    name="explain_drivers",
    mode="read",
    description=(
        "What moves an item's forecast: units and percentages per driver, adding up exactly, and "
        "each driver's factor."
    ),
    arguments=ExplainDrivers,
    run=explain_drivers,
)
