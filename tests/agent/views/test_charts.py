"""A picture of a forecast: drawn elsewhere, the same each time, whatever the history holds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agent.bootstrap import Company
from agent.views.charts import drawn, forecast_png
from engine.service.artefacts import ForecastView, read_forecast
from support.agent import run_of

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def view(company: Company) -> ForecastView:
    series = str(run_of(company).artefacts["series"])
    return read_forecast(company.stores, series, "LAMP-OAK-01", "LEEDS")


def test_a_chart_is_written_where_it_was_asked_for(company: Company, tmp_path: Path) -> None:
    path = tmp_path / "charts" / "lamp.png"
    run = run_of(company).id
    assert forecast_png(company.stores, run, "LAMP-OAK-01", "LEEDS", path) == path
    assert path.read_bytes().startswith(PNG)


def test_the_same_forecast_gives_the_same_picture(view: ForecastView) -> None:
    assert drawn(view) == drawn(view)


def test_a_newcomer_without_history_can_be_drawn(view: ForecastView) -> None:
    nothing = np.full_like(view.observed, np.nan)
    empty = np.zeros_like(view.observed)
    newcomer = replace(
        view, observed=nothing, clean=nothing, in_stock=empty, promoted=empty, name=""
    )
    assert drawn(newcomer).startswith(PNG)
