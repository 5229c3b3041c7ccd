"""`qm policy`: is the people file sound, and who may approve this order."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.purchase import Number

if TYPE_CHECKING:
    from engine.purchase.policy import Policy


def register(app: typer.Typer) -> None:
    policy = typer.Typer(help="Who may do what, and up to which amount.", no_args_is_help=True)
    policy.command("check")(check)
    policy.command("explain")(explain)
    app.add_typer(policy, name="policy")


def check(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Option(help="A people file to look at; default: the one in the settings."),
    ] = None,
) -> None:
    """Check a people file and say what it leaves open; nothing is put in force.

    An error names the key and the nearest right one. Remarks are rules that can never apply and
    orders nobody could decide on; examples/people.yaml is a file with every key explained.
    """
    from agent.settings import load_settings
    from engine.purchase.policy_review import review
    from engine.service.people import load_policy

    path = file or load_settings(context.obj).settings.policy_file
    policy = load_policy(path).policy
    remarks = review(policy)
    typer.echo(f"{path} is valid: version {policy.version}, {len(policy.members)} people.")
    _print_people(policy)
    for remark in remarks:
        typer.secho(f"  remark: {remark.sentence}", fg="yellow")


def explain(context: typer.Context, number: Number) -> None:
    """Say who may approve an order now, who may not, and why."""
    from agent.bootstrap import open_company
    from agent.terminal.order_report import print_explanation
    from engine.service import approve

    with open_company(context.obj) as company:
        explained = approve.explain(company.stores, number, now=company.clock.now())
        print_explanation(explained, company.settings.terminal.locale)


def _print_people(policy: "Policy") -> None:
    from engine.model.money import Money

    for member in policy.members:
        limit = policy.highest_limit(member.id)
        amount = None if limit is None else Money(minor=limit, currency=policy.currency).decimal()
        may = "approves nothing" if amount is None else f"approves up to {amount:,}"
        typer.echo(f"  {member.id}: {', '.join(member.roles)}; {may}")
