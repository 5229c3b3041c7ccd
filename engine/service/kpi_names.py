"""Which key figure a person means."""

from rapidfuzz import process

from engine.errors import UnknownName
from engine.measure import MEASURES, KpiName

# What people also call them.
OTHER_NAMES: dict[str, KpiName] = {
    "otif": "on time in full", "gmroi": "gross margin return", "fva": "forecast value added",
    "wape": "forecast accuracy", "bias": "forecast bias", "slow movers": "cash in slow movers",
    "cycle time": "order cycle time", "hit rate": "promise hit rate", "ageing": "stock age",
    "weeks of cover": "weeks of supply", "on time delivery": "on time", "aging": "stock age",
    "stockouts": "stockout rate", "shadow price": "price of the cap",
}  # fmt: skip


def kpi_name(said: str) -> KpiName:
    """A name as people type it, short forms included; raises UnknownName with close ones."""
    wanted = " ".join(said.lower().replace("-", " ").replace("_", " ").split())
    if wanted in OTHER_NAMES:
        return OTHER_NAMES[wanted]
    names: list[KpiName] = list(MEASURES)
    begun: list[KpiName] = [name for name in names if name.startswith(wanted)]
    found: list[KpiName] = [name for name in begun if len(name) == len(wanted)] or begun
    if wanted and len(found) == 1:
        return found[0]
    close = process.extract(wanted, names, limit=3, score_cutoff=50)
    raise UnknownName("key figure", said, [match[0] for match in close] or names[:3])
