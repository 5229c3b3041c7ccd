"""What each change of an allocation says in the ledger: who, how many, and why."""

from collections.abc import Mapping

from engine.promise.allocate import Grant
from engine.promise.arrived import Arrived
from engine.promise.book import Book
from engine.store.promises import Holding


def entries(
    held: Mapping[Holding, int],
    book: Book,
    served: Mapping[Holding, Arrived],
    cancelled: frozenset[str],
    gone: Mapping[str, str],
) -> list[dict[str, object]]:
    """Differences between what was held and what is held now, by line and item.

    `served` names the arrival that each got the last of its units from; `gone` says of lines that
    no longer wait what became of them.
    """
    grants = {grant.line.order_line: grant for grant in book.allocation.grants}
    now: dict[Holding, int] = {
        (line, sku, grant.line.location): units
        for line, grant in grants.items()
        for sku, units in grant.parts.items()
    }
    found: list[dict[str, object]] = []
    for key in sorted(held.keys() | now.keys()):
        line, sku, place = key
        change = now.get(key, 0) - held.get(key, 0)
        if not change:
            continue
        grant = grants.get(line)
        given = _given(served.get(key))
        why = given if change > 0 else _taken(line, grant, held[key], cancelled, gone)
        found.append(
            {
                "order_line": line, "sku": sku, "location": place, "units": change,
                "held": now.get(key, 0), "rank": grant.rank if grant else 0,
                "paid_at": grant.line.paid_at if grant else None, "why": why,
            }
        )  # fmt: skip
    return found


def _given(arrived: Arrived | None) -> str:
    return "in stock" if arrived is None else f"received with {arrived.po}"


def _taken(
    line: str,
    grant: Grant | None,
    held: int,
    cancelled: frozenset[str],
    gone: Mapping[str, str],
) -> str:
    if line in cancelled:
        return "cancelled"
    if grant is None:
        return gone.get(line, "no longer waiting")
    return "wants fewer" if grant.line.units < held else "less in stock than before"
