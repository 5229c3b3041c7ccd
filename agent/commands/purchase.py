"""`qm po`: purchase orders from the plan to the question whether they may leave."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agent.commands import fulfilment
from agent.commands.acting import As, Number, acting
from agent.commands.typed_lines import changes_of
from agent.commands.written import write_file

if TYPE_CHECKING:
    from engine.purchase.states import OrderState

DocumentFormat = Literal["pdf", "csv", "json"]
Json = Annotated[bool, typer.Option("--json", help="Print JSON; amounts are minor units.")]


def register(app: typer.Typer) -> None:
    po = typer.Typer(
        help="Purchase orders: draft, look, change, ask for, receive.", no_args_is_help=True
    )
    for command in (draft, show, document, diff, propose, revise, merge, cancel, settle):
        po.command(command.__name__)(command)
    po.command("list")(list_orders)
    fulfilment.register(po)
    app.add_typer(po, name="po")


def draft(
    context: typer.Context,
    supplier: Annotated[
        list[str] | None, typer.Option(help="Only this supplier; may be given several times.")
    ] = None,
    act_as: As = None,
) -> None:
    """Draft one order per supplier and place from the newest plan.

    Drafting twice orders nothing twice: what the plan's needs are drafted in already is shown.
    """
    from agent.terminal.order_report import print_orders
    from engine.service import purchase, reading

    with acting(context, act_as) as at:
        views = purchase.draft_orders(
            at.stores,
            run_id=reading.latest_run(at.stores).id,
            person=at.person,
            now=at.now,
            suppliers=supplier,
        )
        before = sum(view.already_there for view in views)
        print_orders(views, at.locale)
        if before:
            typer.echo(f"{before} of them had been drafted before.")


def list_orders(
    context: typer.Context,
    state: Annotated[
        list[str] | None, typer.Option(help="Only this state, such as draft or proposed.")
    ] = None,
    supplier: Annotated[str | None, typer.Option(help="Only this supplier code.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """List purchase orders, newest first."""
    from agent.bootstrap import open_company
    from agent.terminal.order_report import print_orders
    from engine.model.canonical import canonical_json
    from engine.service import purchase

    with open_company(context.obj) as company:
        states = None if not state else {_state(each) for each in state}
        views = purchase.list_orders(company.stores, states=states, supplier=supplier)
        if as_json:
            typer.echo(canonical_json(views))
        else:
            print_orders(views, company.settings.terminal.locale)


def show(context: typer.Context, number: Number, *, as_json: Json = False) -> None:
    """Show an order: lines, what changed, which budgets it draws on."""
    from agent.bootstrap import open_company
    from agent.terminal.order_report import print_order
    from engine.model.canonical import canonical_json
    from engine.service import purchase

    with open_company(context.obj) as company:
        view = purchase.order_view(company.stores, number)
        if as_json:
            typer.echo(canonical_json(view))
        else:
            print_order(view, company.settings.terminal.locale)


def document(
    context: typer.Context,
    number: Number,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to write it; - is the terminal.")
    ],
    form: Annotated[
        DocumentFormat | None,
        typer.Option("--format", help="pdf, csv or json; by default as FILE ends."),
    ] = None,
) -> None:
    """Write an order as its supplier would get it; marked as a draft until it is approved."""
    from agent.bootstrap import open_company
    from agent.worker.routes import letterhead
    from engine.connect.order_documents import order_csv, order_json
    from engine.connect.order_pdf import order_pdf
    from engine.errors import InvalidInput
    from engine.service.order_paper import preview

    write = {"pdf": order_pdf, "csv": order_csv, "json": order_json}
    wanted = form or out.suffix.removeprefix(".")
    if wanted not in write:
        raise InvalidInput(f"{str(out)!r} is no pdf, csv or json. Say which with --format.")
    with open_company(context.obj) as company:
        content = write[wanted](preview(company.stores, number, letterhead(company.settings)))
    if str(out) == "-":
        typer.get_binary_stream("stdout").write(content)
    else:
        write_file(out, content)
        typer.echo(f"{out}: {len(content):,} bytes")


def diff(
    context: typer.Context,
    number: Number,
    before: Annotated[int, typer.Argument(help="A revision; 1 is what the plan proposed.")] = 1,
    after: Annotated[int | None, typer.Argument(help="Another; default: the current one.")] = None,
) -> None:
    """Show what changed between two revisions: before, after, money."""
    from agent.bootstrap import open_company
    from agent.views.approval import changes
    from engine.service import purchase

    with open_company(context.obj) as company:
        newest = purchase.order_view(company.stores, number).revision
        found = purchase.difference_between(company.stores, number, before, after or newest)
        text = (
            "Nothing differs."
            if found.is_empty
            else changes(found, company.settings.terminal.locale)
        )
        typer.echo(text.replace("; ", "\n"))


def propose(
    context: typer.Context,
    number: Number,
    over_budget: Annotated[
        str | None, typer.Option(help="Why it may exceed a budget; an approver must agree.")
    ] = None,
    act_as: As = None,
) -> None:
    """Ask for approval: the budget is held, and somebody else decides."""
    from engine.service import approve, purchase

    with acting(context, act_as) as at:
        view = purchase.propose(
            at.stores,
            number,
            person=at.person,
            now=at.now,
            over_budget_reason=over_budget,
        )
        card = approve.card(at.stores, view.request_id or 0, now=at.now)
        able = ", ".join(card.people.get(each, each) for each in card.who_may) or "nobody"
        # Low-risk orders approve themselves where the policy says so: nobody is waited for.
        waits = f" Who may approve: {able}." if card.state == "pending" else ""
        typer.echo(f"{view.number} is {view.state.value}.{waits}")


def revise(
    context: typer.Context,
    number: Number,
    why: Annotated[str, typer.Option(help="The reason; it stays with the revision.")],
    line: Annotated[
        list[str] | None, typer.Option(help="LINE=UNITS, such as 2=120; several times.")
    ] = None,
    remove: Annotated[list[int] | None, typer.Option(help="A line to remove.")] = None,
    move: Annotated[
        list[str] | None, typer.Option(help="LINE@DAY, such as 2@2026-12-01; several times.")
    ] = None,
    act_as: As = None,
) -> None:
    """Change quantities and days or remove lines; an open question about the order is closed.

    qm po revise PO-1001 --line 2=120 --remove 3 --why "price break"
    """
    from agent.terminal.order_report import print_order
    from engine.service import purchase

    changes = changes_of(line, remove, move)  # a slip is told before anything is opened
    with acting(context, act_as) as at:
        view = purchase.revise(
            at.stores,
            number,
            changes=changes,
            person=at.person,
            now=at.now,
            why=why,
        )
        print_order(view, at.locale)


def merge(
    context: typer.Context,
    numbers: Annotated[list[str], typer.Argument(help="Orders that nobody has approved.")],
    act_as: As = None,
) -> None:
    """Make one order of several for the same supplier and place; it takes their place.

    A draft of an earlier plan is merged by itself when a newer plan is drafted.
    """
    from agent.terminal.order_report import print_order
    from engine.service.merging import merge as make_one

    with acting(context, act_as) as at:
        print_order(make_one(at.stores, numbers, person=at.person, now=at.now), at.locale)


def cancel(
    context: typer.Context,
    number: Number,
    reason: Annotated[str, typer.Option(help="Why; it goes into the record.")],
    *,
    supplier_agreed: Annotated[
        bool,
        typer.Option("--supplier-agreed", help="The supplier has the order and agreed to end it."),
    ] = False,
    act_as: As = None,
) -> None:
    """End an order that has not come: its budget is free again, and it is not sent.

    An order that was sent is not called back by this: agree with the supplier, then say so.
    """
    from engine.service import purchase

    with acting(context, act_as) as at:
        view = purchase.cancel(
            at.stores,
            number,
            person=at.person,
            now=at.now,
            reason=reason,
            supplier_agreed=supplier_agreed,
        )
        typer.echo(f"{view.number} is {view.state.value}.")


def settle(
    context: typer.Context,
    number: Number,
    outcome: Annotated[str, typer.Argument(help="arrived, or again: send it once more.")],
    note: Annotated[str, typer.Option(help="How you know, such as who confirmed it.")],
    act_as: As = None,
) -> None:
    """Say what became of an order of which nobody knows whether it left.

    Such an order is never sent again by itself: the supplier may have it. Ask, then say so here.
    """
    from engine.errors import InvalidInput
    from engine.service.order_doubt import settle_doubt

    if outcome not in ("arrived", "again"):
        raise InvalidInput(f"{outcome!r} is neither arrived nor again.")
    with acting(context, act_as) as at:
        view = settle_doubt(
            at.stores,
            number,
            outcome="arrived" if outcome == "arrived" else "send_again",
            note=note,
            person=at.person,
            now=at.now,
        )
        typer.echo(f"{view.number} is {view.state.value}.")


def _state(name: str) -> "OrderState":
    from engine.errors import UnknownName
    from engine.purchase.states import OrderState

    known = [state.value for state in OrderState]
    if name not in known:
        raise UnknownName("state", name, known)
    return OrderState(name)
