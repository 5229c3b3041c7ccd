"""A person makes one order of several that nobody has approved."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import InvalidInput
from engine.model.people import Person, Right
from engine.purchase.merge import merged
from engine.purchase.states import EDITABLE, OrderState, require_state
from engine.service import audit, people
from engine.service.draft_storing import open_draft
from engine.service.order_view import OrderView, view_order
from engine.service.rights import require_right
from engine.service.stores import Stores
from engine.store.orders import find_order, order_by_id, read_revision


def merge(stores: Stores, numbers: Sequence[str], *, person: Person, now: datetime) -> OrderView:
    """A new draft with all lines of several unapproved orders, which it supersedes.

    Questions about them that are open end. Raises InvalidInput for fewer than two orders, or of
    several suppliers, places or currencies, and IllegalTransition for one that is approved.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.DRAFT)
        orders = _mergeable(work, numbers)
        contents = [read_revision(work, each.id, each.revision).content for each in orders]
        newest = orders[-1]
        po_id = open_draft(
            work, stores.seal, merged(contents[-1], contents[:-1]), replaces=orders,
            run_id=newest.run_id, snapshot_id=newest.snapshot_id, person=person, now=now,
            series=re.sub(r"\d+$", "", newest.number), why="merged by a person",
        )  # fmt: skip
        return view_order(work, order_by_id(work, po_id), names=people.names(work))


def _mergeable(work: sa.Connection, numbers: Sequence[str]) -> list[sa.Row[Any]]:
    """The orders, oldest first."""
    found = {order.id: order for order in (find_order(work, number) for number in numbers)}
    if len(found) < 2:  # noqa: PLR2004  one order has nothing to be merged with
        raise InvalidInput("Name at least two different orders to make one of them.")
    orders = [found[po_id] for po_id in sorted(found)]
    for order in orders:
        require_state(order.number, OrderState(order.state), EDITABLE, "merged")
        if _place(order) != _place(orders[0]):
            raise InvalidInput(
                f"{order.number} is for {_place(order)}, {orders[0].number} for "
                f"{_place(orders[0])}; an order has one supplier, place and currency."
            )
    return orders


def _place(order: sa.Row[Any]) -> str:
    return f"{order.supplier} to {order.ship_to} in {order.currency}"
