"""What if the budget were another: re-solve a stored run without forecasting again."""

from collections.abc import Mapping
from datetime import datetime

from engine.model.canonical import digest
from engine.service.plan_storage import is_stored, save_plan
from engine.service.reading import RunHeader, run_header
from engine.service.stores import Stores


def plan_with_budget(
    stores: Stores, run_id: str, budget_minor: int | None, *, now: datetime
) -> RunHeader:
    """The run's own candidates allocated under another cap, stored as a run of its own.

    It never becomes the plan of record, but drafts may be made from it.
    `budget_minor` is in base currency; None removes the cap. Call it where computing is done.
    """
    base = run_header(stores, run_id)
    inputs = {**base.inputs, "budget_minor": budget_minor, "from_run": base.id}
    wanted = f"run-{digest(inputs)[:16]}"
    if not is_stored(stores, wanted):
        _solve_and_store(stores, base, budget_minor, inputs, wanted, now)
    return run_header(stores, wanted)


def _solve_and_store(
    stores: Stores,
    base: RunHeader,
    budget_minor: int | None,
    inputs: Mapping[str, object],
    run_id: str,
    now: datetime,
) -> None:
    from engine.replenish import compose_plan
    from engine.replenish.candidates import Candidates

    tables = {
        name: stores.blobs.get_table(blob)
        for name, blob in base.artefacts.items()
        if name.startswith("candidate_")
    }
    save_plan(
        stores,
        run_id=run_id,
        snapshot_id=base.snapshot_id,
        as_of=base.as_of,
        currency=base.currency,
        budget_minor=budget_minor,
        inputs=inputs,
        plan=compose_plan(Candidates.from_tables(tables), budget_minor),
        artefacts=base.artefacts,
        now=now,
    )
