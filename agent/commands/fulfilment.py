"""`qm po` after sending: what the supplier confirms, what comes, and changes on the way."""

from datetime import date, datetime
from typing import Annotated

import typer

from agent.commands.acting import As, Number, acting
from agent.commands.typed_lines import DAY, by_line, changes_of, confirmed, moved, prices_of

Key = Annotated[
    str | None,
    typer.Option(help="Delivery note or message number: telling it twice books it once."),
]
Note = Annotated[str, typer.Option(help="Anything worth keeping; it stays with the record.")]
Price = Annotated[
    list[str] | None,
    typer.Option(help="LINE=PRICE of one unit, such as 2=21.50; several times."),
]
Day = Annotated[
    datetime | None, typer.Option("--on", formats=[DAY], help="The day it came; default: today.")
]


def register(po: typer.Typer) -> None:
    for command in (acknowledge, confirm, accept, receive, reject, amend, close):
        po.command(command.__name__)(command)
    po.command("return")(send_back)
    po.command("withdraw-amendment")(withdraw)


def acknowledge(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="An X12 997 file, or an order number.")],
    refused: Annotated[
        str | None, typer.Option(help="Of an order: why the supplier cannot read it.")
    ] = None,
    act_as: As = None,
) -> None:
    """Record that a supplier has read what was sent: from its X12 997 file, or by your word.

    It is no confirmation of the order (qm po confirm). What was refused is told to who asked.
    """
    from pathlib import Path

    from engine.service import order_acknowledging

    with acting(context, act_as) as at:
        if Path(what).is_file():
            views = order_acknowledging.acknowledge_997(
                at.stores, Path(what).read_bytes(), person=at.person, now=at.now
            )
        else:
            verdict = "refused" if refused else "accepted"
            view = order_acknowledging.acknowledge(
                at.stores, what, verdict, note=refused or "", person=at.person, now=at.now
            )
            views = (view,)
    for view in views:
        again = " It had been recorded before." if view.already_there else ""
        typer.echo(f"{view.number}: acknowledgement recorded.{again}")


def confirm(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="An order number, or an X12 855 file.")],
    line: Annotated[
        list[str] | None,
        typer.Option(help="LINE=UNITS@DAY, such as 2=120@2026-12-01; several times."),
    ] = None,
    price: Price = None,
    key: Key = None,
    note: Note = "",
    act_as: As = None,
) -> None:
    """Record what the supplier confirmed; without --line, everything as ordered.

    Other quantities or a later day wait for an answer: accept them with `qm po accept`, or ask
    for something else with `qm po amend`. Another price takes `qm po amend --as-confirmed`. A file
    is the answer of the supplier's system.
    """
    from pathlib import Path

    from engine.service.order_answering import answer_855
    from engine.service.order_confirming import confirm as record

    with acting(context, act_as) as at:
        if Path(what).is_file():
            content = Path(what).read_bytes()
            for view in answer_855(at.stores, content, person=at.person, now=at.now):
                at.say(view)
            return
        view = record(
            at.stores, what, lines=[confirmed(each) for each in line] if line else None,
            prices={each.line: each.unit_price_micros for each in prices_of(price)},
            person=at.person, now=at.now, key=key, note=note,
        )  # fmt: skip
        at.say(view)


def accept(
    context: typer.Context,
    number: Number,
    reason: Annotated[str, typer.Option(help="Why it is all right; it goes into the record.")],
    act_as: As = None,
) -> None:
    """Take what the supplier confirmed instead of what was ordered."""
    from engine.service.order_confirming import accept_confirmation

    with acting(context, act_as) as at:
        at.say(accept_confirmation(at.stores, number, person=at.person, now=at.now,
                                          reason=reason))  # fmt: skip


