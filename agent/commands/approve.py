"""`qm approve`: what waits for a decision, and the decision, from a shell."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agent.commands.purchase import As, Json, Number

if TYPE_CHECKING:
    from agent.bootstrap import Company
    from engine.service.approval_card import ApprovalCard

Digest = Annotated[
    str | None,
    typer.Option(help="What `qm approve show` printed: it binds the decision to what you saw."),
]
SHORTEST = 8  # characters of a digest: enough to know it was looked at


def register(app: typer.Typer) -> None:
    approve = typer.Typer(help="Decide on proposed purchase orders.", no_args_is_help=True)
    approve.command("list")(waiting)
    approve.command("show")(show)
    approve.command("yes")(yes)
    approve.command("no")(no)
    app.add_typer(approve, name="approve")


def waiting(context: typer.Context, act_as: As = None, *, as_json: Json = False) -> None:
    """List what waits, and whether you may approve it."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from agent.terminal.order_report import money
    from engine.model.canonical import canonical_json
    from engine.service import approve

    with open_company(context.obj) as company:
        cards = approve.pending(company.stores, now=company.clock.now())
        if as_json:
            typer.echo(canonical_json(cards))
            return
        me = person_at_terminal(company, act_as).id
        for card in cards:
            total = money(
                card.content.total_minor, card.content.currency, company.settings.terminal.locale
            )
            mine = "you may approve it" if me in card.who_may else "for others"
            typer.echo(f"{card.number}  {card.content.supplier_name}  {total}  {mine}")
        if not cards:
            typer.echo("Nothing waits for approval.")


def show(
    context: typer.Context, number: Number, act_as: As = None, *, as_json: Json = False
) -> None:
    """Show what an approver must see of an order, with the digest that a decision names."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from agent.terminal.order_report import print_card
    from agent.views.approval import card_view
    from engine.model.canonical import canonical_json

    with open_company(context.obj) as company:
        card = _card(company, number)
        if as_json:
            typer.echo(canonical_json(card))
        else:
            me = person_at_terminal(company, act_as).id
            print_card(card, card_view(card, me, company.settings.terminal.locale))


def yes(
    context: typer.Context,
    number: Number,
    digest: Digest = None,
    reason: Annotated[
        str | None, typer.Option(help="Why; needed above the remaining budget.")
    ] = None,
    *,
    break_glass: Annotated[
        bool,
        typer.Option(
            "--break-glass",
            help="In an emergency, beyond your limits; needs a reason, and everybody is told.",
        ),
    ] = False,
    act_as: As = None,
) -> None:
    """Approve an order. Without --digest it is shown first, and you are asked."""
    _decide(context, number, "approve", digest, reason, act_as, break_glass=break_glass)


def no(
    context: typer.Context,
    number: Number,
    reason: Annotated[str, typer.Option(help="Why; it stays with the order.")],
    digest: Digest = None,
    act_as: As = None,
) -> None:
    """Reject an order. Without --digest it is shown first, and you are asked."""
    _decide(context, number, "reject", digest, reason, act_as)


def _decide(  # the flow of both commands
    context: typer.Context,
    number: str,
    decision: Literal["approve", "reject"],
    digest: str | None,
    reason: str | None,
    act_as: str | None,
    *,
    break_glass: bool = False,
) -> None:
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from agent.views.approval import outcome_text
    from engine.service import approve

    with open_company(context.obj) as company:
        person = person_at_terminal(company, act_as)
        card = _card(company, number)
        _require_looked_at(company, card, person.id, decision, digest)
        outcome = approve.decide(
            company.stores,
            request_id=card.request_id,
            revision=card.revision,
            digest=card.digest,
            decision=decision,
            person=person,
            now=company.clock.now(),
            reason=reason,
            break_glass=break_glass,
        )
        typer.echo(outcome_text(outcome, company.settings.terminal.locale))
        if not outcome.took_effect:
            raise typer.Exit(2)


def _require_looked_at(
    company: "Company", card: "ApprovalCard", me: str, decision: str, digest: str | None
) -> None:
    """The digest that was printed, or a look and a yes at a terminal."""
    import sys

    from agent.terminal.order_report import print_card
    from agent.views.approval import card_view
    from engine.errors import InvalidInput, Stale

    if digest is not None:
        if len(digest) < SHORTEST or not card.digest.startswith(digest):
            raise Stale(
                f"{card.number} is not what --digest {digest!r} stands for. "
                f"Look at it again: qm approve show {card.number}"
            )
        return
    if not sys.stdin.isatty():
        raise InvalidInput(
            f"Without a terminal a decision names what was shown: qm approve show {card.number}, "
            "then --digest."
        )
    print_card(card, card_view(card, me, company.settings.terminal.locale))
    typer.confirm(f"{decision.capitalize()} {card.number}?", abort=True)


def _card(company: "Company", number: str) -> "ApprovalCard":
    from engine.errors import PlanningError
    from engine.service import approve, purchase

    view = purchase.order_view(company.stores, number)
    if view.request_id is None:
        raise PlanningError(f"Nobody has asked for {view.number} yet: qm po propose {view.number}")
    return approve.card(company.stores, view.request_id, now=company.clock.now())
