import numpy as np
import pytest

from engine.model.config import PlanConfig
from engine.model.supply import LeadTimes
from engine.supply import lead_times
from support.supply import day, delivered, order, receipt, supplier, supply_snapshot

CONFIG = PlanConfig()


def lane(times: LeadTimes, code: str = "ACME", sku: str | None = None) -> int:
    rows = times.lanes
    same = (rows["supplier"] == code) & rows["location"].isna()
    same &= rows["sku"].isna() if sku is None else rows["sku"] == sku
    return int(np.flatnonzero(same)[0])


def test_every_distribution_sums_to_one() -> None:
    orders, receipts = delivered([10, 12, 20, 11])
    times = lead_times(supply_snapshot(purchase_orders=orders, receipts=receipts), CONFIG)

    assert times.pmf.sum(axis=1) == pytest.approx(1.0)
    assert (times.pmf >= 0).all()


def test_without_deliveries_the_stated_time_is_taken_and_says_so() -> None:
    stated = supply_snapshot(suppliers=[supplier(lead_time_days=21.0)])
    times = lead_times(stated, CONFIG)

    assert times.lanes["source"].tolist() == ["stated"]
    assert times.lanes["mean_days"].iloc[0] == pytest.approx(21, abs=0.1)
    assert times.lanes["sd_days"].iloc[0] == pytest.approx(0.25 * 21, rel=0.02)


def test_a_certain_stated_time_stays_certain_without_an_assumed_spread() -> None:
    stated = supply_snapshot(suppliers=[supplier(lead_time_days=14.0)])
    times = lead_times(stated, PlanConfig(lead_time_spread=0.0))

    assert times.pmf[0, 14] == pytest.approx(1.0)


def test_without_anything_the_default_is_taken_and_says_so() -> None:
    times = lead_times(supply_snapshot(), CONFIG)

    assert times.lanes["source"].tolist() == ["assumed"]
    assert times.lanes["mean_days"].iloc[0] == pytest.approx(14, abs=0.1)


def test_a_lead_time_of_zero_stays_zero() -> None:
    times = lead_times(supply_snapshot(suppliers=[supplier(lead_time_days=0.0)]), CONFIG)

    assert times.pmf[0, 0] == pytest.approx(1.0)


def test_few_deliveries_are_drawn_to_the_statement_and_many_outweigh_it() -> None:
    few_orders, few_receipts = delivered([30] * 2)
    many_orders, many_receipts = delivered([30] * 60)
    suppliers = [supplier(lead_time_days=10.0)]
    few = lead_times(
        supply_snapshot(suppliers=suppliers, purchase_orders=few_orders, receipts=few_receipts),
        CONFIG,
    )
    many = lead_times(
        supply_snapshot(suppliers=suppliers, purchase_orders=many_orders, receipts=many_receipts),
        CONFIG,
    )

    assert 10 < few.lanes["mean_days"].iloc[0] < 20
    assert 28 < many.lanes["mean_days"].iloc[0] <= 30
    assert few.lanes["source"].iloc[0] == "shrunk"
    assert many.lanes["source"].iloc[0] == "observed"


def test_orders_still_out_make_a_supplier_slower_not_faster() -> None:
    orders, receipts = delivered([10] * 10)
    late = [order(f"LATE-{i}", 40) for i in range(10)]
    without = lead_times(supply_snapshot(purchase_orders=orders, receipts=receipts), CONFIG)
    with_late = lead_times(
        supply_snapshot(purchase_orders=[*orders, *late], receipts=receipts), CONFIG
    )

    assert with_late.lanes["mean_days"].iloc[0] > without.lanes["mean_days"].iloc[0] + 5


def test_an_order_still_out_is_known_to_be_out_only_until_the_day_before_as_of() -> None:
    """A certain fortnight is not refuted by an order that is due this very morning."""
    stated = supply_snapshot(
        suppliers=[supplier(lead_time_days=14.0)], purchase_orders=[order("DUE", 14)]
    )

    assert lead_times(stated, PlanConfig(lead_time_spread=0.0)).pmf[0, 14] == pytest.approx(1.0)


def test_an_order_out_for_years_is_lost_and_teaches_nothing() -> None:
    orders, receipts = delivered([10] * 10)
    tables = {"purchase_orders": orders, "receipts": receipts}
    forgotten = tables | {"purchase_orders": [*orders, order("FORGOTTEN", 900)]}

    clean = lead_times(supply_snapshot(**tables), CONFIG)
    same = lead_times(supply_snapshot(**forgotten), CONFIG)

    assert np.array_equal(clean.pmf, same.pmf)


def test_without_censoring_the_posterior_is_prior_and_counts_weighted() -> None:
    orders, receipts = delivered([5, 5, 9])
    tables = {"purchase_orders": orders, "receipts": receipts}
    prior = lead_times(supply_snapshot(), CONFIG).pmf[0]
    posterior = lead_times(supply_snapshot(**tables), CONFIG).pmf[0]

    first, second, third = (0.5 ** (age / 270) for age in (400, 401, 402))  # evidence fades
    all_of_it = 6 + first + second + third
    assert posterior[5] == pytest.approx((6 * prior[5] + first + second) / all_of_it)
    assert posterior[9] == pytest.approx((6 * prior[9] + third) / all_of_it)
    assert posterior[20] == pytest.approx(6 * prior[20] / all_of_it)


