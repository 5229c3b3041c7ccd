"""The company that is broken: where it lives, how it sends, and what must always hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import numpy as np
import sqlalchemy as sa

from engine.connect.order_mail import Sender
from engine.connect.smtp import MailServer
from engine.purchase.states import OrderState
from engine.service import approve, audit, purchase
from engine.service.approval_card import ApprovalCard
from engine.service.approval_click import Outcome
from engine.service.delivery import Route, deliver_next, take_over
from engine.service.importing import import_folder
from engine.service.leases import WORKER, acquire_lease
from engine.service.order_delivery import OrderByMail, OrderToFolder
from engine.service.order_steps import SEND
from engine.service.order_view import OrderView
from engine.service.stores import Stores
from engine.store.tables.budgets import budget_commitments
from engine.store.tables.conversation import notices
from engine.store.tables.purchasing import approval_decisions, approval_requests
from engine.store.tables.work import outbox
from evals.orders.world import NOW, ask, buy, draft, found_company, person
from evals.rigs.smtp import MailRig

Way = Literal["folder", "mail"]
LEASE_SECONDS = 60.0
CLICKED = NOW + timedelta(minutes=5)


@dataclass
class Stage:
    """One company, with a source of numbers for what is made up next."""

    stores: Stores
    home: Path
    mail: MailRig
    draws: np.random.Generator
    url: str
    runs: int = 0
    at: datetime = field(default=CLICKED)  # the senders' clock

    def next_run(self) -> int:
        self.runs += 1
        return self.runs

    def drafted(self) -> str:
        number = self.next_run()
        packs = int(self.draws.integers(1, 30))
        (po,) = draft(self.stores, number, [buy(f"SKU-{number}", f"SUP-{number % 40}", packs)])
        return po

    def proposed(self) -> ApprovalCard:
        return ask(self.stores, self.next_run(), packs=int(self.draws.integers(1, 30)))

    def approved(self) -> OrderView:
        card = self.proposed()
        self.click(card, "m0")
        return purchase.order_view(self.stores, card.number)

    def sent(self) -> OrderView:
        view = self.approved()
        self.work("folder")
        return purchase.order_view(self.stores, view.number)

    def click(self, card: ApprovalCard, who: str, now: datetime = CLICKED) -> Outcome:
        return click(self.stores, card, who, now)

    def route(self, way: Way) -> Mapping[str, Route]:
        if way == "folder":
            folder = self.home / "outgoing"
            return {SEND: OrderToFolder(seal=self.stores.seal, folder=folder, formats=("csv",))}
        server = MailServer(
            host="127.0.0.1", port=self.mail.port, security="none", timeout_seconds=0.4
        )
        sender = Sender(address="orders@example.com", name="Made Up Ltd")
        return {SEND: OrderByMail(seal=self.stores.seal, server=server, sender=sender)}

    def work(self, way: Way, later: float = 0.0) -> None:
        """A sender takes the lead so many seconds later and works until nothing is due."""
        self.at += timedelta(seconds=later + 1)
        send_all(self.stores, self.route(way), f"sender-{self.next_run()}", self.at)
        self.at += timedelta(seconds=2 * LEASE_SECONDS)  # its lease runs out: another may lead


def click(stores: Stores, card: ApprovalCard, who: str, now: datetime = CLICKED) -> Outcome:
    return approve.decide(
        stores, request_id=card.request_id, revision=card.revision, digest=card.digest,
        decision="approve", person=person(stores, who), now=now,
    )  # fmt: skip


def send_all(stores: Stores, routes: Mapping[str, Route], owner: str, now: datetime) -> None:
    """What the worker does in a round."""
    lease = acquire_lease(stores.database, name=WORKER, owner=owner, now=now, seconds=LEASE_SECONDS)
    if lease is None:
        raise RuntimeError("another sender leads; the rounds of a fault run follow one another")
    take_over(stores, routes, lease=lease, now=now)
    while deliver_next(
        stores, routes, lease=lease, now=now, claim_seconds=LEASE_SECONDS, failures_limit=3
    ):
        pass


def open_stage(url: str, home: Path, mail: MailRig, seed: Sequence[int]) -> Stage:
    """A company whose suppliers have addresses for mail."""
    stores = found_company(url, home, managers=4)
    exports = home / "exports"
    exports.mkdir()
    suppliers = "\n".join(f"SUP-{n},Supplier {n},sup{n}@example.com" for n in range(40))
    (exports / "suppliers.csv").write_text(f"supplier,name,email\n{suppliers}\n")
    (exports / "mapping.yaml").write_text(
        "company: {name: Made Up Ltd, base_currency: GBP, time_zone: Europe/London}\n"
    )
    (exports / "sales.csv").write_text("date,sku,units\n2026-10-30,SKU-1,3\n2026-10-31,SKU-1,2\n")
    import_folder(stores, exports, now=NOW)
    return Stage(stores=stores, home=home, mail=mail, draws=np.random.default_rng(seed), url=url)


def problems_of(stage: Stage, number: str) -> list[str]:
    """What does not hold of one order: more or less than one effect of what was done to it."""
    view = purchase.order_view(stage.stores, number)
    with stage.stores.database.read() as look:
        requests = look.execute(
            sa.select(approval_requests).where(approval_requests.c.po_id == view.id)
        ).all()
        counted = {
            each.id: look.execute(
                sa.select(sa.func.count()).select_from(approval_decisions)
                .where(approval_decisions.c.request_id == each.id)
            ).scalar_one()
            for each in requests
        }  # fmt: skip
        held = look.execute(
            sa.select(sa.func.coalesce(sa.func.sum(budget_commitments.c.amount_minor), 0)).where(
                budget_commitments.c.po_id == view.id,
                budget_commitments.c.scope == "total",
                budget_commitments.c.state != "released",
            )
        ).scalar_one()
    decided = [each for each in requests if each.state == "approved"]
    waits = [each for each in requests if each.state == "pending"]
    found = [f"{counted[each.id]} decisions on request {each.id}" for each in decided
             if counted[each.id] != 1]  # fmt: skip
    if len(waits) != int(view.state is OrderState.PROPOSED):
        found.append(f"{len(waits)} questions wait while it is {view.state.value}")
    wanted = view.content.base_total_minor if requests and (decided or waits) else 0
    if view.state not in (OrderState.CANCELLED, OrderState.DRAFT) and held != wanted:
        found.append(f"it holds {held} of the budget, {wanted} is right")
    return [*found, *_messages(stage, view, len(decided))]


def _messages(stage: Stage, view: OrderView, decided: int) -> list[str]:
    """One message per approval, and at most one mail per message."""
    with stage.stores.database.read() as look:
        query = sa.select(outbox.c.key, outbox.c.state)
        mine = [row for row in look.execute(query) if row.key.startswith(f"{view.number}:")]
    found = [] if len(mine) == decided else [f"{len(mine)} messages for {decided} approvals"]
    mails = [each for each in stage.mail.taken() if each.startswith(f"{view.number}:")]
    if len(mails) > max(decided, 1):
        found.append(f"{len(mails)} mails to its supplier")
    told = {"sent": "delivered", "send_unconfirmed": "unconfirmed"}.get(view.state.value)
    if told and {row.state for row in mine} != {told}:
        found.append(f"it is {view.state.value}, its message {[row.state for row in mine]}")
    return found


def was_told(stage: Stage, number: str, kind: str) -> bool:
    """Whether somebody has a notice of this kind about the order."""
    with stage.stores.database.read() as look:
        rows = look.execute(sa.select(notices.c.payload).where(notices.c.kind == kind))
        return any(row.payload.get("order") == number for row in rows)


def audit_problems(stage: Stage) -> list[str]:
    return [finding.sentence for finding in audit.verify(stage.stores).findings]
