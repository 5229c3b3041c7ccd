"""What promises are computed from, read at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

import pandas as pd
import sqlalchemy as sa

from engine.model.canonical import digest
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.promise.allocate import Place
from engine.promise.arrived import Arrived
from engine.promise.book import Since
from engine.promise.policy import PromisePolicy
from engine.promise.transfers import NAME as TRANSFER
from engine.service import purchase
from engine.service.company import order_day
from engine.service.moving_goods import under_way
from engine.service.people import SYSTEM
from engine.service.stores import Stores
from engine.store.promises import (
    Holding,
    came_since,
    cancelled_lines,
    held_now,
    newest_promises,
    transfers_put_away,
    transfers_that_count,
    waiting_rows,
)
from engine.store.snapshots import load_snapshot, snapshot_header
from engine.supply.open_orders import SENT


@dataclass(frozen=True, kw_only=True)
class Situation:
    """`digest` is of everything that can change a promise; `run_id` the newest run's, 0: none."""

    run_id: int
    run_digest: str
    digest: str
    day: date
    last_day: date | None  # of the run before
    snapshot_id: str
    orders: pd.DataFrame = field(repr=False)  # sent ones of ours; model.decisions.OPEN_ORDERS
    transfers: pd.DataFrame = field(repr=False)
    since: Since = field(repr=False)
    moved_in: tuple[tuple[Place, Arrived], ...] = field(repr=False)  # transfers, since last_day
    held: Mapping[Holding, int] = field(repr=False)
    before: Mapping[str, sa.RowMapping] = field(repr=False)

    @property
    def decisions(self) -> Decisions:
        return Decisions(open_orders=self.orders, open_transfers=self.transfers)


def read_situation(
    stores: Stores, config: PlanConfig, policy: PromisePolicy, now: datetime
) -> Situation:
    """Raises StoreError before the first import.

    The day is the one by which orders count (company.order_day). Drafts and approvals are no part
    of it: nothing that is not with its supplier promises anything.
    """
    with stores.database.read() as look:
        header = snapshot_header(look)
    known = load_snapshot(stores.database, stores.blobs, header.id)["purchase_orders"]
    in_data = frozenset(zip(known["po"], known["supplier"], strict=True))
    with stores.database.read() as look:
        open_lines = purchase.open_lines(look, in_snapshot=in_data)
        orders = open_lines[open_lines["state"].isin(SENT)].reset_index(drop=True)
        newest = newest_promises(look)
        counted, rows = transfers_that_count(look, header.as_of), waiting_rows(look)
        transfers = under_way(counted, header.as_of)
        since = _since(look, header.as_of, rows, counted)
        day = max(order_day(look, now), header.as_of)
        told_by = digest(
            [
                header.id, asdict(config), asdict(policy), day, orders, transfers,
                sorted(since.came.items()), sorted(since.cancelled), sorted(since.moved.items()),
            ]
        )  # fmt: skip
        return Situation(
            run_id=newest.id if newest else 0,
            run_digest=newest.digest if newest else "",
            digest=told_by,
            day=day,
            last_day=newest.day if newest else None,
            snapshot_id=header.id,
            orders=orders,
            transfers=transfers,
            since=since,
            moved_in=_moved_in(look, newest.day if newest else None, header.as_of),
            held=held_now(look),
            before=rows,
        )


def _since(
    look: sa.Connection, as_of: date, rows: Mapping[str, sa.RowMapping],
    transfers: Sequence[sa.RowMapping],
) -> Since:  # fmt: skip
    came, moved = came_since(look, as_of, SYSTEM.id), dict[tuple[str, str], int]()
    for row in transfers:
        if row["sent_on"] >= as_of:  # else the count at its source knows
            place = (row["sku"], row["from_location"])
            moved[place] = moved.get(place, 0) + row["units"]
        if row["state"] == "received":
            source = TRANSFER.format(row["from_location"])
            came[source, row["id"], row["sku"], row["to_location"]] = row["units"]
    return Since(
        came=came,
        held={line: row["held"] for line, row in rows.items()},
        cancelled=cancelled_lines(look),
        moved=moved,
        told={
            line: (row["told_first"], row["told_last"])
            for line, row in rows.items()
            if row["told_last"] is not None
        },
    )


def _moved_in(
    look: sa.Connection, day: date | None, as_of: date
) -> tuple[tuple[Place, Arrived], ...]:
    """Transfers put away from a day on that the counts hold; later ones are in Since.came."""
    return tuple(
        (
            (row["sku"], row["to_location"]),
            Arrived(po=TRANSFER.format(row["from_location"]), on=row["received_on"],
                    units=row["units"]),
        )
        for row in transfers_put_away(look, day, as_of)
    )  # fmt: skip
