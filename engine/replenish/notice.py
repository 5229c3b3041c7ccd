"""One thing that a planner should look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One exception; `facts` are values that a sentence about it needs, in minor units or units."""

    code: str
    at_stake_minor: int
    sku: str | None = None
    location: str | None = None
    supplier: str | None = None
    po: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def key(self) -> str:
        """Stable between runs."""
        parts = (self.sku, self.location, self.supplier, self.po)
        return ":".join([self.code, *(each or "" for each in parts)])
