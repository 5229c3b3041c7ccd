"""The supplier's system answers an order: read line by line, or refused by name."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from engine.connect.x12_855 import read_855
from engine.errors import BadSource
from support.x12 import answer


def test_lines_that_are_accepted_carry_units_and_the_day_of_arrival() -> None:
    (read,) = read_855(
        answer("AC", "PO1*1*60*EA*20*PE*BP*LAMP-OAK-01", "ACK*IQ*48*EA*067*20261207")
    )
    assert (read.order, read.verdict, read.key) == (
        "PO-1001",
        "accepted",
        "855:NORDLICHT:000000077:PO-1001",
    )
    (line,) = read.lines
    assert (line.line, line.sku, line.units) == (1, "LAMP-OAK-01", 48)
    assert (line.day, line.price, line.remarks) == (date(2026, 12, 7), Decimal(20), ())


def test_parts_of_a_line_add_up_and_the_last_day_counts() -> None:
    (read,) = read_855(
        answer(
            "AC", "PO1*1*60*EA", "ACK*IA*24*EA*067*20261201", "ACK*IB*36*EA*017*20270105",
            "PO1*2*24*EA", "ACK*IR", "PO1*3*12*EA", "ACK*IA",
        )
    )  # fmt: skip
    assert [(line.units, line.day) for line in read.lines] == [
        (60, date(2027, 1, 5)), (0, None), (12, None),
    ]  # fmt: skip
    assert read.lines[0].remarks == ("back-ordered",)


def test_a_day_of_shipping_is_no_day_of_arrival() -> None:
    (read,) = read_855(answer("AC", "PO1*1*60*EA", "ACK*IA*60*EA*068*20261201"))
    assert (read.lines[0].day, read.lines[0].remarks) == (None, ("ships on 2026-12-01",))


@pytest.mark.parametrize(
    ("kind", "verdict"), [("AT", "accepted"), ("RJ", "rejected"), ("AH", "held")]
)
def test_a_whole_order_is_answered_without_lines(kind: str, verdict: str) -> None:
    (read,) = read_855(answer(kind))
    assert (read.verdict, read.lines) == (verdict, ())


@pytest.mark.parametrize(
    ("segments", "told"),
    [
        (("ZZ",), "BAK02"),
        (("AC", "PO1*1*60*CA"), "counts in 'CA'"),
        (("AC", "PO1*1*60*EA", "ACK*IA*5*CA"), "counts in 'CA'"),
        (("AC", "PO1*1*60*EA", "ACK*QQ"), "ACK01"),
        (("AC", "PO1*1*1.5*EA"), "no number of units"),
        (("AC", "PO1*1*-3*EA"), "no number of units"),
        (("AC", "PO1*1*NaN*EA"), "no number of units"),
        (("AC", "PO1*1*60*EA*cheap"), "no price"),
        (("AC", "PO1*1*60*EA", "ACK*IA*60*EA*067*tomorrow"), "is no day"),
    ],
)
def test_what_cannot_be_read_is_named(segments: tuple[str, ...], told: str) -> None:
    with pytest.raises(BadSource, match=told):
        read_855(answer(*segments))


def test_another_document_is_no_answer() -> None:
    with pytest.raises(BadSource, match="no acknowledgement"):
        read_855(answer("AC").replace(b"BAK*", b"BIG*"))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for text in (content, answer("AC")[:106] + content):
        with suppress(BadSource):
            assert read_855(text)
