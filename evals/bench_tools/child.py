"""The measured process of `qm bench tools`: calls each tool and prints its times."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from engine.model.config import PlanConfig
from engine.model.people import Person
from engine.model.progress import Progress
from engine.service import budget_worth, reading
from engine.service.stores import Stores
from evals.bench_plan.prepare import NOW, stores_in
from tools.context import ToolContext
from tools.registry import BY_NAME

Arguments = dict[str, Any]
WHAT_IF_SHARE = 5  # one what-if for so many reads


class Here:
    """Computes where it is called: the port `tools.context.Compute`."""

    def call(self, function: Callable[..., Any], /, *arguments: object) -> Any:  # noqa: ANN401  what the function returns
        return function(*arguments)

    def watched(
        self, function: Callable[..., Any], /, *arguments: object, progress: Progress
    ) -> Any:  # noqa: ANN401  what the function returns
        return function(*arguments, progress=progress)


def main(home: Path, repeats: int, seed: int) -> None:
    stores = stores_in(home)
    run = reading.latest_run(stores)
    context = ToolContext(
        stores=stores,
        person=Person(id="bench", name="Bench", rights=frozenset(), source="system"),
        now=NOW,
        config=PlanConfig(),
        compute=Here(),
    )
    figures = {
        name: _timed(name.partition(" ")[0], given, context)
        for name, given in _asked(stores, repeats, seed).items()
    }
    lines = len(reading.plan_lines(stores, run.id))
    sys.stdout.write(json.dumps({"lines": lines, "tools": figures}))


def _asked(stores: Stores, repeats: int, seed: int) -> dict[str, list[Arguments]]:
    """Arguments of every call, another item each."""
    random = np.random.default_rng(seed)
    run = reading.latest_run(stores)
    lines = reading.plan_lines(stores, run.id)
    blob = run.artefacts["candidate_items"]
    weighed = stores.blobs.get_table(blob, ["sku", "location"]).to_pandas()
    bought = lines.sample(n=repeats + 1, replace=True, random_state=seed)
    some = weighed.sample(n=repeats + 1, replace=True, random_state=seed)
    budget = run.budget_minor or run.allocation.spent_minor
    suppliers = list(dict.fromkeys(lines["supplier"]))
    shares = 0.3 + 1.2 * random.random(max(repeats // WHAT_IF_SHARE, 3) + 1)
    slower = [{"supplier": str(each), "slower_days": 7} for each in suppliers[:3]]
    return {
        "rank_buys": [{"skip": n} for n in range(repeats + 1)],
        "rank_buys by supplier": [
            {"supplier": str(suppliers[n % len(suppliers)])} for n in range(repeats + 1)
        ],
        "explain_order": [{"sku": str(sku)} for sku in bought["sku"]],
        "explain_order anything": [
            {"sku": str(sku), "location": str(at)}
            for sku, at in zip(some["sku"], some["location"], strict=True)
        ],
        "list_exceptions": [{"skip": n} for n in range(repeats + 1)],
        "propose_transfers": [{} for _ in range(repeats + 1)],
        "find_items": [{"text": str(sku)} for sku in some["sku"]],
        "forecast_demand": [{"sku": str(sku)} for sku in some["sku"]],
        "explain_drivers": [{"sku": str(sku)} for sku in some["sku"]],
        "what_if budget": [{"budget_minor": int(budget * share)} for share in shares],
        "what_if supplier slower": slower,
        "budget_curve": [{} for _ in range(4)],
    }


def _timed(tool: str, given: list[Arguments], context: ToolContext) -> dict[str, float]:
    """Milliseconds; the first call warms what the process keeps, and is not counted."""
    spent: list[float] = []
    for arguments in given:
        budget_worth.forget()  # the curve is kept for the next question; here each is the first
        began = time.perf_counter()
        BY_NAME[tool].call(arguments, context)
        spent.append(1_000 * (time.perf_counter() - began))
    counted = np.asarray(spent[1:])
    return {
        "calls": len(counted),
        **{f"p{at}": round(float(np.percentile(counted, at)), 2) for at in (50, 95, 99)},
        "max": round(float(counted.max()), 2),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
