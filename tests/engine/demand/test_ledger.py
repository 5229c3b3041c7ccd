"""Returns, cancellations, tests, renames, units and sets: everything reconciles with the source."""

import numpy as np
import pandas as pd
import pytest

from engine.demand import clean_demand
from engine.model.config import PlanConfig
from engine.model.panel import DemandPanel
from support.demand import AS_OF, daily_sales, days_before, snapshot

WEEKS = [day.date() for day in pd.date_range(end="2026-11-16", periods=6, freq="7D")]


def _line(
    week: int, units: float, *, sku: str = "A", kind: str = "sale", order: str | None = None
) -> dict[str, object]:
    return {"date": WEEKS[week], "sku": sku, "units": units, "kind": kind, "order_id": order}


def _observed(lines: list[dict[str, object]], **tables: object) -> DemandPanel:
    return clean_demand(snapshot(sales=lines, first_day=WEEKS[0], **tables), PlanConfig())


def _units(panel: DemandPanel, row: int = 0) -> list[float]:
    """Net units per week; nothing before the first sale."""
    return np.nan_to_num(panel.observed[row]).tolist()


def test_a_cancellation_is_netted_in_the_week_of_its_order() -> None:
    cancelled = _line(4, -4, kind="cancellation", order="2")
    panel = _observed([_line(0, 10, order="1"), _line(1, 4, order="2"), cancelled])

    assert _units(panel) == [10, 0, 0, 0, 0, 0]


def test_a_return_without_an_order_number_goes_to_the_latest_sale_of_as_many_units() -> None:
    panel = _observed([_line(0, 3), _line(2, 3), _line(3, 5), _line(5, -3, kind="return")])

    assert _units(panel) == [3, 0, 0, 5, 0, 0]


def test_two_returns_do_not_undo_the_same_sale() -> None:
    panel = _observed([
        _line(0, 2), _line(3, 2), _line(4, -2, kind="return"), _line(5, -2, kind="return"),
    ])  # fmt: skip

    assert panel.observed[0].sum() == 0


def test_more_returned_than_sold_is_a_finding_and_never_negative_demand() -> None:
    panel = _observed([_line(1, 2), _line(4, -7, kind="return")])
    finding = panel.findings.set_index("code").loc["returns-exceed-sales"]

    assert _units(panel) == [0, 0, 0, 0, 0, 0]
    assert finding["units"] == 5


def test_test_orders_and_adjustments_are_no_demand() -> None:
    panel = _observed([_line(0, 5), _line(1, 50, kind="test"), _line(2, -9, kind="adjustment")])

    assert _units(panel) == [5, 0, 0, 0, 0, 0]
    assert "adjustments-left-out" in set(panel.findings["code"])
    assert panel.corrections["kind"].tolist() == ["test order"]


def test_the_history_of_an_earlier_name_belongs_to_the_item() -> None:
    items = [{"sku": "NEW", "renamed_from": "MID"}, {"sku": "MID", "renamed_from": "OLD"}]
    panel = _observed(
        [_line(0, 3, sku="OLD"), _line(2, 4, sku="MID"), _line(4, 5, sku="NEW")], items=items
    )

    assert panel.series["sku"].tolist() == ["NEW"]
    assert _units(panel) == [3, 0, 4, 0, 5, 0]


def test_renames_in_a_circle_are_a_finding_and_change_nothing() -> None:
    items = [{"sku": "A", "renamed_from": "B"}, {"sku": "B", "renamed_from": "A"}]
    panel = _observed([_line(0, 3), _line(1, 4, sku="B")], items=items)

    assert panel.series["sku"].tolist() == ["A", "B"]
    assert (panel.findings["code"] == "rename-circle").sum() == 2


def test_cases_become_units() -> None:
    panel = _observed([_line(0, 2), _line(3, 1)], items=[{"sku": "A", "units_per_record": 12}])

    assert _units(panel) == [24, 0, 0, 12, 0, 0]
    assert set(panel.corrections["kind"]) == {"unit change"}