def receive(
    context: typer.Context,
    number: Number,
    line: Annotated[
        list[str] | None, typer.Option(help="LINE=UNITS that came and are good; several times.")
    ] = None,
    rejected: Annotated[
        list[str] | None, typer.Option(help="LINE=UNITS refused at the door; several times.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why units were refused.")] = "",
    on: Day = None,
    key: Key = None,
    note: Note = "",
    *,
    replaced: Annotated[
        bool, typer.Option("--replaced", help="The supplier sends what was refused again.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="All that is still open has come, and is good.")
    ] = False,
    accept_over: Annotated[
        bool, typer.Option("--accept-over", help="Take more than was ordered; costs more.")
    ] = False,
    act_as: As = None,
) -> None:
    """Book a delivery, whole or in part.

    qm po receive PO-1001 --line 1=48 --rejected 1=12 --reason "crushed" --key DN-4711
    """
    from engine.service import purchase
    from engine.service.order_receiving import receive as book

    with acting(context, act_as) as at:
        good = by_line(line)
        if everything:
            open_lines = purchase.order_view(at.stores, number).progress
            good = {each.line: each.open_units for each in open_lines if each.open_units}
        view = book(
            at.stores, number, lines=moved(good, by_line(rejected), reason, replaced),
            on_day=_date(on), person=at.person, now=at.now, key=key, note=note,
            accept_over=accept_over,
        )  # fmt: skip
        at.say(view)


def reject(
    context: typer.Context,
    number: Number,
    line: Annotated[list[str], typer.Option(help="LINE=UNITS refused at the door.")],
    reason: Annotated[str, typer.Option(help="Why, such as damaged.")],
    on: Day = None,
    key: Key = None,
    note: Note = "",
    *,
    replaced: Annotated[
        bool, typer.Option("--replaced", help="The supplier sends them again.")
    ] = False,
    act_as: As = None,
) -> None:
    """Book goods that came and were refused; unless replaced they are not paid for."""
    from engine.service.order_receiving import receive as book

    with acting(context, act_as) as at:
        view = book(
            at.stores, number, lines=moved({}, by_line(line), reason, replaced),
            on_day=_date(on), person=at.person, now=at.now, key=key, note=note,
        )  # fmt: skip
        at.say(view)


def send_back(
    context: typer.Context,
    number: Number,
    line: Annotated[list[str], typer.Option(help="LINE=UNITS that go back.")],
    reason: Annotated[str, typer.Option(help="Why, such as faulty.")],
    on: Day = None,
    key: Key = None,
    note: Note = "",
    *,
    replaced: Annotated[
        bool, typer.Option("--replaced", help="The supplier sends them again.")
    ] = False,
    act_as: As = None,
) -> None:
    """Book goods that go back to the supplier after they were taken in."""
    from engine.service.order_receiving import send_back as book

    with acting(context, act_as) as at:
        view = book(
            at.stores, number, lines=moved(by_line(line), {}, reason, replaced),
            on_day=_date(on), person=at.person, now=at.now, key=key, note=note,
        )  # fmt: skip
        at.say(view)


def amend(
    context: typer.Context,
    number: Number,
    why: Annotated[str, typer.Option(help="The reason; it stays with the revision.")],
    line: Annotated[list[str] | None, typer.Option(help="LINE=UNITS; several times.")] = None,
    remove: Annotated[list[int] | None, typer.Option(help="A line to remove.")] = None,
    move: Annotated[
        list[str] | None, typer.Option(help="LINE@DAY, such as 2@2026-12-01; several times.")
    ] = None,
    price: Price = None,
    over_budget: Annotated[str | None, typer.Option(help="Why it may exceed a budget.")] = None,
    *,
    as_confirmed: Annotated[
        bool, typer.Option("--as-confirmed", help="Make it what the supplier confirmed last.")
    ] = False,
    act_as: As = None,
) -> None:
    """Change an order that its supplier has: asked for, approved and sent like an order.

    Until it is approved the order stays as it was. A price holds for every unit of its line.
    """
    from engine.errors import InvalidInput
    from engine.service import approve
    from engine.service.amending import amend as ask

    changes = [*changes_of(line, remove, move), *prices_of(price)]
    if as_confirmed and changes:
        raise InvalidInput("--as-confirmed says every change; leave the others out.")
    with acting(context, act_as) as at:
        view = ask(
            at.stores, number, changes=None if as_confirmed else changes, person=at.person,
            now=at.now, why=why, over_budget_reason=over_budget,
        )  # fmt: skip
        if view.already_there or view.amendment is None:
            typer.echo("Nothing differs.")
            return
        card = approve.card(at.stores, view.amendment.request_id, now=at.now)
        able = ", ".join(card.people.get(each, each) for each in card.who_may) or "nobody"
        typer.echo(
            f"The amendment of {view.number} is revision {view.amendment.revision}. "
            f"Who may approve: {able}."
        )


def withdraw(
    context: typer.Context,
    number: Number,
    reason: Annotated[str, typer.Option(help="Why; it goes into the record.")],
    act_as: As = None,
) -> None:
    """Take back an amendment that nobody has decided on."""
    from engine.service.amending import withdraw_amendment

    with acting(context, act_as) as at:
        at.say(withdraw_amendment(at.stores, number, person=at.person, now=at.now,
                                         reason=reason))  # fmt: skip


def close(
    context: typer.Context,
    number: Number,
    reason: Annotated[
        str, typer.Option(help="Why the rest will not come, where units are open.")
    ] = "",
    act_as: As = None,
) -> None:
    """End an order; what has not come will not, and its budget is free again."""
    from engine.service.order_closing import close as end

    with acting(context, act_as) as at:
        at.say(end(at.stores, number, person=at.person, now=at.now,
                          reason=reason))  # fmt: skip


def _date(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
