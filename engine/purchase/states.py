"""The life of a purchase order.

    draft ⇄ postponed
      │  ╲    │
      ▼    ◀──┴─ (withdrawn, revised, expired)
    proposed ──▶ rejected
      ▼
    approved ⇄ send_unconfirmed
      ▼            ▼
    sent ⇄ confirmed ──▶ part_received ⇄ received ──▶ closed

Until it is approved an order can be superseded by another that holds what it held. Until the goods
are there it can be cancelled; once it is sent only when the supplier agreed. An amendment that went
out makes a confirmed order one that waits for its confirmation again; goods sent back to be
replaced make a received one part received. An order of which the rest will not come is closed
short.
"""

from enum import StrEnum

from engine.errors import IllegalTransition


class OrderState(StrEnum):
    DRAFT = "draft"
    POSTPONED = "postponed"  # a draft put off to a day; still counts as supply
    PROPOSED = "proposed"  # waits for its approvals
    APPROVED = "approved"
    SEND_UNCONFIRMED = "send_unconfirmed"  # handed over, but nobody knows whether it arrived
    SENT = "sent"
    CONFIRMED = "confirmed"
    PART_RECEIVED = "part_received"
    RECEIVED = "received"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


_S = OrderState
NEXT: dict[OrderState, tuple[OrderState, ...]] = {
    _S.DRAFT: (_S.PROPOSED, _S.POSTPONED, _S.CANCELLED, _S.SUPERSEDED),
    _S.POSTPONED: (_S.DRAFT, _S.PROPOSED, _S.CANCELLED, _S.SUPERSEDED),
    _S.PROPOSED: (_S.APPROVED, _S.REJECTED, _S.DRAFT, _S.CANCELLED, _S.SUPERSEDED),
    _S.APPROVED: (_S.SENT, _S.SEND_UNCONFIRMED, _S.CANCELLED),
    _S.SEND_UNCONFIRMED: (_S.SENT, _S.APPROVED, _S.CANCELLED),
    _S.SENT: (_S.CONFIRMED, _S.PART_RECEIVED, _S.RECEIVED, _S.CANCELLED),
    _S.CONFIRMED: (_S.SENT, _S.PART_RECEIVED, _S.RECEIVED, _S.CANCELLED),
    _S.PART_RECEIVED: (_S.RECEIVED, _S.CLOSED),
    _S.RECEIVED: (_S.PART_RECEIVED, _S.CLOSED),
    _S.CLOSED: (),
    _S.REJECTED: (),
    _S.CANCELLED: (),
    _S.SUPERSEDED: (),
}
# What will come, or is meant to come: planning counts it, so the same need is not ordered twice.
OPEN = frozenset(
    {
        _S.DRAFT, _S.POSTPONED, _S.PROPOSED, _S.APPROVED, _S.SEND_UNCONFIRMED, _S.SENT,
        _S.CONFIRMED, _S.PART_RECEIVED,
    }
)  # fmt: skip
# The supplier will deliver unless somebody tells them: cancelling takes their agreement.
WITH_SUPPLIER = frozenset({_S.SENT, _S.CONFIRMED})
# Something is still to come: confirmations, deliveries and amendments make sense.
UNDER_WAY = frozenset({_S.SENT, _S.CONFIRMED, _S.PART_RECEIVED})
# Only these may still change without a new approval being undone.
EDITABLE = frozenset({_S.DRAFT, _S.POSTPONED, _S.PROPOSED})


def require_state(
    order: str, current: OrderState, able: frozenset[OrderState], wanted: str
) -> None:
    """Raise IllegalTransition, naming the states in which `wanted` is possible, in any other."""
    if current not in able:
        known = sorted(state.value for state in able)
        raise IllegalTransition(order, current.value, wanted, known, possible_in=True)


def require_step(order: str, current: OrderState, wanted: OrderState) -> OrderState:
    """The wanted state; raises IllegalTransition naming both states and what is possible."""
    if wanted not in NEXT[current]:
        raise IllegalTransition(
            order, current.value, wanted.value, [s.value for s in NEXT[current]]
        )
    return wanted
