"""`qm budget`: what is left, and how a cap is asked for and confirmed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.purchase import As, Json

if TYPE_CHECKING:
    from agent.bootstrap import Company
    from engine.model.people import Person
    from engine.purchase.periods import PeriodKind
    from engine.service.budget import BudgetProposal

SHORTEST = 8  # characters of a digest: enough to know it was looked at


def register(app: typer.Typer) -> None:
    budget = typer.Typer(help="Caps on purchasing, and what is left.", no_args_is_help=True)
    budget.command("show")(show)
    budget.command("curve")(curve)
    budget.command("set")(propose)
    budget.command("confirm")(confirm)
    budget.command("refuse")(refuse)
    app.add_typer(budget, name="budget")


def show(context: typer.Context, *, as_json: Json = False) -> None:
    """Show each budget of today's periods: cap, carried over, proposed, approved, left."""
    from agent.bootstrap import open_company
    from agent.terminal.order_report import print_budgets
    from engine.model.canonical import canonical_json
    from engine.service import budget

    with open_company(context.obj) as company:
        now = company.clock.now()
        statuses = budget.current(company.stores, budget.day_that_counts(company.stores, now))
        if as_json:
            typer.echo(canonical_json(statuses))
            return
        if statuses:
            print_budgets(statuses, _currency(company), company.settings.terminal.locale)
        else:
            typer.echo(
                "No budget for this week, month, quarter or year. Set one: qm budget set 40k"
            )
        for proposal in budget.pending(company.stores, now):
            _print_proposal(company, proposal)


