"""The audit chain: whatever is done to a stored event afterwards is found."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies as st

from engine.errors import Tampered
from engine.service import audit
from engine.service.audit_anchor import read_anchor
from engine.service.audit_chain import seal_of
from engine.service.stores import AuditSeal, Stores
from engine.store.database import Database
from engine.store.tables.audit import audit_events, audit_head
from support.plans import stores_for

NOW = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
EVENTS = 6


def add(stores: Stores, kind: str = "noted", minutes: int = 0, **body: object) -> int:
    with stores.database.write() as work:
        return audit.append(
            work,
            stores.seal,
            at=NOW + timedelta(minutes=minutes),
            actor="max",
            source="demo",
            kind=kind,
            subject="PO-1001",
            body=body,
        )


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return stores_for(database, tmp_path)


@pytest.fixture
def chain(stores: Stores) -> Stores:
    for place in range(EVENTS):
        add(stores, f"kind-{place}", minutes=place, total_minor=100 * place)
    return stores


def test_a_chain_of_decisions_verifies_and_reads_back(chain: Stores) -> None:
    report = audit.verify(chain)
    assert report.require() is report
    assert (report.events, report.anchored) == (EVENTS, EVENTS)
    assert [event.seq for event in audit.events(chain, after=2, limit=2)] == [3, 4]
    assert audit.events(chain, subject="PO-9") == ()
    assert audit.events(chain, subject="PO-1001")[1].body == '{"total_minor":100}'


def test_an_empty_chain_verifies(stores: Stores) -> None:
    assert audit.verify(stores).require().events == 0


def test_an_event_of_a_unit_of_work_that_fails_was_never_there(chain: Stores) -> None:
    def decide_then_fail() -> None:
        with chain.database.write() as work:
            audit.append(
                work,
                chain.seal,
                at=NOW,
                actor="max",
                source="demo",
                kind="order.approved",
                subject="PO-1001",
                body={},
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        decide_then_fail()
    assert audit.verify(chain).require().events == EVENTS
    assert read_anchor(chain.seal.anchor).newest == EVENTS
    add(chain)
    assert audit.verify(chain).require().events == EVENTS + 1


def test_the_same_instant_in_another_time_zone_seals_alike(stores: Stores) -> None:
    with stores.database.write() as work:
        audit.append(
            work,
            stores.seal,
            at=NOW.astimezone(timezone(timedelta(hours=5, minutes=45))),
            actor="max",
            source="demo",
            kind="k",
            subject="s",
            body={},
        )
    assert audit.verify(stores).verified


def test_another_key_is_named_as_such(chain: Stores) -> None:
    stranger = replace(chain, seal=AuditSeal(key=b"some other key", anchor=chain.seal.anchor))
    report = audit.verify(stranger)
    assert report.findings[0].problem == "key"
    with pytest.raises(Tampered, match="key"):
        report.require()


def test_an_anchor_that_lags_after_a_crash_is_tolerated_and_not_touched(chain: Stores) -> None:
    anchor = Path(chain.seal.anchor)
    lines = anchor.read_text().splitlines(keepends=True)
    # The process died between the last two commits and their anchors, the last write half done.
    anchor.write_text("".join(lines[:-4]) + '\n{"seq": 5, "m')
    report = audit.verify(chain).require()
    assert (report.anchored, report.lagged, report.unreadable) == (EVENTS - 2, 2, 1)
    assert read_anchor(chain.seal.anchor).newest == EVENTS - 2
    add(chain)
    assert audit.verify(chain).require().anchored == EVENTS + 1


def test_an_anchor_that_cannot_be_written_warns_and_loses_nothing(
    stores: Stores, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    stuck = replace(
        stores, seal=AuditSeal(key=stores.seal.key, anchor=f"{tmp_path}/file/anchor.jsonl")
    )
    with pytest.warns(RuntimeWarning, match="nothing is lost"):
        add(stuck)
    (finding,) = audit.verify(stores).findings
    assert (finding.problem, finding.acceptable) == ("anchor", True)


def cut(stores: Stores, last: int) -> None:
    """What whoever writes the database can do: end the chain earlier, head and all."""
    kept = [row for row in rows_of(stores) if row["seq"] <= last]
    put_rows(stores, kept, {"seq": last, "mac": kept[-1]["mac"]})


def test_a_deleted_anchor_hides_no_cut_and_is_not_written_anew(chain: Stores) -> None:
    Path(chain.seal.anchor).unlink()
    cut(chain, 4)
    for _ in range(2):
        assert [found.problem for found in audit.verify(chain).findings] == ["anchor"]
    assert not Path(chain.seal.anchor).exists()
    add(chain)  # the next honest event begins a new anchor, which does not begin with the chain
    (found,) = audit.verify(chain).findings
    assert "begins at event 5" in found.sentence


def test_an_anchor_that_ends_long_before_the_chain_is_found(chain: Stores) -> None:
    anchor = Path(chain.seal.anchor)
    anchor.write_text("\n".join(anchor.read_text().split("\n")[: 2 * (EVENTS - 3)]))
    report = audit.verify(chain)
    assert report.lagged == 3
    assert [found.problem for found in report.findings] == ["anchor"]


def test_every_event_of_a_unit_of_work_is_anchored(stores: Stores) -> None:
    with stores.database.write() as work:
        for _ in range(5):
            audit.append(
                work, stores.seal, at=NOW, actor="max", source="demo", kind="k", subject="s",
                body={},
            )  # fmt: skip
    assert sorted(read_anchor(stores.seal.anchor).seals) == [1, 2, 3, 4, 5]
    assert audit.verify(stores).verified


Rows = list[dict[str, Any]]


def rows_of(stores: Stores) -> Rows:
    with stores.database.read() as look:
        query = sa.select(audit_events).order_by(audit_events.c.seq)
        return [dict(row) for row in look.execute(query).mappings()]


def put_rows(stores: Stores, rows: Rows, head: dict[str, Any] | None = None) -> None:
    with stores.database.write() as work:
        work.execute(sa.delete(audit_events))
        if rows:
            work.execute(sa.insert(audit_events), rows)
        if head is not None:
            work.execute(sa.update(audit_head).values(head))


def other_value(column: str, row: dict[str, Any]) -> object:
    if column == "at":
        return row["at"] + timedelta(microseconds=1)
    if column == "seq":
        return row["seq"] + EVENTS
    if column in {"prev", "mac"}:
        return row[column][:-1] + ("0" if row[column][-1] != "0" else "1")
    return row[column] + " "


def edited(rows: Rows, place: int, column: str) -> Rows:
    changed = {**rows[place], column: other_value(column, rows[place])}
    return [*rows[:place], changed, *rows[place + 1 :]]


def swapped(rows: Rows, one: int, other: int) -> Rows:
    """The contents change places, the numbers stay in order."""
    moved = list(rows)
    moved[one] = {**rows[other], "seq": rows[one]["seq"]}
    moved[other] = {**rows[one], "seq": rows[other]["seq"]}
    return moved


def resealed(rows: Rows, start: int) -> Rows:
    """What an attacker without the key can do: change one and recompute every later seal."""
    rebuilt = [dict(row) for row in rows]
    rebuilt[start]["actor"] = "mallory"
    for place in range(start, len(rebuilt)):
        if place:
            rebuilt[place]["prev"] = rebuilt[place - 1]["mac"]
        rebuilt[place]["mac"] = seal_of(b"a guess", rebuilt[place])
    return rebuilt


def inserted(rows: Rows, place: int) -> Rows:
    copy = {**rows[place], "seq": len(rows) + 1, "mac": "f" * 64, "prev": rows[-1]["mac"]}
    return [*rows, copy]


def attacks() -> st.SearchStrategy[Callable[[Rows], Rows]]:
    place = st.integers(0, EVENTS - 1)
    columns = st.sampled_from([column.name for column in audit_events.c])
    pair = st.tuples(place, place).filter(lambda both: both[0] != both[1])
    return st.one_of(
        st.tuples(place, columns).map(lambda pc: lambda rows: edited(rows, *pc)),
        place.map(lambda p: lambda rows: [*rows[:p], *rows[p + 1 :]]),  # deleted
        place.map(lambda p: lambda rows: rows[:p]),  # truncated
        pair.map(lambda both: lambda rows: swapped(rows, *both)),
        place.map(lambda p: lambda rows: resealed(rows, p)),
        place.map(lambda p: lambda rows: inserted(rows, p)),
    )


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(attack=attacks(), moves_head=st.booleans())
def test_any_single_mutation_is_found(
    chain: Stores, attack: Callable[[Rows], Rows], *, moves_head: bool
) -> None:
    honest = rows_of(chain)
    true_head = {"seq": EVENTS, "mac": honest[-1]["mac"]}
    forged = attack(honest)
    last = forged[-1] if forged else {"seq": 0, "mac": "0" * 64}
    head = {"seq": last["seq"], "mac": last["mac"]} if moves_head else true_head
    put_rows(chain, forged, head)
    try:
        assert not audit.verify(chain).verified
    finally:
        put_rows(chain, honest, true_head)
    assert audit.verify(chain).verified


def test_a_head_that_was_moved_back_is_found(chain: Stores) -> None:
    with chain.database.write() as work:
        work.execute(sa.update(audit_head).values(seq=EVENTS - 1))
    assert [finding.problem for finding in audit.verify(chain).findings] == ["head"]
