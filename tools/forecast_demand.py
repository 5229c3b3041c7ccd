"""What an item is expected to sell, how wide the band is, and how sure we may be."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from engine.errors import InvalidInput
from engine.service.artefacts import ForecastView, read_forecast
from engine.service.reading import RunHeader
from tools.cells import known, rounded
from tools.channels import add_channels
from tools.context import ToolContext
from tools.facts import Entity
from tools.launched import add_launched
from tools.ledger import Ledger
from tools.names import Names, names_of
from tools.places import SHOWN_PLACES, considered, places_of
from tools.result import FactTable, OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool
from tools.totals import total_of

DAYS_PER_WEEK = 7
DEFAULT_WEEKS = 4
LOW, HIGH = 0.1, 0.9  # the band shown: the actual figure lies inside four times out of five
SHOWN_BUCKETS = 13


class ForecastDemand(Arguments):
    sku: str | None = Field(
        default=None,
        description="exact SKU; use find_items first when unsure; null: a total over items",
    )
    category: str | None = Field(
        default=None, description="in place of a SKU: the total of a category path"
    )
    location: str | None = Field(
        default=None, description="one location; null: each of them. Without a SKU: its total"
    )
    weeks: Annotated[int, Field(ge=1, le=52)] = Field(
        default=DEFAULT_WEEKS, description="weeks ahead"
    )


def forecast_demand(arguments: ForecastDemand, context: ToolContext) -> ToolResult:
    """One item, or without a SKU the total of a category, a location or the company."""
    run = current_run(context)
    if arguments.sku is None:
        return total_of(
            context, run, category=arguments.category, location=arguments.location,
            weeks=arguments.weeks, is_asked=arguments.weeks != DEFAULT_WEEKS,
        )  # fmt: skip
    if arguments.category is not None:
        raise InvalidInput("Ask for an item or for a category, not for both.")
    return _of_item(arguments.sku, arguments, context, run)


def _of_item(
    sku: str, arguments: ForecastDemand, context: ToolContext, run: RunHeader
) -> ToolResult:
    rows = places_of(context, run, sku, arguments.location)
    views = [view_of(context, run, sku, str(row["location"])) for row in rows]
    ledger = ledger_for(run)
    names = names_of(context.stores, run)
    item = names.item(sku)
    ledger.name("item.name", item)
    ledger.code("item.sku", item)
    shown = views[:SHOWN_PLACES]
    means = [
        _add_place(ledger, names, f"place.{number}", view, arguments.weeks)
        for number, view in enumerate(shown, start=1)
    ]
    _add_total(ledger, item, views, arguments.weeks, means if len(shown) == len(views) else [])
    _place_table(ledger, shown, len(views))
    add_channels(ledger, views, steps_in(views[0], arguments.weeks), item)
    add_launched(ledger, context, run, item, views[0].location if len(views) == 1 else None)
    if len(views) == 1:
        _add_protection(ledger, context, run, views[0], item)
        _bucket_table(ledger, names, views[0])
    ledger.offer(OfferedAction(kind="say", label="Show the chart", text=f"Chart {sku}"))
    return ledger.result("one-place" if len(views) == 1 else "several-places")


def view_of(context: ToolContext, run: RunHeader, sku: str, location: str) -> ForecastView:
    return read_forecast(context.stores, str(run.artefacts["series"]), sku, location)


def steps_in(view: ForecastView, weeks: int) -> int:
    """Buckets that make up so many weeks, at most the horizon."""
    return min(len(view.mean), max(1, weeks * DAYS_PER_WEEK // view.bucket_days))


def _add_place(ledger: Ledger, names: Names, prefix: str, view: ForecastView, weeks: int) -> str:
    """Everything known of one series; returns the id of its expected sales."""
    about = (names.item(view.sku), names.location(view.location))
    steps = steps_in(view, weeks)
    ledger.code(f"{prefix}.location", about[1])
    ledger.name(f"{prefix}.location_name", about[1])
    ledger.add(f"{prefix}.confidence", view.confidence, "status", "confidence", *about)
    ledger.add(f"{prefix}.method", view.method, "name", "forecasting method", *about)
    ledger.add(f"{prefix}.reason", view.reason, "sentence", "why this method", *about)
    ledger.add(f"{prefix}.class", view.demand_class, "name", "kind of demand", *about)
    ledger.add(f"{prefix}.why", view.confidence_reason, "sentence", "why this confidence", *about)
    if view.family_reason:
        ledger.add(f"{prefix}.family", view.family_reason, "sentence", "in its family", *about)
    _add_error(ledger, prefix, view, about)
    _add_band(ledger, prefix, view, about)
    _add_sum(ledger, prefix, view, steps * view.bucket_days, about)
    return ledger.add(
        f"{prefix}.mean",
        rounded(float(view.mean[:steps].sum())),
        "units",
        "expected sales",
        *about,
        formula="sum of the mean forecast over the weeks asked for",
    )


def _add_error(ledger: Ledger, prefix: str, view: ForecastView, about: tuple[Entity, ...]) -> None:
    wape, bias = known(view.backtest_wape), known(view.backtest_bias)
    if wape is not None:
        ledger.add(
            f"{prefix}.error", round(wape, 3), "percent", "backtest error (WAPE)", *about,
            formula="sum of absolute errors / sum of demand, rolling origins, next bucket",
        )  # fmt: skip
    if bias is not None:
        ledger.add(f"{prefix}.bias", round(bias, 3), "percent", "backtest bias", *about)


def _add_band(ledger: Ledger, prefix: str, view: ForecastView, about: tuple[Entity, ...]) -> None:
    """The next bucket's mean with its low and high, and when it begins."""
    bucket = "week" if view.bucket_days == DAYS_PER_WEEK else "day"
    ledger.add(f"{prefix}.bucket", bucket, "name", "length of one period", *about)
    ledger.add(
        f"{prefix}.next",
        rounded(float(view.mean[0])),
        "units",
        f"expected sales of the next {bucket}",
        *about,
    )
    ledger.add(
        f"{prefix}.low",
        rounded(float(view.quantile(LOW)[0])),
        "units",
        f"low end of the next {bucket}'s sales",
        *about,
    )
    ledger.add(
        f"{prefix}.high",
        rounded(float(view.quantile(HIGH)[0])),
        "units",
        f"high end of the next {bucket}'s sales",
        *about,
    )
    ledger.add(
        f"{prefix}.starts", view.starts[0], "date", f"first day of the next {bucket}", *about
    )
    ledger.add(f"{prefix}.band", round(HIGH - LOW, 3), "percent",
               "chance that the actual sales lie between low and high", *about)  # fmt: skip


