"""What goods cost by the time they are here, and when they are paid, is part of their value."""

from typing import Any

import numpy as np
import pytest

from engine.model.plan import Plan
from engine.replenish.landed import Carriage, Landing, credit_days
from support.replenish import PLAIN, Item, candidates_for, ordered, plan_for


def at(terms: dict[str, Any], item: Item | None = None, **listing: Any) -> Plan:
    supplier = {"supplier": "ACME", "lead_time_days": 7.0, "payment_days": 0, **terms}
    each = item or Item(weekly=30, terms=listing)
    return plan_for([each], suppliers=[supplier])


def test_freight_duty_and_charges_are_shown_to_the_penny() -> None:
    """A hundred and eight of goods at 10 %, 5 % and 2 %: 10.80, 5 % of 118.80, 2.16."""
    rates = {"freight_percent": 10.0, "duty_percent": 5.0, "charges_percent": 2.0}
    line = at({"incoterm": "FOB", **rates}).lines.iloc[0]
    goods = int(line["cost_minor"])

    assert goods == line["units"] * 1_000
    assert line["freight_minor"] == round(goods * 0.10)
    assert line["duty_minor"] == round(goods * 1.10 * 0.05)
    assert line["charges_minor"] == round(goods * 0.02)


@pytest.mark.parametrize(
    ("incoterm", "ours"),
    [
        ("EXW", {"freight", "duty"}), ("FCA", {"freight", "duty"}), ("FAS", {"freight", "duty"}),
        ("FOB", {"freight", "duty"}), ("CFR", {"duty"}), ("CPT", {"duty"}), ("CIF", {"duty"}),
        ("CIP", {"duty"}), ("DAP", {"duty"}), ("DPU", {"duty"}), ("DDP", set()),
    ],
)  # fmt: skip
def test_the_incoterm_says_who_pays_freight_and_duty(incoterm: str, ours: set[str]) -> None:
    line = at({"incoterm": incoterm, "freight_percent": 8.0, "duty_percent": 4.0}).lines.iloc[0]

    assert {each for each in ("freight", "duty") if line[f"{each}_minor"] > 0} == ours


def test_freight_counts_by_weight_volume_and_unit() -> None:
    carriage = Carriage(incoterm="FOB", freight_per_kg=0.5, freight_per_l=0.25, duty_share=0.1)
    landing = carriage.landing(weight_kg=2.0, volume_l=4.0, unit_freight=0.75, duty_share=None)

    # Per unit 2 x .5 + 4 x .25 + .75 = 2.75; ten units of 100 in goods: 127.5 and 10 % duty.
    assert landing.freight_unit == pytest.approx(2.75)
    assert landing.cost(100.0, 10.0) == pytest.approx(140.25)
    assert landing.freight(np.array([100.0]), np.array([10.0])).tolist() == [27.5]


def test_an_items_own_duty_replaces_its_suppliers() -> None:
    dutiable = at({"incoterm": "DAP", "duty_percent": 4.0}).lines.iloc[0]
    free = at({"incoterm": "DAP", "duty_percent": 4.0}, duty_percent=0.0).lines.iloc[0]

    assert dutiable["duty_minor"] > 0
    assert free["duty_minor"] == 0


def test_value_is_less_by_what_it_costs_to_get_it_here_and_the_budget_is_not() -> None:
    near = at({"incoterm": "DDP"}).lines.iloc[0]
    far = at({"incoterm": "FOB", "freight_percent": 20.0}).lines.iloc[0]

    assert far["units"] <= near["units"]
    assert far["cost_minor"] == far["units"] * 1_000
    # What is left over was worth its freight, too: it need not be brought next time.
    assert near["value_minor"] - far["value_minor"] > 0.5 * far["freight_minor"]


def test_freight_that_eats_what_a_price_break_saves_refuses_it() -> None:
    """The break saves .70 of 7.50; freight by value makes it larger, dear stock refuses it."""
    item = Item(weekly=25, price=20, cost=7.5, terms={"tiers": "400:6.80"})
    cheap = ordered(at({}, item))["A", "MAIN"]
    far = {"incoterm": "FOB", "freight_per_kg_micros": 20_000_000.0}
    heavy = Item(
        weekly=25, price=60, cost=7.5, terms={"tiers": "400:6.80"}, item={"weight_kg": 1.5}
    )

    assert cheap >= 400
    assert ordered(at(far, heavy))["A", "MAIN"] < 100


def test_cash_is_counted_from_the_day_it_is_paid() -> None:
    """Goods of 100 of 120 landed: 30 % on order, 20 days before receipt; the rest 60 days after."""
    days = credit_days(
        goods=100.0, landed=120.0, deposit_share=0.3, payment_days=60, lead_days=20.0
    )

    assert days == pytest.approx((0.7 * 60 - 0.3 * 20) * 100 / 120)
    assert credit_days(
        goods=0.0, landed=0.0, deposit_share=0.0, payment_days=60, lead_days=9.0
    ) == pytest.approx(0.0)


def test_later_payment_is_worth_more_and_a_deposit_less() -> None:
    def value(**terms: Any) -> int:
        return int(at({"incoterm": "DDP", **terms}).lines["value_minor"].iloc[0])

    assert value(payment_days=90) > value() > value(deposit_percent=100.0)


def test_nothing_on_top_changes_nothing() -> None:
    assert Landing().cost(12.0, 3.0) == 12.0
    assert candidates_for([Item()], config=PLAIN).items["duty_share"].tolist() == [0.0]
