"""What a notice says to the one it was left for. Figures stand in the order, not here."""

from collections.abc import Mapping
from typing import Any

from engine.service.approval_card import ApprovalCard

_SAYS = {
    "confirmation": (
        "The supplier confirmed {order} otherwise than it was ordered. Accept it (qm po accept "
        "{order}) or amend the order (qm po amend {order})."
    ),
    "rejected": "Goods of {order} were refused or sent back: qm po show {order}",
    "in_doubt": (
        "Nobody knows whether {order} reached its supplier. Ask, then say so: qm outbox arrived "
        "{order}, or qm outbox again {order}."
    ),
    "undelivered": "{order} could not be sent. See why, then send it again: qm outbox list",
    "repriced": (
        "Prices or the exchange rate of {order} changed, so what was asked about it is void. Look "
        "at it (qm po diff {order}) and propose it again."
    ),
    "superseded": "{order} gave way to a newer order that holds what it held: qm po show {order}",
    "reminder": "{order} waits for a decision that you may make: qm approve show {order}",
    "break_glass": (
        "{order} was approved beyond its approver's limits, in an emergency, for the reason given "
        "there: qm approve show {order}"
    ),
    "assigned": "{by} asks you to look after {exception}: qm exceptions list",
    "loan": "Authority to approve was lent, or taken back: qm policy lent",
    "refused_document": "The supplier's system refused {order}: qm po show {order}",
}


def told(kind: str, payload: Mapping[str, Any]) -> str:
    """The sentence; a kind of a later version is named as it is."""
    says = _SAYS.get(kind, f"{kind.replace('_', ' ')}: {{order}}")
    return says.format_map({"order": "", **payload})


def outcome_sentence(card: ApprovalCard) -> str:
    """Such as: PO-1002 is rejected by Max Okafor: too many."""
    who = ", ".join(card.people.get(made.approver, made.approver) for made in card.decisions)
    by = f" by {who}" if who else ""
    reasons = [made.reason for made in card.decisions if made.reason]
    because = f": {reasons[-1]}" if reasons else ""
    return f"{card.number} is {card.state}{by}{because}."