def test_a_set_draws_each_component_once_and_has_no_demand_of_its_own() -> None:
    bundles = [
        {"bundle_sku": "SET", "component_sku": "CUP", "quantity": 4},
        {"bundle_sku": "SET", "component_sku": "POT", "quantity": 1},
    ]
    lines = [_line(1, 3, sku="SET"), _line(1, 2, sku="CUP"), _line(2, 1, sku="POT")]
    panel = _observed(lines, bundles=bundles)

    assert panel.series["sku"].tolist() == ["CUP", "POT"]
    assert _units(panel, 0) == [0, 14, 0, 0, 0, 0]
    assert _units(panel, 1) == [0, 3, 1, 0, 0, 0]


def test_sets_within_sets_are_opened_down_to_items() -> None:
    bundles = [
        {"bundle_sku": "HAMPER", "component_sku": "SET", "quantity": 2},
        {"bundle_sku": "SET", "component_sku": "CUP", "quantity": 4},
    ]
    panel = _observed([_line(0, 1, sku="HAMPER")], bundles=bundles)

    assert panel.series["sku"].tolist() == ["CUP"]
    assert panel.observed[0, 0] == 8


def test_a_returned_set_takes_its_components_back() -> None:
    bundles = [{"bundle_sku": "SET", "component_sku": "CUP", "quantity": 4}]
    lines = [_line(0, 3, sku="SET", order="9"), _line(2, -1, sku="SET", kind="return", order="9")]
    panel = _observed(lines, bundles=bundles)

    assert _units(panel) == [8, 0, 0, 0, 0, 0]


def test_a_set_that_contains_itself_keeps_its_own_sales() -> None:
    bundles = [{"bundle_sku": "SET", "component_sku": "SET", "quantity": 2}]
    panel = _observed([_line(0, 3, sku="SET")], bundles=bundles)

    assert panel.observed[0, 0] == 3
    assert "bundle-circle" in set(panel.findings["code"])


def test_totals_reconcile_with_the_source_whatever_was_netted() -> None:
    random = np.random.default_rng(5)
    count = 4000
    sales = pd.DataFrame({
        "date": days_before(140)[random.integers(0, 140, count)],
        "sku": random.choice(["A", "B", "OLD-B", "C"], count),
        "location": random.choice(["N", "S"], count),
        "order_id": random.integers(0, 900, count).astype(str),
        "units": random.poisson(4, count) + 1.0,
    })  # fmt: skip
    back = random.random(count) < 0.15
    sales["kind"] = np.where(back, random.choice(["return", "cancellation"], count), "sale")
    sales.loc[back, "units"] *= -1
    items = [{"sku": "A", "units_per_record": 6}, {"sku": "B", "renamed_from": "OLD-B"}]
    panel = clean_demand(snapshot(sales=sales, items=items), PlanConfig())
    factor = sales["sku"].map({"A": 6}).fillna(1)
    uncovered = panel.findings.loc[panel.findings["code"] == "returns-exceed-sales", "units"].sum()

    assert np.nansum(panel.observed) - uncovered == pytest.approx((sales["units"] * factor).sum())


def test_corrections_lead_from_what_was_written_to_what_was_sold() -> None:
    items = [{"sku": "A", "units_per_record": 2, "renamed_from": "A-OLD"}]
    panel = _observed(
        [
            _line(1, 3),
            _line(1, 1, sku="A-OLD"),
            _line(1, 9, kind="test"),
            _line(2, -1, kind="return"),
        ],
        items=items,
    )
    steps = panel.corrections

    assert steps["before"].iloc[0] == 12  # 3 sold and 9 in tests, as records
    assert steps["after"].iloc[-1] == panel.observed[0, 1] == 6
    assert (steps["before"].iloc[1:].to_numpy() == steps["after"].iloc[:-1].to_numpy()).all()


def test_sales_after_the_as_of_date_are_not_known_yet() -> None:
    late = daily_sales("A", np.full(30, 2.0)).assign(
        date=lambda f: f["date"] + pd.Timedelta(days=10)
    )
    panel = clean_demand(snapshot(sales=late), PlanConfig())

    assert panel.starts[-1] + pd.Timedelta(days=7) == pd.Timestamp(AS_OF)
    assert np.nansum(panel.observed) == 40
    assert panel.findings.set_index("code").loc["sales-left-out", "units"] == 20
