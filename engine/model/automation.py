"""Automation tiers as data: which lines go on without a person, and how far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.errors import BadSettings

# flow: drafted without anybody; auto_approve: the approval policy may also approve it, up to the
# limit that people set there; wait: a person looks at it first.
Tier = Literal["flow", "auto_approve", "wait"]
TIERS: tuple[Tier, ...] = ("flow", "auto_approve", "wait")

LOW = "low"
UNSURE = "Waits: the forecast is of low confidence."
DEAR = "Waits: it is above the value that always waits."
UNNAMED = "Waits: no rule lets it go on by itself."
SAYS: Mapping[Tier, str] = {
    "flow": "Flows: a rule lets such lines be drafted.",
    "auto_approve": "Flows: a rule lets such lines be approved within the policy's limit.",
    "wait": "Waits: a rule keeps such lines for a person.",
}


@dataclass(frozen=True, kw_only=True)
class TierRule:
    """Lines that are all of this go to `tier`; what is left empty is not asked about."""

    tier: Tier
    up_to_minor: int | None = None  # cost of the line, base currency
    confidence: tuple[str, ...] = ()  # high, medium
    categories: tuple[str, ...] = ()  # paths, with all below them
    suppliers: tuple[str, ...] = ()
    demand_classes: tuple[str, ...] = ()  # smooth, erratic, intermittent, lumpy

    def __post_init__(self) -> None:
        if self.tier not in TIERS:
            raise BadSettings(f"A tier is one of {', '.join(TIERS)}, got {self.tier!r}.")
        if self.up_to_minor is not None and self.up_to_minor < 0:
            raise BadSettings(f"up_to_minor must not be below 0, got {self.up_to_minor}.")


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a tier depends on."""

    cost_minor: int
    confidence: str
    category: str
    supplier: str
    demand_class: str


_USUAL = TierRule(tier="auto_approve", up_to_minor=50_000, confidence=("high", "medium"))


@dataclass(frozen=True, kw_only=True)
class Automation:
    """The first rule that fits decides; a line of low confidence or high value always waits."""

    always_waits_above_minor: int = 500_000
    rules: tuple[TierRule, ...] = (_USUAL,)

    def __post_init__(self) -> None:
        if self.always_waits_above_minor < 0:
            raise BadSettings(
                "automation.always_waits_above_minor must not be below 0, got "
                f"{self.always_waits_above_minor}."
            )

    def tier_of(self, line: Line) -> tuple[Tier, str]:
        """The tier, and why in a sentence without figures."""
        if line.confidence == LOW:
            return "wait", UNSURE
        if line.cost_minor > self.always_waits_above_minor:
            return "wait", DEAR
        rule = next((each for each in self.rules if _fits(each, line)), None)
        return ("wait", UNNAMED) if rule is None else (rule.tier, SAYS[rule.tier])

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> "Automation":
        """What `dataclasses.asdict` and JSON made of one."""
        return Automation(
            always_waits_above_minor=stored["always_waits_above_minor"],
            rules=tuple(_stored_rule(each) for each in stored["rules"]),
        )


def _stored_rule(stored: Mapping[str, Any]) -> TierRule:
    return TierRule(
        tier=stored["tier"],
        up_to_minor=stored["up_to_minor"],
        confidence=tuple(stored["confidence"]),
        categories=tuple(stored["categories"]),
        suppliers=tuple(stored["suppliers"]),
        demand_classes=tuple(stored["demand_classes"]),
    )


def _fits(rule: TierRule, line: Line) -> bool:
    below = any(
        line.category == path or line.category.startswith(f"{path}/") for path in rule.categories
    )
    return (
        (rule.up_to_minor is None or line.cost_minor <= rule.up_to_minor)
        and (not rule.confidence or line.confidence in rule.confidence)
        and (not rule.categories or below)
        and (not rule.suppliers or line.supplier in rule.suppliers)
        and (not rule.demand_classes or line.demand_class in rule.demand_classes)
    )
