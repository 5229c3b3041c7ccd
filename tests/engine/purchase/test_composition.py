"""Composition: one order per supplier, place and currency, at the price its quantity reaches."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from engine.errors import InvalidInput
from engine.kernels.calendar import SupplierCalendar, parse_order_days
from engine.kernels.discounts import PriceTiers
from engine.kernels.price_list import price_tiers
from engine.model.canonical import canonical_json
from engine.purchase.compose import compose_orders
from engine.purchase.order import OrderContent, OrderLine, content_digest, shown_digest
from engine.purchase.revise import ChangeUnits, revised
from engine.purchase.terms import LeadRange, Terms
from engine.store.content import read_content
from support.purchasing import TERMS, buy, frame, pounds, supplier_terms

AS_OF = date(2026, 11, 2)


def compose(*buys: dict[str, object]) -> tuple[OrderContent, ...]:
    return compose_orders(frame(*buys), TERMS, on=AS_OF)


def line_of(units: int, tiers: PriceTiers) -> OrderLine:
    (order,) = compose(buy("LAMP-ASH-02", units))
    return replace(order.lines[0], tiers=tiers)


def test_one_order_per_supplier_ship_to_and_currency() -> None:
    orders = compose(
        buy("LAMP-OAK-01", 24),
        buy("CHAIR-1", 4),
        buy("LAMP-ASH-02", 12),
        buy("LAMP-OAK-01", 12, location="BATH"),
        buy("LAMP-OAK-01", 12, location="BATH", currency="EUR"),
    )
    assert [(o.supplier, o.ship_to, o.currency, len(o.lines)) for o in orders] == [
        ("NORDLICHT", "BATH", "EUR", 1),
        ("NORDLICHT", "BATH", "GBP", 1),
        ("NORDLICHT", "LEEDS", "GBP", 2),
        ("OAKHURST", "LEEDS", "GBP", 1),
    ]
    assert [line.sku for line in orders[2].lines] == ["LAMP-ASH-02", "LAMP-OAK-01"]
    assert [line.line for line in orders[2].lines] == [1, 2]


def test_the_order_of_the_plan_lines_does_not_matter() -> None:
    buys = [buy("LAMP-OAK-01", 24), buy("LAMP-ASH-02", 12), buy("CHAIR-1", 4)]
    assert compose(*buys) == compose(*reversed(buys))


def test_the_price_is_the_tier_that_the_quantity_reaches() -> None:
    (below,), (at,) = compose(buy("LAMP-OAK-01", 108)), compose(buy("LAMP-OAK-01", 120))
    assert below.total_minor == pounds(108 * 20)
    assert at.total_minor == pounds(120 * 18)
    assert at.lines[0].unit_price_micros == 18_000_000


def test_each_line_is_wanted_after_its_stated_lead_time() -> None:
    lamps, chairs = compose(buy("LAMP-OAK-01", 24), buy("CHAIR-1", 4))
    assert lamps.requested_on == date(2026, 11, 16)
    assert chairs.requested_on == date(2026, 11, 23)
    assert (lamps.payment_days, lamps.incoterm, lamps.supplier_name) == (
        30,
        "DAP",
        "Nordlicht GmbH",
    )


def test_what_no_supplier_states_comes_from_the_plan() -> None:
    (order,) = compose(buy("VASE-9", 24, unit_cost_micros=3_333_333))
    assert order.lines[0].name == "VASE-9"
    assert order.lines[0].category is None
    assert order.lines[0].case_pack == 12
    assert order.total_minor == 8000  # 24 x 3.333333 = 79.999992


def test_a_foreign_order_is_counted_in_base_currency_at_the_recorded_rate() -> None:
    (order,) = compose(buy("LAMP-OAK-01", 60, currency="EUR"))
    assert order.total_minor == pounds(1200)
    assert order.rate == Decimal("0.86")
    assert order.base_total_minor == pounds(1032)


@pytest.mark.parametrize("units", [0, -12, 10_000_001])
def test_a_quantity_nobody_can_order_is_refused(units: int) -> None:
    with pytest.raises(InvalidInput, match="LAMP-OAK-01"):
        compose(buy("LAMP-OAK-01", units))


def test_a_currency_without_a_rate_says_where_to_put_one() -> None:
    with pytest.raises(InvalidInput, match="fx_rates"):
        compose(buy("LAMP-OAK-01", 12, currency="NOK"))


def test_no_lines_make_no_orders() -> None:
    assert compose() == ()


@pytest.mark.parametrize(
    ("units", "price", "total"),
    [(3, 333_500, 100), (1, 125_000, 12), (1, 135_000, 14), (5, 1_000, 0), (15, 1_000, 2)],
)
def test_a_line_is_rounded_half_even_once(units: int, price: int, total: int) -> None:
    line = line_of(units, PriceTiers(breaks=(0,), prices_micros=(price,)))
    assert line.total_minor("GBP") == total


def test_incremental_tiers_show_their_average_and_total_exactly() -> None:
    tiers = PriceTiers(breaks=(0, 100), prices_micros=(1_000_000, 500_000), kind="incremental")
    line = line_of(300, tiers)
    assert line.total_minor("GBP") == 20_000
    assert line.unit_price_micros == 666_667


@given(
    units=st.integers(1, 10_000_000),
    prices=st.lists(st.integers(0, 10**9), min_size=1, max_size=4),
    currency=st.sampled_from(["GBP", "JPY", "KWD"]),
)
def test_an_order_comes_back_from_its_text_with_the_same_digest(
    units: int, prices: list[int], currency: str
) -> None:
    tiers = PriceTiers(breaks=tuple(range(0, len(prices) * 10, 10)), prices_micros=tuple(prices))
    (order,) = compose(buy("LAMP-ASH-02", 12))
    line = replace(order.lines[0], units=units, tiers=tiers)
    order = replace(order, lines=(line,), currency=currency)
    back = read_content(OrderContent, canonical_json(order))
    assert back == order
    assert content_digest(back) == content_digest(order)


MATERIAL = [
    ("supplier", "OTHER"), ("ship_to", "BATH"), ("currency", "EUR"), ("rate", Decimal("1.01")),
    ("payment_days", 60), ("incoterm", "EXW"), ("lines", ()),
]  # fmt: skip
MATERIAL_OF_LINE = [
    ("sku", "X"), ("units", 36), ("case_pack", 6), ("requested_on", date(2026, 12, 1)),
    ("tiers", PriceTiers(breaks=(0,), prices_micros=(19_999_999,))), ("reason", "other"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), MATERIAL)
def test_the_digest_covers_every_term(field: str, value: object) -> None:
    (order,) = compose(buy("LAMP-OAK-01", 24))
    changed = replace(order, **{field: value})
    assert content_digest(changed) != content_digest(order)


@pytest.mark.parametrize(("field", "value"), MATERIAL_OF_LINE)
def test_the_digest_covers_every_part_of_a_line(field: str, value: object) -> None:
    (order,) = compose(buy("LAMP-OAK-01", 24))
    line = replace(order.lines[0], **{field: value})
    changed = replace(order, lines=(line,))
    assert content_digest(changed) != content_digest(order)


def test_what_is_shown_covers_the_rules_as_well() -> None:
    assert shown_digest("a" * 64, "1") != shown_digest("a" * 64, "2")


@pytest.mark.parametrize(
    ("text", "cost", "expected"),
    [
        ("100:11.80|500:10.90", 12_000_000, ((0, 12.0), (100, 11.8), (500, 10.9))),
        ("500:10.90|100:11.80", None, ((0, 11.8), (100, 11.8), (500, 10.9))),
        ("1:9|10:8", 12_000_000, ((0, 9.0), (10, 8.0))),
        (None, 1_000_000, ((0, 1.0),)),
        (" ", 1_000_000, ((0, 1.0),)),
    ],
)
def test_a_price_list_reads_as_suppliers_write_it(
    text: str | None, cost: int | None, expected: tuple[tuple[int, float], ...]
) -> None:
    tiers = price_tiers(text, cost)
    assert tiers is not None
    shown = zip(tiers.breaks, (price / 1e6 for price in tiers.prices_micros), strict=True)
    assert tuple(shown) == expected


def test_without_any_price_there_are_no_tiers() -> None:
    assert price_tiers(None, None) is None


@pytest.mark.parametrize("text", ["100", "a:1", "100:", "-5:1", "100:1:2"])
def test_what_is_no_price_list_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="price"):
        price_tiers(text, 1)


def lamp_terms(**supplier: Any) -> Terms:
    """Nordlicht takes orders on Mondays and is closed in the second week of November."""
    first = date(2026, 11, 9).toordinal()
    closed = frozenset(range(first, first + 7))
    calendar = SupplierCalendar(order_days=parse_order_days("mon"), closed=closed)
    return replace(
        TERMS,
        suppliers={**TERMS.suppliers, "NORDLICHT": supplier_terms("Nordlicht GmbH", **supplier)},
        calendars={"NORDLICHT": calendar},
        lead_ranges={("NORDLICHT", "LAMP-OAK-01", "LEEDS"): LeadRange(low=10, high=20)},
    )


def test_order_days_and_closures_move_the_days_of_an_order() -> None:
    tuesday = date(2026, 11, 3)
    (order,) = compose_orders(frame(buy("LAMP-OAK-01", 60)), lamp_terms(), on=tuesday)
    (line,) = order.lines

    assert order.order_on == date(2026, 11, 16)  # the next Monday that is open
    assert line.requested_on == date(2026, 11, 30)
    assert (line.expected_from, line.expected_to) == (date(2026, 11, 26), date(2026, 12, 6))


def test_a_closure_on_the_way_stretches_the_lead_time() -> None:
    monday = date(2026, 11, 2)
    (order,) = compose_orders(frame(buy("LAMP-OAK-01", 60)), lamp_terms(), on=monday)
    assert order.order_on == monday
    assert order.lines[0].requested_on == monday + timedelta(days=14 + 7)


def test_what_it_costs_to_get_it_here_stands_beside_the_total() -> None:
    bought = buy("LAMP-OAK-01", 60, freight_minor=5_000, duty_minor=2_400, charges_minor=100)
    (order,) = compose_orders(frame(bought), lamp_terms(), on=date(2026, 11, 2))

    assert order.base_total_minor == 120_000
    assert order.landed_minor == 127_500
    halved = revised(order, [ChangeUnits(line=1, units=24)])
    assert halved.landed_minor - halved.base_total_minor == 7_500 * 24 // 60


@pytest.mark.parametrize(
    ("least", "below"),
    [({"minimum_value_micros": 1_200 * 10**6}, False), ({"minimum_units": 60}, False),
     ({"minimum_value_micros": 1_200 * 10**6 + 10_000}, True), ({"minimum_units": 61}, True),
     ({}, False)],
)  # fmt: skip
def test_an_order_knows_whether_its_supplier_would_take_it(
    least: dict[str, int], *, below: bool
) -> None:
    (order,) = compose_orders(
        frame(buy("LAMP-OAK-01", 60)), lamp_terms(**least), on=date(2026, 11, 2)
    )
    assert order.is_below_minimum is below
