"""Our Monday: import what happened, plan, draft, propose, approve, send, and keep the promises."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from engine.model.config import PlanConfig
from engine.promise.policy import PromisePolicy
from engine.service import approve, purchase, reading
from engine.service.backorders import queue
from engine.service.delivery import deliver_next
from engine.service.importing import import_folder
from engine.service.leases import WORKER, acquire_lease
from engine.service.order_delivery import OrderToFolder
from engine.service.order_steps import SEND
from engine.service.order_view import OrderView
from engine.service.planning import run_plan
from engine.service.promising import promise_anew
from engine.service.stock_transfers import Transfer, end_transfer, send_transfer
from engine.service.stores import Stores
from engine.simulate.policy import ORDERS, TRANSFERS, Decision
from engine.store.promises import held_now
from evals.orders.world import person
from evals.year.company import MadeUp, caps_of, write_data
from evals.year.live import Monday

LEASE_SECONDS, CLAIM_SECONDS = 3600.0, 600.0


@dataclass
class OurMonday:
    """The whole round of a week through the services; keeps what only a witness needs.

    `placed` names, for each order line in the order in which it was handed to the world, its number
    and line here: by them the world's receipts come back under our own numbers.
    """

    stores: Stores
    made: MadeUp
    folder: Path
    config: PlanConfig
    placed: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    runs: list[str] = field(default_factory=list[str])
    spent_minor: list[int] = field(default_factory=list[int])  # by week, as orders state it
    promised_twice: int = 0  # units held beyond what is there, over all Mondays
    orders_sent: list[int] = field(default_factory=list[int])  # by week
    moving: list[tuple[date, str]] = field(default_factory=list[tuple[date, str]])  # day, key

    def __call__(self, monday: Monday, /) -> Decision:
        now = _at(monday.date, 7)
        self.put_away(monday.date)
        snapshot_id = self.bring_in(monday, now)
        self.serve(monday, now)
        run = run_plan(self.stores, self.config, now=_at(monday.date, 8), snapshot_id=snapshot_id)
        self.runs.append(run.id)
        orders = self.buy(run.id, monday.date)
        transfers = reading.transfers(self.stores, run.id)
        known = pd.MultiIndex.from_frame(monday.morning.series[["sku", "location"]])
        ends = [
            pd.MultiIndex.from_frame(transfers[["sku", side]]).isin(known)
            for side in ("from_location", "to_location")
        ]
        moves = transfers.loc[ends[0] & ends[1], list(TRANSFERS)].reset_index(drop=True)
        return Decision(orders=orders, transfers=self.move(monday, moves))

    def bring_in(self, monday: Monday, now: datetime) -> str:
        """What happened up to yesterday, as files, imported; our own orders under our numbers."""
        found = monday.snapshot()
        data = self.folder / "data"
        names = [self.placed[place] for place in monday.placed().tolist()]
        ours = {name: _ours(found[name], names) for name in ("purchase_orders", "receipts")}
        more = {"backorders": monday.room.table(), "budgets": caps_of(monday.date, self.made.cap)}
        write_data(data, replace(found, tables={**found.tables, **ours}), more)
        return import_folder(self.stores, data, now=now).snapshot_id

    def move(self, monday: Monday, moves: pd.DataFrame) -> pd.DataFrame:
        """Have transfers leave, each with what its source still has, and say so here."""
        left = monday.morning.on_hand.copy()
        source = self.made.world.rows.place(moves.rename(columns={"from_location": "location"}))
        units = np.zeros(len(moves), np.int64)
        for at, (row, wanted) in enumerate(zip(source.tolist(), moves["units"], strict=True)):
            units[at] = min(int(wanted), int(left[row]))
            left[row] -= units[at]
        moves = moves.assign(units=units)[units > 0].reset_index(drop=True)
        for number, each in enumerate(moves.to_dict("records")):
            arrives = monday.date + timedelta(days=int(each["arrives_days"]))
            key = f"T-{monday.date}-{number}"
            moving = Transfer(sku=each["sku"], from_location=each["from_location"],
                              to_location=each["to_location"], units=int(each["units"]),
                              arrives_on=arrives, key=key)  # fmt: skip
            send_transfer(self.stores, moving, person=person(self.stores, "bea"),
                          now=_at(monday.date, 13))  # fmt: skip
            self.moving.append((arrives, key))
        return moves

    def put_away(self, day: date) -> None:
        """Say which transfers have come before a day, each on its own."""
        for arrives, key in sorted(self.moving):
            if arrives < day:
                end_transfer(self.stores, key, person=person(self.stores, "bea"),
                             now=_at(arrives, 15), received=True)  # fmt: skip
        self.moving = [each for each in self.moving if each[0] >= day]

    def morning_of(self, day: date) -> datetime:
        """When data is brought in."""
        return _at(day, 7)

    def serve(self, monday: Monday, now: datetime) -> None:
        """Allocate, and ship to each what they were given."""
        promise_anew(self.stores, self.config, PromisePolicy(), now=now, cause="import")
        waiting = queue(self.stores).lines
        self.promised_twice += promised_twice(self.stores, monday)
        for line in waiting:
            if line.ready and line.held:
                monday.room.ship(line.order_line, monday.day, line.held)

    def buy(self, run_id: str, day: date) -> pd.DataFrame:
        """Draft what the plan orders before the next Monday, have it approved and sent."""
        lines = reading.plan_lines(self.stores, run_id)
        known = pd.MultiIndex.from_frame(self.made.world.series[["sku", "location"]])
        # Nobody in this world wants an item at a place that has never had it.
        lines = lines[pd.MultiIndex.from_frame(lines[["sku", "location"]]).isin(known)]
        soon = lines[lines["order_on"].astype(str) < (day + timedelta(days=7)).isoformat()]
        if soon.empty:
            self.spent_minor.append(0)
            self.orders_sent.append(0)
            return Decision().orders
        # A supplier that takes orders on another day gets them then; the world is told so.
        when = dict(zip(zip(soon["sku"], soon["location"], strict=True), soon["order_on"],
                        strict=True))  # fmt: skip
        drafts = [
            draft
            for place, rows in soon.groupby("location")
            for draft in purchase.draft_orders(
                self.stores, run_id=run_id, person=person(self.stores, "bea"), now=_at(day, 9),
                skus=sorted({str(each) for each in rows["sku"]}), locations=[str(place)],
            )
        ]  # fmt: skip
        for draft in drafts:
            self._approve(draft, day)
        self._send(day)
        sent = [purchase.order_view(self.stores, draft.number) for draft in drafts]
        self.orders_sent.append(len(sent))
        self.spent_minor.append(sum(view.content.base_total_minor for view in sent))
        return self._handed_over(sent, when, day)

    def _approve(self, draft: OrderView, day: date) -> None:
        view = purchase.propose(
            self.stores, draft.number, person=person(self.stores, "bea"), now=_at(day, 10)
        )
        card = approve.card(self.stores, view.request_id or 0, now=_at(day, 11))
        outcome = approve.decide(
            self.stores, request_id=card.request_id, revision=card.revision, digest=card.digest,
            decision="approve", person=person(self.stores, "m0"), now=_at(day, 11),
        )  # fmt: skip
        if not outcome.took_effect:
            raise AssertionError(f"{draft.number} was not approved: {outcome.sentence}")

    def _send(self, day: date) -> None:
        now = _at(day, 12)
        lease = acquire_lease(
            self.stores.database, name=WORKER, owner="year", now=now, seconds=LEASE_SECONDS
        )
        assert lease is not None  # noqa: S101  nobody else is here
        route = OrderToFolder(
            seal=self.stores.seal, folder=self.folder / "outgoing", formats=("json",)
        )
        while deliver_next(
            self.stores, {SEND: route}, lease=lease, now=now, claim_seconds=CLAIM_SECONDS,
            failures_limit=3,
        ):  # fmt: skip
            pass

    def _handed_over(
        self, sent: list[OrderView], when: dict[tuple[str, str], object], day: date
    ) -> pd.DataFrame:
        """Every line of the orders as the world takes them, columns ORDERS."""
        rows = []
        for view in sent:
            for line in view.content.lines:
                self.placed.append((view.number, line.line))
                on = when.get((line.sku, view.content.ship_to), day.isoformat())
                cost = view.content.base_line_minor(line) / line.units / 100
                rows.append((line.sku, view.content.ship_to, view.content.supplier, line.units,
                             cost, pd.Timestamp(str(on)), pd.NaT))  # fmt: skip
        return pd.DataFrame(rows, columns=list(ORDERS))


def _ours(frame: pd.DataFrame, names: list[tuple[str, int]]) -> pd.DataFrame:
    """Orders or receipts under our own numbers, as an ERP that got our orders exports them.

    The world numbers the lines that it was handed from 1 on, in the order in which it got them.
    """
    mine = frame["po"].astype(str).str.startswith("REPLAY-").to_numpy()
    found = [names[int(line) - 1] for line in frame.loc[mine, "line"]]
    po = frame["po"].to_numpy(dtype=object).copy()
    line = frame["line"].to_numpy(dtype=np.int64).copy()
    for at, (name, number) in zip(np.flatnonzero(mine).tolist(), found, strict=True):
        po[at], line[at] = name, number
    return frame.assign(po=po, line=line)


def promised_twice(stores: Stores, monday: Monday) -> int:
    """Units that customers hold of an item beyond those that are in the building."""
    with stores.database.read() as look:
        held = held_now(look)
    there = monday.morning.on_hand + monday.room.aside
    series = monday.morning.series
    places = {
        (str(sku), str(place)): int(units)
        for sku, place, units in zip(series["sku"], series["location"], there, strict=True)
    }
    total: dict[tuple[str, str], int] = {}
    for (_, sku, place), units in held.items():
        total[sku, place] = total.get((sku, place), 0) + units
    return sum(max(units - places.get(key, 0), 0) for key, units in total.items())


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)
