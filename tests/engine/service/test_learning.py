"""Looking back on a company's own tables: nothing to look at yet, corrections judged again."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.service import audit
from engine.service.learning import learn
from engine.service.learnt import Correction, corrections
from engine.service.stores import Stores
from engine.simulate.company.team import PEOPLE_FILE
from engine.store.snapshots import load_snapshot
from engine.store.tables.learning import corrections_learnt
from support.imported import NOW, QUICK, copied, opened
from support.shell import qm, use_home


@pytest.fixture(scope="module")
def stores(quick_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    yield from opened(copied(quick_home, tmp_path_factory.mktemp("learning") / "home"))


@pytest.fixture(scope="module")
def first(stores: Stores) -> tuple[Correction, ...]:
    """What the first look back leaves, of a company that has planned once."""
    lesson = learn(stores, QUICK, now=NOW)
    assert lesson.weeks == 0
    return (*lesson.taken, *lesson.refused)


def put_in_force(stores: Stores, scope: str, days: float, as_of: date) -> int:
    values = {
        "kind": "lead_time", "scope": scope, "value": days, "evidence": {}, "state": "in_force",
        "at": NOW, "as_of": as_of,
    }  # fmt: skip
    added = sa.insert(corrections_learnt).values(values).returning(corrections_learnt.c.id)
    with stores.database.write() as work:
        return int(work.execute(added).scalar_one())


def test_before_any_week_has_passed_only_deliveries_teach(
    first: tuple[Correction, ...], stores: Stores
) -> None:
    assert {each.kind for each in first} <= {"lead_time"}
    assert {each.id for each in corrections(stores)} == {each.id for each in first}


def test_the_same_weeks_teach_nothing_twice(first: tuple[Correction, ...], stores: Stores) -> None:
    again = learn(stores, QUICK, now=NOW + timedelta(hours=1))

    assert (again.taken, again.refused, again.rolled_back) == ((), (), ())
    assert len(corrections(stores)) == len(first)


@pytest.mark.usefixtures("first")
def test_a_correction_that_made_deliveries_worse_is_rolled_back_once_and_sealed(
    stores: Stores,
) -> None:
    orders = load_snapshot(stores.database, stores.blobs)["purchase_orders"]
    scope = str(orders["supplier"].value_counts().idxmax())  # comes often enough to be judged
    wrong = put_in_force(stores, scope, 21.0, NOW.date() - timedelta(days=175))

    lesson = learn(stores, QUICK, now=NOW + timedelta(days=1))
    again = learn(stores, QUICK, now=NOW + timedelta(days=2))

    assert [each.id for each in lesson.rolled_back] == [wrong]
    (ended,) = lesson.rolled_back
    assert (ended.state, ended.ended_at) == ("rolled_back", NOW + timedelta(days=1))
    assert "without" in (ended.ended_why or "")
    assert again.rolled_back == ()
    sealed = [event for event in audit.events(stores) if event.kind == "learnt.rolled_back"]
    assert [event.subject for event in sealed] == [f"learnt:{wrong}"]


def test_a_shell_looks_back_and_lists_what_was_learnt(
    imported_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copied(imported_home, tmp_path / "home")
    (home / "people.yaml").write_text(PEOPLE_FILE)
    use_home(home, monkeypatch)

    looked = qm("learn", "--as", "buyer").output
    listed = qm("learn", "list").output

    assert "Looked at 0 weeks of plans." in looked
    for line in listed.splitlines():  # the same corrections, word for word
        assert line in looked or line == "Nothing has been learnt yet."
    assert "Nothing is proposed." in qm("learn", "tiers").output
