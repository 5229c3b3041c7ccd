"""A supplier's system answers: its X12 855 becomes a confirmation, line by line, once."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from engine.connect.x12_855 import AnswerLine, OrderAnswer, read_855
from engine.errors import InvalidInput, PlanningError
from engine.model.money import to_micros
from engine.model.people import Person
from engine.purchase.order import OrderContent, OrderLine
from engine.purchase.progress import ConfirmedLine
from engine.service.company import local_day
from engine.service.order_acknowledging import acknowledge
from engine.service.order_confirming import confirm
from engine.service.order_view import OrderView
from engine.service.stores import Stores
from engine.store.fulfilment import revision_told_of
from engine.store.orders import find_order, read_revision


def answer_855(
    stores: Stores, content: bytes, *, person: Person, now: datetime
) -> tuple[OrderView, ...]:
    """Record every answer of an X12 file; one that was read before changes nothing.

    Lines that an acceptance does not repeat are as ordered, lines that a rejection does not repeat
    are rejected. Another price, a substitute or a hold waits for a person's answer. Raises
    BadSource for another file, UnknownName for an order that is not ours, and InvalidInput for a
    line that the order does not have; the other orders in the file are recorded all the same.
    """
    views: list[OrderView] = []
    refused: list[PlanningError] = []
    answers = read_855(content)
    for answer in answers:
        try:
            views.append(_record(stores, answer, person, now))
        except PlanningError as error:
            refused.append(error)
    if refused and len(answers) == 1:
        raise refused[0]
    if refused:
        raise InvalidInput(_told(views, refused))
    return tuple(views)


def _told(views: Sequence[OrderView], refused: Sequence[PlanningError]) -> str:
    recorded = ", ".join(view.number for view in views) or "no order"
    return f"Recorded: {recorded}. Not recorded: {' '.join(map(str, refused))}"


def _record(stores: Stores, answer: OrderAnswer, person: Person, now: datetime) -> OrderView:
    if answer.verdict == "held" and not answer.lines:
        note = "The supplier holds the order and says no more."
        return acknowledge(stores, answer.order, "with_errors", note=note, person=person, now=now)
    with stores.database.read() as look:
        order = find_order(look, answer.order)
        # What was read before is about the order as it was then, whatever was amended since.
        known = revision_told_of(look, order.id, answer.key)
        content = read_revision(look, order.id, known or order.revision).content
        first = local_day(look, order.sent_at or now)
    remarks = list(_remarks(content, answer))
    return confirm(
        stores, order.number, lines=_lines(content, answer, first), person=person, now=now,
        key=answer.key, note="; ".join(remarks), asks=bool(remarks), of_revision=known,
    )  # fmt: skip


def _lines(content: OrderContent, answer: OrderAnswer, first: date) -> tuple[ConfirmedLine, ...]:
    """Every line; `first` is the day on which the order left, before which nothing can come."""
    told = {_our_line(content, each).line: each for each in answer.lines}
    if len(told) < len(answer.lines):
        raise InvalidInput(f"The answer to {answer.order} names a line twice.")
    return tuple(_confirmed(line, told.get(line.line), answer, first) for line in content.lines)


def _confirmed(
    line: OrderLine, told: AnswerLine | None, answer: OrderAnswer, first: date
) -> ConfirmedLine:
    usual = max(line.requested_on, first)
    if told is None:
        units = 0 if answer.verdict == "rejected" else line.units
        return ConfirmedLine(line=line.line, units=units, expected_on=usual)
    return ConfirmedLine(
        line=line.line, units=told.units, expected_on=told.day or usual,
        unit_price_micros=_other_price(line, told.price),
    )  # fmt: skip


def _other_price(line: OrderLine, price: Decimal | None) -> int | None:
    """None where the price is not repeated or is the one we know; 0 is how systems leave it out."""
    micros = to_micros(price or Decimal(0))
    return None if micros in (0, line.unit_price_micros) else micros


def _our_line(content: OrderContent, told: AnswerLine) -> OrderLine:
    """By our line number, held against our code where both are repeated; else by the code."""
    for line in content.lines:
        if told.line == line.line and told.sku in ("", line.sku):
            return line
        if told.line is None and told.sku == line.sku:
            return line
    known = ", ".join(f"{line.line} ({line.sku})" for line in content.lines)
    raise InvalidInput(
        f"The answer names line {told.line} ({told.sku or 'no code'}), which the order does not "
        f"have. Its lines: {known}."
    )


def _remarks(content: OrderContent, answer: OrderAnswer) -> Iterator[str]:
    """What units, days and prices do not say."""
    if answer.verdict == "held":
        yield "the supplier holds the order"
    for told in answer.lines:
        line = _our_line(content, told)
        yield from (f"line {line.line}: {remark}" for remark in told.remarks)
