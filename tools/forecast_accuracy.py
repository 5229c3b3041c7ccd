"""How good forecasts have been: error from naive to final, bias, tracking signal, overrides."""

from pydantic import Field

from engine.service.forecast_accuracy import ALARM, ForecastAccuracy, accuracy_of
from engine.service.stores import Stores
from tools.cells import Record, known, records, rounded
from tools.context import ToolContext
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import Names, names_of, require_item, require_location
from tools.page import Skip, Top, end_page, page_of
from tools.result import FactTable, OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool

ERROR = "sum of absolute errors / sum of demand"
LEAST = 0.0005  # shares below it are shown as none


class ForecastAccuracyOf(Arguments):
    sku: str | None = Field(default=None, description="exact SKU; null: every item")
    location: str | None = Field(default=None, description="null: everywhere")
    top: Top = 10
    skip: Skip = 0


def forecast_accuracy(arguments: ForecastAccuracyOf, context: ToolContext) -> ToolResult:
    run = current_run(context)
    names = names_of(context.stores, run)
    item = None if arguments.sku is None else require_item(context.stores, run, arguments.sku)
    place = None if arguments.location is None else require_location(names, arguments.location)
    found = context.compute.call(
        computed, context.stores, run.id, item and item.code, place and place.code
    )
    ledger = ledger_for(run)
    about = [entity for entity in (item, place) if entity is not None]
    if item is not None:
        ledger.code("item.sku", item)
        ledger.name("item.name", item)
    if known(found.final) is None:
        return ledger.result("none")
    if not arguments.skip:
        _add_steps(ledger, found, about)
        _add_verdicts(ledger, found, about)
    _table(ledger, names, found, arguments)
    if arguments.skip:
        return ledger.result("further")
    if item is not None:
        ledger.offer(OfferedAction(kind="say", label="Show the chart", text=f"Chart {item.code}"))
    return ledger.result("record" if found.first is not None else "origins")


def computed(
    stores: Stores, run_id: str, sku: str | None, location: str | None
) -> ForecastAccuracy:
    """Importable by a compute process: all series of several plans are a lot to read."""
    from engine.service.reading import run_header

    return accuracy_of(stores, run_header(stores, run_id), sku=sku, location=location)


def _add_steps(ledger: Ledger, found: ForecastAccuracy, about: list[Entity]) -> None:
    """Forecast value added: what each step, from the naive forecast on, makes of the error."""
    ledger.add("accuracy.basis", found.basis, "name", "what the figures rest on", *about)
    if found.first is not None and found.last is not None:
        ledger.add("accuracy.first", found.first, "date", "first day compared", *about)
        ledger.add("accuracy.last", found.last, "date", "first day of the last period compared",
                   *about)  # fmt: skip
        ledger.add("accuracy.points", found.points, "count", "forecasts compared", *about)
    steps = (
        ("naive", found.naive, "error of repeating the last week"),
        ("statistical", found.statistical, "error of the statistical forecast"),
        ("final", found.final, "error of the final forecast"),
    )
    rows: list[tuple[str, ...]] = []
    before: float | None = None
    for name, value, label in steps:
        error = known(value)
        if error is None:
            continue
        fact = ledger.add(f"accuracy.{name}", round(error, 3), "percent", label, *about,
                          formula=ERROR)  # fmt: skip
        step = ledger.add(f"accuracy.{name}.name", name, "name", "step of the forecast", *about)
        gain = "" if before is None else ledger.add(
            f"accuracy.{name}.added", round(before - error, 3), "percent",
            "error taken away by the step", *about)  # fmt: skip
        rows.append((step, fact, gain))
        before = error
    ledger.table(
        FactTable(
            name="value-added",
            title="What each step of the forecast adds",
            columns=("Step", "Error", "Better by"),
            rows=tuple(rows),
        )
    )


