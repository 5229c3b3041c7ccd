"""An offer as the text that is stored for the storefront, and back."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.model.canonical import canonical_json
from engine.promise.offers import Alternative, Offer, Rung, Span

if TYPE_CHECKING:
    from collections.abc import Mapping


def offer_text(offer: Offer) -> str:
    """Canonical JSON: equal offers have equal texts. What is empty is left out."""
    content: dict[str, object] = {
        "free": offer.free,
        "kept": offer.kept,
        "waiting": offer.waiting,
        "waiting_by_channel": offer.waiting_by_channel,
        "rungs": [[rung.upto, *_span(rung.span)] for rung in offer.rungs],
        "lead": _span(offer.lead) if offer.lead else None,
        "alternatives": [[a.kind, a.sku, a.location, a.free] for a in offer.alternatives],
    }
    return canonical_json({name: value for name, value in content.items() if value})


def offer_from(sku: str, location: str, text: str) -> Offer:
    """The offer that `offer_text` wrote."""
    content: Mapping[str, Any] = json.loads(text)
    lead = content.get("lead")
    return Offer(
        sku=sku, location=location, free=content.get("free", 0), kept=content.get("kept", {}),
        waiting=content.get("waiting", 0),
        waiting_by_channel=content.get("waiting_by_channel", {}),
        rungs=tuple(Rung(upto=upto, span=_read(span)) for upto, *span in content.get("rungs", ())),
        lead=_read(lead) if lead else None,
        alternatives=tuple(
            Alternative(kind=kind, sku=other, location=place, free=free)
            for kind, other, place, free in content.get("alternatives", ())
        ),
    )  # fmt: skip


def _span(span: Span) -> list[object]:
    return [span.first, span.last, span.likeliest, span.late, span.overdue, list(span.pos)]


def _read(parts: list[Any]) -> Span:
    first, last, likeliest, late, overdue, pos = parts
    return Span(
        first=date.fromisoformat(first), last=date.fromisoformat(last),
        likeliest=date.fromisoformat(likeliest), late=late, overdue=overdue, pos=tuple(pos),
    )  # fmt: skip
