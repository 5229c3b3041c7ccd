"""`qm audit`: verify the chain of decisions, and read it."""

from pathlib import Path
from typing import Annotated

import typer

from agent.commands.purchase import As, Json
from agent.commands.written import write_file


def register(app: typer.Typer) -> None:
    audit = typer.Typer(help="Verify and read the record of decisions.", no_args_is_help=True)
    audit.command("verify")(verify)
    audit.command("anchor")(anchor)
    audit.command("show")(show)
    audit.command("export")(export)
    audit.command("check")(check)
    app.add_typer(audit, name="audit")


def verify(context: typer.Context, *, as_json: Json = False) -> None:
    """Check every event, the whole chain, its anchor outside, and the orders it speaks of.

    Exit code 1, and what does not hold, when somebody has changed, removed or added anything.
    """
    from agent.bootstrap import open_company
    from engine.model.canonical import canonical_json
    from engine.service import audit

    with open_company(context.obj) as company:
        report = audit.verify(company.stores)
    if as_json:
        typer.echo(canonical_json({"verified": report.verified, "report": report}))
    elif report.verified:
        typer.echo(f"audit verified: {report.events} events, anchored up to {report.anchored}")
    else:
        typer.secho(f"audit does NOT verify ({report.events} events)", fg="red")
    if report.lagged and report.verified and not as_json:
        typer.echo(
            f"  the anchor is {report.lagged} events behind, as a crash can leave it; the next "
            "event goes on"
        )
    for finding in () if as_json else report.findings:
        typer.echo(f"  {finding.problem}: {finding.sentence}")
    if not report.verified:
        raise typer.Exit(1)


def anchor(
    context: typer.Context,
    *,
    accept: Annotated[
        bool, typer.Option("--accept", help="Anchor what is there now; this is audited.")
    ] = False,
    act_as: As = None,
) -> None:
    """Say how far the anchor vouches for the audit; with --accept, anchor what it lacks.

    An anchor that is gone or lags may mean that somebody cut the end of the audit off, so nothing
    mends it by itself. Accept it only once you know why. It takes the right to administer.
    """
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.service import audit
    from engine.service.reanchor import accept_anchor

    with open_company(context.obj) as company:
        if accept:
            person = person_at_terminal(company, act_as)
            report = accept_anchor(company.stores, person=person, now=company.clock.now())
        else:
            report = audit.verify(company.stores)
        typer.echo(
            f"{company.stores.seal.anchor}: anchored up to {report.anchored} of "
            f"{report.events} events"
        )
    for finding in report.findings:
        typer.echo(f"  {finding.problem}: {finding.sentence}")
    if not report.verified:
        raise typer.Exit(1)


def show(
    context: typer.Context,
    subject: Annotated[
        str | None,
        typer.Option(help="Only this: PO-1001, policy, or budget:total:2026-W48."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many, the newest.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Print the events, oldest first: who did what, when, and how they were identified."""
    from agent.bootstrap import open_company
    from agent.terminal.order_report import print_events
    from engine.model.canonical import canonical_json
    from engine.service import audit

    with open_company(context.obj) as company:
        found = audit.events(company.stores, subject=subject)
    events = found[-limit:] if limit else found
    if len(events) < len(found):
        # On the other stream: what reads the events need not know of it.
        earlier = len(found) - len(events)
        typer.echo(f"{earlier:,} earlier left out; a larger --limit shows them.", err=True)
    if as_json:
        typer.echo(canonical_json(events))
    elif events:
        print_events(events)
    else:
        typer.echo("No events." if subject is None else f"No events about {subject}.")


def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to write it; it must not be there yet.")],
    act_as: As = None,
) -> None:
    """Write the whole audit to a file that others can keep; who did is the audit's next event.

    The file holds ids and digests, no names. It is checked with `qm audit check`, which needs the
    audit key and no database.
    """
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal
    from engine.errors import InvalidInput
    from engine.service.audit_export import export_audit

    if file.exists():
        raise InvalidInput(f"{file} is there already; name a new file.")
    with open_company(context.obj) as company:
        person = person_at_terminal(company, act_as)
        content = export_audit(company.stores, person=person, now=company.clock.now())
    write_file(file, content)
    typer.echo(f"{file}: {len(content.splitlines()) - 2:,} events, sealed")


def check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file written by `qm audit export`.")],
) -> None:
    """Check an exported audit against the audit key; exit code 1 when it does not hold."""
    from agent.bootstrap import open_company
    from engine.service.audit_export import check_export

    with open_company(context.obj) as company:
        found = check_export(file.read_bytes(), company.stores.seal.key)
    told = "verified" if found.verified else "does NOT verify"
    typer.echo(f"{file} {told}: {found.events:,} events of {found.company}, {found.exported_at}")
    for finding in found.findings:
        typer.echo(f"  {finding.problem}: {finding.sentence}")
    if not found.verified:
        raise typer.Exit(1)
