"""What a launch takes from its siblings: the family's total moves by the new demand only.

A series that starts, or started so lately that its siblings' levels do not tell yet, takes a share
of its own demand from the nearest circle of its family that has established members. The share is
estimated from past launches in the data: what the old members of the circle sold in the quarter
after a launch, against what they sold in the quarter before it moved on like the rest of the
company (difference in differences), over what the launched item sold. It is drawn towards a
stated default while launches are few. A series that takes over from another is not a launch but a
hand-over (engine.forecast.handover).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats, Ints, Texts, clipped
from engine.forecast.cross import LEAST_FACTOR
from engine.forecast.family import CIRCLES, Family, pressure
from engine.forecast.launches_past import TakenShares
from engine.model.forecast import LAUNCHES

FELT = 0.01  # share of a launch's demand below which nobody is told
UNFELT_HALF_LIFE_DAYS = 63.0  # as the level that siblings are forecast from forgets


@dataclass(frozen=True, kw_only=True)
class Launches:
    """Per launch: its series, which circle gives, the share it takes, how much is not yet felt."""

    family: Family
    rows: Ints
    circle: Ints  # position in CIRCLES; -1: no established sibling anywhere
    share: Floats
    unfelt: Floats  # part of the launch that the siblings' own history does not show yet
    seen: Ints  # past launches behind the share
    donors: Bools  # [series] established, so that something can be taken

    def factor(self, base: Floats) -> Floats:
        """[series, step] on the siblings' demand, given everyone's `base` with the launches on."""
        if len(self.rows) == 0:
            return np.ones((1, 1))
        giving = np.where(self.donors[:, None], base, 0.0)
        factor = np.ones_like(base)
        for circle, name in enumerate(CIRCLES):
            here = self.circle == circle
            if here.any():
                gain = np.zeros_like(base)
                gain[self.rows[here]] = self.taking(base)[here]
                felt = np.where(self.donors[:, None], pressure(self.family, name, gain, giving), 0)
                factor *= 1.0 - felt
        return clipped(factor, LEAST_FACTOR, 1.0)

    def taking(self, base: Floats) -> Floats:
        """[launch, step] units that each launch takes from its siblings."""
        return base[self.rows] * (self.share * self.unfelt)[:, None]


def find_launches(
    fresh: Ints, handed: Ints, age_days: Floats, family: Family, level: Floats, taken: TakenShares
) -> Launches:
    """Launches among the newcomers `fresh`; those in a hand-over are left out.

    `age_days` [series] is how long each has been on sale, `level` [series] the levels forecast.
    """
    donors = np.ones(len(level), dtype=np.bool_)
    donors[fresh] = False
    rows = np.setdiff1d(fresh, handed)
    rows = rows[level[rows] > 0]
    there = np.where(donors, level, 0.0)[:, None]
    circle = np.full(len(rows), -1)
    for position in range(len(CIRCLES) - 1, -1, -1):
        name = CIRCLES[position]
        if family.has(name):
            circle[family.of_others(name, there)[rows, 0] > 0] = position
    kept = circle >= 0
    rows, circle = rows[kept], circle[kept]
    return Launches(
        family=family, rows=rows, circle=circle, share=taken.share[circle, rows],
        unfelt=0.5 ** (age_days[rows] / UNFELT_HALF_LIFE_DAYS), seen=taken.seen[circle, rows],
        donors=donors,
    )  # fmt: skip


def launch_table(launches: Launches, series: pd.DataFrame, base: Floats) -> pd.DataFrame:
    """Columns LAUNCHES: units it sells over the horizon, units of those taken from siblings."""
    rows = launches.rows
    return pd.DataFrame(
        {
            "sku": series["sku"].to_numpy(dtype=object)[rows],
            "location": series["location"].to_numpy(dtype=object)[rows],
            "circle": np.array(CIRCLES, dtype=object)[launches.circle],
            "share": launches.share,
            "units": base[rows].sum(axis=1),
            "taken": launches.taking(base).sum(axis=1),
            "reason": _reasons(launches),
        },
        columns=list(LAUNCHES),
    )


WORDS = {"substitutes": "the items named as its substitutes", "variants": "its variants",
         "category": "its category"}  # fmt: skip


def _reasons(launches: Launches) -> Texts:
    """One sentence per launch: from whom it takes, and why that share."""
    said = [
        f"Part of its demand comes from {WORDS[CIRCLES[circle]]}: "
        + ("that is how past launches went." if seen else f"{USUAL_WORDS} is assumed.")
        for circle, seen in zip(launches.circle, launches.seen, strict=True)
    ]
    return np.array(said, dtype=object)


USUAL_WORDS = "no launch has been seen to learn from, so a usual share"


def sibling_reasons(launches: Launches, skus: Texts) -> Texts:
    """[series] the sentence beside a sibling that a launch lowers; empty for all others.

    Where several launches do, the one that takes the largest part of its own demand is named.
    """
    reasons = np.full(len(skus), "", dtype=object)
    for position in np.argsort(launches.share * launches.unfelt, kind="stable"):
        row, name = launches.rows[position], CIRCLES[launches.circle[position]]
        launch = np.zeros((len(skus), 1))
        launch[row] = launches.share[position] * launches.unfelt[position]
        touched = launches.donors & (launches.family.of_others(name, launch)[:, 0] > FELT)
        reasons[touched] = f"The launch of {skus[row]} takes part of its demand."
    return reasons
