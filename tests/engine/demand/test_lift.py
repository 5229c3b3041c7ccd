"""What promotions and prices did to demand is found again, and pooled where evidence is thin."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.demand.arrays import Floats
from engine.demand.elasticity import fit_elasticity, moves
from engine.demand.groups import Groups, series_groups
from engine.demand.levers import PARTS, Levers, no_levers
from engine.demand.lift import Response, no_response
from engine.demand.response import Sold, fit_response

WEEKS, SERIES = 130, 120
DISCOUNT, FEATURE, DISPLAY, DROP = (
    PARTS.index(part) for part in ("discount", "feature", "display", "drop")
)


def _groups() -> Groups:
    """Three categories of ten items in four stores."""
    item = np.arange(SERIES) // 4
    return series_groups(
        pd.DataFrame({
            "sku": [f"I{k:02d}" for k in item], "category": [f"c{k % 3}" for k in item],
        })
    )  # fmt: skip


def _promotions(random: np.random.Generator, *, share: float = 1.0) -> Levers:
    """A tenth of the weeks at 10 to 40 % off, half of those featured, a few displays besides."""
    cut, shown = random.random((SERIES, WEEKS)) < 0.1, random.random((SERIES, WEEKS)) < 0.05
    featured = cut & (random.random((SERIES, WEEKS)) < 0.5)
    depth = np.where(cut, random.choice([0.1, 0.2, 0.3, 0.4], (SERIES, WEEKS)), 0.0)
    cell = np.flatnonzero(cut | shown)
    parts = np.zeros((len(cell), len(PARTS)))
    parts[:, DISCOUNT] = -np.log1p(-depth.ravel()[cell])
    parts[:, FEATURE] = featured.ravel()[cell]
    parts[:, DISPLAY] = shown.ravel()[cell]
    runs = np.where(parts > 0, share, 0.0)
    return Levers(shape=(SERIES, WEEKS), cell=cell, share=runs, value=parts)


def _truth(random: np.random.Generator, *, after: float = 0.0) -> Response:
    true = no_response(SERIES, 7)
    item = np.repeat(random.normal(2.0, 0.5, SERIES // 4), 4)
    true.effects[:, DISCOUNT] = np.maximum(item, 0.5)
    true.effects[:, FEATURE] = 0.4
    true.effects[:, DISPLAY] = 0.3
    true.dips[:, 0] = after
    return true


def _sold(random: np.random.Generator, factor: Floats, units: float = 20.0) -> Sold:
    level = units * np.exp(random.normal(0, 0.5, (SERIES, 1)))
    drift = np.exp(np.cumsum(random.normal(0, 0.02, (SERIES, WEEKS)), axis=1))
    noise = random.gamma(10.0, 0.1, (SERIES, WEEKS))
    return Sold(
        units=random.poisson(level * drift * factor * noise).astype(float),
        exposure=np.ones((SERIES, WEEKS)),
    )


def test_elasticities_and_extra_lifts_are_found_again() -> None:
    random = np.random.default_rng(1)
    levers, true = _promotions(random), _truth(random)
    found = fit_response(_sold(random, true.factor(levers)), levers, _groups(), 7)

    assert found.effects[:, DISCOUNT].mean() == pytest.approx(2.0, abs=0.2)
    assert found.effects[:, FEATURE].mean() == pytest.approx(0.4, abs=0.06)
    assert found.effects[:, DISPLAY].mean() == pytest.approx(0.3, abs=0.06)
    assert np.corrcoef(found.effects[:, DISCOUNT], true.effects[:, DISCOUNT])[0, 1] > 0.7
    assert np.abs(found.dips.mean(axis=0)).max() < 0.03


def test_the_mean_lift_is_right_in_units_and_not_in_logarithms() -> None:
    """Sparse counts: a regression on logarithms would be off by a tenth and more."""
    random = np.random.default_rng(2)
    levers, true = _promotions(random), _truth(random)
    found = fit_response(_sold(random, true.factor(levers), 1.5), levers, _groups(), 7)

    on = levers.promoted > 0
    assert found.factor(levers)[on].mean() == pytest.approx(
        true.factor(levers)[on].mean(), rel=0.05
    )


def test_the_weeks_after_a_promotion_dip_by_its_size() -> None:
    random = np.random.default_rng(3)
    levers, true = _promotions(random), _truth(random, after=-0.3)
    found = fit_response(_sold(random, true.factor(levers)), levers, _groups(), 7)

    assert found.dips[:, 0].mean() == pytest.approx(-0.3, abs=0.06)
    assert np.abs(found.dips[:, 1:]).mean() < 0.06


def test_a_promotion_on_part_of_a_week_counts_by_its_share_of_days() -> None:
    response = _truth(np.random.default_rng(4))
    whole, part = _promotions(np.random.default_rng(5)), None
    part = _promotions(np.random.default_rng(5), share=3 / 7)

    lift = response.factor(whole) - 1.0
    assert response.factor(part) == pytest.approx(1.0 + 3 / 7 * lift)


def test_the_dip_spares_the_days_that_are_on_promotion_themselves() -> None:
    on = np.eye(len(PARTS))[[DISCOUNT, DISCOUNT]]
    levers = Levers(shape=(1, 6), cell=np.array([1, 2]), share=on, value=0.25 * on)
    response = no_response(1, 7)
    response.effects[0, DISCOUNT], response.dips[0, 0] = 2.0, -0.5

    factor = response.factor(levers)[0]
    assert factor == pytest.approx([1, np.exp(0.5), np.exp(0.5), np.exp(-0.25), 1, 1])


def test_an_announcement_that_lifts_nothing_changes_nothing_of_what_else_runs() -> None:
    """A drop over the whole week beside a discount on three days of it, and on its own."""
    on = np.zeros((2, len(PARTS)))
    on[0, DISCOUNT] = 3 / 7
    alone = Levers(shape=(1, 6), cell=np.array([1, 3]), share=on, value=np.full_like(on, 0.25))
    on = on.copy()
    on[:, DROP] = 1.0
    beside = replace(alone, share=on)
    response = no_response(1, 7)
    response.effects[0, DISCOUNT], response.dips[0, :] = 2.0, -0.3

    assert (response.factor(alone) == response.factor(beside)).all()


def test_what_was_never_tried_has_exactly_no_effect() -> None:
    random = np.random.default_rng(6)
    levers, true = _promotions(random), _truth(random)
    found = fit_response(_sold(random, true.factor(levers)), levers, _groups(), 7)

    tried = [DISCOUNT, FEATURE, DISPLAY]
    assert (np.delete(found.effects, tried, axis=1) == 0).all()
    nothing = fit_response(_sold(random, np.ones((1, 1))), no_levers((SERIES, WEEKS)), _groups(), 7)
    assert nothing.is_flat


def test_an_item_without_promotions_answers_as_its_category_does() -> None:
    random = np.random.default_rng(7)
    levers, true = _promotions(random), _truth(random)
    true.effects[:, DISCOUNT] = 1.0 + np.arange(SERIES) // 4 % 3
    own = levers.row >= 12  # the first three items, one of each category, were never promoted
    levers = replace(
        levers, cell=levers.cell[own], share=levers.share[own], value=levers.value[own]
    )
    found = fit_response(_sold(random, true.factor(levers)), levers, _groups(), 7)

    assert found.effects[[0, 4, 8], DISCOUNT] == pytest.approx([1, 2, 3], abs=0.45)


def test_the_elasticity_to_the_list_price_is_found_again() -> None:
    random = np.random.default_rng(8)
    steps = np.where(
        random.random((SERIES, WEEKS)) < 0.04, random.normal(0, 0.12, (SERIES, WEEKS)), 0
    )
    price = np.cumsum(steps, axis=1)
    factor = np.exp(-1.8 * moves(price, price.mean(axis=1)))
    found = fit_elasticity(_sold(random, factor), price, _groups(), 7)

    assert found.mean() == pytest.approx(-1.8, abs=0.2)


def test_a_price_that_never_moved_has_no_elasticity() -> None:
    random = np.random.default_rng(9)
    found = fit_elasticity(_sold(random, np.ones((1, 1))), np.ones((SERIES, WEEKS)), _groups(), 7)

    assert (found == 0).all()
