"""What is left of a budget when its period ends: gone, kept, or kept up to an amount.

The rules are part of the policy, so they are data, have a version, and are sealed with it. A rule
names the first period whose rest is kept: what was left before anybody took budgets from here was
spent elsewhere, and must not appear as money.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.purchase.periods import PeriodKind, before, first_day, kind_of

MOST_PERIODS = 530  # ten years of weeks


@dataclass(frozen=True, kw_only=True)
class CarryOver:
    """How the rest of one kind of period goes on; amounts in base currency minor units."""

    period: PeriodKind
    carry: Literal["all", "capped", "none"]
    since: str  # the first period whose rest is kept
    up_to_minor: int | None = None  # of "capped": the most that one period hands on
    scope: str = ""  # empty: every budget of this kind of period


Capped = tuple[str, str]  # scope and period of a budget


def rule_for(rules: Sequence[CarryOver], scope: str, period: str) -> CarryOver | None:
    """The rule of the very scope before the one for all; None: the rest is gone."""
    kind = kind_of(period)
    fitting = [r for r in rules if r.period == kind and r.scope in ("", scope)]
    return max(fitting, key=lambda rule: rule.scope != "", default=None)


def chain(rules: Sequence[CarryOver], scope: str, period: str) -> tuple[str, ...]:
    """The earlier periods whose rest reaches a budget, oldest first; none without a rule."""
    rule = rule_for(rules, scope, period)
    if rule is None or rule.carry == "none":
        return ()
    return tuple(_earlier(rule, period))[::-1]


def _earlier(rule: CarryOver, period: str) -> Iterator[str]:
    first = first_day(rule.since)
    for _ in range(MOST_PERIODS):
        period = before(period)
        if first_day(period) < first:
            return
        yield period


def carried(
    rules: Sequence[CarryOver],
    scope: str,
    period: str,
    caps: Mapping[Capped, int],
    used: Mapping[Capped, int],
) -> int:
    """What earlier periods hand on to a budget; base currency minor units, never negative.

    `caps` and `used` hold the earlier budgets of the scope: what was allowed, and what orders
    hold or have spent. A period without a budget hands nothing on, and what was overspent is not
    taken from the next: going over took its own right and reason.
    """
    rule, rest = rule_for(rules, scope, period), 0
    for earlier in chain(rules, scope, period):
        cap = caps.get((scope, earlier))
        unspent = 0 if cap is None else max(cap + rest - used.get((scope, earlier), 0), 0)
        most = rule.up_to_minor if rule is not None and rule.carry == "capped" else None
        rest = unspent if most is None else min(unspent, most)
    return rest