def _add_verdicts(ledger: Ledger, found: ForecastAccuracy, about: list[Entity]) -> None:
    bias, signal = known(found.bias), known(found.signal)
    if bias is not None:
        ledger.add("accuracy.bias", round(abs(bias), 3), "percent", "bias of the forecast", *about,
                   formula="(forecast - actual) / actual")  # fmt: skip
        ledger.add("accuracy.bias_direction", _side(bias), "status", "direction of the bias",
                   *about)  # fmt: skip
    if signal is not None:
        ledger.add("accuracy.signal", round(signal, 1), "ratio", "tracking signal", *about,
                   formula="sum of (actual - forecast) / mean absolute error")  # fmt: skip
        ledger.add("accuracy.verdict", _verdict(signal), "status", "is it an alarm", *about)
    elif found.series > 1:
        ledger.add("accuracy.alarms", found.alarms, "count", "forecasts beyond the alarm", *about)
        ledger.add("accuracy.series", found.series, "count", "forecasts looked at", *about)
    before, after = known(found.overridden_before), known(found.overridden_after)
    if before is not None and after is not None:
        ledger.add("accuracy.before_overrides", round(before, 3), "percent",
                   "error without the overrides", *about, formula=ERROR)  # fmt: skip
        ledger.add("accuracy.after_overrides", round(after, 3), "percent",
                   "error with the overrides", *about, formula=ERROR)  # fmt: skip
        ledger.add("accuracy.overrides_verdict", _helped(before, after), "status",
                   "did overrides help", *about)  # fmt: skip


def _side(bias: float) -> str:
    if abs(bias) < LEAST:
        return "off on average, so it is unbiased"
    return "above what sold" if bias > 0 else "below what sold"


def _verdict(signal: float) -> str:
    if abs(signal) < ALARM:
        return "inside the limits"
    return "an alarm: demand runs above" if signal > 0 else "an alarm: demand runs below"


def _helped(before: float, after: float) -> str:
    if abs(before - after) < LEAST:
        return "made no difference"
    return "helped" if after < before else "made it worse"


def _table(
    ledger: Ledger, names: Names, found: ForecastAccuracy, arguments: ForecastAccuracyOf
) -> None:
    """The series whose errors weigh most."""
    page = page_of(records(found.worst), top=arguments.top, skip=arguments.skip)
    ledger.add("series.count", len(found.worst), "count", "series with errors")
    ledger.table(
        FactTable(
            name="series",
            title="Where the forecast is off most, in units",
            columns=(
                "SKU",
                "Where",
                "Units off",
                "Error",
                "Bias (+ forecast above)",
                "Signal (+ demand above)",
            ),
            rows=tuple(
                _row(ledger, names, f"series.{number}", row) for number, row in page.numbered()
            ),
            rest=end_page(ledger, "series.rest", page.rest, "further series"),
        )
    )


def _row(ledger: Ledger, names: Names, prefix: str, row: Record) -> tuple[str, ...]:
    item, place = names.item(str(row["sku"])), names.location(str(row["location"]))
    off, error, bias = known(row["error_units"]), known(row["wape"]), known(row["bias"])
    signal, about = known(row["signal"]), (item, place)
    add = ledger.add
    return (
        ledger.code(f"{prefix}.sku", item),
        ledger.code(f"{prefix}.location", place),
        "" if off is None else add(f"{prefix}.off", rounded(off), "units", "units off", *about),
        "" if error is None else add(f"{prefix}.error", round(error, 3), "percent",
                                     "error of the forecast", *about),
        "" if bias is None else add(f"{prefix}.bias", round(bias, 3), "percent",
                                    "bias of the forecast", *about),
        "" if signal is None else add(f"{prefix}.signal", round(signal, 1), "ratio",
                                      "tracking signal", *about),
    )  # fmt: skip


TOOL = Tool(
    name="forecast_accuracy",
    mode="read",
    description=(
        "How good the forecasts were, of all items or one: error of the naive, statistical and "
        "overridden forecast, bias, tracking signal, and whether overrides helped."
    ),
    arguments=ForecastAccuracyOf,
    run=forecast_accuracy,
)