def _add_sum(
    ledger: Ledger, prefix: str, view: ForecastView, days: int, about: tuple[Entity, ...]
) -> None:
    """The band of everything sold over the weeks asked for: never the sum of weekly bands."""
    band = view.over_days(days)
    if band is not None:
        ledger.add(f"{prefix}.sum_low", rounded(band[0]), "units", "low end over all these weeks",
                   *about)  # fmt: skip
        ledger.add(f"{prefix}.sum_high", rounded(band[2]), "units",
                   "high end over all these weeks", *about)  # fmt: skip


def _add_protection(
    ledger: Ledger, context: ToolContext, run: RunHeader, view: ForecastView, item: Entity
) -> None:
    """What is sold until the order after the next can arrive: what stock must last for."""
    plan = considered(context.stores, run, view.sku, view.location)
    days = None if plan is None else known(plan["protection_days"])
    band = None if days is None else view.over_days(days)
    if days is None or band is None:
        return
    ledger.add("protection.days", rounded(days), "days",
               "days that stock must last until a later order can arrive", item)  # fmt: skip
    ends = {"low": "low end", "mean": "expected sales", "high": "high end"}
    for (part, label), units in zip(ends.items(), band, strict=True):
        over = f"{label} over the days that stock must last"
        ledger.add(f"protection.{part}", rounded(units), "units", over, item)


def _add_total(
    ledger: Ledger, item: Entity, views: Sequence[ForecastView], weeks: int, inputs: list[str]
) -> None:
    total = sum(float(view.mean[: steps_in(view, weeks)].sum()) for view in views)
    ledger.add("forecast.total", rounded(total), "units", "expected sales in all places", item,
               inputs=inputs, formula="sum over places")  # fmt: skip
    covered = steps_in(views[0], weeks) * views[0].bucket_days / DAYS_PER_WEEK
    ledger.add("forecast.weeks", rounded(covered), "weeks", "weeks covered",
               is_asked=weeks != DEFAULT_WEEKS)  # fmt: skip
    if weeks > covered:
        ledger.add("forecast.beyond", "beyond", "status", "asked for more than is forecast", item)
    ledger.add("forecast.places", len(views), "count", "places where it is planned", item)


def _place_table(ledger: Ledger, shown: Sequence[ForecastView], count: int) -> None:
    columns = ("Where", "Expected", "Next low", "Next mean", "Next high", "Confidence", "Error",
               "Method")  # fmt: skip
    parts = ("location", "mean", "low", "next", "high", "confidence", "error", "method")
    rows = tuple(
        tuple(ledger.id_if_known(f"place.{number}.{part}") for part in parts)
        for number in range(1, len(shown) + 1)
    )
    rest = count - len(shown)
    ledger.table(
        FactTable(
            name="places",
            title="By location",
            columns=columns,
            rows=rows,
            rest=ledger.rest("forecast.rest", rest, "further places"),
        )
    )


def _bucket_table(ledger: Ledger, names: Names, view: ForecastView) -> None:
    about = (names.item(view.sku), names.location(view.location))
    low, high = view.quantile(LOW), view.quantile(HIGH)
    rows: list[tuple[str, ...]] = []
    for step in range(min(SHOWN_BUCKETS, len(view.mean))):
        prefix = f"step.{step + 1}"
        rows.append(
            (
                ledger.add(f"{prefix}.starts", view.starts[step], "date", "begins", *about),
                ledger.add(f"{prefix}.low", rounded(float(low[step])), "units", "low", *about),
                ledger.add(f"{prefix}.mean", rounded(float(view.mean[step])), "units",
                           "expected sales", *about),
                ledger.add(f"{prefix}.high", rounded(float(high[step])), "units", "high", *about),
            )
        )  # fmt: skip
    ledger.table(
        FactTable(
            name="steps",
            title="Expected sales with their band",
            columns=("From", "Low", "Expected", "High"),
            rows=tuple(rows),
        )
    )


TOOL = Tool(
    name="forecast_demand",
    mode="read",
    description=(
        "Expected sales of one item, with a band, the method, its backtest error and how "
        "confident the forecast is, per location; or, without a SKU, the total of a category, a "
        "location or the whole company."
    ),
    arguments=ForecastDemand,
    run=forecast_demand,
)
