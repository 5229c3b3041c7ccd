"""The evaluator of `qm bench allocate`: it believes neither a choice nor a proof unseen."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from evals.allocation.evaluator import bound, worth
from evals.allocation.evaluator_cases import Certificate
from evals.allocation.generate import base_instance, coupled_instance
from evals.allocation.highs import solve_with_highs
from evals.allocation.instance import Instance
from evals.allocation.ours import Answer, solve_ours

BASE = base_instance(40, 3, seed=3)
COUPLED = coupled_instance(24, 3, seed=3)


@pytest.fixture(scope="module", params=[BASE, COUPLED], ids=["base", "coupled"])
def solved(request: pytest.FixtureRequest) -> tuple[Instance, Answer]:
    return request.param, solve_ours(request.param)


@pytest.fixture(scope="module")
def proof() -> Certificate:
    return solve_ours(BASE).certificate


def few_items(instance: Instance) -> float:
    """The best worth of any choice, one by one."""
    spans = zip(instance.first[:-1], instance.first[1:], strict=True)
    found = [0.0]
    for choice in itertools.product(*(range(a, b) for a, b in spans)):
        try:
            found.append(worth(instance, np.asarray(choice)))
        except ValueError:
            continue
    return max(found)


def test_the_solver_claims_no_more_than_the_evaluator_can_prove(
    solved: tuple[Instance, Answer],
) -> None:
    """Its own bound may be looser (higher) than what its proof is good for."""
    instance, answer = solved
    proven = bound(instance, answer.certificate)

    assert proven <= answer.claimed * (1 + 1e-9) <= proven * 1.01
    assert 0 < worth(instance, answer.choice) <= proven * (1 + 1e-9)


def test_no_choice_of_a_few_items_is_worth_more_than_is_proven() -> None:
    for seed in range(4):
        instance = base_instance(3, 2, seed=seed)
        answer, best = solve_ours(instance), few_items(instance)

        assert worth(instance, answer.choice) == pytest.approx(best, rel=1e-9)
        assert bound(instance, answer.certificate) >= best * (1 - 1e-9)


def test_a_peer_stays_below_the_bound(solved: tuple[Instance, Answer]) -> None:
    instance, answer = solved
    peer = solve_with_highs(instance, 1.0)

    assert peer.choice is not None
    assert worth(instance, peer.choice) <= bound(instance, answer.certificate) * (1 + 1e-9)


def test_a_choice_above_the_budget_is_refused(solved: tuple[Instance, Answer]) -> None:
    instance, answer = solved
    spent = int(instance.cost[answer.choice].sum())

    with pytest.raises(ValueError, match="is spent of a budget"):
        worth(replace(instance, budget=spent - 1), answer.choice)


def test_a_proof_that_leaves_a_case_out_is_refused(solved: tuple[Instance, Answer]) -> None:
    """A tree whose only leaf says that the first supplier buys nothing."""
    instance, answer = solved
    proof = answer.certificate
    split = replace(
        proof,
        node_parent=np.asarray([-1, 0]),
        node_group=np.asarray([-1, 0]),  # the root restricts nothing
        node_low=np.asarray([0, 0]),
        node_high=np.asarray([0, 0]),
        node_row=np.asarray([-1, 0]),
    )

    with pytest.raises(ValueError, match="left out"):
        bound(instance, split)


@pytest.mark.parametrize("name", ["cash", "volume", "reward"])
def test_a_price_below_zero_proves_nothing(name: str, proof: Certificate) -> None:
    with pytest.raises(ValueError, match="below zero"):
        bound(BASE, replace(proof, **{name: getattr(proof, name) - 1.0}))


def test_volume_is_not_priced_where_there_is_no_container_to_pay_for_it(
    proof: Certificate,
) -> None:
    """It would take from the purchases and give nothing back: a bound too low to be one."""
    with pytest.raises(ValueError, match="no containers"):
        bound(BASE, replace(proof, load=proof.load + 5.0))
