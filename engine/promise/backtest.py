"""Do windows keep their word? Past windows, as they would have been given, against receipts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.kernels.columns import ordinals, texts, whole
from engine.kernels.known import as_known_on
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.snapshot import Snapshot
from engine.promise.cover import coming_of, cover
from engine.promise.policy import PromisePolicy
from engine.promise.spans import spans
from engine.promise.windows import LEVEL, PromiseWindow, promise_windows
from engine.supply import inbound, lead_times


@dataclass(frozen=True, kw_only=True)
class HitRate:
    """Of the windows whose line has arrived since: how many held."""

    level: float  # promised chance
    windows: int
    hits: int
    early: int
    late: int

    @property
    def rate(self) -> float | None:
        return self.hits / self.windows if self.windows else None


def hit_rate(
    snapshot: Snapshot, origins: Sequence[date], config: PlanConfig, *, level: float = LEVEL
) -> HitRate:
    """Windows given on each of the `origins` with what was known then, judged by what came.

    A line counts as arrived with its first later receipt. Lines still out are left out while
    their window is open, and count as late once it has passed; those that were cancelled before
    anything came are left out, for they broke another promise, and so are those that came on the
    origin itself: windows speak of the days after it. Origins should leave more than the longest
    lead time before the as-of date: near its end only quick arrivals can be judged.
    """
    arrived, never = _arrivals(snapshot), _cancelled(snapshot)
    today = snapshot.as_of.toordinal()
    early = hits = late = 0
    for origin in origins:
        for window in windows_on(snapshot, origin, config, level=level):
            line = (window.po, window.line)
            day = next((one for one in arrived.get(line, ()) if one >= origin.toordinal()), None)
            unsettled = day is None and (line in never or window.last.toordinal() >= today)
            if unsettled or day == origin.toordinal():
                continue
            early += day is not None and day < window.first.toordinal()
            late += day is None or day > window.last.toordinal()
            hits += day is not None and _inside(window, day)
    return HitRate(level=level, windows=early + hits + late, hits=hits, early=early, late=late)


def _inside(window: PromiseWindow, day: int) -> bool:
    return window.first.toordinal() <= day <= window.last.toordinal()


def windows_on(
    snapshot: Snapshot, day: date, config: PlanConfig, *, level: float = LEVEL
) -> tuple[PromiseWindow, ...]:
    """The windows that would have been given on the morning of `day`."""
    known = as_known_on(snapshot, day)
    times = lead_times(known, config)
    return promise_windows(inbound(known, times, Decisions(), day), times, day, level=level)


def _arrivals(snapshot: Snapshot) -> dict[tuple[str, int], tuple[int, ...]]:
    receipts = snapshot["receipts"]
    days: dict[tuple[str, int], list[int]] = {}
    for po, line, day in zip(
        texts(receipts, "po"), whole(receipts, "line"), ordinals(receipts, "received_on"),
        strict=True,
    ):  # fmt: skip
        days.setdefault((po, int(line)), []).append(int(day))
    return {key: tuple(sorted(found)) for key, found in days.items()}


def _cancelled(snapshot: Snapshot) -> frozenset[tuple[str, int]]:
    orders = snapshot["purchase_orders"]
    gone = orders[orders["cancelled_units"] >= orders["units"]]
    return frozenset(zip(texts(gone, "po"), whole(gone, "line").tolist(), strict=True))


def queue_hit_rate(
    snapshot: Snapshot, origins: Sequence[date], config: PlanConfig, *, level: float = LEVEL
) -> HitRate:
    """As `hit_rate`, of the windows that customers in a queue are given.

    On each origin a customer is taken to wait at the end of every rung of every place: for the
    units of its soonest order, of its two soonest, and so on. The window is judged by the day on
    which so many units of what was on its way then have come, in parts or whole.
    """
    policy, today = PromisePolicy(confidence=level), snapshot.as_of.toordinal()
    came, never = _received(snapshot), _cancelled(snapshot)
    early = hits = late = 0
    for origin in origins:
        known = as_known_on(snapshot, origin)
        times = lead_times(known, config)
        coming = coming_of(inbound(known, times, Decisions(), origin))
        rungs = cover(coming)
        windows = spans(rungs.by, origin, confidence=policy.confidence, handling_days=0)
        for at in range(len(rungs.places)):
            lines = coming.lines_of(at)
            if never & set(lines):
                continue
            for rung in rungs.rungs_of(at):
                day = _reached(lines, came, int(rungs.upto[rung]), origin.toordinal())
                first, last = windows[rung].first.toordinal(), windows[rung].last.toordinal()
                if day == origin.toordinal() or (day is None and last >= today):
                    continue
                early += day is not None and day < first
                late += day is None or day > last
                hits += day is not None and first <= day <= last
    return HitRate(level=level, windows=early + hits + late, hits=hits, early=early, late=late)


Line = tuple[str, int]


def _received(snapshot: Snapshot) -> dict[Line, list[tuple[int, int]]]:
    """Days and good units of every receipt, by order line."""
    receipts = snapshot["receipts"]
    found: dict[Line, list[tuple[int, int]]] = {}
    for po, line, day, units in zip(
        texts(receipts, "po"), whole(receipts, "line").tolist(),
        ordinals(receipts, "received_on").tolist(), whole(receipts, "units").tolist(), strict=True,
    ):  # fmt: skip
        found.setdefault((po, line), []).append((day, units))
    return found


def _reached(
    lines: Sequence[Line], came: Mapping[Line, list[tuple[int, int]]], units: int, origin: int
) -> int | None:
    """The day from `origin` on by which these lines have brought so many units; None: not yet."""
    later = sorted(each for line in lines for each in came.get(line, ()) if each[0] >= origin)
    total = 0
    for day, brought in later:
        total += brought
        if total >= units:
            return day
    return None
