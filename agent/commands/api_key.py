"""`qm api-key`: what other systems open the promises API with."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from agent.commands.purchase import As, Json


def register(app: typer.Typer) -> None:
    keys = typer.Typer(help="Keys of the promises API.", no_args_is_help=True)
    keys.command("create")(create)
    keys.command("list")(list_keys)
    keys.command("revoke")(revoke)
    app.add_typer(keys, name="api-key")


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Whose key it is, such as storefront.")],
    scope: Annotated[
        list[str] | None, typer.Option(help="promises:read (default) or changes:read; repeatable.")
    ] = None,
    per_second: Annotated[float, typer.Option(help="Requests a second it may make.")] = 20.0,
    expires: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day (UTC) before it ends.")
    ] = None,
    act_as: As = None,
) -> None:
    """Make a key. It is shown this once, and kept as a digest only."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service.api_keys import create_api_key

    with open_company(context.obj) as company:
        made = create_api_key(
            company.stores, name=name, scopes=scope or ["promises:read"], per_second=per_second,
            person=person_at_terminal(company, act_as), now=company.clock.now(),
            expires_at=None if expires is None else expires.replace(tzinfo=UTC),
        )  # fmt: skip
    typer.echo(made.text)
    typer.echo(f"Keep it: it is shown only now. To end it: qm api-key revoke {made.key.id}",
               err=True)  # fmt: skip


def list_keys(context: typer.Context, *, as_json: Json = False) -> None:
    """Show every key: whose it is, what it may, and whether it still opens anything."""
    from agent.bootstrap import open_company
    from agent.terminal.backorder_report import print_rows
    from engine.model.canonical import canonical_json
    from engine.service.api_keys import list_api_keys

    with open_company(context.obj) as company:
        found, now = list_api_keys(company.stores), company.clock.now()
    if as_json:
        typer.echo(canonical_json(found))
        return
    rows = [
        (
            key.id, key.name, ", ".join(key.scopes), f"{key.per_second:g}", key.created_by,
            f"{key.created_at:%Y-%m-%d}", "good" if key.is_good(now) else "ended",
        )
        for key in found
    ]  # fmt: skip
    headers = ("Key", "Name", "Scopes", "A second", "Made by", "On", "State")
    print_rows("Keys of the promises API", headers, rows, numeric={"A second"})


def revoke(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="The key's id, from the list.")],
    act_as: As = None,
) -> None:
    """End a key at once."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service.api_keys import revoke_api_key

    with open_company(context.obj) as company:
        person = person_at_terminal(company, act_as)
        new = revoke_api_key(company.stores, key, person=person, now=company.clock.now())
    typer.echo("It opens nothing any more." if new else "It was revoked before.")
