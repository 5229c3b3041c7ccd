"""What a supplier confirms of an order that was sent, and what people answer.

A confirmation as ordered needs no answer. Other quantities, a later day or another price are a
question to the people who bought: accept it as it is, or answer with an amendment
(engine.service.amending). Another price is never accepted but amended: what was approved is money.
Planning counts on what the supplier said from the moment it is recorded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from engine.errors import IllegalTransition, InvalidInput
from engine.model.canonical import digest
from engine.model.money import from_micros
from engine.model.people import Person
from engine.purchase.order import OrderContent
from engine.purchase.progress import ConfirmedLine, asks_price, differs, require_lines
from engine.purchase.states import UNDER_WAY, OrderState, require_state
from engine.service import audit, people
from engine.service.company import local_day
from engine.service.fulfilment import Sent, key_of, sent_order, tell, told_digest
from engine.service.order_steps import record_step
from engine.service.order_view import OrderView, view_order
from engine.service.stores import Stores
from engine.store.fulfilment import (
    add_confirmation,
    answer_all,
    newest_words,
    open_question,
    was_told,
)
from engine.store.orders import find_order, move_order, order_by_id
from engine.store.tables.fulfilment import po_confirmations

_ANSWERABLE = UNDER_WAY | {OrderState.RECEIVED}


def confirm(
    stores: Stores,
    number: str,
    *,
    lines: Sequence[ConfirmedLine] | None = None,
    prices: Mapping[int, int] | None = None,
    person: Person,
    now: datetime,
    key: str | None = None,
    note: str = "",
    asks: bool = False,
    of_revision: int | None = None,
) -> OrderView:
    """Record what the supplier confirmed; without `lines`, everything as ordered.

    Lines that are not named are as they were. `prices`: micros by line, besides those of `lines`;
    a line of which nothing else is told comes as ordered. `asks`: the note says something that
    units, days and prices do not, such as a substitute, so that a person must answer.
    `of_revision`: the one that the words were first recorded for, where they are told again. The
    same words under the same key change nothing.
    Raises IllegalTransition unless the order is with its supplier, InvalidInput for a line that
    is not there, a negative quantity or a day before the order was sent.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        sent = sent_order(work, stores.seal, number, person, now)
        told = _told(sent, lines, prices or {})
        revision = of_revision or sent.order.revision
        what = told_digest([revision, [_spoken(each) for each in told]])
        known_by = key_of(key, f"r{revision}:{what[:16]}")
        again = was_told(work, po_confirmations, sent.order.id, known_by, what)
        if not again:
            _confirm(sent, told, known_by, what, note, asks=asks)
        row = order_by_id(work, sent.order.id)
        return view_order(work, row, names=people.names(work), already_there=again)


