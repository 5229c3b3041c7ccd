"""What an item's promotion does to its siblings, on companies whose truth is known."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from engine.forecast.cross import MOST_GIVEN, MOST_TAKEN, CrossEffect
from engine.forecast.family import CIRCLES, Family, pressure
from engine.model.forecast import Forecast
from engine.model.snapshot import Snapshot
from support.demand import AS_OF, snapshot
from support.forecast import forecast_of, row_of

WEEKS, FAMILIES, MEMBERS = 130, 24, 4
LIFT = 2.0
NEXT = pd.Timestamp(AS_OF) + pd.Timedelta(weeks=2)


def _company(taken: float, seed: int = 3) -> Snapshot:
    """Families of four variants; in some weeks one is promoted and sells twice as much.

    Of what it gains, `taken` comes from its three siblings. F00's first variant is promoted in two
    weeks' time.
    """
    random = np.random.default_rng(seed)
    starts = pd.date_range(
        end=pd.Timestamp(AS_OF) - pd.Timedelta(weeks=1), periods=WEEKS, freq="7D"
    )
    level = random.uniform(15, 40, (FAMILIES, MEMBERS))
    mean = np.repeat(level[:, :, None], WEEKS, axis=2)
    promotions = []
    for family in range(FAMILIES):
        for week in range(5, WEEKS, 9):
            lucky = int(random.integers(MEMBERS))
            at = week + int(random.integers(4))
            if at >= WEEKS:
                continue
            gain = level[family, lucky] * (LIFT - 1)
            others = np.delete(np.arange(MEMBERS), lucky)
            mean[family, lucky, at] += gain
            share = level[family, others] / level[family, others].sum()
            mean[family, others, at] -= taken * gain * share
            promotions.append(_promotion(family, lucky, starts[at], len(promotions)))
    promotions.append(_promotion(0, 0, NEXT, 9999))
    family, member, week = np.meshgrid(*(np.arange(n) for n in mean.shape), indexing="ij")
    sales = pd.DataFrame({
        "date": starts[week.ravel()], "location": "MAIN", "channel": "web", "kind": "sale",
        "sku": [f"F{f:02d}-{m}" for f, m in zip(family.ravel(), member.ravel(), strict=True)],
        "units": random.poisson(mean).ravel().astype(float),
    })  # fmt: skip
    items = [
        {"sku": f"F{f:02d}-{m}", "parent": f"F{f:02d}", "category": f"shelf/F{f:02d}"}
        for f in range(FAMILIES) for m in range(MEMBERS)
    ]  # fmt: skip
    return snapshot(sales=sales, items=items, promotions=promotions, sales_bucket="week")


def _promotion(family: int, member: int, start: pd.Timestamp, number: int) -> dict[str, object]:
    return {
        "promotion": f"P{number}", "sku": f"F{family:02d}-{member}", "start_date": start,
        "end_date": start + pd.Timedelta(days=6), "kind": "discount", "depth": 0.2,
    }  # fmt: skip


@cache
def _forecast(taken: float) -> Forecast:
    return forecast_of(_company(taken))


def _moves(forecast: Forecast) -> tuple[float, float]:
    """Units that the planned promotion adds to its item, and to its three siblings."""
    promotion = list(CIRCLES).index("substitutes") + 5  # position of "promotion" among the drivers
    own = forecast.drivers[row_of(forecast, "F00-0"), 2, promotion]
    siblings = [forecast.drivers[row_of(forecast, f"F00-{m}"), 2, promotion] for m in (1, 2, 3)]
    return float(own), float(np.sum(siblings))


@pytest.mark.parametrize("taken", [0.3, 0.6])
def test_a_known_cannibalisation_is_recovered_and_the_family_moves_by_the_rest(
    taken: float,
) -> None:
    own, siblings = _moves(_forecast(taken))

    assert own > 0
    assert -siblings / own == pytest.approx(taken, abs=0.12)
    assert 0 < own + siblings < own


def test_a_halo_is_told_from_cannibalisation_by_its_sign() -> None:
    own, siblings = _moves(_forecast(-0.3))

    assert siblings / own == pytest.approx(0.3, abs=0.12)


def test_siblings_that_do_not_answer_are_left_alone() -> None:
    own, siblings = _moves(_forecast(0.0))

    assert own > 0
    assert abs(siblings) < 0.05 * own


def test_other_families_and_other_weeks_do_not_move() -> None:
    forecast = _forecast(0.6)
    elsewhere = [row_of(forecast, f"F01-{m}") for m in range(MEMBERS)]

    assert (forecast.drivers[elsewhere][..., 5] == 0).all()
    siblings = [row_of(forecast, f"F00-{m}") for m in (1, 2, 3)]
    assert (forecast.drivers[siblings][:, :2, 5] == 0).all()


def test_drivers_still_add_up_exactly_and_nothing_is_missing() -> None:
    forecast = _forecast(0.6)

    assert (forecast.drivers.sum(axis=2) == forecast.mean).all()
    assert np.isfinite(forecast.mean).all()
    assert (forecast.mean >= 0).all()


def test_pressure_hands_out_exactly_what_was_gained() -> None:
    random = np.random.default_rng(1)
    codes = random.integers(0, 6, 40)
    alone = np.arange(40)
    family = Family(substitutes=csr_matrix((40, 40)), variants=codes, category=alone)
    base, gain = random.uniform(1, 9, (40, 3)), random.uniform(0, 4, (40, 3))
    felt = pressure(family, "variants", gain, base)
    together = np.bincount(codes, minlength=6)[codes] > 1

    assert (felt * base).sum(axis=0) == pytest.approx(gain[together].sum(axis=0))
    assert not pressure(family, "category", gain, base).any()


def test_no_sibling_loses_more_than_it_sells() -> None:
    family = Family(
        substitutes=csr_matrix((3, 3)), variants=np.zeros(3, dtype=np.int64),
        category=np.arange(3),
    )  # fmt: skip
    shares = np.zeros((3, 3))
    shares[1] = MOST_TAKEN
    base, lift = np.array([[100.0], [1.0], [1.0]]), np.array([[9.0], [1.0], [1.0]])
    factor = CrossEffect(family=family, shares=shares, usual=np.zeros((3, 3))).factor(
        base, lift, np.array([[1.0], [0.0], [0.0]])
    )

    assert (factor > 0).all()
    assert factor[0, 0] == 1.0
    assert MOST_GIVEN < 0 < MOST_TAKEN < 1
