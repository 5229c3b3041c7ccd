"""`qm serve` and `qm worker`: the two processes that stay."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)
    app.command("worker")(worker)


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Listen here instead of web.host.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Listen on this port instead of web.port.")
    ] = None,
) -> None:
    """Answer over HTTP until it is stopped: /healthz, /readyz and /metrics.

    It computes nothing itself and may run several times beside each other. Purchase orders leave,
    and jobs run, only while a `qm worker` runs as well. SIGTERM lets open requests end.
    """
    from agent.bootstrap import open_company
    from agent.logging import configure_logging
    from agent.web.server import run_server

    with open_company(context.obj) as company:
        configure_logging(company.settings)
        web = company.settings.web
        run_server(company, host=host or web.host, port=web.port if port is None else port)


def worker(
    context: typer.Context,
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Do what is due now, then end; for cron and for tests.")
    ] = False,
) -> None:
    """Send what was approved, run what is due, clear what was left in the middle.

    Start as many as you like: one leads, and another takes over when it ends or falls silent.
    SIGTERM lets the job in hand end.
    """
    from agent.bootstrap import open_company
    from agent.logging import configure_logging
    from agent.worker.run import new_worker, run_worker

    with open_company(context.obj) as company:
        configure_logging(company.settings)
        if not once:
            run_worker(company)
            return
        one = new_worker(company)
        if not one.round():
            typer.echo("Another worker leads; it does what is due.")
        one.leave()
