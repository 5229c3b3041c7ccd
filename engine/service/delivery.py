"""Takes messages from the outbox to whoever carries them, and records what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from engine.errors import PlanningError, StoreError
from engine.service import audit, outbox
from engine.service.leases import Lease, Overtaken
from engine.service.outbox import Message, MessageState
from engine.service.stores import Stores


class NotSent(PlanningError):  # noqa: N818  a statement, as in engine.errors
    """The message certainly did not leave; trying again later is safe."""


class Void(PlanningError):  # noqa: N818  as above
    """What the message was to do is no longer wanted; it must not leave."""


class Undeliverable(PlanningError):  # noqa: N818  as above
    """It did not leave, and will not until a person has put something right; says what."""


class Route(Protocol):
    """Carries one kind of message. Only `hand_over` speaks to the outside.

    One with a number `attempts` of its own is tried so often before a person is asked.
    """

    @property
    def is_repeatable(self) -> bool:
        """Whether handing over the same key again is no second message to the receiver."""
        ...

    def hand_over(self, stores: Stores, message: Message, now: datetime) -> str:
        """Send it and return the receipt.

        Raises Void when it must not leave, NotSent when it did not, and Undeliverable when trying
        again is no use either. Anything else leaves open whether it did.
        """
        ...

    def settle(self, work: sa.Connection, message: Message, receipt: str, now: datetime) -> None:
        """What a delivery changes, in the transaction that records it."""
        ...

    def doubt(self, work: sa.Connection, message: Message, now: datetime) -> None:
        """What it changes that nobody knows whether it arrived."""
        ...

    def lost(self, work: sa.Connection, message: Message, now: datetime) -> None:
        """It did not leave and will not by itself: somebody is told."""
        ...


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What became of one message."""

    key: str
    kind: str
    state: MessageState
    note: str  # the receipt or the reason


def deliver_next(
    stores: Stores,
    routes: Mapping[str, Route],
    *,
    lease: Lease,
    now: datetime,
    claim_seconds: float,
    failures_limit: int,
) -> Delivery | None:
    """Send the next due message; None when none is due.

    Raises Overtaken when this leader was replaced, before or while it sent.
    """
    message = outbox.claim(
        stores.database, lease=lease, kinds=sorted(routes), now=now, seconds=claim_seconds
    )
    if message is None:
        return None
    route = routes[message.kind]
    try:
        receipt = route.hand_over(stores, message, now)
    except (Void, Undeliverable) as reason:
        with stores.database.write() as work:
            outbox.dead(work, message, error=str(reason), now=now)
            route.lost(work, message, now)
        return _told(message, "dead", str(reason))
    except NotSent as reason:
        with stores.database.write() as work:
            limit: int = getattr(route, "attempts", failures_limit)
            state = outbox.failed(work, message, error=str(reason), now=now, failures_limit=limit)
            if state == "dead":
                route.lost(work, message, now)
        return _told(message, state, str(reason))
    except Exception as error:  # noqa: BLE001  whatever a carrier raises, it may have left
        return _doubted(stores, route, message, f"{type(error).__name__}: {error}", now)
    return _settled(stores, route, message, receipt, now)


def take_over(
    stores: Stores, routes: Mapping[str, Route], *, lease: Lease, now: datetime
) -> list[Delivery]:
    """Decide on what was left in the middle: sent again where that is harmless, else in doubt."""
    told: list[Delivery] = []
    error = "its sender ended in the middle"
    with stores.database.write() as work:
        audit.take_turn(work)  # before any row of the outbox, as everybody who holds both
        for message in outbox.abandoned(work, lease, now):
            route = routes.get(message.kind)
            if route is not None and route.is_repeatable:
                outbox.again(work, message, now=now)
                told.append(_told(message, "pending", error))
            else:
                outbox.unconfirmed(work, message, error=error)
                if route is not None:
                    route.doubt(work, message, now)
                told.append(_told(message, "unconfirmed", error))
    return told


def _settled(
    stores: Stores, route: Route, message: Message, receipt: str, now: datetime
) -> Delivery:
    try:
        with stores.database.write() as work:
            route.settle(work, message, receipt, now)
            outbox.delivered(work, message, receipt=receipt, now=now)
    except (Overtaken, StoreError):
        raise  # the next leader, or the next round, finds it in the middle
    except Exception as error:  # noqa: BLE001  it has left, so it must not be tried again
        reason = f"it was handed over ({receipt}), but that could not be recorded: {error}"
        with stores.database.write() as work:
            outbox.unconfirmed(work, message, error=reason)
        return _told(message, "unconfirmed", reason)
    return _told(message, "delivered", receipt)


def _doubted(stores: Stores, route: Route, message: Message, error: str, now: datetime) -> Delivery:
    with stores.database.write() as work:
        # First, as whoever settles or cancels the order does: no two wait crosswise.
        audit.take_turn(work)
        outbox.unconfirmed(work, message, error=error)
        route.doubt(work, message, now)
    return _told(message, "unconfirmed", error)


def _told(message: Message, state: MessageState, note: str) -> Delivery:
    return Delivery(key=message.key, kind=message.kind, state=state, note=note)
