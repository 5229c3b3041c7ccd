"""`qm policy`: is the people file sound, put it in force, and who may approve this order."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.purchase import As, Number

if TYPE_CHECKING:
    from engine.purchase.policy import Policy


def register(app: typer.Typer) -> None:
    policy = typer.Typer(help="Who may do what, and up to which amount.", no_args_is_help=True)
    policy.command("example")(example)
    policy.command("check")(check)
    policy.command("install")(install)
    policy.command("explain")(explain)
    app.add_typer(policy, name="policy")


def example() -> None:
    """Print a people file with every key explained, to start from.

    qm policy example > people.yaml
    """
    from importlib.resources import files

    text = files("agent.terminal").joinpath("people.yaml").read_text(encoding="utf-8")
    typer.echo(text, nl=False)


def check(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Option(help="A people file to look at; default: the one in the settings."),
    ] = None,
) -> None:
    """Check a people file and say what it leaves open; nothing is put in force.

    An error names the key and the nearest right one. Remarks are rules that can never apply and
    orders nobody could decide on; `qm policy example` prints a file with every key explained.
    """
    from agent.settings import load_settings
    from engine.purchase.policy_review import review
    from engine.service.people import load_policy
    from engine.service.policy_install import may_be_replaced

    path = file or load_settings(context.obj).settings.policy_file
    policy = load_policy(path).policy
    remarks = review(policy)
    typer.echo(f"{path} is valid: version {policy.version}, {len(policy.members)} people.")
    _print_people(policy)
    sentences = [remark.sentence for remark in remarks]
    if not may_be_replaced(policy):
        sentences.append("Nobody may administer, so no later file can be put in force.")
    for sentence in sentences:
        typer.secho(f"  remark: {sentence}", fg="yellow")


def install(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Option(help="The people file; default: the one in the settings.")
    ] = None,
    act_as: As = None,
) -> None:
    """Put a people file in force in place of the one before.

    It takes somebody whom the policy in force lets administer, and the audit names them. The first
    file of a company needs no command; a changed one counts only after this.
    """
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service import policy_install
    from engine.service.people import load_policy

    with open_company(context.obj, warn=lambda _: None) as company:
        path = file or company.policy_file
        read = load_policy(path)
        person = person_at_terminal(company, act_as)
        changed = policy_install.install(
            company.stores, read, person=person, now=company.clock.now()
        )
    what = "is in force now" if changed else "was in force already"
    typer.echo(f"{path} {what}: version {read.policy.version}, by {person.name}.")


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
