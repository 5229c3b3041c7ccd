"""Learn from the weeks that have passed: what plans said, what came, what a correction is worth.

A correction takes effect with the next plan, only where weeks held back from it were better with
it; it is judged again with every lesson, by the weeks since, and rolled back where it did not help.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from engine.measure.learning import Learnt, learn_band, learn_bias, learn_days, still_helps
from engine.model.canonical import plain
from engine.model.config import PlanConfig
from engine.model.people import Person
from engine.model.snapshot import Snapshot
from engine.service import audit
from engine.service.artefacts import read_bands
from engine.service.forecast_accuracy import plans_between, said_before
from engine.service.learnt import Correction, corrections
from engine.service.people import SYSTEM
from engine.service.stores import Stores
from engine.store.snapshots import load_snapshot
from engine.store.tables.learning import corrections_learnt

LOOKED_BACK_WEEKS = 26
ORIGIN_DAYS = 14
TOUCHED = 1e-9  # units; less is no override


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What one look back changed: corrections taken up, refused and rolled back."""

    taken: tuple[Correction, ...]
    refused: tuple[Correction, ...]
    rolled_back: tuple[Correction, ...]
    weeks: int  # of plans that could be judged


def learn(stores: Stores, config: PlanConfig, *, now: datetime, person: Person = SYSTEM) -> Lesson:
    """Judge what is in force, then learn; the same weeks teach the same and nothing twice."""
    snapshot = load_snapshot(stores.database, stores.blobs)
    tables = {"forecast": _said(stores, snapshot), "days": _days(snapshot, config)}
    known = corrections(stores)
    ended = _judged(known, tables)
    open_ = {(each.kind, each.scope) for each in known if each.state == "in_force"}
    found = [
        each for each in _found(tables, known)
        if (each.kind, each.scope) not in open_ and not _was_seen(each, known, snapshot)
    ]  # fmt: skip
    with stores.database.write() as work:
        audit.take_turn(work)
        for correction, why in ended:
            _end(work, stores, correction, why, person, now)
        made = [_store(work, stores, each, snapshot, person, now) for each in found]
    after = {each.id: each for each in corrections(stores)}
    new = [after[number] for number in made]
    return Lesson(
        taken=tuple(each for each in new if each.state == "in_force"),
        refused=tuple(each for each in new if each.state == "refused"),
        rolled_back=tuple(after[each.id] for each, _ in ended),
        weeks=int(tables["forecast"]["start"].nunique()),
    )


def _said(stores: Stores, snapshot: Snapshot) -> pd.DataFrame:
    """First weeks of plans: scope, sku, location, start, as_of, plain, low, high, actual."""
    rows = said_before(stores, snapshot.as_of, plans=LOOKED_BACK_WEEKS)
    first = rows[rows["start"] == rows["as_of"]]
    items = snapshot["items"]
    tops = {
        str(sku): str(path or "").split("/")[0]
        for sku, path in zip(items["sku"], items["category"], strict=True)
    }
    first = first.assign(scope=[tops.get(str(sku), "") for sku in first["sku"]])
    untouched = (first["final"] - first["plain"]).abs() <= TOUCHED
    bands = _bands(stores, snapshot)
    return first[untouched].merge(bands, on=["sku", "location", "start"], how="left")


def _bands(stores: Stores, snapshot: Snapshot) -> pd.DataFrame:
    """The middle 80 % of the first week of each plan: sku, location, start, low, high."""
    first = snapshot.as_of - timedelta(days=7 * LOOKED_BACK_WEEKS)
    frames = [
        read_bands(stores, str(run.artefacts["series"])).assign(start=pd.Timestamp(run.as_of))
        for run in plans_between(stores, first, snapshot.as_of)
    ]
    columns = ["sku", "location", "low", "high", "start"]
    # Typed also while no earlier plan is there: times merge with times only.
    nothing = pd.DataFrame(columns=columns).astype(_BAND_TYPES)
    said = [frame.astype(_BAND_TYPES) for frame in frames if len(frame)]
    return pd.concat(said) if said else nothing


_BAND_TYPES = {"low": "float64", "high": "float64", "start": "datetime64[ns]"}


