"""Any picture that a tool asks for, by its kind; drawn in a compute process."""

import re
from dataclasses import dataclass
from pathlib import Path

from agent.bootstrap import Company
from agent.views.budget_chart import budget_png
from agent.views.charts import forecast_png, forecast_words
from agent.views.kpi_chart import kpi_png
from engine.service.stores import Stores
from tools.result import ChartRequest


@dataclass(frozen=True, kw_only=True)
class Drawing:
    path: Path
    words: str  # what it shows


def picture_of(company: Company, chart: ChartRequest) -> Drawing:
    """The picture in the company's folder of charts."""
    folder = company.settings.home_folder / "charts"
    path = folder / f"{chart.kind}-{_name(chart)}.png"
    words = company.compute.call(draw, company.stores, chart, path)
    return Drawing(path=path, words=words)


def draw(stores: Stores, chart: ChartRequest, path: Path) -> str:
    """Write the file and return what it shows; importable by a compute process."""
    if chart.kind == "budget":
        return budget_png(stores, chart.run_id, path)
    if chart.kind == "kpi":
        return kpi_png(stores, chart, path)
    forecast_png(stores, chart.run_id, chart.sku, chart.location, path)
    return forecast_words(stores, chart.run_id, chart.sku, chart.location)


def _name(chart: ChartRequest) -> str:
    parts = (chart.sku, chart.location, chart.name, chart.last, chart.by, chart.run_id[-8:])
    return re.sub(r"[^\w-]+", "_", "-".join(part for part in parts if part))
