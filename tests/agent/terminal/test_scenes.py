"""The scenes of approval that the product must play, as recorded: draft, approve, late, budget."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from agent.bootstrap import Company
from agent.terminal.session import Session
from engine.model.people import Person
from engine.purchase.revise import ChangeUnits
from engine.purchase.states import OrderState
from engine.service import approve, audit, outbox, people, purchase
from engine.service.approval_card import ApprovalCard
from engine.service.delivery import deliver_next, take_over
from engine.service.leases import WORKER, acquire_lease
from engine.service.order_answering import answer_855
from engine.service.order_delivery import OrderToFolder
from engine.service.order_steps import SEND
from engine.store.database import open_database
from engine.store.tables.purchasing import approval_decisions
from support.agent import assistant_for
from support.imported import DATABASE, NOW
from support.purchasing import click, count, person
from support.running import HandClock, company_at
from support.scenes import WIDE, held_against, play, steps_of, without_figures
from support.x12 import answer

SCENES = Path(__file__).parent / "scenes"
Event = Callable[[], str]


def session_of(company: Company, who: Person) -> Session:
    return Session(assistant=assistant_for(company), person=who, thread_id="scene")


def card_of(company: Company, number: str) -> ApprovalCard:
    request = purchase.order_view(company.stores, number).request_id
    assert request is not None
    return approve.card(company.stores, request, now=company.clock.now())


def send(company: Company, owner: str = "one", *, dies: bool = False) -> str:
    """What the worker does; `dies`: once it has handed an order over, before it says so."""
    stores, now = company.stores, company.clock.now()
    if isinstance(company.clock, HandClock):
        company.clock.advance(300)
    folder = company.settings.home_folder / "outgoing"
    routes = {SEND: OrderToFolder(seal=stores.seal, folder=folder, formats=("csv",))}
    lease = acquire_lease(stores.database, name=WORKER, owner=owner, now=now, seconds=60)
    assert lease is not None
    if dies:
        left = outbox.claim(stores.database, lease=lease, kinds=[SEND], now=now, seconds=60)
        assert left is not None
        routes[SEND].hand_over(stores, left, now)
        return f"{left.payload['order']} is handed over, and its sender dies."
    take_over(stores, routes, lease=lease, now=now)
    while deliver_next(stores, routes, lease=lease, now=now, claim_seconds=60, failures_limit=3):
        pass
    written = sorted(path.name for path in folder.iterdir())
    return f"In the supplier's folder: {', '.join(written)}."


def test_scene_4_draft_it_is_one_order_per_supplier_asked_for_once(
    company: Company, bea: Person
) -> None:
    record = SCENES / "04_draft_it.txt"
    played = play(session_of(company, bea), steps_of(record), {})
    held_against(record, played)
    views = purchase.list_orders(company.stores)
    places = [(v.content.supplier, v.content.ship_to, v.content.currency) for v in views]
    assert len(places) == len(set(places))
    assert {view.state for view in views} == {OrderState.PROPOSED}


def test_scene_5_one_order_one_document_one_named_winner(company: Company, bea: Person) -> None:
    first: list[str] = []

    def two_click() -> str:
        card, stores = card_of(company, "PO-1003"), company.stores
        with ThreadPoolExecutor(3) as pool:
            said = list(
                pool.map(lambda who: click(stores, card, who).result, ["max", "mia", "mia"])
            )
        assert sorted(said) == ["already_decided", "already_decided", "approved"]
        assert count(stores, approval_decisions, request_id=card.request_id) == 1
        first.append(approve.card(stores, card.request_id, now=NOW).decisions[0].approver)
        return "One of them approved it; the others are told that it was decided."

    def bea_changes() -> str:
        now = company.clock.now()
        purchase.revise(
            company.stores, "PO-1002", changes=[ChangeUnits(line=1, units=48)], person=bea,
            now=now, why="a case more",
        )  # fmt: skip
        purchase.propose(company.stores, "PO-1002", person=bea, now=now)
        return "PO-1002 is revision 2, and asked for again."

    def sent() -> str:
        told = send(company, "first", dies=True)
        return f"{told} {send(company, 'second')}"

    events: dict[str, Event] = {
        "two managers click on PO-1003 in the same second, one of them twice": two_click,
        "Bea changes PO-1002 after its card was shown to Max": bea_changes,
        "the worker sends what is approved, is killed, and another takes over": sent,
    }
    record = SCENES / "05_approve.txt"
    played = play(session_of(company, bea), steps_of(record), events)
    winner = {"max": "Max Okafor", "mia": "Mia Lund"}[first[0]]
    told = f"PO-1003 is approved by {winner}."
    assert told in played
    held_against(record, played.replace(told, "PO-1003 is approved by whoever was first."))
    assert audit.verify(company.stores).verified


def test_scene_6_a_late_confirmation_moves_what_is_expected_once(
    company: Company, bea: Person
) -> None:
    """Acid test 12, its state part; what customers are told is the promises' own scene."""

    def confirms_late() -> str:
        view = purchase.order_view(company.stores, "PO-1001")
        (line,) = view.content.lines
        late = line.requested_on + timedelta(days=7)
        told = answer("AC", f"PO1*1*{line.units}*EA", f"ACK*DR*{line.units}*EA*067*{late:%Y%m%d}")
        again = [
            each.already_there
            for _ in range(3)
            for each in answer_855(company.stores, told, person=bea, now=company.clock.now())
        ]
        assert again == [False, True, True]
        return f"Line 1 comes on {late} instead of {line.requested_on}."

    def planned() -> str:
        frame = purchase.open_orders(company.stores)
        (row,) = frame[frame["po"] == "PO-1001"].to_dict("records")
        return f"{row['units']} of {row['sku']} on {row['confirmed_on']:%Y-%m-%d}."

    events: dict[str, Event] = {
        "the worker sends what is approved": lambda: send(company),
        "Oakhurst's system confirms a week late, and sends it three times": confirms_late,
        "a plan counts on the new day": planned,
    }
    record = SCENES / "06_confirmed_late.txt"
    held_against(record, play(session_of(company, bea), steps_of(record), events))
    assert audit.verify(company.stores).verified


@pytest.fixture
def demo(quick_home: Path, company_folder: Path, tmp_path: Path) -> Iterator[Company]:
    """The small demo company with a real plan, where Amira buys and Marcus decides."""
    home = tmp_path / "demo"
    shutil.copytree(quick_home, home)
    database = open_database(f"sqlite:///{home}/{DATABASE}")
    company = company_at(database, home, HandClock(at=NOW))
    people.sync(company.stores, people.load_policy(company_folder / "people.yaml"), now=NOW)
    yield company
    database.close()


def test_scene_7_a_budget_is_proposed_with_its_consequence_and_confirmed_by_who_may(
    demo: Company,
) -> None:
    record = SCENES / "07_set_budget.txt"
    amira = person(demo.stores, "buyer")
    played = play(session_of(demo, amira), steps_of(record), {}, width=WIDE)
    held_against(record, without_figures(played))
