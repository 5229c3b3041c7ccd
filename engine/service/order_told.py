"""What imported data says that suppliers confirmed of our own orders: a word like any other.

Data is imported again and again, and older data too: what it has said of a line before is no news,
also where somebody has said otherwise since.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from engine.kernels.columns import optional_texts, ordinals, texts, whole
from engine.model.canonical import digest
from engine.purchase.order import OrderContent
from engine.purchase.progress import ConfirmedLine, differs
from engine.purchase.states import UNDER_WAY, OrderState
from engine.service.fulfilment import tell
from engine.service.people import SYSTEM
from engine.store.fulfilment import add_confirmation, answer_all, newest_words, words_by
from engine.store.orders import read_revision

NO_DAY = -1


@dataclass(frozen=True, kw_only=True)
class ToldLine:
    """A confirmed line in the data; units and day where they are stated."""

    sku: str
    units: int | None
    expected_on: date | None


Told = Mapping[int, ToldLine]  # by line number


def told_orders(orders: pd.DataFrame) -> Mapping[tuple[str, str], Told]:
    """By order number and supplier, the lines that a supplier has confirmed anything of.

    Frame purchase_orders of the data contract. No units are none stated, because systems fill what
    nobody entered with zero; what will not come stands in `cancelled_units`, whatever was confirmed
    of it before.
    """
    found: dict[tuple[str, str], dict[int, ToldLine]] = defaultdict(dict)
    days, units = ordinals(orders, "confirmed_on"), whole(orders, "confirmed_units")
    rows = zip(
        texts(orders, "po"), optional_texts(orders, "supplier"), whole(orders, "line"),
        texts(orders, "sku"), units, whole(orders, "units"), whole(orders, "cancelled_units"), days,
        strict=True,
    )  # fmt: skip
    for po, supplier, line, sku, confirmed, wanted, gone, day in rows:
        if not confirmed and day == NO_DAY:
            continue
        found[po, supplier or ""][int(line)] = ToldLine(
            sku=sku,
            units=_coming(int(confirmed), int(wanted), int(gone)),
            expected_on=None if day == NO_DAY else date.fromordinal(int(day)),
        )
    return found


def _coming(confirmed: int, wanted: int, gone: int) -> int | None:
    """Units that the supplier says will come; None: it has said nothing of units."""
    if not confirmed and not gone:
        return None
    left = max(wanted - gone, 0)
    if not confirmed:
        return left
    return min(confirmed, left) if gone else confirmed


def record_told(
    work: sa.Connection, order: sa.Row[Any], told: Told, snapshot_id: str, now: datetime
) -> bool:
    """Store what the data newly says of an order under way; whether there was anything.

    What is not as ordered waits for a person, who is told. Lines of another number or item than
    ours say nothing of our order. The caller moves the order on and seals it.
    """
    if not told or OrderState(order.state) not in UNDER_WAY:
        return False
    content = read_revision(work, order.id, order.revision).content
    lines = _news(work, order.id, content, told)
    if not lines:
        return False
    changed = differs(content, lines)
    answer_all(work, order.id, "not_needed", SYSTEM.id, now)
    number = add_confirmation(
        work,
        {
            "po_id": order.id, "key": f"import:{snapshot_id}", "revision": order.revision,
            "digest": digest(lines), "author": SYSTEM.id, "at": now, "note": "",
            "answer": "open" if changed else "not_needed",
        },
        lines,
    )  # fmt: skip
    if changed:
        tell(
            work, order, "confirmation", f"confirmation:{number}", now,
            people=[order.requested_by, order.drafted_by],
        )  # fmt: skip
    return True


def _news(
    work: sa.Connection, po_id: int, content: OrderContent, told: Told
) -> tuple[ConfirmedLine, ...]:
    """What neither was said last nor has been said by data before."""
    newest = {word.line: word for word in newest_words(work, po_id)}
    known = words_by(work, po_id, SYSTEM.id)
    found: list[ConfirmedLine] = []
    for line in content.lines:
        said = told.get(line.line)
        if said is None or said.sku != line.sku:
            continue
        before = newest.get(line.line)
        usual = ConfirmedLine(line=line.line, units=line.units, expected_on=line.requested_on)
        word = ConfirmedLine(
            line=line.line,
            units=(before or usual).units if said.units is None else said.units,
            expected_on=said.expected_on or (before or usual).expected_on,
        )
        if before is not None:  # data says nothing of prices: what the supplier asks still stands
            word = replace(word, unit_price_micros=before.unit_price_micros)
        if word != before and replace(word, unit_price_micros=None) not in known:
            found.append(word)
    return tuple(found)
