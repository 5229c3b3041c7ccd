"""A key figure with what it was made of, so that anyone can check it."""

from dataclasses import dataclass
from typing import Literal

KpiName = Literal[
    "stockout rate", "fill rate", "on time in full", "on time", "revenue saved", "weeks of supply",
    "cash in slow movers", "order cycle time", "stock age", "gross margin return",
    "forecast accuracy", "forecast bias", "forecast value added", "budget use", "price of the cap",
    "promise hit rate", "time out of stock",
]  # fmt: skip
KpiUnit = Literal["share", "days", "weeks", "ratio", "money"]
Better = Literal["higher", "lower", "zero"]
Cut = Literal["class", "category", "location", "supplier"]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A component that is worth showing beside the figure, in the same unit unless said."""

    label: str
    value: float
    unit: KpiUnit | Literal["count", "units"]


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """`value` is numerator / denominator, or the numerator where it is an amount.

    None: there was nothing to measure. Money is in minor units of the base currency. `better`
    says which way is good. `definition` is the sentence that a reader is shown. `low` and `high`
    are the ends of a 95 % interval where the figure is an estimate that has one.
    """

    name: KpiName
    value: float | None
    unit: KpiUnit
    numerator: float
    denominator: float
    numerator_label: str
    denominator_label: str
    better: Better
    definition: str
    parts: tuple[Part, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def formula(self) -> str:
        """How the value was made, in words."""
        if self.unit == "money" and self.value == self.numerator:
            return self.numerator_label
        return f"{self.numerator_label} / {self.denominator_label}"


def ratio(numerator: float, denominator: float) -> float | None:
    return numerator / denominator if denominator else None


def definition_of(function: object) -> str:
    """The first two paragraphs of a KPI's docstring: what a reader has to know.

    The docstring is the one place where a KPI is defined; finer rules and frames follow there.
    """
    text = getattr(function, "__doc__", None) or ""
    return " ".join(" ".join(text.split("\n\n")[:2]).split())
