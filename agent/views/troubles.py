"""Orders that wait for a person, in words: what is the matter, and what can be done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.grounding.formats import shown
from engine.service.order_troubles import OrderTrouble, Trouble
from tools.facts import Fact

MATTER: Mapping[Trouble, str] = {
    "undelivered": "could not be sent",
    "in_doubt": "may or may not have been sent",
    "not_as_ordered": "is confirmed otherwise than ordered",
}
NEXT_STEP: Mapping[Trouble, str] = {
    "undelivered": "qm outbox again",
    "in_doubt": "qm outbox arrived, or qm outbox again",
    "not_as_ordered": "qm po accept, or qm po amend",
}


@dataclass(frozen=True, kw_only=True)
class StuckOrder:
    """`PO-1003 could not be sent`, and what it is worth, what was told of it, what can be done."""

    headline: str
    text: str


def stuck_orders(
    found: Iterable[OrderTrouble], currency: str, locale: str
) -> tuple[StuckOrder, ...]:
    return tuple(_stuck(each, currency, locale) for each in found)


def _stuck(found: OrderTrouble, currency: str, locale: str) -> StuckOrder:
    worth = Fact(id="", value=found.worth_minor, kind="money", label="", currency=currency)
    said = f"{found.told}; " if found.told else ""
    return StuckOrder(
        headline=f"{found.number} {MATTER[found.kind]}",
        text=f"{shown(worth, locale)}; {said}{NEXT_STEP[found.kind]}",
    )
