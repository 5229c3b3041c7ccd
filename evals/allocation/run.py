"""One row per instance, checked by the evaluator; the worst of them as headline."""

import sys
from collections.abc import Iterable
from time import perf_counter, process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.allocation.cp_sat import solve_with_cp_sat
from evals.allocation.evaluator import bound, worth
from evals.allocation.generate import base_instance, coupled_instance
from evals.allocation.highs import PeerResult, solve_with_highs
from evals.allocation.instance import Instance
from evals.allocation.ours import solve_ours

MAKERS = {"base": base_instance, "coupled": coupled_instance}
PEERS = {"highs": solve_with_highs, "cp_sat": solve_with_cp_sat}
WARM_UP = 300  # items of an instance solved first, so that imports are not counted


def run(
    kind: str, skus: int, suppliers: int, seeds: Iterable[int], shares: list[float]
) -> dict[str, Any]:
    """Gap and seconds of the worst, and every instance."""
    solve_ours(MAKERS[kind](WARM_UP, 4, 1, 0.5))
    rows = [_row(kind, skus, suppliers, seed, share) for seed in seeds for share in shares]
    first = rows[0]
    return {
        "gap": max(row["gap"] for row in rows),
        "seconds": max(row["seconds"] for row in rows),
        "first": {"gap": first["gap"], "seconds": first["seconds"]},
        "instances": rows,
    }


def _row(kind: str, skus: int, suppliers: int, seed: int, share: float) -> dict[str, Any]:
    instance = MAKERS[kind](skus, suppliers, seed, share)
    started = process_time()
    answer = solve_ours(instance)
    processor = process_time() - started
    value = worth(instance, answer.choice)
    certified = bound(instance, answer.certificate)
    gap = (certified - value) / value if value > 0 else float("inf")
    print(
        f"{kind} seed {seed}, {share:.0%}: gap {gap:.4%}, {answer.seconds:.2f} s", file=sys.stderr
    )
    return {
        "seed": seed,
        "budget_share": share,
        "value": value,
        "bound": certified,
        "gap": gap,
        "seconds": answer.seconds,
        "processor_seconds": processor,
        "minimums_bind": _binding(instance, answer.choice),
    }


def _binding(instance: Instance, choice: NDArray[np.int64]) -> float:
    """Share of the suppliers that are left out, or buy less than a thousandth above the minimum."""
    spend = instance.spend(choice)
    return float((spend <= instance.minimum * 1.001).mean())


def run_peers(
    kind: str, skus: int, suppliers: int, seed: int, seconds: float
) -> dict[str, dict[str, Any]]:
    instance = MAKERS[kind](skus, suppliers, seed, 0.5)
    found: dict[str, dict[str, Any]] = {}
    for name, solve in PEERS.items():
        print(f"{name} on {kind} ...", file=sys.stderr)
        started = perf_counter()
        result: PeerResult = solve(instance, seconds)
        taken = perf_counter() - started
        value = 0.0 if result.choice is None else worth(instance, result.choice)
        found[name] = {
            "gap": result.gap if result.value > 0 else None,
            "value": value,
            "bound": result.bound,
            "seconds": taken,
        }
    return found
