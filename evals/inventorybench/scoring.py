"""Every instance under both rules, in any number of processes, and what comes of it on average."""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import numpy as np

from evals.inventorybench.buyer import engine_buyer
from evals.inventorybench.foresight import refuse_foresight
from evals.inventorybench.game import RULES, Policy, Rule, play
from evals.inventorybench.instances import Instance

Note = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Scored:
    family: str
    name: str
    rewards: dict[str, float]  # by rule
    seconds: float


def scored(instance: Instance, policy: Policy = engine_buyer) -> Scored:
    """One instance, from nothing."""
    began = time.perf_counter()
    rewards = {name: play(instance, policy, rule).reward for name, rule in _differing(instance)}
    rewards = {name: rewards.get(name, min(rewards.values())) for name in RULES}
    return Scored(
        family=instance.family,
        name=instance.name,
        rewards=rewards,
        seconds=time.perf_counter() - began,
    )


def _differing(instance: Instance) -> list[tuple[str, Rule]]:
    """The rules; one of them where no order is ever lost, for they differ in nothing else."""
    rules = list(RULES.items())
    return rules if bool(np.isinf(instance.lead).any()) else rules[:1]


def score(instances: Sequence[Instance], workers: int, note: Note) -> dict[str, Any]:
    """Figures of all instances; neither their order nor `workers` changes a reward."""
    refuse_foresight(instances[0], lambda _: engine_buyer, "missing")
    began = time.perf_counter()
    results: list[Scored] = []
    for result in _each(instances, workers):
        results.append(result)
        note(f"{len(results)} of {len(instances)}: {result.family}/{result.name} {result.rewards}")
    return {**figures(results), "seconds": round(time.perf_counter() - began, 1)}


def _each(instances: Sequence[Instance], workers: int) -> Iterable[Scored]:
    if workers == 1:
        yield from map(scored, instances)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(scored, instances)


def figures(results: Sequence[Scored]) -> dict[str, Any]:
    """Means over instances: overall, real and synthetic, and per family."""
    ordered = sorted(results, key=lambda each: (each.family, each.name))
    kinds = sorted({each.family.split("/")[0] for each in ordered})
    out: dict[str, Any] = {"instances": len(ordered)}
    for rule in RULES:
        families = sorted({each.family for each in ordered})
        out[rule] = {
            "overall": _mean(ordered, rule, ""),
            **{kind: _mean(ordered, rule, f"{kind}/") for kind in kinds},
            "families": {family: _mean(ordered, rule, family) for family in families},
        }
    out["processor_seconds"] = round(sum(each.seconds for each in ordered), 1)
    return out


def _mean(results: Sequence[Scored], rule: str, prefix: str) -> float:
    chosen = [each.rewards[rule] for each in results if each.family.startswith(prefix)]
    return round(float(np.mean(chosen)), 4)
