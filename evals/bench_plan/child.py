"""The measured process of `qm bench plan`: one plan from the database to the stored run."""

import json
import resource
import sys
import time
from pathlib import Path


def main(home: Path, workers: int, budget_minor: int) -> None:
    began = time.perf_counter()
    from engine.model.config import PlanConfig
    from engine.service.planning import run_plan
    from engine.service.reading import cuts, plan_lines
    from evals.bench_plan.prepare import NOW, stores_in

    stages: dict[str, list[float]] = {}
    last = ("imports", began, 0.0)

    def note(stage: str, _done: int, _total: int | None) -> None:
        nonlocal last
        name, since, worked = last
        now, work = time.perf_counter(), _processor_seconds()
        spent = stages.setdefault(name, [0.0, 0.0])
        spent[0] += now - since
        spent[1] += work - worked
        last = (stage, now, work)

    stores = stores_in(home)
    run = run_plan(
        stores, PlanConfig(), now=NOW, budget_minor=budget_minor, workers=workers, progress=note
    )
    note("", 0, None)
    lines = plan_lines(stores, run.id)
    figures = {
        "stages": {name: round(spent[0], 2) for name, spent in stages.items() if name != "done"},
        "processor": {name: round(spent[1], 2) for name, spent in stages.items() if name != "done"},
        "lines": len(lines),
        "cuts": len(cuts(stores, run.id)),
        "gap": round(run.allocation.gap, 6),
        "spent_minor": run.allocation.spent_minor,
        "digest": run.digest,
    }
    sys.stdout.write(json.dumps(figures))


def _processor_seconds() -> float:
    """Of this process and of those it started and that have ended, whatever else runs."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