def _days(snapshot: Snapshot, config: PlanConfig) -> pd.DataFrame:
    """Deliveries against what was expected of them: scope (supplier), start, expected, took."""
    from engine.service.past_windows import days_taken

    first = max(
        snapshot.as_of - timedelta(days=7 * LOOKED_BACK_WEEKS),
        snapshot.first_day + timedelta(days=ORIGIN_DAYS),
    )
    origins = pd.date_range(first, snapshot.as_of - timedelta(days=1), freq=f"{ORIGIN_DAYS}D")
    return days_taken(snapshot, tuple(origins), config)


def _found(tables: Mapping[str, pd.DataFrame], known: Iterable[Correction]) -> Iterator[Learnt]:
    """On the weeks since the last correction of a scope ended, so that it does not swing."""
    forecast, days = tables["forecast"], tables["days"]
    for kind, learner, rows in (
        ("bias", learn_bias, forecast),
        ("band", learn_band, forecast.dropna(subset=["low", "high"])),
        ("lead_time", learn_days, days),
    ):
        yield from learner(_since_last(rows, kind, known))


def _since_last(rows: pd.DataFrame, kind: str, known: Iterable[Correction]) -> pd.DataFrame:
    ended = {
        each.scope: pd.Timestamp(each.ended_at.date())
        for each in known
        if each.kind == kind and each.ended_at is not None
    }
    if not ended or rows.empty:
        return rows
    since = rows["scope"].map(ended)
    return rows[since.isna() | (rows["start"] >= since)]


def _judged(
    known: Iterable[Correction], tables: Mapping[str, pd.DataFrame]
) -> list[tuple[Correction, str]]:
    """Those in force that made the weeks since worse."""
    ended: list[tuple[Correction, str]] = []
    for each in known:
        if each.state != "in_force":
            continue
        rows = tables["days" if each.kind == "lead_time" else "forecast"]
        mine = rows[(rows["scope"] == each.scope) & (rows["start"] >= pd.Timestamp(each.as_of))]
        scores = still_helps(each.kind, mine, each.value)  # pyright: ignore[reportArgumentType]  a checked column
        if scores is not None and scores[1] > scores[0]:
            ended.append((each, f"score {scores[1]:.4f} with it, {scores[0]:.4f} without"))
    return ended


def _was_seen(found: Learnt, known: Iterable[Correction], snapshot: Snapshot) -> bool:
    """Whether the same weeks have taught this before."""
    return any(
        (each.kind, each.scope, each.as_of) == (found.kind, found.scope, snapshot.as_of)
        for each in known
    )


def _store(
    work: sa.Connection, stores: Stores, found: Learnt, snapshot: Snapshot, person: Person,
    now: datetime,
) -> int:  # fmt: skip
    evidence: Any = plain({
        name: None if isinstance(value, float) and not np.isfinite(value) else value
        for name, value in asdict(found).items()
    })  # fmt: skip
    values = {
        "kind": found.kind, "scope": found.scope, "value": found.value, "evidence": evidence,
        "state": "in_force" if found.improves else "refused", "at": now, "as_of": snapshot.as_of,
    }  # fmt: skip
    inserted = sa.insert(corrections_learnt).values(values).returning(corrections_learnt.c.id)
    number: int = work.execute(inserted).scalar_one()
    audit.record(
        work, stores.seal, person, at=now, kind=f"learnt.{values['state']}",
        subject=f"learnt:{number}",
        body={"kind": found.kind, "value": str(found.value), "as_of": snapshot.as_of.isoformat()},
    )  # fmt: skip
    return number


def _end(
    work: sa.Connection, stores: Stores, correction: Correction, why: str, person: Person,
    now: datetime,
) -> None:  # fmt: skip
    table = corrections_learnt
    work.execute(
        sa.update(table)
        .where(table.c.id == correction.id, table.c.state == "in_force")
        .values(state="rolled_back", ended_at=now, ended_why=why)
    )
    audit.record(
        work, stores.seal, person, at=now, kind="learnt.rolled_back",
        subject=f"learnt:{correction.id}", body={"why": why},
    )  # fmt: skip
