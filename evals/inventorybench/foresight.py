"""A policy that knows more than it is told is found out by changing what it cannot know."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.errors import InvalidInput
from evals.inventorybench.game import Policy, Rule, play
from evals.inventorybench.instances import Instance

PERIODS = 6  # played twice


def refuse_foresight(
    instance: Instance, policy_for: Callable[[Instance], Policy], rule: Rule
) -> None:
    """Raise InvalidInput where orders depend on demand or lead times still to come.

    The instance is played twice to the same period. From it on, demand is turned round and lead
    times are lost; whoever orders differently before it has seen them.
    """
    periods = min(PERIODS, instance.periods - 1)
    demand, lead = instance.demand.copy(), instance.lead.copy()
    demand[periods - 1 :] = demand[periods - 1 :][::-1] + np.ceil(demand.max()) + 1
    lead[periods - 1 :] = np.inf
    other = replace(instance, demand=demand, lead=lead)
    first, second = (play(each, policy_for(each), rule, periods).orders for each in
                     (instance, other))  # fmt: skip
    if first != second:
        raise InvalidInput(
            f"{instance.family}/{instance.name}: orders {first} became {second} when only demand "
            f"and lead times from period {periods - 1} on were changed; the policy sees the future."
        )
