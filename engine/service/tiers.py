"""Automation tiers proposed wider or narrower from what became of lines, decided by a person."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from engine.errors import InvalidInput, Stale, UnknownName
from engine.model.automation import Automation
from engine.model.canonical import canonical_json, digest
from engine.model.config import PlanConfig
from engine.model.people import Person, Right
from engine.service import audit
from engine.service.line_outcomes import Outcomes, line_outcomes
from engine.service.rights import require_decider, require_right
from engine.service.stores import Stores
from engine.store.tables.learning import tier_proposals

LOOKED_BACK = timedelta(weeks=26)
LEAST_LINES = 20
WIDER_FROM, NARROWER_FROM = 0.95, 0.90  # shares of lines that were bought as proposed
FACTOR = 2


@dataclass(frozen=True, kw_only=True)
class TierProposal:
    """`digest` is of what was shown; a decision names it."""

    id: int
    direction: Literal["wider", "narrower"]
    before: Automation
    after: Automation
    evidence: Mapping[str, Any] = field(repr=False)
    digest: str
    state: Literal["pending", "approved", "rejected", "superseded"]
    at: datetime
    decided_by: str | None
    reason: str | None


def propose_tiers(stores: Stores, config: PlanConfig, *, now: datetime) -> TierProposal | None:
    """A proposal where outcomes speak for one and none is open; it changes nothing by itself.

    Wider: of the lines just above the limit that waited for a person, nearly all were bought as
    proposed. Narrower: of those that went on by themselves, too many were changed or refused.
    """
    automation = with_decided_tiers(stores, config).automation
    rule = next((each for each in automation.rules if each.tier != "wait"), None)
    if rule is None or not rule.up_to_minor or _pending(stores):
        return None
    seen = line_outcomes(stores, since=now - LOOKED_BACK, limit_minor=rule.up_to_minor)
    wanted = judge_outcomes(seen, rule.up_to_minor, automation.always_waits_above_minor)
    if wanted is None:
        return None
    direction, limit = wanted
    rules = tuple(replace(each, up_to_minor=limit) if each is rule else each
                  for each in automation.rules)  # fmt: skip
    return keep_proposal(stores, direction, automation, replace(automation, rules=rules), seen, now)


def judge_outcomes(
    seen: Outcomes, limit: int, ceiling: int
) -> tuple[Literal["wider", "narrower"], int] | None:
    """The limit that outcomes speak for, minor units; None: they speak for no change."""
    if seen.flowed >= LEAST_LINES and seen.flowed_as_proposed / seen.flowed < NARROWER_FROM:
        return "narrower", limit // FACTOR
    above = min(limit * FACTOR, ceiling)
    enough = above > limit and seen.waited >= LEAST_LINES
    if enough and seen.waited_as_proposed / seen.waited >= WIDER_FROM:
        return "wider", above
    return None


def decide_tiers(
    stores: Stores, number: int, *, decision: Literal["approve", "reject"], shown: str,
    person: Person, reason: str, now: datetime,
) -> TierProposal:  # fmt: skip
    """Decide on a proposal as it was shown (`shown` is its digest); whoever may set budgets may.

    Approved, it counts from the next plan on, as long as the rules file says what it said.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        require_decider(work, person, require_right(work, person, Right.SET_BUDGET))
        row = _row(work, number)
        if row.state != "pending":
            raise InvalidInput(f"Proposal {number} is {row.state} already.")
        if row.digest != shown:
            raise Stale(f"Proposal {number} is not what was shown. Look at it again.")
        state = "approved" if decision == "approve" else "rejected"
        work.execute(
            sa.update(tier_proposals)
            .where(tier_proposals.c.id == number, tier_proposals.c.state == "pending")
            .values(state=state, decided_by=person.id, decided_at=now, reason=reason)
        )
        audit.record(
            work, stores.seal, person, at=now, kind=f"tiers.{state}", subject=f"tiers:{number}",
            body={"digest": shown, "direction": row.direction, "reason": digest(reason)},
        )  # fmt: skip
    return proposal(stores, number)


def with_decided_tiers(stores: Stores, config: PlanConfig) -> PlanConfig:
    """The configuration with the tiers that people have decided since the rules were written."""
    query = sa.select(tier_proposals).where(tier_proposals.c.state == "approved")
    with stores.database.read() as look:
        rows = look.execute(query.order_by(tier_proposals.c.id)).all()
    automation = config.automation
    for row in rows:
        if Automation.from_json(row.before) == automation:
            automation = Automation.from_json(row.after)
    return config if automation == config.automation else replace(config, automation=automation)


def proposals(stores: Stores) -> tuple[TierProposal, ...]:
    """All of them, the newest first."""
    query = sa.select(tier_proposals).order_by(tier_proposals.c.id.desc())
    with stores.database.read() as look:
        return tuple(_proposal(row) for row in look.execute(query).all())


def proposal(stores: Stores, number: int) -> TierProposal:
    with stores.database.read() as look:
        return _proposal(_row(look, number))


def _pending(stores: Stores) -> bool:
    return any(each.state == "pending" for each in proposals(stores))


def keep_proposal(
    stores: Stores, direction: str, before: Automation, after: Automation, seen: Outcomes,
    now: datetime,
) -> TierProposal:  # fmt: skip
    """Store a proposal; deciding on it names its digest."""
    content: dict[str, Any] = json.loads(
        canonical_json({"before": asdict(before), "after": asdict(after), "evidence": asdict(seen)})
    )
    values = {"direction": direction, **content, "digest": digest(content), "state": "pending",
              "at": now}  # fmt: skip
    with stores.database.write() as work:
        inserted = sa.insert(tier_proposals).values(values).returning(tier_proposals.c.id)
        number: int = work.execute(inserted).scalar_one()
    return proposal(stores, number)


def _row(look: sa.Connection, number: int) -> sa.Row[Any]:
    found = look.execute(
        sa.select(tier_proposals).where(tier_proposals.c.id == number)
    ).one_or_none()
    if found is None:
        raise UnknownName("proposal", str(number))
    return found


def _proposal(row: sa.Row[Any]) -> TierProposal:
    return TierProposal(
        id=row.id, direction=row.direction, before=Automation.from_json(row.before),
        after=Automation.from_json(row.after), evidence=row.evidence, digest=row.digest,
        state=row.state, at=row.at, decided_by=row.decided_by, reason=row.reason,
    )  # fmt: skip
