"""What if the world were another: weigh a stored run anew, without forecasting again."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from engine.errors import InvalidInput, PlanningError
from engine.model.canonical import canonical_json, digest
from engine.model.config import PlanConfig
from engine.model.progress import Progress, silent
from engine.model.snapshot import Snapshot
from engine.model.supposed import Supposed
from engine.service.correction_tables import all_findings
from engine.service.plan_storage import is_stored, save_plan, save_tables
from engine.service.reading import RunHeader, run_header
from engine.service.run_state import decisions_of, forecast_of
from engine.service.stores import Stores
from engine.service.version import engine_version
from engine.service.weighed import stored_candidates, weighed
from engine.store.blobs import BlobStore
from engine.store.content import read_content
from engine.store.database import Database
from engine.store.frames import empty_frame
from engine.store.snapshots import load_snapshot

if TYPE_CHECKING:
    from engine.replenish import Candidates

STAGES = 4
# Millions of rows that no weighing reads: demand is in the run's own forecast.
_UNREAD = ("sales", "traffic")


def plan_with_budget(
    stores: Stores, run_id: str, budget_minor: int | None, *, now: datetime
) -> RunHeader:
    """The run's own candidates allocated under another cap, stored as a run of its own.

    It never becomes the plan of record, but drafts may be made from it.
    `budget_minor` is in base currency; None removes the cap. Call it where computing is done.
    """
    base = run_header(stores, run_id)
    inputs = {**base.inputs, "budget_minor": budget_minor, "from_run": base.id}
    return _stored(stores, base, inputs, budget_minor, Supposed(), now, silent)


def plan_supposing(
    stores: Stores, run_id: str, supposed: Supposed, *, now: datetime, progress: Progress = silent
) -> RunHeader:
    """The run with something supposed, stored off the record; the same supposition once only.

    Another budget alone re-solves what was weighed. Other terms or lead times weigh the items of
    that supplier or SKU anew, another service objective all of them: with the run's own forecast,
    stock, orders and budgets. Whether a route between locations is worth its journey is judged by
    the items weighed anew. Raises PlanningError for a run that another version of the engine
    made, InvalidInput for terms that nobody has.
    """
    base = run_header(stores, run_id)
    budget = base.budget_minor if supposed.budget_minor is None else supposed.budget_minor
    if supposed.is_budget_only:
        return plan_with_budget(stores, run_id, budget, now=now)
    if base.inputs.get("engine") != engine_version():
        raise PlanningError(
            "The plan was made by another version of the program, so its parts do not fit. Run "
            "`qm plan` and ask again."
        )
    told = {name: each for name, each in asdict(supposed).items() if each is not None}
    inputs = {**base.inputs, "budget_minor": budget, "from_run": base.id, "supposed": told}
    return _stored(stores, base, inputs, budget, supposed, now, progress)


def _stored(
    stores: Stores,
    base: RunHeader,
    inputs: Mapping[str, object],
    budget_minor: int | None,
    supposed: Supposed,
    now: datetime,
    progress: Progress,
) -> RunHeader:
    run_id = f"run-{digest(inputs)[:16]}"
    if not is_stored(stores, run_id):
        _solve_and_store(stores, base, inputs, run_id, budget_minor, supposed, now, progress)
    return run_header(stores, run_id)


def _solve_and_store(
    stores: Stores,
    base: RunHeader,
    inputs: Mapping[str, object],
    run_id: str,
    budget_minor: int | None,
    supposed: Supposed,
    now: datetime,
    progress: Progress,
) -> None:
    from engine.replenish import compose_plan

    progress("reading the plan", 0, STAGES)
    if supposed.is_budget_only:
        kept = weighed(stores, base)
        candidates, without, artefacts = kept.candidates, kept.unlimited, base.artefacts
    else:
        candidates = _weighed_anew(
            stores, base, stored_candidates(stores, base), supposed, progress
        )
        without = None
        artefacts = {**base.artefacts, **save_tables(stores, candidates.to_tables())}
    progress("allocating the budget", STAGES - 1, STAGES)
    save_plan(
        stores,
        run_id=run_id,
        snapshot_id=base.snapshot_id,
        as_of=base.as_of,
        currency=base.currency,
        budget_minor=budget_minor,
        inputs=inputs,
        plan=compose_plan(candidates, budget_minor, without),
        artefacts=artefacts,
        now=now,
    )
    progress("done", STAGES, STAGES)


def _weighed_anew(
    stores: Stores,
    base: RunHeader,
    candidates: "Candidates",
    supposed: Supposed,
    progress: Progress,
) -> "Candidates":
    from engine.replenish import build_candidates
    from engine.replenish.other_terms import with_terms
    from engine.replenish.splice import spliced
    from engine.supply import lead_times
    from engine.supply.supposed import with_lead_time

    snapshot = _weighed_snapshot(stores.database, stores.blobs, base.snapshot_id)
    config = _config(base, supposed)
    skus = _touched(snapshot, supposed)
    arriving = lead_times(snapshot, config)
    if supposed.supplier is not None:
        arriving = with_lead_time(
            arriving,
            supposed.supplier,
            later_days=supposed.later_days or 0,
            spread=1.0 if supposed.spread is None else supposed.spread,
        )
    progress("weighing again", 1, STAGES)
    part = build_candidates(
        with_terms(snapshot, supposed),
        forecast_of(stores, base, skus),
        arriving,
        decisions_of(stores, base),
        config,
        findings=all_findings(stores, base),
        rules=candidates.rules,
    )
    return part if skus is None else spliced(candidates, part, skus)


@lru_cache(maxsize=1)
def _weighed_snapshot(database: Database, blobs: BlobStore, snapshot_id: str) -> Snapshot:
    """Kept by the process that computes: who asks one thing about a plan asks the next.

    A snapshot never changes, and nobody writes into its tables.
    """
    return _without_sales(load_snapshot(database, blobs, snapshot_id))


def _without_sales(snapshot: Snapshot) -> Snapshot:
    tables = {
        name: empty_frame(name) if name in _UNREAD else snapshot[name] for name in snapshot.tables
    }
    return replace(snapshot, tables=tables)


def _config(base: RunHeader, supposed: Supposed) -> PlanConfig:
    """The run's own; a target without an objective aims at cycle service where money was aimed at.

    That is what people mean who ask for so much service.
    """
    config = read_content(PlanConfig, canonical_json(base.inputs["config"]))
    if not supposed.of_service:
        return config
    given = supposed.objective
    if given is None:
        given = "cycle_service" if config.objective == "economic" else config.objective
    target = config.service_target if supposed.service_target is None else supposed.service_target
    return replace(config, objective=given, service_target=target)


def _touched(snapshot: Snapshot, supposed: Supposed) -> frozenset[str] | None:
    """The items to weigh anew; None for all. Raises InvalidInput where it would be none."""
    listed = snapshot["supplier_items"]
    # Where no table says who sells what, one supplier sells everything.
    if supposed.of_service or (supposed.sku is None and listed.empty):
        return None
    if supposed.sku is not None:
        return frozenset({supposed.sku})
    skus = listed["sku"][listed["supplier"] == supposed.supplier]
    if skus.empty:
        raise InvalidInput(
            f"No item is listed with supplier {supposed.supplier}, so nothing would change. Ask "
            "about a supplier of supplier_items."
        )
    return frozenset(str(each) for each in skus)
