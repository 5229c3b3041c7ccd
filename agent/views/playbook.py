"""The playbook: the policy in force in words, generated, so that it is never out of date."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from difflib import ndiff

import sqlalchemy as sa

from agent.grounding.formats import shown
from engine.errors import NotAllowed
from engine.model.automation import SAYS, TierRule
from engine.model.config import PlanConfig
from engine.model.plan import EXCEPTION_CODES
from engine.purchase.policy import Ceiling, Limit, Policy, Role
from engine.service import budget, people
from engine.service.company import company_profile
from engine.service.overrides import overrides
from engine.service.stores import Stores
from tools.facts import Fact

NOBODY = "- No people file is in force: nobody may do anything."
OBJECTIVES = {
    "economic": "Each pack is bought as long as the margin it is expected to save is worth more "
    "than holding it.",
    "cycle_service": "Stock is held for a cycle service level: the chance of no stockout before "
    "the next order.",
    "fill_rate": "Stock is held for a fill rate: the share of units wanted that are there.",
}


def playbook(
    stores: Stores, config: PlanConfig, *, digests: Sequence[str], now: datetime, locale: str
) -> str:
    """Markdown. `digests` are sentences about what is told when."""
    with stores.database.read() as look:
        policy, company = _policy(look), company_profile(look)
    currency = company.base_currency if company else ""
    say = _Say(currency=policy.currency if policy else currency, locale=locale)
    title = company.name if company else "the company"
    lines = [
        f"# Playbook of {title}", "",
        "Generated from what is in force by `qm playbook`; change the policy, not this page.", "",
        "## What the plan aims at", "", *_aims(config, say), "",
        "## Who may do what", "", *(_roles(policy, say) if policy else [NOBODY]), "",
        "## How an order is approved", "", *(_approval(policy, say) if policy else [NOBODY]), "",
        "## What goes on without a person", "", *_automation(config, say), "",
        "## What is an exception", "", *_exceptions(config), "",
        "## Budgets in force", "", *_budgets(stores, now, say), "",
        "## Forecasts that people have set", "", *_overrides(stores, now), "",
        "## The week and the month", "", *(f"- {each}" for each in digests),
        "- The review of a month: `qm review`; its actions are carried until they end.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def changed_lines(before: str, after: str) -> list[str]:
    """Lines that are new (`+`) or gone (`-`), headings and empty lines left out."""
    found = ndiff(before.splitlines(), after.splitlines())
    return [
        f"{line[0]}{line[2:]}"
        for line in found
        if line[:2] in ("+ ", "- ") and line[2:].strip() and not line[2:].startswith("#")
    ]


class _Say:
    """Figures as the reader's locale writes them."""

    def __init__(self, *, currency: str, locale: str) -> None:
        self._currency, self._locale = currency, locale

    def money(self, minor: int) -> str:
        fact = Fact(id="", value=minor, kind="money", label="", currency=self._currency)
        return shown(fact, self._locale)

    def percent(self, share: float) -> str:
        return shown(Fact(id="", value=share, kind="percent", label=""), self._locale)


def _aims(config: PlanConfig, say: _Say) -> Iterator[str]:
    yield f"- {OBJECTIVES[config.objective]}"
    if config.objective != "economic":
        yield f"- Its target is {say.percent(config.service_target)}."
    yield (
        f"- Holding costs {say.percent(config.holding_rate)} of the unit cost a year, capital "
        f"{say.percent(config.capital_rate)}."
    )
    waits = "wait" if config.shortage == "backorders" else "are lost"
    yield f"- Customers who find nothing {waits}."
    yield f"- Plans reach {config.horizon} weeks ahead and are made anew with every import."


def _policy(look: sa.Connection) -> Policy | None:
    try:
        return people.policy_in_force(look)
    except NotAllowed:  # absent means closed, which the page says
        return None


def _roles(policy: Policy, say: _Say) -> Iterator[str]:
    """Roles rather than people, who come and go."""
    for role in sorted(policy.roles, key=lambda each: each.name):
        rights = ", ".join(sorted(right.value.replace("_", " ") for right in role.rights))
        yield f"- **{role.name}** may {rights}.{_limits(role, say)}"


def _limits(role: Role, say: _Say) -> str:
    told = "; ".join(f"up to {say.money(each.up_to_minor)}{_field(each)}" for each in role.limits)
    return f" Approves {told}." if told else ""


def _field(limit: Limit) -> str:
    where = [*limit.suppliers, *limit.categories, *limit.locations]
    return f" for {', '.join(where)}" if where else ""


def _approval(policy: Policy, say: _Say) -> Iterator[str]:
    for step in policy.steps:
        above = f"above {say.money(step.above_minor)}" if step.above_minor else "every order"
        who = f" by {', '.join(step.roles)}" if step.roles else ""
        yield f"- {step.name}: {above}{who}."
    yield "- Whoever asked for an order, or wrote a revision of it, cannot approve it."
    yield (
        f"- Orders of one requester to one supplier within {policy.cumulative_days} days are "
        "judged together."
    )
    yield f"- A request ends after {policy.expires_after_hours} hours."
    if policy.auto_approve_up_to_minor is not None:
        yield (
            f"- Without a person: up to {say.money(policy.auto_approve_up_to_minor)}, where "
            "every line flows."
        )
    for ceiling in policy.ceilings:
        yield f"- {_ceiling(ceiling, say)}"


def _ceiling(ceiling: Ceiling, say: _Say) -> str:
    return (
        f"Ceiling {ceiling.name!r}: {say.money(ceiling.up_to_minor)} a {ceiling.period} for each "
        f"{ceiling.each}."
    )


def _automation(config: PlanConfig, say: _Say) -> Iterator[str]:
    dear = say.money(config.automation.always_waits_above_minor)
    yield f"- A line above {dear}, or of low confidence, always waits for a person."
    for rule in config.automation.rules:
        yield f"- {_rule(rule, say)}"


def _rule(rule: TierRule, say: _Say) -> str:
    fields_ = [*rule.confidence, *rule.categories, *rule.suppliers, *rule.demand_classes]
    what = f"lines of {', '.join(fields_)}" if fields_ else "every line"
    up_to = "" if rule.up_to_minor is None else f" up to {say.money(rule.up_to_minor)}"
    return f"{what.capitalize()}{up_to}: {SAYS[rule.tier]}"


def _exceptions(config: PlanConfig) -> Iterator[str]:
    for code, meaning in EXCEPTION_CODES.items():
        if code not in config.rules.silenced:
            yield f"- {code.replace('_', ' ')}: {meaning}."
    for each in fields(config.rules):
        if each.name != "silenced":
            yield f"- Threshold {each.name.replace('_', ' ')}: {getattr(config.rules, each.name)}."


def _budgets(stores: Stores, now: datetime, say: _Say) -> Iterator[str]:
    found = budget.current(stores, budget.day_that_counts(stores, now))
    for each in found:
        yield f"- {each.scope}, {each.period}: {say.money(each.cap_minor)}."
    if not found:
        yield "- None: nothing caps this week's or this month's orders."


def _overrides(stores: Stores, now: datetime) -> Iterator[str]:
    found = [each for each in overrides(stores, now) if each.state == "in force"]
    for each in found:
        place = each.content.location or "everywhere"
        yield f"- {each.content.sku}, {place}, until {each.expires_on}: {each.content.reason}"
    if not found:
        yield "- None."
