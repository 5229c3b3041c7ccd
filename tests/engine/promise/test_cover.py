"""By when enough has come, whichever orders bring it."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from engine.promise.cover import Coming, coming_of, cover, enough_by
from engine.supply.inbound import INBOUND, Inbound


def test_two_orders_of_one_item_cover_what_either_or_both_bring() -> None:
    units = np.array([[5, 10]])
    chances = np.array([[[0.2, 0.6, 1.0], [0.1, 0.5, 0.9]]])

    found = enough_by(units, chances)

    # Five units: either order will do. Fifteen: both have to be there.
    assert found[0, 0] == pytest.approx([1 - 0.8 * 0.9, 1 - 0.4 * 0.5, 1.0])
    assert found[0, 1] == pytest.approx([0.02, 0.3, 0.9])


def test_a_second_order_that_is_too_small_alone_does_not_stand_in() -> None:
    found = enough_by(np.array([[10, 5]]), np.array([[[0.2, 1.0], [1.0, 1.0]]]))

    assert found[0, 0] == pytest.approx([0.2, 1.0])
    assert found[0, 1] == pytest.approx([0.2, 1.0])


def test_the_chances_are_those_of_drawing_the_days() -> None:
    random = np.random.default_rng(7)
    units = np.array([[3, 4, 2, 6]])
    day = np.cumsum(random.dirichlet(np.ones(6), size=(1, 4)), axis=2)
    drawn = np.array([(random.random((40_000, 1)) > day[0, line]).sum(axis=1) for line in range(4)])

    found = enough_by(units, day)

    for rung, n in product(range(4), range(6)):
        come = (units[0][:, None] * (drawn <= n)).sum(axis=0) >= np.cumsum(units[0])[rung]
        assert found[0, rung, n] == pytest.approx(come.mean(), abs=0.01)


def coming(rows: list[tuple[str, int, float]]) -> Coming:
    """Orders of A at MAIN as (number, units, chance of coming on the first of two days)."""
    lines = pd.DataFrame(
        [
            {"po": po, "line": 1, "supplier": "ACME", "sku": "A", "location": "MAIN",
             "units": units, "state": "sent", "sent": True, "overdue": False, "lost": False,
             "ordered_on": 1, "since": -1, "due_on": -1, "due_kind": "", "elapsed_days": 1}
            for po, units, _ in rows
        ],
        columns=list(INBOUND),
    )  # fmt: skip
    return coming_of(Inbound(lines=lines, arrival=np.array([[p, 1 - p] for *_, p in rows])))


def test_lines_stand_soonest_first_and_those_of_many_late_ones_wait_together() -> None:
    found = coming([(f"PO-{n}", 10 * n, 0.9 - 0.1 * n) for n in range(1, 9)])
    rungs = cover(found)

    assert found.po[:4] == ("PO-1", "PO-2", "PO-3", "PO-4")
    assert rungs.upto.tolist() == [10, 30, 60, 100, 150, 360]
    assert rungs.lines.tolist() == [1, 2, 3, 4, 5, 8]
    assert (np.diff(rungs.by, axis=0) <= 1e-12).all()  # more is never sooner


def test_a_line_without_units_left_covers_nothing() -> None:
    assert cover(coming([("PO-1", 0, 0.5)])).places == ()
