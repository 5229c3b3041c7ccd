"""What each supplier asks for each item: cost, packs, minimums, price breaks, second sources."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from engine.simulate.company.catalogue import Catalogue
from engine.simulate.company.days import Days, Floats, Ints, stream
from engine.simulate.company.makers import MAKER_BY_CODE, MAKERS, SECOND_SOURCES

EUR_RATE = 0.86  # GBP per EUR at which costs were agreed
MAKER_CODES = tuple(maker.code for maker in MAKERS)
Tiers = tuple[tuple[int, float], ...]  # (units from which, cost of one unit)
# Breaks that stories rest on: one that pays at the usual quantity, one that is years of demand.
_TOLD_TIERS: dict[str, tuple[tuple[int, float], ...]] = {
    "LAMP-OAK-01": ((144, 0.05),),
    "LAMP-ASH-02": ((600, 0.03),),
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Per item: the preferred supplier, and a second one where there is one (else -1)."""

    maker: Ints
    second: Ints
    pack: Ints
    minimum: Ints  # units
    cost: Floats  # in the supplier's currency
    second_cost: Floats
    tiers: tuple[Tiers, ...] = field(repr=False)

    def cost_at(self, item: Ints, units: Ints, second: np.ndarray) -> Floats:
        """Cost of one unit at a quantity; all-units breaks, none at the second source."""
        cost = np.where(second, self.second_cost[item], self.cost[item])
        places: list[int] = np.flatnonzero(~second).tolist()
        for place in places:
            for from_units, price in self.tiers[int(item[place])]:
                if units[place] >= from_units:
                    cost[place] = price
        return cost


def build_terms(seed: int, catalogue: Catalogue) -> Terms:
    random = stream(seed, "terms")
    makers = [
        line.makers[int(look) % len(line.makers)]
        for line, look in zip(catalogue.lines, catalogue.look, strict=True)
    ]
    weekly = 7 * catalogue.daily_units
    pack = catalogue.pack
    featured = [place for place, sku in enumerate(catalogue.skus) if sku in _TOLD_TIERS]
    pack[featured] = 24
    cost = np.array([_in_currency(c, m) for c, m in zip(catalogue.cost, makers, strict=True)])
    second = _second_sources(catalogue, random)
    dearer = catalogue.cost * random.uniform(1.05, 1.12, len(pack))
    return Terms(
        maker=np.array([MAKER_CODES.index(code) for code in makers]),
        second=second,
        pack=pack,
        minimum=pack * np.where(random.random(len(pack)) < 0.15, 2, 1),
        cost=cost,
        second_cost=np.array(
            [
                _in_currency(float(c), MAKER_CODES[int(place)]) if place >= 0 else np.nan
                for c, place in zip(dearer, second, strict=True)
            ]
        ),
        tiers=tuple(
            _tiers(sku, int(size), price, pace, random)
            for sku, size, price, pace in zip(catalogue.skus, pack, cost, weekly, strict=True)
        ),
    )


def _in_currency(cost_gbp: float, maker: str) -> float:
    """Costs in EUR stand so that the item's cost in GBP comes out at the agreed rate."""
    return round(cost_gbp / (EUR_RATE if MAKER_BY_CODE[maker].currency == "EUR" else 1.0), 2)


def _second_sources(catalogue: Catalogue, random: np.random.Generator) -> Ints:
    chosen = random.random(len(catalogue.skus)) < 0.18
    return np.array(
        [
            MAKER_CODES.index(SECOND_SOURCES[path.split("/")[0]]) if wanted else -1
            for path, wanted in zip(catalogue.categories(), chosen, strict=True)
        ]
    )


def _tiers(sku: str, pack: int, cost: float, weekly: float, random: np.random.Generator) -> Tiers:
    """One item in four has breaks, at one to many months of demand: few of them pay."""
    told = _TOLD_TIERS.get(sku)
    weeks, off = random.uniform(5, 26), random.uniform(0.01, 0.04)
    wanted = random.random() < 0.25
    if told:
        return tuple((units, round(cost * (1 - share), 2)) for units, share in told)
    if not wanted:
        return ()
    first = max(round(weekly * weeks / pack), 2) * pack
    return ((first, round(cost * (1 - off), 2)), (3 * first, round(cost * (1 - 1.7 * off), 2)))


def supplier_table() -> pd.DataFrame:
    """Contract table `suppliers`."""
    return pd.DataFrame(
        {
            "supplier": MAKER_CODES,
            "name": [maker.name for maker in MAKERS],
            "country": [maker.country for maker in MAKERS],
            "currency": [maker.currency for maker in MAKERS],
            "payment_days": [maker.payment_days for maker in MAKERS],
            "incoterm": [maker.incoterm for maker in MAKERS],
            "order_days": [maker.order_days or None for maker in MAKERS],
            "review_days": [maker.review_days for maker in MAKERS],
            "minimum_value": [maker.minimum_value for maker in MAKERS],
            "container_volume_l": [
                28_000.0 if maker.incoterm == "FOB" else np.nan for maker in MAKERS
            ],
            "lead_time_days": [maker.lead_days for maker in MAKERS],
            "email": [f"orders@{maker.code.lower()}.example" for maker in MAKERS],
        }
    )


def supplier_item_table(catalogue: Catalogue, terms: Terms) -> pd.DataFrame:
    """Contract table `supplier_items`, sorted by supplier and sku."""
    first = pd.DataFrame(
        {
            "supplier": np.array(MAKER_CODES, dtype=object)[terms.maker],
            "sku": list(catalogue.skus),
            "unit_cost": terms.cost,
            "minimum_units": terms.minimum,
            "case_pack": terms.pack,
            "tiers": ["|".join(f"{n}:{c:.2f}" for n, c in tiers) or None for tiers in terms.tiers],
            "rank": 1,
        }
    )
    has_second = np.flatnonzero(terms.second >= 0)
    second = pd.DataFrame(
        {
            "supplier": np.array(MAKER_CODES, dtype=object)[terms.second[has_second]],
            "sku": np.array(catalogue.skus, dtype=object)[has_second],
            "unit_cost": terms.second_cost[has_second],
            "minimum_units": terms.pack[has_second],
            "case_pack": terms.pack[has_second],
            "tiers": None,
            "rank": 2,
        }
    )
    rows = pd.concat([first, second.astype({"tiers": object})], ignore_index=True)
    rows["supplier_sku"] = [
        f"{supplier[:3]}{100 + len(sku) * 37 + sum(map(ord, sku))}"
        for supplier, sku in zip(rows["supplier"], rows["sku"], strict=True)
    ]
    rows["tier_kind"] = "all_units"
    rows["lead_time_days"] = np.nan
    return rows.sort_values(["supplier", "sku"], ignore_index=True)


def fx_table(seed: int, days: Days) -> pd.DataFrame:
    """Contract table `fx_rates`: GBP per EUR each Monday, a slow walk that ends near EUR_RATE."""
    mondays = np.flatnonzero(days.weekday == 0)
    mondays = mondays[(mondays >= days.history - 7) & (mondays <= days.end)]
    steps = stream(seed, "fx").normal(0.0, 0.0035, len(mondays))
    walk: Floats = EUR_RATE * np.exp(np.cumsum(steps) - steps.sum())
    return pd.DataFrame({"date": days.at(mondays), "currency": "EUR", "rate": np.round(walk, 4)})