def curve(
    context: typer.Context,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also draw it, as a PNG.")
    ] = None,
    act_as: As = None,
    *,
    as_json: Json = False,
) -> None:
    """Show what other budgets would bring, and what each limit of the plan costs."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from agent.terminal.tool_report import print_tool
    from agent.views.budget_chart import budget_png
    from engine.service.reading import latest_run

    with open_company(context.obj) as company:
        person = person_at_terminal(company, act_as)
        print_tool(company, person, "budget_curve", {}, as_json=as_json)
        if picture is not None:
            run = latest_run(company.stores)
            company.compute.call(budget_png, company.stores, run.id, picture)


def propose(
    context: typer.Context,
    cap: Annotated[str, typer.Argument(help="Such as 40k or 37500.50, in the base currency.")],
    span: Annotated[str, typer.Option(help="week, month, quarter or year.")] = "week",
    supplier: Annotated[str | None, typer.Option(help="A cap for this supplier only.")] = None,
    category: Annotated[str | None, typer.Option(help="A cap for this category path.")] = None,
    act_as: As = None,
) -> None:
    """Ask for a cap and see what it would change; somebody entitled confirms it.

    At a terminal, whoever may set budgets is asked for the confirmation at once.
    """
    import sys

    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.model.people import Right

    with open_company(context.obj) as company:
        person = person_at_terminal(company, act_as)
        proposal = _ask(company, person, cap, span, supplier, category)
        _print_proposal(company, proposal)
        if person.may(Right.SET_BUDGET) and sys.stdin.isatty():
            typer.confirm("Put it in force?", abort=True)
            _decide(company, person, proposal, approve=True, reason=None)


def confirm(
    context: typer.Context,
    proposal: Annotated[int, typer.Argument(help="Number of the proposal.")],
    digest: Annotated[str, typer.Option(help="What was printed with the proposal.")],
    act_as: As = None,
) -> None:
    """Put a proposed cap in force, as it was shown."""
    _answer(context, proposal, digest, act_as, approve=True, reason=None)


def refuse(
    context: typer.Context,
    proposal: Annotated[int, typer.Argument(help="Number of the proposal.")],
    digest: Annotated[str, typer.Option(help="What was printed with the proposal.")],
    reason: Annotated[str | None, typer.Option(help="Why not.")] = None,
    act_as: As = None,
) -> None:
    """Refuse a proposed cap."""
    _answer(context, proposal, digest, act_as, approve=False, reason=reason)


def _ask(
    company: "Company",
    person: "Person",
    cap: str,
    span: str,
    supplier: str | None,
    category: str | None,
) -> "BudgetProposal":
    """Through the tool that the chat uses, so that both ask with the same consequence."""
    from engine.errors import InvalidInput
    from engine.purchase.periods import KINDS
    from engine.service import budget
    from tools.context import ToolContext
    from tools.set_budget import SetBudget, set_budget

    wanted: list[PeriodKind] = [kind for kind in KINDS if kind == span]
    if not wanted:
        raise InvalidInput(f"--span {span!r} is none of {', '.join(KINDS)}.")
    context = ToolContext(
        stores=company.stores,
        person=person,
        now=company.clock.now(),
        config=company.plan_config,
        compute=company.compute,
    )
    arguments = SetBudget(
        cap_minor=_amount(company, cap),
        span=wanted[0],
        supplier=supplier,
        category=category,
    )
    result = set_budget(arguments, context)
    return budget.proposal(company.stores, int(result.actions[0].target))


def _answer(
    context: typer.Context,
    number: int,
    digest: str,
    act_as: str | None,
    *,
    approve: bool,
    reason: str | None,
) -> None:
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.errors import Stale
    from engine.service import budget

    with open_company(context.obj) as company:
        proposal = budget.proposal(company.stores, number)
        if len(digest) < SHORTEST or not proposal.digest.startswith(digest):
            raise Stale(f"--digest {digest!r} does not stand for proposal {number}: qm budget show")
        person = person_at_terminal(company, act_as)
        _decide(company, person, proposal, approve=approve, reason=reason)


def _decide(
    company: "Company",
    person: "Person",
    proposal: "BudgetProposal",
    *,
    approve: bool,
    reason: str | None,
) -> None:
    from engine.service import budget

    decided = budget.decide_budget(
        company.stores,
        proposal_id=proposal.id,
        shown_digest=proposal.digest,
        approve=approve,
        person=person,
        now=company.clock.now(),
        reason=reason,
    )
    typer.echo(f"The {decided.scope} budget of {decided.period} is {decided.state}.")


def _print_proposal(company: "Company", proposal: "BudgetProposal") -> None:
    from agent.terminal.order_report import money

    locale, currency = company.settings.terminal.locale, _currency(company)
    before = proposal.cap_before_minor
    was = "none before" if before is None else f"{money(before, currency, locale)} before"
    typer.echo(
        f"Proposal {proposal.id}: {proposal.scope} of {proposal.period} "
        f"{money(proposal.cap_minor, currency, locale)} ({was})"
    )
    for name, value in sorted(proposal.consequence.items()):
        shown = money(value, currency, locale) if name.endswith("_minor") else value
        typer.echo(f"  {name.removesuffix('_minor').replace('_', ' ')}: {shown}")
    typer.echo(f"  confirm: qm budget confirm {proposal.id} --digest {proposal.digest[:12]}")


def _amount(company: "Company", text: str) -> int:
    """The amount a person typed, in minor units of the base currency."""
    from agent.language.figures import figures, unclear_amount
    from engine.errors import InvalidInput
    from engine.model.money import to_minor

    currency = _currency(company)
    found = figures(text)
    if unclear_amount(text) is not None:
        raise InvalidInput(
            f"{text!r} could be read in more than one way. Which amount of {currency} is meant? "
            "Write 1500, 1,500 or 1.5k."
        )
    if len(found) != 1 or found[0].value <= 0 or found[0].currency not in (None, currency):
        raise InvalidInput(f"{text!r} is no amount of {currency}; write something like 40k.")
    return to_minor(found[0].value, currency)


def _currency(company: "Company") -> str:
    from engine.service import people

    with company.stores.database.read() as look:
        return people.policy_in_force(look).currency
