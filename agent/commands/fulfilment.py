"""`qm po` after sending: what the supplier confirms, what comes, and changes on the way."""

from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Generator

    from agent.bootstrap import Company
    from engine.model.people import Person
    from engine.purchase.progress import ConfirmedLine, MovedLine
    from engine.purchase.revise import Change
    from engine.service.order_view import OrderView

DAY = "%Y-%m-%d"
Number = Annotated[str, typer.Argument(help="Order number, such as PO-1001 or 1001.")]
As = Annotated[str | None, typer.Option("--as", help="Act as this person; in a demo company only.")]
Key = Annotated[
    str | None,
    typer.Option(help="Delivery note or message number: telling it twice books it once."),
]
Note = Annotated[str, typer.Option(help="Anything worth keeping; it stays with the record.")]
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

    with _acting(context, act_as) as (company, person):
        now = company.clock.now()
        if Path(what).is_file():
            views = order_acknowledging.acknowledge_997(
                company.stores, Path(what).read_bytes(), person=person, now=now
            )
        else:
            verdict = "refused" if refused else "accepted"
            view = order_acknowledging.acknowledge(
                company.stores, what, verdict, note=refused or "", person=person, now=now
            )
            views = (view,)
    for view in views:
        again = " It had been recorded before." if view.already_there else ""
        typer.echo(f"{view.number}: acknowledgement recorded.{again}")


def confirm(
    context: typer.Context,
    number: Number,
    line: Annotated[
        list[str] | None,
        typer.Option(help="LINE=UNITS@DAY, such as 2=120@2026-12-01; several times."),
    ] = None,
    key: Key = None,
    note: Note = "",
    act_as: As = None,
) -> None:
    """Record what the supplier confirmed; without --line, everything as ordered.

    Other quantities or a later day wait for an answer: accept them with `qm po accept`, or ask
    for something else with `qm po amend`.
    """
    from engine.service.order_confirming import confirm as record

    with _acting(context, act_as) as (company, person):
        view = record(
            company.stores, number, lines=[_confirmed(each) for each in line] if line else None,
            person=person, now=company.clock.now(), key=key, note=note,
        )  # fmt: skip
        _say(company, view)


