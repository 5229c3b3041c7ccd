"""The estimates against the truth that only the demo company knows."""

from datetime import date

import pandas as pd
import pytest

from engine.errors import InvalidInput
from engine.measure import MEASURES, Period
from engine.service.measure import measured
from support.company import full_company, snapshot_of

PERIOD = Period(start=date(2026, 8, 1), end=date(2026, 10, 31))


def test_the_estimated_fill_rate_is_close_to_the_true_one() -> None:
    report = measured(snapshot_of(full_company), PERIOD)

    company = full_company()
    inside = pd.Timestamp(PERIOD.start), pd.Timestamp(PERIOD.end)
    truth, sales = company.truth, company.tables["sales"]
    wanted = truth.loc[truth["date"].between(*inside), "units"].sum()
    sold = sales[sales["date"].between(*inside) & (sales["kind"] == "sale")]["units"].sum()
    assert report.of("fill rate").value == pytest.approx(sold / wanted, abs=0.02)


def test_a_report_has_every_figure_and_the_period_before() -> None:
    report = measured(snapshot_of(full_company), PERIOD)

    assert [kpi.name for kpi in report.kpis] == list(MEASURES)
    assert [kpi.name for kpi in report.before] == list(MEASURES)
    # Nothing was said or done from here: no forecast, window or cap is judged, nothing was saved.
    unknown = {kpi.name for kpi in report.kpis if kpi.value is None}
    assert unknown == {
        "forecast accuracy", "forecast bias", "forecast value added", "budget use",
        "price of the cap", "promise hit rate",
    }  # fmt: skip
    assert report.of("revenue saved").value == 0
    assert 0.005 < (report.of("stockout rate").value or 0) < 0.1
    assert 0.01 < (report.of("time out of stock").value or 0) < 0.1
    assert report.currency == "GBP"


def test_there_is_nothing_before_the_first_days() -> None:
    snapshot = snapshot_of(full_company)
    first = snapshot.first_day

    report = measured(snapshot, Period(start=first, end=first.replace(day=28)))

    assert report.before == ()


def test_days_without_data_are_refused_with_the_days_there_are() -> None:
    with pytest.raises(InvalidInput, match=r"2026-12-31 is not covered.*to 2026-11-15"):
        measured(snapshot_of(full_company), Period(start=date(2026, 12, 1), end=date(2026, 12, 31)))
