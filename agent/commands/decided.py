"""What `qm override`, `qm promotion` and `qm launch` share: the list, the end, and days."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.commands.listing import print_each
from agent.commands.purchase import As

if TYPE_CHECKING:
    from datetime import date

    from tools.decisions_shown import Shown

Past = Annotated[bool, typer.Option(help="Also those expired or withdrawn.")]


def group(
    app: typer.Typer,
    name: str,
    about: str,
    add: Any,  # noqa: ANN401  as typer takes commands
    listed: Any,  # noqa: ANN401  decisions of any kind
    *,
    takes_minus: bool = False,
) -> None:
    """The three commands of one kind of decision; `takes_minus`: -15% is a value, no option."""
    commands = typer.Typer(help=about, no_args_is_help=True)
    commands.command("add", context_settings={"ignore_unknown_options": takes_minus})(add)
    commands.command("list")(listed)
    commands.command("withdraw")(withdraw)
    app.add_typer(commands, name=name)


def print_decided(context: typer.Context, kind: str | None, *, past: bool, as_json: bool) -> None:
    """Decisions of a kind, or (None) of every kind, with their numbers."""
    from agent.bootstrap import open_company
    from tools.decisions_shown import shown_decisions

    with open_company(context.obj) as company:
        every = shown_decisions(company.stores, company.clock.now())
    chosen = [each for each in every if kind in (None, each.kind)]
    found = [each for each in chosen if past or each.state == "in force"]
    nothing = (
        "Nobody has set or planned anything for demand." if kind is None
        else f"Nobody has told of a {kind}."
    )  # fmt: skip
    print_each(found, _line, as_json=as_json, nothing=nothing)


def _line(each: "Shown") -> str:
    what = each.sku or each.category
    where = f" at {each.location}" if each.location else ""
    size = "" if each.change is None else f" {each.change * 100:+.6g}%"
    units = "" if not each.units else f" {'-'.join(f'{u:g}' for u in each.units)}/{each.per}"
    price = "" if each.price_micros is None else f" {each.price_micros / 1e6:g}"
    until = f" to {each.last}" if each.last else " on"
    why = f" ({each.reason})" if each.reason else ""
    return (
        f"{each.id}: {each.kind} of {what}{where}{size}{units}{price}, {each.first}{until}, by "
        f"{each.author}, {each.state}{why}"
    )


def withdraw(
    context: typer.Context,
    decision: Annotated[int, typer.Argument(help="Its number: the list shows it.")],
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    act_as: As = None,
) -> None:
    """Take back an override, promotion, launch or price; its history stays."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service import demand_decisions

    with open_company(context.obj) as company:
        demand_decisions.withdraw(
            company.stores, decision, person=person_at_terminal(company, act_as),
            now=company.clock.now(), reason=reason,
        )  # fmt: skip
        typer.echo(f"Decision {decision} no longer counts. Next: qm plan")


def day_of(text: str) -> "date":
    from datetime import date

    from engine.errors import InvalidInput

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{text!r} is no day; write it as 2026-12-01.") from None