def test_an_item_with_its_own_statement_has_a_lane_of_its_own() -> None:
    times = lead_times(
        supply_snapshot(
            suppliers=[supplier(lead_time_days=10.0)],
            supplier_items=[{"supplier": "ACME", "sku": "SLOW", "lead_time_days": 40.0}],
        ),
        CONFIG,
    )

    assert times.lanes["mean_days"].iloc[lane(times)] == pytest.approx(10, abs=0.1)
    assert times.lanes["mean_days"].iloc[lane(times, sku="SLOW")] == pytest.approx(40, abs=0.5)


def test_a_ship_to_with_slower_deliveries_has_a_slower_lane() -> None:
    near, near_receipts = delivered([10] * 8, location="NEAR")
    far, far_receipts = delivered([30] * 8, location="FAR")
    times = lead_times(
        supply_snapshot(purchase_orders=[*near, *far], receipts=[*near_receipts, *far_receipts]),
        CONFIG,
    )

    by_place = times.lanes.dropna(subset="location").set_index("location")["mean_days"]
    assert by_place["FAR"] > times.lanes["mean_days"].iloc[lane(times)] > by_place["NEAR"]


def test_a_supplier_without_deliveries_learns_from_how_statements_turn_out() -> None:
    orders, receipts = delivered([20] * 30, code="KNOWN")
    suppliers = [supplier("KNOWN", lead_time_days=10.0), supplier("NEW", lead_time_days=30.0)]
    times = lead_times(
        supply_snapshot(suppliers=suppliers, purchase_orders=orders, receipts=receipts), CONFIG
    )

    assert times.lanes["mean_days"].iloc[lane(times, "NEW")] == pytest.approx(60)


def test_days_of_a_closure_are_not_lead_time() -> None:
    closures = [{"supplier": "ACME", "start_date": day(-395), "end_date": day(-386)}]
    orders = [order(f"P{i}", 400) for i in range(8)]
    receipts = [receipt(f"P{i}", 380) for i in range(8)]
    tables = {"purchase_orders": orders, "receipts": receipts}

    closed = lead_times(supply_snapshot(**tables, closures=closures), CONFIG)

    assert closed.pmf[0].argmax() == 10


def test_old_evidence_gives_way_to_new() -> None:
    """Ten slow deliveries of two years ago against ten quick ones of last month."""
    old = [(order(f"OLD{i}", 760), receipt(f"OLD{i}", 730)) for i in range(10)]
    new = [(order(f"NEW{i}", 40), receipt(f"NEW{i}", 30)) for i in range(10)]
    orders, receipts = zip(*old, *new, strict=True)
    times = lead_times(
        supply_snapshot(purchase_orders=list(orders), receipts=list(receipts)), CONFIG
    )

    quick, slow = times.pmf[0, :20].sum(), times.pmf[0, 25:].sum()
    assert quick > 3 * slow


def test_a_new_ship_to_of_a_supplier_learns_from_others_deliveries_there() -> None:
    """FAR is slow for everyone; NEW has never delivered there but has just been ordered to."""
    orders, receipts = [], []
    for code in ("ONE", "TWO", "NEW"):
        for place, leads in (("NEAR", [9, 10, 11] * 4), ("FAR", [48, 50, 52] * 4)):
            if (code, place) != ("NEW", "FAR"):
                some, came = delivered(leads, code=code, location=place)
                orders += some
                receipts += came
    orders.append(order("FIRST", 1, code="NEW", location="FAR"))
    suppliers = [supplier("ONE"), supplier("TWO"), supplier("NEW")]
    times = lead_times(
        supply_snapshot(suppliers=suppliers, purchase_orders=orders, receipts=receipts), CONFIG
    )

    mean = times.lanes[times.lanes["supplier"] == "NEW"].set_index("location")["mean_days"]
    assert mean["FAR"] > 30
    assert mean["NEAR"] < 25


def test_a_place_says_little_where_suppliers_differ_and_places_do_not() -> None:
    orders, receipts = [], []
    for code, leads in (("QUICK", [5, 6, 7] * 5), ("SLOW", [60, 62, 64] * 5)):
        for place in ("NEAR", "FAR"):
            some, came = delivered(leads, code=code, location=place)
            orders += some
            receipts += came
    times = lead_times(
        supply_snapshot(
            suppliers=[supplier("QUICK"), supplier("SLOW")],
            purchase_orders=orders,
            receipts=receipts,
        ),
        CONFIG,
    )

    mean = times.lanes.dropna(subset="location").groupby("supplier")["mean_days"].max()
    assert mean["QUICK"] < 25
    assert mean["SLOW"] > 45


def test_public_holidays_of_the_suppliers_country_are_not_lead_time() -> None:
    """Two of the days from order to receipt were holidays in Denmark, two others in France."""
    names = {-395: "DK", -394: "DK", -393: "FR", -392: "FR"}
    holidays = [{"date": day(at), "country": c, "name": "feast"} for at, c in names.items()]
    sale = [{"date": day(-391), "country": "DK", "name": "sale", "category": "toys"}]
    orders, receipts = (
        [order(f"P{i}", 400) for i in range(8)],
        [receipt(f"P{i}", 380) for i in range(8)],
    )
    danish = supply_snapshot(
        suppliers=[supplier(country="DK")],
        purchase_orders=orders,
        receipts=receipts,
        holidays=[*holidays, *sale],
    )

    assert lead_times(danish, CONFIG).pmf[0].argmax() == 18
