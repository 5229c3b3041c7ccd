"""What is free and what is on its way, item by item and place by place, sets included."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from engine.kernels.columns import optional_texts, texts
from engine.model.snapshot import Snapshot
from engine.promise.allocate import Allocation, Place
from engine.promise.cover import all_by
from engine.promise.leads import supplied_from
from engine.promise.lines import Ahead
from engine.promise.offers import Alternative, Offer, Rung, Span
from engine.promise.policy import PromisePolicy
from engine.promise.recipes import Recipe
from engine.promise.spans import spans

Floats = NDArray[np.float64]
SHOWN = 3  # alternatives that are worth naming


def offers_of(
    snapshot: Snapshot,
    allocation: Allocation,
    sets: Mapping[str, Recipe],
    policy: PromisePolicy,
    ahead: Ahead,
    transfer_days: int,
) -> tuple[Offer, ...]:
    """Every item at every place where it is, comes, is waited for or could be bought; sorted."""
    waiting = _waiting(allocation)
    kept = _by_place(allocation)
    rungs, leads = _all_rungs(policy, ahead), _leads(policy, ahead)
    places = {*allocation.left, *ahead.coming.places, *leads, *waiting}
    fed = supplied_from(snapshot)
    single = {
        place: Offer(
            sku=place[0], location=place[1], free=allocation.left.get(place, 0),
            kept=kept.get(place, {}), waiting=sum(waiting.get(place, {}).values()),
            waiting_by_channel=waiting.get(place, {}) if policy.channel_reserve else {},
            rungs=rungs.get(place, ()),
            lead=leads.get(place) or _fed(leads, place, fed, transfer_days),
        )
        for place in sorted(places)
        if place[0] not in sets
    }  # fmt: skip
    locations = sorted({location for _, location in single})
    for sku, parts in sorted(sets.items()):
        for location in locations:
            offer = _set_offer(sku, location, parts, single, policy, ahead)
            if offer is not None:
                single[sku, location] = offer
    offers = _with_alternatives(snapshot, single)
    return tuple(offers[place] for place in sorted(offers))


def _all_rungs(policy: PromisePolicy, ahead: Ahead) -> dict[Place, tuple[Rung, ...]]:
    """A window for each rung, all at once; none later than one that asks for more."""
    cover, coming = ahead.cover, ahead.coming
    lines = [
        slice(int(coming.start[at]), int(coming.start[at]) + int(cover.lines[rung]))
        for at in range(len(cover.places))
        for rung in cover.rungs_of(at)
    ]
    found = spans(
        cover.by, ahead.as_of, confidence=policy.confidence, handling_days=policy.handling_days,
        pos=[tuple(dict.fromkeys(coming.po[each])) for each in lines],
        overdue=[bool(coming.overdue[each].any()) for each in lines],
    )  # fmt: skip
    return {
        place: tuple(
            Rung(upto=int(cover.upto[rung]), span=found[rung]) for rung in cover.rungs_of(at)
        )
        for at, place in enumerate(cover.places)
    }


def _leads(policy: PromisePolicy, ahead: Ahead) -> dict[Place, Span]:
    """Windows from lead times; places whose chances are the same array share one."""
    rows = {id(by): by for by in ahead.leads.values()}
    if not rows:
        return {}
    found = spans(
        np.stack(list(rows.values())), ahead.as_of, confidence=policy.confidence,
        handling_days=policy.handling_days,
    )  # fmt: skip
    span = dict(zip(rows, found, strict=True))
    return {place: span[id(by)] for place, by in ahead.leads.items()}


def _fed(
    leads: Mapping[Place, Span], place: Place, fed: Mapping[str, str], transfer_days: int
) -> Span | None:
    """Where another place supplies this one, its window and the journey."""
    source = leads.get((place[0], fed.get(place[1], "")))
    if source is None:
        return None
    journey = timedelta(days=transfer_days)
    return Span(
        first=source.first + journey, last=source.last + journey,
        likeliest=source.likeliest + journey, late=source.late,
    )  # fmt: skip


def _waiting(allocation: Allocation) -> dict[Place, dict[str, int]]:
    """Units that the queue still misses, by place and channel; of a set, those of its parts."""
    found: dict[Place, dict[str, int]] = {}
    for grant in allocation.grants:
        for sku, each in grant.recipe.items():
            if grant.missing:
                channels = found.setdefault((sku, grant.line.location), {})
                name = grant.line.channel
                channels[name] = channels.get(name, 0) + grant.missing * each
    return found


def _by_place(allocation: Allocation) -> dict[Place, dict[str, int]]:
    found: dict[Place, dict[str, int]] = {}
    for (sku, location, channel), units in allocation.kept.items():
        if units:
            found.setdefault((sku, location), {})[channel] = units
    return found


def _set_offer(
    sku: str,
    location: str,
    parts: Recipe,
    single: Mapping[Place, Offer],
    policy: PromisePolicy,
    ahead: Ahead,
) -> Offer | None:
    """As many sets as the scarcest part allows, none sooner than its latest part.

    None where the place knows none of the parts. `upto` of a rung counts sets beyond the free ones.
    """
    offers = {part: single.get((part, location)) for part in parts}
    if not any(offers.values()):
        return None
    known = {part: offer for part, offer in offers.items() if offer is not None}
    free = min(known[part].free // each if part in known else 0 for part, each in parts.items())
    lead = _latest([known[part].lead for part in parts if part in known])
    whole = len(known) == len(parts)
    return Offer(
        sku=sku, location=location, free=free, lead=lead if whole else None,
        rungs=_set_rungs(free, parts, known, policy, ahead) if whole else (),
    )  # fmt: skip


def _set_rungs(
    free: int, parts: Recipe, offers: Mapping[str, Offer], policy: PromisePolicy, ahead: Ahead
) -> tuple[Rung, ...]:
    """A rung for each number of sets at which a part needs one more order."""
    steps = {offers[part].free // each for part, each in parts.items()} | {
        (offer.free + max(rung.upto - offer.waiting, 0)) // each
        for part, each in parts.items()
        for offer in (offers[part],)
        for rung in offer.rungs
    }
    found: list[tuple[int, Floats, tuple[str, ...], bool]] = []
    for sets in sorted(step for step in steps if step > free):
        needed = [
            ahead.by((part, offers[part].location), offers[part].waiting + short)
            for part, each in parts.items()
            if (short := sets * each - offers[part].free) > 0
        ]
        sure = [each for each in needed if each is not None]
        if not sure or len(sure) < len(needed):
            break
        pos = tuple(dict.fromkeys(po for _, names, _ in sure for po in names))
        chances = all_by([by for by, _, _ in sure])
        found.append((sets - free, chances, pos, any(late for *_, late in sure)))
    if not found:
        return ()
    windows = spans(
        np.stack([by for _, by, _, _ in found]), ahead.as_of, confidence=policy.confidence,
        handling_days=policy.handling_days, pos=[pos for _, _, pos, _ in found],
        overdue=[late for *_, late in found],
    )  # fmt: skip
    return tuple(
        Rung(upto=upto, span=span)
        for (upto, _, _, _), span in zip(found, windows, strict=True)
    )  # fmt: skip


def _latest(leads: list[Span | None]) -> Span | None:
    """Of parts that are ordered together the slowest; None where one cannot be bought."""
    known = [lead for lead in leads if lead is not None]
    return max(known, key=lambda lead: lead.last) if len(known) == len(leads) and known else None


def _with_alternatives(
    snapshot: Snapshot, offers: Mapping[Place, Offer]
) -> dict[Place, Offer]:  # fmt: skip
    """What is free elsewhere, then what customers take instead, each with the most units first."""
    elsewhere: dict[str, list[Offer]] = {}
    for offer in offers.values():
        if offer.free:
            elsewhere.setdefault(offer.sku, []).append(offer)
    instead = _substitutes(snapshot)
    return {
        place: replace(
            offer,
            alternatives=_alternatives(offer, elsewhere, instead.get(offer.sku, ())),
        )
        for place, offer in offers.items()
    }


def _alternatives(
    offer: Offer, free: Mapping[str, list[Offer]], substitutes: tuple[str, ...]
) -> tuple[Alternative, ...]:
    others = [each for each in free.get(offer.sku, ()) if each.location != offer.location]
    like = [each for sku in substitutes for each in free.get(sku, ())]
    near = sorted(like, key=lambda each: each.location != offer.location)
    found = [
        *(_alternative("other location", each) for each in _most(others)),
        *(_alternative("substitute", each) for each in near),
    ]
    return tuple(found[:SHOWN])


def _most(offers: list[Offer]) -> list[Offer]:
    return sorted(offers, key=lambda each: (-each.free, each.location))


def _alternative(kind: str, offer: Offer) -> Alternative:
    return Alternative(
        kind="other location" if kind == "other location" else "substitute",
        sku=offer.sku, location=offer.location, free=offer.free,
    )  # fmt: skip


def _substitutes(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    """What customers take instead of each item: the stated substitutes, then its successor."""
    items = snapshot["items"]
    rows = zip(
        texts(items, "sku"), optional_texts(items, "substitutes"),
        optional_texts(items, "successor"), strict=True,
    )  # fmt: skip
    return {
        sku: tuple(
            dict.fromkeys(
                name
                for name in (*(part.strip() for part in (named or "").split("|")), successor or "")
                if name and name != sku
            )
        )
        for sku, named, successor in rows
        if named or successor
    }
