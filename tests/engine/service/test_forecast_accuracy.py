"""How good forecasts were: hand-computed errors, signals, and which plan's word counts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.connect.write_folder import write_folder
from engine.forecast.tracking import ALARM
from engine.model.config import PlanConfig
from engine.service import forecast_accuracy
from engine.service.artefacts import SeriesShape, read_series, shape_of_series
from engine.service.forecast_accuracy import accuracy_of, per_series, pooled, wape
from engine.service.importing import import_folder
from engine.service.planning import run_plan
from engine.service.reading import RunHeader
from engine.store import migrate
from engine.store.database import open_database
from support.company import small_company
from support.plans import stores_for

QUICK = PlanConfig(paths=64, horizon=8)
LATE = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
EARLY = LATE - timedelta(days=28)


def test_the_error_is_absolute_error_over_demand() -> None:
    assert wape(np.array([8.0, 12.0]), np.array([10.0, 10.0])) == pytest.approx(0.2)
    assert np.isnan(wape(np.array([1.0]), np.array([0.0])))


def test_bias_signal_and_the_largest_error_first() -> None:
    points = pd.DataFrame(
        {
            "sku": ["A"] * 4 + ["B"] * 4,
            "location": "MAIN",
            "actual": [12.0, 12.0, 12.0, 12.0, 100.0, 100.0, 100.0, 100.0],
            "final": [10.0, 10.0, 10.0, 10.0, 90.0, 110.0, 90.0, 110.0],
        }
    )
    table = per_series(points)
    assert table["sku"].tolist() == ["B", "A"]
    assert table["error_units"].tolist() == [40.0, 8.0]
    # Four misses of two on the same side: the sum is four times the mean miss.
    assert table["signal"].tolist() == [0.0, 4.0]
    assert table["bias"].tolist() == pytest.approx([0.0, -8 / 48])


def test_two_buckets_say_nothing_of_a_signal() -> None:
    points = pd.DataFrame(
        {"sku": ["A", "A"], "location": "MAIN", "actual": [5.0, 5.0], "final": [1.0, 1.0]}
    )
    assert np.isnan(per_series(points)["signal"].iloc[0])


def test_several_series_pool_their_errors_and_never_average_their_shares() -> None:
    """A sells 100 and is off by 10, B sells 2 and is off by 4: 14 of 102, not 105 %."""
    assert pooled(np.array([0.1, 2.0]), np.array([100.0, 2.0])) == pytest.approx(14 / 102)
    # Without demand a share says nothing, whatever stands there.
    assert pooled(np.array([0.1, 9.0]), np.array([100.0, 0.0])) == pytest.approx(0.1)
    assert np.isnan(pooled(np.array([np.nan]), np.array([5.0])))


def test_the_alarm_is_the_one_of_the_forecast() -> None:
    assert forecast_accuracy.ALARM == ALARM


class Record:
    """A company planned twice: four weeks ago, and now that it is known what happened since."""

    def __init__(self, home: Path) -> None:
        self.database = open_database(f"sqlite:///{home}/qm.db")
        migrate.upgrade(self.database)
        self.stores = stores_for(self.database, home)
        self.early = self._planned(home / "early", EARLY)
        self.late = self._planned(home / "late", LATE)

    def _planned(self, folder: Path, now: datetime) -> RunHeader:
        company = small_company()
        items = company.tables["items"].head(12)
        tables: dict[str, Any] = {
            name: company.tables[name]
            for name in ("locations", "suppliers", "supplier_items", "fx_rates")
        }
        for name in ("sales", "stock"):
            rows = company.tables[name]
            day = pd.to_datetime(rows["date"]).dt.normalize()
            tables[name] = rows[(day < pd.Timestamp(now.date())) & rows["sku"].isin(items["sku"])]
        offers = tables["supplier_items"]
        tables |= {"items": items, "supplier_items": offers[offers["sku"].isin(items["sku"])]}
        write_folder(folder, company.profile, tables)
        import_folder(self.stores, folder, mapping=None, now=now)
        return run_plan(self.stores, QUICK, now=now)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    record = Record(tmp_path_factory.mktemp("record"))
    yield record
    record.database.close()


def by_hand(record: Record) -> pd.DataFrame:
    """What the early plan said of the four weeks, and what the late one knows of them."""
    said, starts = rows_of(record, record.early), shape(record, record.early).starts
    known, history = rows_of(record, record.late), shape(record, record.late).history_starts
    found: list[dict[str, Any]] = []
    for place in sorted(set(said) & set(known)):
        for step in range(4):
            bucket = history.index(starts[step])
            if known[place]["in_stock"][bucket] >= 0.999:
                actual = known[place]["observed"][bucket]
                off = said[place]["mean"][step] - actual
                found.append({"sku": place[0], "actual": actual, "off": off})
    return pd.DataFrame(found)


def rows_of(record: Record, run: RunHeader) -> dict[tuple[str, str], dict[str, Any]]:
    rows: Any = read_series(record.stores, str(run.artefacts["series"]), {}).to_dict("records")
    return {(row["sku"], row["location"]): row for row in rows}


def shape(record: Record, run: RunHeader) -> SeriesShape:
    return shape_of_series(record.stores, str(run.artefacts["series"]))


def test_before_there_is_an_earlier_plan_rolling_origins_answer(record: Record) -> None:
    found = accuracy_of(record.stores, record.early)
    rows = read_series(record.stores, str(record.early.artefacts["series"]), {})
    units = rows["backtest_units"]
    errors = (rows["backtest_wape"] * units)[units > 0].sum()
    assert found.basis == "rolling origins"
    assert found.final == pytest.approx(errors / units.sum())


def test_the_plan_of_record_is_held_against_what_happened_since(record: Record) -> None:
    found = accuracy_of(record.stores, record.late)
    expected = by_hand(record)
    assert found.basis == "plans of record"
    assert (found.first, found.points) == (record.early.as_of, len(expected))
    assert found.final == pytest.approx(expected["off"].abs().sum() / expected["actual"].sum())
    assert found.bias == pytest.approx(expected["off"].sum() / expected["actual"].sum())
    assert found.final == found.statistical  # nobody overrode anything
    assert np.isnan(found.overridden_after)


def test_one_item_is_held_against_its_own(record: Record) -> None:
    expected = by_hand(record)
    sku = str(expected.groupby("sku")["actual"].sum().idxmax())
    own = expected[expected["sku"] == sku]
    found = accuracy_of(record.stores, record.late, sku=sku)
    assert found.points == len(own)
    assert found.final == pytest.approx(own["off"].abs().sum() / own["actual"].sum())