def accept(
    context: typer.Context,
    number: Number,
    reason: Annotated[str, typer.Option(help="Why it is all right; it goes into the record.")],
    act_as: As = None,
) -> None:
    """Take what the supplier confirmed instead of what was ordered."""
    from engine.service.order_confirming import accept_confirmation

    with _acting(context, act_as) as (company, person):
        now = company.clock.now()
        _say(company, accept_confirmation(company.stores, number, person=person, now=now,
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

    with _acting(context, act_as) as (company, person):
        good = _by_line(line)
        if everything:
            open_lines = purchase.order_view(company.stores, number).progress
            good = {each.line: each.open_units for each in open_lines if each.open_units}
        view = book(
            company.stores, number, lines=_moved(good, _by_line(rejected), reason, replaced),
            on_day=_date(on), person=person, now=company.clock.now(), key=key, note=note,
            accept_over=accept_over,
        )  # fmt: skip
        _say(company, view)


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

    with _acting(context, act_as) as (company, person):
        view = book(
            company.stores, number, lines=_moved({}, _by_line(line), reason, replaced),
            on_day=_date(on), person=person, now=company.clock.now(), key=key, note=note,
        )  # fmt: skip
        _say(company, view)


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

    with _acting(context, act_as) as (company, person):
        view = book(
            company.stores, number, lines=_moved(_by_line(line), {}, reason, replaced),
            on_day=_date(on), person=person, now=company.clock.now(), key=key, note=note,
        )  # fmt: skip
        _say(company, view)


def amend(
    context: typer.Context,
    number: Number,
    why: Annotated[str, typer.Option(help="The reason; it stays with the revision.")],
    line: Annotated[list[str] | None, typer.Option(help="LINE=UNITS; several times.")] = None,
    remove: Annotated[list[int] | None, typer.Option(help="A line to remove.")] = None,
    move: Annotated[
        list[str] | None, typer.Option(help="LINE@DAY, such as 2@2026-12-01; several times.")
    ] = None,
    over_budget: Annotated[str | None, typer.Option(help="Why it may exceed a budget.")] = None,
    act_as: As = None,
) -> None:
    """Change an order that its supplier has: asked for, approved and sent like an order.

    Until it is approved the order stays as it was.
    """
    from engine.service import approve
    from engine.service.amending import amend as ask

    with _acting(context, act_as) as (company, person):
        now = company.clock.now()
        view = ask(
            company.stores, number, changes=changes_of(line, remove, move), person=person, now=now,
            why=why, over_budget_reason=over_budget,
        )  # fmt: skip
        if view.already_there or view.amendment is None:
            typer.echo("Nothing differs.")
            return
        card = approve.card(company.stores, view.amendment.request_id, now=now)
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

    with _acting(context, act_as) as (company, person):
        now = company.clock.now()
        _say(company, withdraw_amendment(company.stores, number, person=person, now=now,
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

    with _acting(context, act_as) as (company, person):
        _say(company, end(company.stores, number, person=person, now=company.clock.now(),
                          reason=reason))  # fmt: skip


def changes_of(
    line: list[str] | None, remove: list[int] | None, move: list[str] | None
) -> "list[Change]":
    """What was typed, as changes of an order."""
    from engine.purchase.revise import ChangeDate, ChangeUnits, RemoveLine

    return [
        *(ChangeUnits(line=n, units=units) for n, units in sorted(_by_line(line).items())),
        *(RemoveLine(line=n) for n in remove or []),
        *(ChangeDate(line=n, requested_on=day) for n, day in map(_line_and_day, move or [])),
    ]


def _by_line(texts: list[str] | None) -> dict[int, int]:
    from engine.errors import InvalidInput

    found: dict[int, int] = {}
    for text in texts or []:
        line, equals, units = text.partition("=")
        if not (equals and line.strip().isdecimal() and units.strip().isdecimal()):
            raise InvalidInput(f"{text!r} is not LINE=UNITS; write something like 2=120.")
        if int(line) in found:
            raise InvalidInput(f"Line {int(line)} is named twice; add its units up.")
        found[int(line)] = int(units)
    return found


def _line_and_day(text: str) -> tuple[int, date]:
    from engine.errors import InvalidInput

    line, at, day = text.partition("@")
    try:
        return int(line), _day(day) if at else _day("")
    except ValueError:
        raise InvalidInput(
            f"{text!r} is not LINE@DAY; write something like 2@2026-12-01."
        ) from None


def _day(text: str) -> date:
    return datetime.strptime(text.strip(), DAY).date()  # noqa: DTZ007  a day has no zone


def _confirmed(text: str) -> "ConfirmedLine":
    from engine.errors import InvalidInput
    from engine.purchase.progress import ConfirmedLine

    head, _, day = text.partition("@")
    line, _, units = head.partition("=")
    try:
        return ConfirmedLine(line=int(line), units=int(units), expected_on=_day(day))
    except ValueError:
        raise InvalidInput(
            f"{text!r} is not LINE=UNITS@DAY; write something like 2=120@2026-12-01."
        ) from None


def _moved(
    good: dict[int, int],
    refused: dict[int, int],
    reason: str,
    replaced: bool,  # noqa: FBT001  as typed
) -> "list[MovedLine]":
    from engine.purchase.progress import MovedLine

    return [
        MovedLine(
            line=number, units=good.get(number, 0), rejected_units=refused.get(number, 0),
            replaced=replaced, reason=reason,
        )
        for number in sorted({*good, *refused})
    ]  # fmt: skip


def _date(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


@contextmanager
def _acting(context: typer.Context, act_as: str | None) -> "Generator[tuple[Company, Person]]":
    """The company, and who acts."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal

    with open_company(context.obj) as company:
        yield company, person_at_terminal(company, act_as)


def _say(company: "Company", view: "OrderView") -> None:
    from agent.terminal.order_report import print_progress

    again = " It had been recorded before." if view.already_there else ""
    typer.echo(f"{view.number} is {view.state.value.replace('_', ' ')}.{again}")
    if view.must_answer:
        typer.echo(
            f"It is not as ordered: qm po accept {view.number}, or qm po amend {view.number}."
        )
    print_progress(view, company.settings.terminal.locale)