def accept_confirmation(
    stores: Stores, number: str, *, person: Person, now: datetime, reason: str
) -> OrderView:
    """Take what the supplier confirmed instead of what was ordered.

    More than was ordered cannot be accepted so, nor another price: it is other money than was
    approved and takes an amendment. Raises IllegalTransition when nothing waits for an answer.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        sent = sent_order(work, stores.seal, number, person, now)
        require_state(sent.order.number, sent.state, _ANSWERABLE, "accepted as confirmed")
        question = open_question(work, sent.order.id)
        if question is None:
            raise IllegalTransition(f"The confirmation of {sent.order.number}", "answered",
                                    "accepted", [])  # fmt: skip
        _require_same_money(sent)
        answer_all(work, sent.order.id, "accepted", person.id, now)
        record_step(
            work, stores.seal, sent.order.id, person, at=now, kind="order.confirmation_accepted",
            more={"confirmation": question.id, "reason": digest(reason)},
        )  # fmt: skip
        row = order_by_id(work, find_order(work, number).id)
        return view_order(work, row, names=people.names(work))


def _confirm(
    sent: Sent, told: tuple[ConfirmedLine, ...], key: str, what: str, note: str, *, asks: bool
) -> None:
    require_state(sent.order.number, sent.state, UNDER_WAY, "confirmed")
    _require_sense(sent, told)
    changed = differs(sent.content, told)
    note = "; ".join(filter(None, [note, *_other_prices(sent.content, told)]))
    # A newer word takes the place of an older one that nobody has answered.
    answer_all(sent.work, sent.order.id, "not_needed", sent.person.id, sent.now)
    number = add_confirmation(
        sent.work,
        {
            "po_id": sent.order.id, "key": key, "revision": sent.order.revision, "digest": what,
            "author": sent.person.id, "at": sent.now, "note": note[:2000],
            "answer": "open" if changed or asks else "not_needed",
        },
        told,
    )  # fmt: skip
    if sent.state == OrderState.SENT:
        move_order(sent.work, sent.order, OrderState.CONFIRMED)
    record_step(
        sent.work, sent.seal, sent.order.id, sent.person, at=sent.now, kind="order.confirmed",
        more={"confirmation": number, "differs": [each.line for each in changed]},
    )  # fmt: skip
    if changed or asks:
        tell(
            sent.work, sent.order, "confirmation", f"confirmation:{number}", sent.now,
            people=[sent.order.requested_by, sent.order.drafted_by],
        )  # fmt: skip


def _told(
    sent: Sent, lines: Sequence[ConfirmedLine] | None, prices: Mapping[int, int]
) -> tuple[ConfirmedLine, ...]:
    """The supplier's words; everything as ordered where there are none.

    What was to come before the order was even sent cannot come as ordered: it is expected at once,
    and people are asked whether that will do.
    """
    first = _first_day(sent)
    usual = {
        line.line: ConfirmedLine(
            line=line.line, units=line.units, expected_on=max(line.requested_on, first)
        )
        for line in sent.content.lines
    }
    if prices:
        require_lines(sent.content, prices)
    named = list(usual.values()) if lines is None else list(lines)
    left = sorted(prices.keys() - {each.line for each in named})
    return tuple(
        replace(each, unit_price_micros=prices.get(each.line, each.unit_price_micros))
        for each in sorted([*named, *(usual[line] for line in left)], key=lambda each: each.line)
    )


def _first_day(sent: Sent) -> date:
    """The day on which the order left: nothing of it can come earlier."""
    return local_day(sent.work, sent.order.sent_at or sent.now)


def _require_sense(sent: Sent, told: Sequence[ConfirmedLine]) -> None:
    require_lines(sent.content, [each.line for each in told])
    first = _first_day(sent)
    for each in told:
        if each.units < 0:
            raise InvalidInput(f"Line {each.line}: {each.units} units; write 0 or more.")
        if each.unit_price_micros is not None and each.unit_price_micros <= 0:
            raise InvalidInput(
                f"Line {each.line}: {from_micros(each.unit_price_micros):f} is no price; write one "
                "above 0, or none where it is as ordered."
            )
        if each.units and each.expected_on < first:
            raise InvalidInput(
                f"Line {each.line}: {each.expected_on} is before the order was sent ({first})."
            )


def _require_same_money(sent: Sent) -> None:
    words = {each.line: each for each in newest_words(sent.work, sent.order.id)}
    for line in sent.content.lines:
        said = words.get(line.line)
        if said is not None and said.units > line.units:
            raise InvalidInput(
                f"The supplier confirmed {said.units} of {line.sku}, {line.units} were ordered and "
                f"approved. Ask for more with qm po amend {sent.order.number}."
            )
    prices = [*_other_prices(sent.content, list(words.values()))]
    if prices:
        raise InvalidInput(
            f"The supplier confirmed another price than was approved ({'; '.join(prices)}). Ask "
            f"for it with qm po amend {sent.order.number} --as-confirmed, or agree on the price "
            f"that was ordered and record it with qm po confirm {sent.order.number}."
        )


def _other_prices(content: OrderContent, told: Sequence[ConfirmedLine]) -> Iterator[str]:
    """'line 2: price 21.5 instead of 20', for each line with another price."""
    for each in told:
        line, micros = content.line(each.line), each.unit_price_micros
        if line is not None and micros is not None and asks_price(line, each):
            asked, agreed = from_micros(micros), from_micros(line.unit_price_micros)
            yield (
                f"line {line.line}: price {asked.normalize():f} instead of {agreed.normalize():f}"
            )


def _spoken(told: ConfirmedLine) -> Mapping[str, object]:
    """A line's words; without a price as they were sealed before there were prices."""
    said = {"line": told.line, "units": told.units, "expected_on": told.expected_on}
    price = told.unit_price_micros
    return said if price is None else {**said, "unit_price_micros": price}
