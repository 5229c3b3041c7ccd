"""Found, false alarms and pinball, from the mornings of all origins and rounds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.forecast.pulse_lines import begins
from evals.pulses.inject import KINDS, SIZES, Injection
from evals.pulses.origin import AHEAD_DAYS, Morning, Origin
from evals.scores import M5_LEVELS, pinball

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
FOUND_WITHIN_DAYS = 2
FAST = 5.0  # units a day from which a tripling counts in `found_share`
VOLUMES = ((0.0, 1.0), (1.0, 5.0), (5.0, 10.0), (10.0, 25.0), (25.0, np.inf))


@dataclass(frozen=True, kw_only=True)
class Round:
    """One origin's held-back days told once, with these pulses in them."""

    origin: Origin = field(repr=False)
    injection: Injection = field(repr=False)
    units: Floats = field(repr=False)
    mornings: Sequence[Morning] = field(repr=False)

    def alarms(self, *, rising: bool) -> Bools:
        """[series, morning]; the morning after the first held-back day comes first."""
        return np.stack([each.rise if rising else each.fall for each in self.mornings], axis=1)

    @property
    def found(self) -> Bools:
        """[series] an alarm of the right direction on the first or second day of the pulse."""
        up = self.injection.size > 1.0
        hits = np.where(up[:, None], self.alarms(rising=True), self.alarms(rising=False))
        day = (
            np.array([each.day for each in self.mornings])[None, :] - self.injection.start[:, None]
        )
        return np.asarray((hits & (day >= 1) & (day <= FOUND_WITHIN_DAYS)).any(axis=1))

    def losses(self) -> tuple[Floats, Floats]:
        """[series] scaled pinball, with pulses and without, over the mornings that know one."""
        ours, plain = np.zeros(len(self.units)), np.zeros(len(self.units))
        for each in self.mornings:
            ahead = self.units[:, each.day : each.day + AHEAD_DAYS]
            if min(each.quantiles.shape[1], ahead.shape[1]) < AHEAD_DAYS:
                continue
            counts = ~self.injection.injected | (each.day > self.injection.start)
            ours += counts * pinball(each.quantiles, ahead, M5_LEVELS).mean(axis=1)
            plain += counts * pinball(each.plain, ahead, M5_LEVELS).mean(axis=1)
        scale = np.where(self.origin.scale > 0, self.origin.scale, np.inf)
        return ours / scale, plain / scale


def figures(rounds: Sequence[Round]) -> dict[str, Any]:
    """The yardstick's three figures first, then what they are made of."""
    quiet = [each for each in rounds if not each.injection.injected.any()]
    loud = [each for each in rounds if each.injection.injected.any()]
    per_500, weeks = _false_alarms(quiet)
    own, plain = _sums(quiet)
    loud_own, loud_plain = _sums(loud)
    share = len(quiet) / max(len(loud), 1)  # as much weight for either kind
    table = [_cell(loud, size, kind, low, high) for size in SIZES for kind in range(len(KINDS))
             for low, high in VOLUMES]  # fmt: skip
    return {
        "found_share": _found(loud, 3.0, None, FAST, np.inf)["found"],
        "false_alarms_per_500": per_500,
        "pinball_ratio": round((own + share * loud_own) / (plain + share * loud_plain), 4),
        "pinball_ratio_injected": round(loud_own / loud_plain, 4),
        "pinball_ratio_uninjected": round(own / plain, 4),
        "item_weeks": round(weeks),
        "rounds": len(loud),
        "table": table,
    }


def _false_alarms(quiet: Sequence[Round]) -> tuple[float, float]:
    """Alarms raised on series left as they are, each counted once while it goes on."""
    count, weeks = 0, 0.0
    for each in quiet:
        for rising in (True, False):
            count += int(begins(each.alarms(rising=rising), 1).sum())
        weeks += each.units.shape[0] * len(each.mornings) / 7
    return round(500 * count / weeks, 2), weeks


def _sums(rounds: Sequence[Round]) -> tuple[float, float]:
    parts = [each.losses() for each in rounds]
    return sum(float(own.sum()) for own, _ in parts), sum(float(plain.sum()) for _, plain in parts)


def _cell(
    rounds: Sequence[Round], size: float, kind: int, low: float, high: float
) -> dict[str, Any]:
    own = plain = 0.0
    for each in rounds:
        losses = each.losses()
        rows = _rows(each, size, kind, low, high)
        own, plain = own + float(losses[0][rows].sum()), plain + float(losses[1][rows].sum())
    return {
        "size": size, "kind": KINDS[kind], "units_per_day": [low, min(high, 1e9)],
        **_found(rounds, size, kind, low, high),
        "pinball_ratio": round(own / plain, 4) if plain else None,
    }  # fmt: skip


def _found(
    rounds: Sequence[Round], size: float, kind: int | None, low: float, high: float
) -> dict[str, Any]:
    found = [each.found[_rows(each, size, kind, low, high)] for each in rounds]
    hits = np.concatenate(found) if found else np.zeros(0, dtype=np.bool_)
    return {"pulses": len(hits), "found": round(float(hits.mean()), 4) if len(hits) else None}


def _rows(each: Round, size: float, kind: int | None, low: float, high: float) -> Bools:
    rows = (each.injection.size == size) & (each.origin.volume >= low)
    rows &= each.origin.volume < high
    return rows if kind is None else rows & (each.injection.kind == kind)
