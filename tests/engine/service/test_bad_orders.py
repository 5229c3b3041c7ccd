"""Bad input in purchasing, in one place: a clear error or safe rendering, nothing lost."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from engine.connect.order_documents import order_csv
from engine.connect.order_pdf import order_pdf
from engine.errors import BadSettings, IllegalTransition, InvalidInput, PlanningError, UnknownName
from engine.purchase.policy_review import review
from engine.purchase.progress import ConfirmedLine, MovedLine
from engine.purchase.revise import Change, ChangeDate, ChangeUnits, RemoveLine
from engine.service import audit, purchase
from engine.service.amending import amend
from engine.service.merging import merge
from engine.service.order_confirming import confirm
from engine.service.order_receiving import receive
from engine.service.order_view import OrderView
from engine.service.policy_file import parse_policy
from engine.service.stores import Stores
from engine.store.database import Database
from support.order_documents import order_document, order_line
from support.purchasing import (
    NOW,
    POLICY,
    Run,
    buy,
    click,
    draft,
    person,
    proposed,
    purchasing_stores,
)
from support.sent import mark_sent

Act = Callable[[Stores], object]


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    """PO-1001: 60 oak lamps in packs of 12, a draft; PO-1002: two chairs, sent."""
    stores = purchasing_stores(database, tmp_path)
    draft(stores, buy("LAMP-OAK-01", 60))
    click(stores, proposed(stores, buy("CHAIR-1", 2), run_id="run-2"), "max")
    mark_sent(stores, "PO-1002")
    return stores


def revised(*changes: Change) -> Act:
    return lambda stores: purchase.revise(
        stores, "PO-1001", changes=changes, person=person(stores, "bea"), now=NOW, why="x"
    )


def drafted(units: int, **other: object) -> Act:
    return lambda stores: draft(
        stores, buy("LAMP-ASH-02", units, **other), run=Run(id="run-9", created_at=NOW)
    )


def confirmed(units: int, day: date, line: int = 1) -> Act:
    said = [ConfirmedLine(line=line, units=units, expected_on=day)]
    return lambda stores: confirm(
        stores, "PO-1002", lines=said, person=person(stores, "bea"), now=NOW
    )


def received(units: int, line: int = 1, rejected: int = 0, on: date | None = None) -> Act:
    came = [MovedLine(line=line, units=units, rejected_units=rejected)]
    return lambda stores: receive(
        stores, "PO-1002", lines=came, on_day=on, person=person(stores, "bea"), now=NOW
    )


def merged_with(**other: object) -> Act:
    """PO-1001 with a draft of another currency or supplier."""

    def act(stores: Stores) -> object:
        run = Run(id=f"run-{other}", created_at=NOW)
        (view,) = draft(stores, buy("LAMP-ASH-02", 12, **other), run=run)
        return merge(stores, ["PO-1001", view.number], person=person(stores, "bea"), now=NOW)

    return act


def decided(stores: Stores) -> object:
    card = proposed(stores, buy("CHAIR-1", 1, location="LONDON"), run_id="run-8")
    return click(stores, replace(card, request_id=card.request_id + 99), "max")


HUGE, PAST, SOON = 10**9, date(2020, 1, 1), date(2026, 12, 1)
CASES: dict[str, tuple[Act, type[PlanningError], str]] = {
    "not whole packs": (revised(ChangeUnits(line=1, units=50)), InvalidInput, "Take 48 or 60"),
    "no units": (revised(ChangeUnits(line=1, units=0)), InvalidInput, "cannot be ordered"),
    "units below nothing": (revised(ChangeUnits(line=1, units=-12)), InvalidInput, "-12 units"),
    "huge": (revised(ChangeUnits(line=1, units=HUGE)), InvalidInput, "1 to 10,000,000"),
    "below the minimum": (revised(ChangeUnits(line=1, units=6)), InvalidInput, "sold from 12"),
    "a plan of none": (drafted(0), InvalidInput, "cannot be ordered"),
    "a plan of less than none": (drafted(-5), InvalidInput, "cannot be ordered"),
    "a huge plan": (drafted(HUGE), InvalidInput, "1 to 10,000,000"),
    "a currency without a rate": (drafted(12, currency="XTS"), InvalidInput, "fx_rates"),
    "an unknown line": (revised(RemoveLine(line=7)), InvalidInput, "There is no line 7"),
    "an empty order": (revised(RemoveLine(line=1)), InvalidInput, "cancel the order instead"),
    "a day that has passed": (
        revised(ChangeDate(line=1, requested_on=PAST)), InvalidInput, "not later than today"),
    "put off into the past": (
        lambda s: purchase.postpone(s, "PO-1001", until=PAST, person=person(s, "bea"), now=NOW),
        InvalidInput, "not later than today"),
    "confirmed before it was sent": (confirmed(2, PAST), InvalidInput, "before the order was sent"),
    "confirmed less than none": (confirmed(-1, SOON), InvalidInput, "write 0 or more"),
    "confirmed another line": (confirmed(2, SOON, line=5), InvalidInput, "There is no line 5"),
    "received tomorrow": (received(2, on=SOON), InvalidInput, "still to come"),
    "received nothing": (received(0), InvalidInput, "no delivery"),
    "received less than none": (received(-2), InvalidInput, "no delivery"),
    "received too much": (received(3), InvalidInput, "2 units open"),
    "refused without a reason": (received(1, rejected=1), InvalidInput, "say why"),
    "received before it was sent": (
        lambda s: receive(s, "PO-1001", lines=[MovedLine(line=1, units=12)],
                          person=person(s, "bea"), now=NOW),
        IllegalTransition, "'draft' and cannot be 'received'"),
    "two currencies in one order": (
        merged_with(currency="EUR"), InvalidInput, "one supplier, place and currency"),
    "two suppliers in one order": (
        merged_with(supplier="NOBODY"), InvalidInput, "one supplier, place and currency"),
    "an order that is not there": (
        lambda s: purchase.order_view(s, "PO-9999"), UnknownName, "No purchase order 'PO-9999'"),
    "an approval that is gone": (decided, UnknownName, "approval request"),
    "a revision that is not there": (
        lambda s: purchase.difference_between(s, "PO-1001", 1, 9), UnknownName, "1 to 1"),
}  # fmt: skip


def test_bad_input_is_an_error_that_says_what_to_do_and_changes_nothing(stores: Stores) -> None:
    def both() -> tuple[OrderView, ...]:
        return tuple(purchase.order_view(stores, number) for number in ("PO-1001", "PO-1002"))

    before, wrong = both(), list[str]()
    for case, (act, error, says) in CASES.items():
        try:
            act(stores)
            wrong.append(f"{case}: nothing was said")
        except error as refusal:
            if not re.search(says, str(refusal)):
                wrong.append(f"{case}: {refusal}")
        if both() != before:
            wrong.append(f"{case}: an order was changed")
    assert wrong == []
    assert audit.verify(stores).verified


def test_an_unknown_supplier_is_drafted_under_its_code_with_the_plans_price(stores: Stores) -> None:
    (view,) = draft(stores, buy("LAMP-ASH-02", 12, supplier="NOBODY"), run=Run(id="run-9"))
    assert (view.content.supplier_name, view.content.payment_days) == ("NOBODY", None)
    assert view.content.lines[0].unit_price_micros == 18_500_000


def test_two_currencies_of_one_supplier_are_two_orders(stores: Stores) -> None:
    views = draft(
        stores, buy("LAMP-ASH-02", 12), buy("VASE-9", 12, currency="EUR"), run=Run(id="run-9")
    )
    assert sorted(view.content.currency for view in views) == ["EUR", "GBP"]


def test_a_plan_that_buys_nothing_drafts_nothing(stores: Stores) -> None:
    assert draft(stores, run=Run(id="run-9")) == ()


POLICIES = {
    "two limits for one field": ("[{up_to: 50000}]", "[{up_to: 50000}, {up_to: 9}]", "same field"),
    "a limit that another covers": (
        "[{up_to: 50000}]", "[{up_to: 50000}, {up_to: 9, categories: [X]}]", "can never apply"),
    "nobody may approve": ("approve, set", "set", "Nobody may approve anything"),
    "a step above every limit": ("above: 2500", "above: 60000", "above every limit"),
    "a person in two roles": (
        "Mia Lund, roles: [manager]", "Mia Lund, roles: [manager, director]", "the larger limit"),
}  # fmt: skip


@pytest.mark.parametrize("case", POLICIES)
def test_rules_that_overlap_or_are_missing_are_remarked_on(case: str) -> None:
    written, instead, says = POLICIES[case]
    assert written in POLICY
    policy = parse_policy(POLICY.replace(written, instead), "people.yaml").policy
    assert says in " ".join(remark.sentence for remark in review(policy))


@pytest.mark.parametrize(
    "text", [POLICY.replace("limits:", "limit:"), POLICY.replace("roles: [buyer]", "roles: []")]
)
def test_a_policy_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadSettings, match="people"):
        parse_policy(text, "people.yaml")


NAMES = {
    "markup": "<b>Bold</b> & <para>", "newlines": "two\r\nlines\n\nand\ttabs",
    "right to left": "מנורה \N{RIGHT-TO-LEFT OVERRIDE}gnp.exe مصباح", "long": "y" * 5_000,
    "nothing": "   ", "control": "a\x00b\x1b[31mc", "formula": "=cmd|' /C calc'!A0",
}  # fmt: skip


@pytest.mark.parametrize("case", NAMES)
def test_whatever_a_name_holds_the_document_reads_well_and_loses_no_line(case: str) -> None:
    document = order_document(order_line(1, NAMES[case]), order_line(2, "The next line"))
    pages = PdfReader(io.BytesIO(order_pdf(document))).pages
    text = "\n".join(page.extract_text() for page in pages)
    assert len(pages) == 1
    for told in ("The next line", "LAMP-001", "2 lines, 288 units", "3,398.40 EUR"):
        assert told in text
    assert "The next line" in order_csv(document).decode("utf-8-sig")


@pytest.mark.parametrize("blank", ["", " \n\t"])
def test_a_change_or_an_end_without_a_reason_is_refused_and_changes_nothing(
    stores: Stores, blank: str
) -> None:
    bea, change = person(stores, "bea"), [ChangeUnits(line=1, units=72)]
    for number, act in (("PO-1001", purchase.revise), ("PO-1002", amend)):
        with pytest.raises(InvalidInput, match=f"Say why {number} is changed"):
            act(stores, number, changes=change, person=bea, now=NOW, why=blank)
        assert purchase.order_view(stores, number).revision == 1
    with pytest.raises(InvalidInput, match="Say why PO-1001 is cancelled"):
        purchase.cancel(stores, "PO-1001", person=bea, now=NOW, reason=blank)
    assert purchase.order_view(stores, "PO-1001").state == "draft"
