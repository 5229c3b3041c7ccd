"""`qm policy`: is the people file sound, put it in force, and who may approve this order."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.listing import print_each
from agent.commands.purchase import As, Json, Number

if TYPE_CHECKING:
    from engine.purchase.policy import Policy
    from engine.service.delegation import Delegation

DAY = "%Y-%m-%d"


def register(app: typer.Typer) -> None:
    policy = typer.Typer(help="Who may do what, and up to which amount.", no_args_is_help=True)
    policy.command("example")(example)
    policy.command("check")(check)
    policy.command("install")(install)
    policy.command("explain")(explain)
    policy.command("lend")(lend)
    policy.command("lent")(lent)
    policy.command("take-back")(take_back)
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


def lend(
    context: typer.Context,
    to: Annotated[str, typer.Option("--to", help="Who stands in for you: a person's id.")],
    until: Annotated[datetime, typer.Option(formats=[DAY], help="Last day, such as 2027-01-05.")],
    reason: Annotated[str, typer.Option(help="Why; it stands beside every decision.")],
    since: Annotated[
        datetime | None, typer.Option("--from", formats=[DAY], help="First day; default: today.")
    ] = None,
    act_as: As = None,
) -> None:
    """Let somebody approve in your place for some days.

    They may then approve what you may, but never what you asked for, wrote or approved yourself;
    going over budget is not lent. Each decision names both of you.
    """
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service import company as company_service, delegation

    with open_company(context.obj) as company:
        now = company.clock.now()
        with company.stores.database.read() as look:
            today = company_service.local_day(look, now)
        made = delegation.lend(
            company.stores, taker=to, first_day=since.date() if since else today,
            last_day=until.date(), reason=reason, now=now,
            person=person_at_terminal(company, act_as),
        )  # fmt: skip
    typer.echo(
        f"{made.id}: {made.taker} stands in for {made.giver} from {made.first_day} to "
        f"{made.last_day}, {made.state}."
    )


def lent(context: typer.Context, *, as_json: Json = False) -> None:
    """List who stands in for whom, the newest first."""
    from agent.bootstrap import open_company
    from engine.service import delegation

    with open_company(context.obj) as company:
        found = delegation.listed(company.stores, now=company.clock.now())
    print_each(found, _loan, as_json=as_json, nothing="Nobody stands in for anybody.")


def _loan(each: "Delegation") -> str:
    return (
        f"{each.id}  {each.giver} -> {each.taker}  {each.first_day} to {each.last_day}  "
        f"{each.state}  {each.reason}"
    )


def take_back(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="Its number in `qm policy lent`.")],
    act_as: As = None,
) -> None:
    """End a delegation at once; whoever lent it may, and whoever administers."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service import delegation

    with open_company(context.obj) as company:
        person = person_at_terminal(company, act_as)
        ended = delegation.take_back(company.stores, number, person=person, now=company.clock.now())
    typer.echo(f"{ended.taker} no longer stands in for {ended.giver}.")


def _print_people(policy: "Policy") -> None:
    from engine.model.money import Money

    for member in policy.members:
        limit = policy.highest_limit(member.id)
        amount = None if limit is None else Money(minor=limit, currency=policy.currency).decimal()
        may = "approves nothing" if amount is None else f"approves up to {amount:,}"
        typer.echo(f"  {member.id}: {', '.join(member.roles)}; {may}")
