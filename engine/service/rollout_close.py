"""Days 76 to 90: what was ordered comes back as figures, promises and decisions."""

from datetime import datetime, timedelta

from engine.measure import KpiName
from engine.model.config import PlanConfig
from engine.model.snapshot import Snapshot
from engine.service.learnt import corrections
from engine.service.measure import kpi_report
from engine.service.own_orders import own_acts
from engine.service.replay_storage import latest_replay
from engine.service.review import last_review
from engine.service.rollout_check import Step, check
from engine.service.stores import Stores
from engine.service.told_windows import windows_told

LEAST_WINDOWS = 20
HIT_LOW, HIT_HIGH = 0.7, 0.9
REVIEW_DAYS, LEAST_REPLAYED_WEEKS = 40, 4
NAME, FIRST, LAST = "close the loop", 76, 90


def close_the_loop(
    stores: Stores, config: PlanConfig, snapshot: Snapshot | None, now: datetime
) -> Step:
    """Receipts known, revenue saved measured, windows kept, a review held, a replay made."""
    if snapshot is None:
        nothing = check("figures", "nothing is imported", "qm import FOLDER", passes=False)
        return Step(name=NAME, first_day=FIRST, last_day=LAST, checks=(nothing,), facts={})
    came = own_acts(stores, snapshot).receipts["po"].nunique()
    told = windows_told(stores)
    kept = float((told["outcome"] == "kept").mean()) if len(told) else 0.0
    review, replay = last_review(stores), latest_replay(stores, at_least_weeks=LEAST_REPLAYED_WEEKS)
    recent = review is not None and now - review.at <= timedelta(days=REVIEW_DAYS)
    learnt = corrections(stores)
    checks = (
        check("what we ordered has come", f"of {came} orders", "import receipts, or qm po receive",
              passes=came > 0),
        check("windows hold", f"{kept:.0%} of {len(told)}", f"at least {LEAST_WINDOWS} that "
              f"customers were told, {HIT_LOW:.0%} to {HIT_HIGH:.0%} kept: qm backorders",
              passes=len(told) >= LEAST_WINDOWS and HIT_LOW <= kept <= HIT_HIGH),
        check("a review was held", f"of {review.month}" if review else "none yet", "qm review",
              passes=recent),
        check("our policy was replayed", f"{replay.weeks} weeks" if replay else "not yet",
              "qm replay --weeks 26", passes=replay is not None),
        check("weeks were learnt from", f"{len(learnt)} corrections looked at",
              "qm learn, once some weeks of plans have passed", passes=bool(learnt)),
    )  # fmt: skip
    return Step(name=NAME, first_day=FIRST, last_day=LAST, checks=checks,
                facts={"figures": _figures(stores, config, snapshot)})  # fmt: skip


_SHOWN: tuple[KpiName, ...] = ("fill rate", "stockout rate", "revenue saved", "weeks of supply")


def _figures(stores: Stores, config: PlanConfig, snapshot: Snapshot) -> dict[str, float | None]:
    """The last four weeks, or what there is of them."""
    end = snapshot.as_of - timedelta(days=1)
    start = max(end - timedelta(days=27), snapshot.first_day)
    report = kpi_report(stores, start=start, end=end, config=config, names=_SHOWN)
    return {kpi.name: kpi.value for kpi in report.kpis}
