"""A key figure with what it was made of, so that anyone can check it."""

from dataclasses import dataclass
from typing import Literal

KpiName = Literal[
    "stockout rate", "fill rate", "on time in full", "order cycle time", "cash in slow movers"
]
KpiUnit = Literal["share", "days", "money"]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A component that is worth showing beside the figure, in the same unit unless said."""

    label: str
    value: float
    unit: KpiUnit | Literal["count", "units"]


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """`value` is numerator / denominator for shares and days, the numerator for money.

    None: there was nothing to measure. Money is in minor units of the base currency. `better`
    says which way is good. `definition` is the sentence that a reader is shown.
    """

    name: KpiName
    value: float | None
    unit: KpiUnit
    numerator: float
    denominator: float
    numerator_label: str
    denominator_label: str
    better: Literal["higher", "lower"]
    definition: str
    parts: tuple[Part, ...] = ()


def ratio(numerator: float, denominator: float) -> float | None:
    return numerator / denominator if denominator else None


def definition_of(function: object) -> str:
    """The first two paragraphs of a KPI's docstring: what a reader has to know.

    The docstring is the one place where a KPI is defined; finer rules and frames follow there.
    """
    text = getattr(function, "__doc__", None) or ""
    return " ".join(" ".join(text.split("\n\n")[:2]).split())
