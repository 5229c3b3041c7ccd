"""A picture of a forecast: drawn elsewhere, the same each time, whatever the history holds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agent.bootstrap import Company
from agent.views.chart_marks import alternative_text, marks_of
from agent.views.charts import _ceiling, _runs, drawn, forecast_png
from engine.model.forecast import DRIVERS
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


def test_what_is_marked_is_also_said(view: ForecastView) -> None:
    drivers = view.drivers.copy()
    drivers[2:4, DRIVERS.index("override")] = 5.0
    clean, in_stock = view.observed.copy(), np.ones_like(view.in_stock)
    clean[-3:], in_stock[-3:] = clean[-3:] + 4.0, 0.0
    planned = np.zeros_like(view.planned)
    planned[0] = 1.0
    marked = replace(view, drivers=drivers, clean=clean, in_stock=in_stock, planned=planned)

    text = alternative_text(marked)

    assert "3 weeks out of stock, 3 weeks with demand corrected" in text
    assert "1 week of planned promotion, 2 weeks set by people" in text
    assert "80%" in text
    assert drawn(marked) != drawn(view)


def test_a_lone_peak_does_not_press_the_rest_to_the_ground(view: ForecastView) -> None:
    peak = view.observed.copy()
    peak[-5] = 60.0 * float(np.nanmax(view.observed))
    lone = replace(view, observed=peak, clean=view.observed)
    assert _ceiling(lone, marks_of(lone)) < peak[-5] / 4
    assert drawn(lone).startswith(PNG)


def test_stretches_are_first_and_last_of_each_run() -> None:
    assert _runs(np.array([True, True, False, True])) == [(0, 1), (3, 3)]
    assert _runs(np.zeros(3, dtype=np.bool_)) == []
