"""Whatever people do in whatever order: money, numbers, decisions and the audit stay right."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)

from engine.errors import PlanningError
from engine.model.people import Right
from engine.purchase.progress import ConfirmedLine, MovedLine, paid_units
from engine.purchase.revise import ChangeUnits
from engine.purchase.spending import TOTAL, spending_of_units
from engine.purchase.states import OPEN, UNDER_WAY, OrderState
from engine.service import approve, audit, budget, people, purchase
from engine.service.amending import amend
from engine.service.approval_card import ApprovalCard
from engine.service.approval_click import Decision
from engine.service.order_closing import close
from engine.service.order_confirming import accept_confirmation, confirm
from engine.service.order_receiving import receive, send_back
from engine.service.order_view import OrderView
from engine.store import migrate
from engine.store.database import open_database
from engine.store.tables.budgets import budget_commitments
from engine.store.tables.fulfilment import po_receipts
from support.purchasing import NOW, Run, buy, cap, click, count, draft, person, purchasing_stores
from support.sent import mark_sent

T = TypeVar("T")
BUYERS = st.sampled_from(["bea", "ben", "max"])
PEOPLE = st.sampled_from(["bea", "max", "max", "mia", "dana", "dana"])
SKUS = st.sampled_from(["LAMP-OAK-01", "LAMP-ASH-02", "CHAIR-1"])
WAITING = {OrderState.PROPOSED, OrderState.APPROVED}
LEFT = {*UNDER_WAY, OrderState.RECEIVED, OrderState.CLOSED}


class Orders(RuleBasedStateMachine):
    """A week of a company with 6,000 pounds; every card ever shown may be clicked at any time."""

    cards = Bundle("cards")

    @initialize()
    def open_company(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="qm-orders-"))
        database = open_database(f"sqlite:///{self.folder}/qm.db")
        migrate.upgrade(database)
        self.stores = purchasing_stores(database, self.folder)
        cap(self.stores, 6000)
        self.now: datetime = NOW
        self.runs = 0

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.stores.database.close()
            shutil.rmtree(self.folder)

    @rule(target=cards, sku=SKUS, packs=st.integers(1, 15), who=BUYERS, asks=st.booleans())
    def draft(self, sku: str, packs: int, who: str, *, asks: bool) -> MultipleResults[ApprovalCard]:
        """A buyer drafts, and often asks for it at once."""
        self.runs += 1
        run = Run(id=f"run-{self.runs}", created_at=self.now + timedelta(seconds=1))
        (view,) = draft(self.stores, buy(sku, packs * 12), who=who, run=run, now=self.now)
        return self.ask(view.number, who) if asks else multiple()

    @rule(sku=SKUS, packs=st.integers(1, 6))
    def buy_and_send(self, sku: str, packs: int) -> None:
        """The way it goes on most days: what comes after sending is not left to luck."""
        self.runs += 1
        run = Run(id=f"run-{self.runs}", created_at=self.now + timedelta(seconds=1))
        (view,) = draft(self.stores, buy(sku, packs * 12), who="ben", run=run, now=self.now)
        asked = self.try_to(
            purchase.propose, self.stores, view.number, person=person(self.stores, "ben"),
            now=self.now, over_budget_reason="it pays",
        )  # fmt: skip
        if asked is None or asked.request_id is None:
            return
        card = approve.card(self.stores, asked.request_id, now=self.now)
        for who in ("max", "dana"):
            click(self.stores, card, who, now=self.now, reason="it pays")
        if purchase.order_view(self.stores, view.number).state is OrderState.APPROVED:
            mark_sent(self.stores, view.number, self.now)

    @rule(data=st.data(), packs=st.integers(1, 20), who=PEOPLE)
    def revise(self, data: st.DataObject, packs: int, who: str) -> None:
        number = self.some_order(data)
        if number:
            change = [ChangeUnits(line=1, units=packs * 12)]
            self.try_to(
                purchase.revise, self.stores, number, changes=change,
                person=person(self.stores, who), now=self.now, why="as a test",
            )  # fmt: skip

    @rule(target=cards, data=st.data(), who=BUYERS)
    def propose(self, data: st.DataObject, who: str) -> MultipleResults[ApprovalCard]:
        number = self.some_order(data)
        return self.ask(number, who) if number else multiple()

    @rule(card=cards, who=PEOPLE, decision=st.sampled_from(["approve", "approve", "reject"]))
    def decide(self, card: ApprovalCard, who: str, decision: Decision) -> None:
        outcome = click(self.stores, card, who, decision, now=self.now, reason="looked at it")
        if outcome.took_effect:
            assert who != card.requester
            assert approve.card(self.stores, card.request_id, now=NOW).digest == card.digest

    @rule(data=st.data(), who=PEOPLE)
    def cancel(self, data: st.DataObject, who: str) -> None:
        number = self.some_order(data)
        if number and data.draw(st.integers(0, 3)) == 0:
            self.try_to(
                purchase.cancel, self.stores, number, person=person(self.stores, who),
                now=self.now, reason="as a test", supplier_agreed=True,
            )  # fmt: skip

    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        """The sender takes what is approved, orders and amendments alike."""
        ready = [view.number for view in self.views() if view.state is OrderState.APPROVED]
        ready += [v.number for v in self.views() if v.amendment and v.amendment.state == "approved"]
        if ready:
            mark_sent(self.stores, data.draw(st.sampled_from(ready)), self.now)

    @rule(data=st.data(), packs=st.integers(0, 16), days=st.integers(-3, 40))
    def confirm(self, data: st.DataObject, packs: int, days: int) -> None:
        number = self.some_order(data, *LEFT)
        day = (self.now + timedelta(days=days)).date()
        said = [ConfirmedLine(line=1, units=packs * 12, expected_on=day)]
        if number and self.try_to(confirm, self.stores, number, lines=said, **self.buyer()):
            self.try_to(accept_confirmation, self.stores, number, reason="ok", **self.buyer())

    @rule(
        data=st.data(), good=st.integers(0, 150), refused=st.integers(0, 20),
        replaced=st.booleans(), over=st.booleans(),
    )  # fmt: skip
    def receive(
        self, data: st.DataObject, good: int, refused: int, *, replaced: bool, over: bool
    ) -> None:
        """Each delivery is told twice; the second telling changes nothing."""
        number = self.some_order(data, *LEFT)
        if not number:
            return
        lines = [
            MovedLine(line=1, units=good, rejected_units=refused, replaced=replaced, reason="wet")
        ]
        who = person(self.stores, "max" if over else "bea")
        told = {"lines": lines, "person": who, "now": self.now, "accept_over": over}
        key = f"DN-{count(self.stores, po_receipts)}"
        if self.try_to(receive, self.stores, number, key=key, **told):
            again = receive(self.stores, number, key=key, **told)  # type: ignore[arg-type]  as above
            assert again.already_there

    @rule(data=st.data(), units=st.integers(1, 60), replaced=st.booleans())
    def send_back(self, data: st.DataObject, units: int, *, replaced: bool) -> None:
        number = self.some_order(data, *LEFT)
        lines = [MovedLine(line=1, units=units, replaced=replaced, reason="faulty")]
        if number:
            self.try_to(send_back, self.stores, number, lines=lines, **self.buyer())

    @rule(data=st.data(), reason=st.sampled_from(["", "out of production"]))
    def close(self, data: st.DataObject, reason: str) -> None:
        number = self.some_order(data, *LEFT)
        if number:
            self.try_to(close, self.stores, number, reason=reason, **self.buyer())

    @rule(target=cards, data=st.data(), packs=st.integers(1, 16))
    def amend(self, data: st.DataObject, packs: int) -> MultipleResults[ApprovalCard]:
        number = self.some_order(data, *LEFT)
        if not number:
            return multiple()
        view = self.try_to(
            amend, self.stores, number, changes=[ChangeUnits(line=1, units=packs * 12)],
            why="as a test", over_budget_reason="it pays", **self.buyer(),
        )  # fmt: skip
        if view is None or view.amendment is None or view.already_there:
            return multiple()
        return multiple(approve.card(self.stores, view.amendment.request_id, now=NOW))

    @rule(hours=st.sampled_from([1, 80]))
    def time_passes(self, hours: int) -> None:
        """Within the week, so that one budget holds all of it."""
        if self.now + timedelta(hours=hours) < NOW + timedelta(days=6):
            self.now += timedelta(hours=hours)
            purchase.expire_due(self.stores, now=self.now)

    @invariant()
    def budget_holds_what_is_proposed_and_approved(self) -> None:
        if not hasattr(self, "stores"):
            return
        (status,) = budget.current(self.stores, NOW.date())
        views = self.views()
        waiting = sum(v.content.base_total_minor for v in views if v.state in WAITING)
        left = [view for view in views if view.state in LEFT]
        paid = sum(paid_for(view) for view in left)
        more = sum(self.asked_more(view) for view in left)
        assert status.committed_minor + status.consumed_minor == waiting + paid + more

    @invariant()
    def every_approval_was_given_by_enough_entitled_others(self) -> None:
        if not hasattr(self, "stores"):
            return
        with self.stores.database.read() as look:
            policy = people.policy_in_force(look)
        for view in self.views(OrderState.APPROVED):
            assert view.request_id is not None
            card = approve.card(self.stores, view.request_id, now=NOW)
            yes = [made.approver for made in card.decisions if made.decision == "approve"]
            assert len(set(yes)) == len(yes) >= 1
            assert view.requested_by not in yes
            assert view.drafted_by not in yes
            assert all(Right.APPROVE in policy.rights_of(who) for who in yes)
            limits = [policy.highest_limit(who) or 0 for who in yes]
            assert max(limits) >= view.content.base_total_minor

    @invariant()
    def numbers_messages_and_audit_agree(self) -> None:
        if not hasattr(self, "stores"):
            return
        views = self.views()
        assert [v.number for v in reversed(views)] == [f"PO-{1001 + n}" for n in range(len(views))]
        frame = purchase.open_orders(self.stores)
        open_views = [view for view in views if view.state in OPEN]
        coming = {v.number for v in open_views if not v.progress or v.progress[0].coming}
        assert set(frame["po"]) == coming
        for view in views:
            for line in view.progress:
                assert line.kept >= 0
                assert line.coming <= line.open_units <= line.ordered
                assert (view.state is OrderState.RECEIVED) <= (line.open_units == 0)
        audit.verify(self.stores).require()

    def views(self, *states: OrderState) -> tuple[OrderView, ...]:
        return purchase.list_orders(self.stores, states=set(states) if states else None)

    def buyer(self) -> dict[str, object]:
        return {"person": person(self.stores, "bea"), "now": self.now}

    def asked_more(self, view: OrderView) -> int:
        """What an amendment that waits holds beyond its order."""
        if view.amendment is None or view.amendment.state != "proposed":
            return 0
        table = budget_commitments
        query = sa.select(table.c.amount_minor).where(
            table.c.request_id == view.amendment.request_id, table.c.scope == TOTAL
        )
        with self.stores.database.read() as look:
            return look.execute(query).scalar_one_or_none() or 0

    def ask(self, number: str, who: str) -> MultipleResults[ApprovalCard]:
        view = self.try_to(
            purchase.propose, self.stores, number, person=person(self.stores, who), now=self.now,
            over_budget_reason="it pays",
        )  # fmt: skip
        if view is None or view.request_id is None:
            return multiple()
        return multiple(approve.card(self.stores, view.request_id, now=NOW))

    def some_order(self, data: st.DataObject, *states: OrderState) -> str | None:
        """One of the orders, or of those in these states; one out of turn now and then."""
        wanted = () if states and data.draw(st.integers(0, 9)) == 0 else states
        numbers = [view.number for view in self.views(*wanted)]
        return data.draw(st.sampled_from(numbers)) if numbers else None

    def try_to(self, act: Callable[..., T], *arguments: object, **named: object) -> T | None:
        """Do it, or be told why not; anything but a PlanningError is a bug."""
        try:
            return act(*arguments, **named)
        except PlanningError:
            return None


def paid_for(view: OrderView) -> int:
    """What an order that has left costs: what stayed, and until it ended what is to come."""
    units = paid_units(view.progress, ended=view.state is OrderState.CLOSED)
    return spending_of_units(view.content, units)[TOTAL]


TestLifeOfOrders = Orders.TestCase
TestLifeOfOrders.settings = settings(
    max_examples=8, stateful_step_count=24, deadline=None, derandomize=True
)
