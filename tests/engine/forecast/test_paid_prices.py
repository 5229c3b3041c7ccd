"""Where no list price is on record, what was paid stands in: its lasting steps, not its wavering."""

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

TRUE_ELASTICITY = -1.4  # engine.simulate.company.prices


def test_a_price_that_wavers_is_one_price_and_a_step_is_a_step() -> None:
    wavering = np.log(10.0) + 0.01 * np.sin(np.arange(60.0))
    stepped = wavering - np.where(np.arange(60) >= 30, 0.1, 0.0)
    found = lasting_steps(np.stack([wavering, stepped]), 7)
    assert len(np.unique(found[0])) == 1
    assert len(np.unique(found[1])) == 2
    assert np.flatnonzero(np.diff(found[1])) == pytest.approx([29], abs=1)


def test_the_demo_companys_customers_answer_to_price_about_as_they_do() -> None:
    snapshot = snapshot_of(full_company)
    panel = clean_demand(snapshot, PlanConfig())
    training, _ = training_and_plans(panel, snapshot, 13, Decisions())
    elasticity = fit_structure(training).response.elasticity
    assert np.median(elasticity) == pytest.approx(TRUE_ELASTICITY, abs=0.5)
    assert elasticity.min() >= LOWEST
