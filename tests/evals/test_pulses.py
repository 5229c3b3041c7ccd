"""What the pulse harness injects and how it counts."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from evals.pulses.figures import Round, figures
from evals.pulses.inject import (
    FIRST_START,
    KINDS,
    SIZES,
    SPIKE_DAYS,
    Injection,
    draw,
    injected,
    none,
)
from evals.pulses.origin import AHEAD_DAYS, Morning
from evals.scores import M5_LEVELS

DAYS = 28


def test_pulses_are_spread_evenly_and_the_same_for_a_seed() -> None:
    one, two = (draw(60, np.random.default_rng(3)) for _ in range(2))

    assert (one.size == two.size).all()
    assert (one.start == two.start).all()
    counts = [((one.size == size) & (one.kind == kind)).sum() for size in SIZES for kind in (0, 1)]
    assert counts == [10] * 6


def test_a_step_lasts_to_the_end_a_spike_three_days_and_nothing_before_them_changes() -> None:
    units = np.full((3, DAYS), 10.0)
    pulses = Injection(
        size=np.array([3.0, 3.0, 0.3]), kind=np.array([0, 1, 0]), start=np.array([5, 5, 5])
    )
    told = injected(units, pulses, np.random.default_rng(1))

    assert (told[:, :5] == 10).all()
    assert (told[0, 5:] == 30).all()
    assert (told[1, 5 : 5 + SPIKE_DAYS] == 30).all()
    assert (told[1, 5 + SPIKE_DAYS :] == 10).all()
    assert 1.5 < told[2, 5:].mean() < 4.5
    assert (injected(units, none(3), np.random.default_rng(1)) == units).all()


def _round(injection: Injection, rise_on: dict[int, int]) -> Round:
    """Two series of ten a day; `rise_on` says on which morning each raises an alarm."""
    units = np.full((2, DAYS), 10.0)
    exact, twice = (np.full((2, AHEAD_DAYS, len(M5_LEVELS)), value) for value in (10.0, 12.0))
    mornings = [
        Morning(
            day=day, rise=np.array([rise_on.get(row) == day for row in range(2)]),
            fall=np.zeros(2, dtype=np.bool_), quantiles=exact, plain=twice,
        )
        for day in range(1, DAYS + 1)
    ]  # fmt: skip
    origin = cast("Any", SimpleNamespace(volume=np.array([10.0, 10.0]), scale=np.ones(2)))
    return Round(origin=origin, injection=injection, units=units, mornings=mornings)


def test_only_the_first_two_days_of_a_pulse_count_as_found() -> None:
    step = Injection(
        size=np.array([3.0, 3.0]), kind=np.array([KINDS.index("step")] * 2),
        start=np.array([FIRST_START + 4] * 2),
    )  # fmt: skip
    loud = _round(step, {0: FIRST_START + 4 + 2, 1: FIRST_START + 4 + 3})
    result = figures([_round(none(2), {0: 9}), loud])

    assert loud.found.tolist() == [True, False]
    assert result["found_share"] == 0.5
    assert result["false_alarms_per_500"] == 62.5  # one in eight item-weeks
    assert result["pinball_ratio_uninjected"] == 0.0
