"""Whatever people do in whatever order: money, numbers, decisions and the audit stay right."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

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
from engine.purchase.revise import ChangeUnits
from engine.purchase.states import OPEN, OrderState
from engine.service import approve, audit, budget, people, purchase
from engine.service.approval_card import ApprovalCard
from engine.service.approval_click import Decision
from engine.store import migrate
from engine.store.database import open_database
from engine.store.tables.work import outbox
from support.purchasing import NOW, Run, buy, cap, click, count, draft, person, purchasing_stores

T = TypeVar("T")
BUYERS = st.sampled_from(["bea", "ben", "max"])
PEOPLE = st.sampled_from(["bea", "max", "max", "mia", "dana", "dana"])
SKUS = st.sampled_from(["LAMP-OAK-01", "LAMP-ASH-02", "CHAIR-1"])
HELD = {OrderState.PROPOSED, OrderState.APPROVED}


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
        if number:
            self.try_to(
                purchase.cancel, self.stores, number, person=person(self.stores, who),
                now=self.now, reason="as a test",
            )  # fmt: skip

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
        held = purchase.list_orders(self.stores, states=HELD)
        assert status.committed_minor + status.consumed_minor == sum(
            view.content.base_total_minor for view in held
        )

    @invariant()
    def every_approval_was_given_by_enough_entitled_others(self) -> None:
        if not hasattr(self, "stores"):
            return
        with self.stores.database.read() as look:
            policy = people.policy_in_force(look)
        for view in purchase.list_orders(self.stores, states={OrderState.APPROVED}):
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
        views = purchase.list_orders(self.stores)
        assert [v.number for v in reversed(views)] == [f"PO-{1001 + n}" for n in range(len(views))]
        approved = [view for view in views if view.state is OrderState.APPROVED]
        assert count(self.stores, outbox, state="pending") == len(approved)
        frame = purchase.open_orders(self.stores)
        assert set(frame["po"]) == {view.number for view in views if view.state in OPEN}
        audit.verify(self.stores).require()

    def ask(self, number: str, who: str) -> MultipleResults[ApprovalCard]:
        view = self.try_to(
            purchase.propose, self.stores, number, person=person(self.stores, who), now=self.now,
            over_budget_reason="it pays",
        )  # fmt: skip
        if view is None or view.request_id is None:
            return multiple()
        return multiple(approve.card(self.stores, view.request_id, now=NOW))

    def some_order(self, data: st.DataObject) -> str | None:
        numbers = [view.number for view in purchase.list_orders(self.stores)]
        return data.draw(st.sampled_from(numbers)) if numbers else None

    def try_to(self, act: Callable[..., T], *arguments: object, **named: object) -> T | None:
        """Do it, or be told why not; anything but a PlanningError is a bug."""
        try:
            return act(*arguments, **named)
        except PlanningError:
            return None


TestLifeOfOrders = Orders.TestCase
TestLifeOfOrders.settings = settings(
    max_examples=6, stateful_step_count=14, deadline=None, derandomize=True
)
