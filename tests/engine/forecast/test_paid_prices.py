"""Where no list price is on record, what was paid stands in: lasting steps, not its wavering."""

import numpy as np
import pytest

from engine.demand import clean_demand
from engine.demand.elasticity import LOWEST
from engine.forecast.assembly import training_and_plans
from engine.forecast.price import lasting_steps
from engine.forecast.structure import fit_structure
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from support.company import full_company, snapshot_of

TRUE = -1.4  # engine.simulate.company.prices; before wavering was left out, half were below -4


def test_a_price_that_wavers_is_one_price_and_a_step_is_a_step() -> None:
    wavering = np.log(10.0) + 0.01 * np.sin(np.arange(60.0))
    stepped = wavering - np.where(np.arange(60) >= 30, 0.1, 0.0)
    found = lasting_steps(np.stack([wavering, stepped]), 7)
    assert len(np.unique(found[0])) == 1
    assert len(np.unique(found[1])) == 2
    assert np.flatnonzero(np.diff(found[1])) == pytest.approx([29], abs=1)


@pytest.mark.slow  # the whole demo company
def test_no_answer_to_price_is_wild_on_the_demo_company() -> None:
    snapshot = snapshot_of(full_company)
    panel = clean_demand(snapshot, PlanConfig())
    training, _ = training_and_plans(panel, snapshot, 13, Decisions())
    elasticity = fit_structure(training).response.elasticity
    assert 2.2 * TRUE < np.median(elasticity) < 0.5 * TRUE
    assert elasticity.min() >= LOWEST
    assert np.quantile(elasticity, 0.75) < 0
