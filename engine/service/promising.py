"""Promise anew: allocate, compute windows, and record what became of everybody who waits.

Whatever changes supply or demand (an import, a receipt, a confirmation, a cancellation, a new day)
changes the digest of the situation; the same situation promises nothing new. The computation runs
outside the unit of work; if somebody else promised meanwhile, it is done again.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from engine.errors import Stale
from engine.model.canonical import plain
from engine.model.config import PlanConfig
from engine.promise.arrived import Arrivals, arrived_since, served_by
from engine.promise.book import Book, promise_book
from engine.promise.policy import PromisePolicy
from engine.service import audit
from engine.service.backorder_rows import ended, first_told, line_rows, settle_windows
from engine.service.ledger_entries import entries
from engine.service.notice_making import make_notices
from engine.service.promise_inputs import Situation, read_situation
from engine.service.storefront import update_places
from engine.service.stores import Stores
from engine.store.promises import newest_promises, put_lines, tell_windows
from engine.store.snapshots import load_snapshot
from engine.store.tables.promises import allocation_ledger, promise_runs

ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class Promised:
    """What a run changed; `run_id` is that of the run before where nothing had changed."""

    run_id: int
    is_new: bool
    waiting: int = 0  # lines
    given: int = 0  # units
    taken_back: int = 0
    told: int = 0  # customers whose window moved: messages drafted or sent by this run
    changes: int = 0  # entries of the change feed


def promise_anew(
    stores: Stores,
    config: PlanConfig,
    policy: PromisePolicy,
    *,
    now: datetime,
    cause: str = "",
) -> Promised:
    """Bring every promise up to date; raises Stale when others were faster ATTEMPTS times."""
    for _ in range(ATTEMPTS):
        situation = read_situation(stores, config, policy, now)
        if situation.digest == situation.run_digest:
            return Promised(run_id=situation.run_id, is_new=False)
        snapshot = load_snapshot(stores.database, stores.blobs, situation.snapshot_id)
        book = promise_book(
            snapshot, situation.decisions, config, policy,
            today=situation.day, since=situation.since,
        )  # fmt: skip
        came = situation.since.came
        arrivals = arrived_since(snapshot, situation.last_day, came, situation.moved_in)
        with stores.database.write() as work:
            audit.take_turn(work)  # one allocation at a time, on either database
            newest = newest_promises(work)
            if (newest.id if newest else 0) == situation.run_id:
                return _record(work, situation, book, policy, arrivals, cause, now)
    raise Stale("Promises were changed by others meanwhile, again and again. Try once more.")


def _record(
    work: sa.Connection,
    situation: Situation,
    book: Book,
    policy: PromisePolicy,
    arrivals: Arrivals,
    cause: str,
    now: datetime,
) -> Promised:
    """Everything that a run changes, in one unit of work."""
    run = _add_run(work, situation, policy, cause, now)
    over = ended(book, situation.before, situation.since.cancelled, arrivals)
    gone = {row["order_line"]: row["state"] for row in over}
    served = served_by(book.allocation, situation.held, arrivals)
    moved = entries(situation.held, book, served, situation.since.cancelled, gone)
    _add_entries(work, moved, run, now)
    windows = first_told(book, situation.before)
    tell_windows(work, windows)
    told = {row["order_line"]: (row["first_on"], row["last_on"]) for row in windows}
    rows = line_rows(book, situation.before, told, served)
    put_lines(work, [{**row, "run_id": run} for row in (*rows, *over)])
    settle_windows(work, [*rows, *over], book.today, handling_days=policy.handling_days)
    customers = make_notices(work, run, book, policy, situation.before, now)
    changes = update_places(work, run, book, policy, now)
    units = [int(str(entry["units"])) for entry in moved]
    return Promised(
        run_id=run, is_new=True, waiting=len(book.lines), given=sum(u for u in units if u > 0),
        taken_back=-sum(u for u in units if u < 0), told=customers, changes=changes,
    )  # fmt: skip


def _add_run(
    work: sa.Connection, situation: Situation, policy: PromisePolicy, cause: str, now: datetime
) -> int:
    values = {
        "at": now, "day": situation.day, "snapshot_id": situation.snapshot_id,
        "digest": situation.digest, "policy": plain(asdict(policy)), "cause": cause,
    }  # fmt: skip
    added = sa.insert(promise_runs).values(values).returning(promise_runs.c.id)
    return int(work.execute(added).scalar_one())


def _add_entries(
    work: sa.Connection, moved: list[dict[str, object]], run: int, now: datetime
) -> None:
    if not moved:
        return
    rows = [
        {**entry, "run_id": run, "at": now, "paid_at": _utc(entry["paid_at"])} for entry in moved
    ]
    work.execute(sa.insert(allocation_ledger), rows)


def _utc(moment: object) -> datetime | None:
    """The snapshot's instants are UTC without saying so."""
    return moment.replace(tzinfo=UTC) if isinstance(moment, datetime) else None
