"""Run a plan: snapshot and decisions in, a stored, repeatable plan out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import pyarrow as pa

from engine.kernels.decided import with_decided
from engine.kernels.known import up_to_as_of
from engine.model.canonical import digest
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.plan import Plan
from engine.model.progress import Progress, silent
from engine.model.snapshot import Snapshot
from engine.service.artefacts import series_table
from engine.service.correction_tables import corrections_table, findings_table
from engine.service.decisions import budget_in_force, decisions_in_force
from engine.service.items import catalogue_table
from engine.service.launch_effects import LAUNCH_EFFECTS, launches_table
from engine.service.parallel import Processes, Threads
from engine.service.plan_storage import is_stored, put_on_record, save_plan, save_tables
from engine.service.reading import RunHeader, run_header
from engine.service.run_state import state_tables
from engine.service.stores import Stores
from engine.service.tiers import with_decided_tiers
from engine.service.totals import TOTALS, totals_table
from engine.service.version import engine_version
from engine.store.snapshots import load_snapshot

STAGES = 7


@dataclass(frozen=True, kw_only=True)
class PlanInputs:
    """Everything that decides a plan; equal inputs have one run id."""

    snapshot: Snapshot
    decisions: Decisions
    config: PlanConfig
    budget_minor: int | None

    def described(self) -> dict[str, Any]:
        return {
            "snapshot": self.snapshot.id,
            "as_of": self.snapshot.as_of.isoformat(),
            "decisions": digest(self.decisions),
            "config": asdict(self.config),
            "budget_minor": self.budget_minor,
            "engine": engine_version(),
        }

    def run_id(self) -> str:
        return f"run-{digest(self.described())[:16]}"


@dataclass(frozen=True, kw_only=True)
class ComputedPlan:
    """A plan and the tables it was computed from, not yet stored."""

    plan: Plan
    artefacts: Mapping[str, pa.Table] = field(repr=False)


def run_plan(
    stores: Stores,
    config: PlanConfig,
    *,
    now: datetime,
    snapshot_id: str | None = None,
    budget_minor: int | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> RunHeader:
    """Plan the latest (or the named) snapshot and store the result; the same inputs once only.

    `budget_minor` caps the buys in base currency; None takes the budget in force on the day that
    counts now (company.order_day), and without one nothing is capped. Raises what the rooms raise:
    no snapshot, no exchange rate, an impossible setting. `workers` is how many processes share the
    work; it never changes a figure.
    """
    progress("reading the snapshot", 0, STAGES)
    # Before the decisions are read: an order of ours that the snapshot holds only for a later day
    # is still ours to count.
    snapshot = up_to_as_of(load_snapshot(stores.database, stores.blobs, snapshot_id))
    decisions = decisions_in_force(stores, snapshot, now)
    config = with_decided_tiers(stores, config)
    if budget_minor is None:
        budget_minor = budget_in_force(decisions)
    inputs = PlanInputs(
        snapshot=snapshot, decisions=decisions, config=config, budget_minor=budget_minor
    )
    run_id = inputs.run_id()
    if not is_stored(stores, run_id):
        computed = compute_plan(inputs, workers, progress)
        progress("storing the plan", STAGES - 1, STAGES)
        save_plan(
            stores,
            run_id=run_id,
            snapshot_id=snapshot.id,
            as_of=snapshot.as_of,
            currency=snapshot.company.base_currency,
            budget_minor=budget_minor,
            inputs=inputs.described(),
            plan=computed.plan,
            artefacts=save_tables(stores, computed.artefacts),
            now=now,
        )
    put_on_record(stores, run_id, now)
    progress("done", STAGES, STAGES)
    return run_header(stores, run_id)


def compute_plan(inputs: PlanInputs, workers: int = 1, progress: Progress = silent) -> ComputedPlan:
    """The whole computation, storing nothing: a function of `inputs` alone."""
    # What forecasts and solves is heavy to import; the process that only reads plans never does.
    from engine.demand import clean_demand
    from engine.forecast import forecast_demand, made_ready
    from engine.replenish import build_candidates, compose_plan
    from engine.supply import lead_times
    from engine.supply.shifted import shifted

    config, decisions = inputs.config, inputs.decisions
    snapshot = with_decided(inputs.snapshot, decisions)
    progress("cleaning demand", 1, STAGES)
    threads = Threads(workers)
    with threads.beside(partial(made_ready, config)):
        panel = clean_demand(snapshot, config, decisions)
    progress("forecasting", 2, STAGES)
    forecast = forecast_demand(panel, snapshot, config, decisions, threads.map)
    progress("describing the forecast", 3, STAGES)
    artefacts = {
        "series": series_table(panel, forecast),
        "catalogue": catalogue_table(snapshot, forecast),
        "corrections": corrections_table(panel),
        "findings": findings_table(panel),
        TOTALS: totals_table(forecast),
        LAUNCH_EFFECTS: launches_table(forecast),
        **state_tables(forecast, decisions),
    }
    findings = panel.findings
    del panel  # the history is large and has said what it has to say
    progress("valuing packs", 4, STAGES)
    candidates = build_candidates(
        snapshot,
        forecast,
        shifted(lead_times(snapshot, config), decisions.learnt),
        decisions,
        config,
        findings=findings,
        mapped=Processes(workers).map,
    )
    progress("allocating the budget", 5, STAGES)
    plan = compose_plan(candidates, inputs.budget_minor)
    return ComputedPlan(plan=plan, artefacts={**artefacts, **candidates.to_tables()})
