"""`qm connect`: other systems, step by step: what to set, whether it works, what is new there."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agent.bootstrap import Company
    from engine.connect.books.port import Books
    from engine.connect.sources.port import Source

STEPS = {
    "shopify": """\
1. In the Shopify admin: Settings, Apps, Develop apps; make an app.
2. Give it the Admin API scopes read_products, read_inventory, read_locations, read_orders,
   read_all_orders and read_inventory_transfers, and install it.
3. Set shopify.shop to your address (lantern.myshopify.com) and the token as QM_SHOPIFY_TOKEN, or
   in a file named by QM_SHOPIFY_TOKEN_FILE.""",
    "warehouse": """\
1. Ask the warehouse to leave CSV files named receipts..., asn... and stock... (docs/integrations.md
   has the columns) in one folder.
2. Set warehouse.folder. For its SFTP server also warehouse.host, warehouse.user,
   QM_WAREHOUSE_PASSWORD or warehouse.key_file, and warehouse.host_key.""",
    "books": """\
1. Choose books.system: quickbooks, xero, or files (CSV that either imports).
2. Set books.account. For the API register an app with Intuit or Xero, set books.company,
   books.client_id and QM_BOOKS_CLIENT_SECRET, and write a refresh token into books.token_file.
3. Suppliers are found by their name: call them in the books as in your data.""",
}
System = Annotated[str, typer.Argument(help="shopify or warehouse.")]


def register(app: typer.Typer) -> None:
    connect = typer.Typer(
        help="Other systems: a shop, a warehouse, accounting.", no_args_is_help=True
    )
    connect.command("list")(list_systems)
    connect.command("check")(check)
    connect.command("pull")(pull)
    connect.command("post")(post)
    connect.command("forget")(forget)
    app.add_typer(connect, name="connect")


def list_systems(context: typer.Context) -> None:
    """Show every system: whether it is set, when it was read, what went wrong last."""
    from agent.bootstrap import open_company
    from engine.errors import PlanningError
    from engine.service.connecting import connected

    with open_company(context.obj) as company:
        known = {each.name: each for each in connected(company.stores)}
        for name in STEPS:
            try:
                state = "set" if _books_or_source(company, name) else "not set"
            except PlanningError:
                state = "not set"
            seen = known.get(name)
            read = f", read {seen.read_at:%Y-%m-%d %H:%M}" if seen and seen.read_at else ""
            wrong = f", last error: {seen.last_error}" if seen and seen.last_error else ""
            typer.echo(f"{name}: {state}{read}{wrong}")
    typer.echo("How to set one up, and whether it works: qm connect check NAME")


def check(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="shopify, warehouse or books.")],
) -> None:
    """Walk through what a system needs, then ask it who it is."""
    from agent.bootstrap import open_company
    from engine.errors import PlanningError

    _require(name)
    typer.echo(STEPS[name])
    with open_company(context.obj) as company:
        found = _books_or_source(company, name)
        if found is None:
            raise PlanningError("books.system is not set; see the steps above.")
        about = found.check()
    told = about if isinstance(about, str) else about.name
    typer.echo(f"\nIt works{f': connected with {told}' if told else ''}.")


def pull(context: typer.Context, name: System) -> None:
    """Read what is new into the system's folder; then: qm import FOLDER."""
    from agent.bootstrap import open_company
    from agent.connecting import source_of
    from engine.service.connecting import pull as read

    _require(name)
    with open_company(context.obj) as company:
        folder = company.settings.connected_folder / name
        done = read(
            company.stores,
            source_of(company.settings, name, company.clock.now),
            folder,
            now=company.clock.now(),
        )
    news = ", ".join(f"{count:,} of {table}" for table, count in done.changed.items())
    typer.echo(f"{done.pages} pages read; rows changed: {news or 'none'}.")
    typer.echo(f"Next: qm import {_shown(folder)}")


def post(context: typer.Context) -> None:
    """Queue approved orders and bills that accounting has not got; a running worker sends them."""
    from agent.bootstrap import open_company
    from agent.connecting import books
    from engine.errors import BadSettings
    from engine.service.booking import queue_for_books

    with open_company(context.obj) as company:
        settings = company.settings
        if books(settings.books, settings.home_folder) is None:
            raise BadSettings("books.system is not set: qm connect check books")
        queued = queue_for_books(company.stores, settings.books.system, company.clock.now())
    typer.echo(f"{queued} documents queued." if queued else "Accounting has everything.")


def forget(context: typer.Context, name: System) -> None:
    """Read a system from the beginning the next time."""
    from agent.bootstrap import open_company
    from engine.service.connecting import forget as forgotten

    _require(name)
    with open_company(context.obj) as company:
        was = forgotten(company.stores, name)
    typer.echo("It is read from the beginning." if was else "It had not been read yet.")


def _require(name: str) -> None:
    from engine.errors import UnknownName

    if name not in STEPS:
        raise UnknownName("system", name, tuple(STEPS))


def _books_or_source(company: "Company", name: str) -> "Books | Source | None":
    from agent.connecting import books, source_of

    if name == "books":
        return books(company.settings.books, company.settings.home_folder)
    return source_of(company.settings, name, company.clock.now)


def _shown(folder: Path) -> str:
    """Relative to here where it lies below."""
    here = Path.cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)
