"""A picture of one item's history, forecast band, stockouts and promotions."""

from pydantic import Field

from engine.service.artefacts import corrected_buckets
from tools.context import ToolContext
from tools.forecast_demand import view_of
from tools.names import names_of
from tools.places import places_of
from tools.result import ChartRequest, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool


class DrawForecast(Arguments):
    sku: str = Field(description="exact SKU")
    location: str | None = Field(default=None, description="null: where it sells most")


def draw_forecast(arguments: DrawForecast, context: ToolContext) -> ToolResult:
    run = current_run(context)
    place = str(places_of(context, run, arguments.sku, arguments.location)[0]["location"])
    ledger = ledger_for(run)
    names = names_of(context.stores, run)
    ledger.name("item.name", names.item(arguments.sku))
    ledger.code("item.sku", names.item(arguments.sku))
    ledger.name("place.location", names.location(place))
    ledger.chart(ChartRequest(kind="forecast", run_id=run.id, sku=arguments.sku, location=place))
    corrected = corrected_buckets(view_of(context, run, arguments.sku, place))
    ledger.add("chart.corrected", corrected, "count", "periods with corrected demand",
               names.item(arguments.sku))  # fmt: skip
    return ledger.result("drawn")


TOOL = Tool(
    name="draw_forecast",
    mode="read",
    description="A chart of one item: history, cleaned demand, forecast band, stockouts, promos.",
    arguments=DrawForecast,
    run=draw_forecast,
)
