"""Windows that customers were told and what became of them, and customers who were served."""

import pandas as pd
import sqlalchemy as sa

from engine.measure.promise_hit_rate import KEPT, no_windows
from engine.measure.revenue_saved import SHIPPED, nothing_acted
from engine.service.stores import Stores
from engine.store.tables.promises import backorder_promises, promise_runs, told_windows

_OUTCOMES = {"held": "kept", "early": "early", "late": "late"}


def windows_told(stores: Stores) -> pd.DataFrame:
    """Every settled window that a customer was told; columns engine.measure.promise_hit_rate.KEPT.

    A window that was told anew counts by itself: it was a promise as well. One that was told when
    the goods were there already promised nothing and is left out. A window is settled on the day on
    which all of the line was there to ship, else on the day after its last.
    """
    told, line, run = told_windows.c, backorder_promises.c, promise_runs.c
    query = (
        sa.select(
            line.sku, line.location, told.told_on, told.first_on, told.last_on, told.outcome,
            line.ready_on, run.policy,
        )
        .join(backorder_promises, line.order_line == told.order_line)
        .join(promise_runs, run.id == line.run_id)
        .where(told.outcome.is_not(None))
        .where(sa.or_(line.ready_on.is_(None), line.ready_on > told.told_on))
        .order_by(told.order_line, told.number)
    )  # fmt: skip
    with stores.database.read() as look:
        rows = [_kept(row) for row in look.execute(query).mappings()]
    if not rows:
        return no_windows()
    frame = pd.DataFrame(rows, columns=list(KEPT))
    dates = dict.fromkeys(("given_on", "first", "last", "settled_on"), "datetime64[ns]")
    return frame.astype(dates | {"level": float})


def _kept(row: sa.RowMapping) -> tuple[object, ...]:
    over = pd.Timestamp(row["last_on"]) + pd.Timedelta(days=1)
    came = row["ready_on"]
    handling = pd.Timedelta(days=int(row["policy"].get("handling_days", 0)))
    settled = over if came is None else min(pd.Timestamp(came) + handling, over)
    level = float(row["policy"].get("confidence", 0.8))
    return (row["sku"], row["location"], row["told_on"], row["first_on"], row["last_on"], level,
            settled, _OUTCOMES[row["outcome"]])  # fmt: skip


def customers_served(stores: Stores) -> pd.DataFrame:
    """Lines that waited and were served; columns engine.measure.revenue_saved.SHIPPED.

    Sales know an order by what stands before the line's number: W900001-1 is of order W900001.
    """
    table = backorder_promises
    query = (
        sa.select(table)
        .where(table.c.state == "served", table.c.ready_on.is_not(None))
        .order_by(table.c.order_line)
    )
    with stores.database.read() as look:
        rows = [
            (
                row["order_line"].rpartition("-")[0] or row["order_line"],
                row["sku"], row["location"], row["ready_on"], row["units"],
            )
            for row in look.execute(query).mappings()
        ]  # fmt: skip
    if not rows:
        return nothing_acted().shipped
    frame = pd.DataFrame(rows, columns=list(SHIPPED))
    return frame.astype({"shipped_on": "datetime64[ns]"})
