"""`qm eval slack-faults`: seeded faults in Slack, on both transports and both databases."""

import asyncio
import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from evals.slack_faults.scenes import Scene

COMPANY_LASTS = 22  # faults; then a new company, on the other transport
REAL_EVERY = 2  # companies, of which one also sees its `qm slack` killed for real


@dataclass
class Tally:
    """What was broken how often, and what did not hold."""

    tried: Counter[str] = field(default_factory=Counter[str])
    failures: list[str] = field(default_factory=list[str])
    companies: int = 0
    events: int = 0  # of all audits, each verified


def eval_slack_faults(
    count: Annotated[int, typer.Option(min=1, help="Faults on each database.")] = 110,
    seed: Annotated[int, typer.Option(help="Which ones.")] = 7,
    database: Annotated[
        list[str] | None, typer.Option(help="sqlite or postgresql; both by default.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Break Slack and our processes in seeded ways; print how often anything was doubled or lost.

    Calls that are refused, fail, lose their answer or return a gateway's page; events and clicks
    delivered again, late, out of order, over a connection that goes; processes that die at a
    statement or while posting, and `qm slack` killed with -9; two replicas; a decision elsewhere
    in the same moment; made-up buttons; a revoked token. Everything runs here, against a Slack of
    our own over real HTTP and websockets. Afterwards: one message per post, one decision per
    request, every click and question answered, the card right, and the audit verifies.
    """
    import logging

    import structlog

    # What is broken here on purpose would fill the screen with warnings.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    names = database or ["sqlite", "postgresql"]
    found = {name: _on(name, count, seed) for name in names}
    for name, tally in found.items():
        _print(name, tally)
    if json_file is not None:
        told = {
            name: {
                "faults": tally.tried.total(), "failures": tally.failures, "by_scene": tally.tried,
                "audit_events": tally.events,
            }
            for name, tally in found.items()
        }  # fmt: skip
        json_file.write_text(json.dumps({"seed": seed, **told}, indent=2))
    if any(tally.failures for tally in found.values()):
        raise typer.Exit(1)


def _on(name: str, count: int, seed: int) -> Tally:
    from evals.faults.command import server_of

    tally = Tally()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="qm-slack-") as place, server_of(name) as server:
        while tally.tried.total() < count:
            home = Path(place) / f"company{tally.companies}"
            home.mkdir()
            wanted = min(COMPANY_LASTS, count - tally.tried.total())
            asyncio.run(break_company(server, home, wanted, [seed, tally.companies], tally))
            typer.echo(
                f"{name}: {tally.tried.total()} of {count}, {len(tally.failures)} failures, "
                f"{time.monotonic() - began:.0f} s", err=True,
            )  # fmt: skip
    return tally


async def break_company(
    server: str | None, home: Path, count: int, seed: Sequence[int], tally: Tally
) -> None:
    """So many faults in one new company, the scenes in turn."""
    from engine.service import audit
    from evals.faults.command import new_database
    from evals.slack_faults.stage import audit_problems, open_stage

    url = f"sqlite:///{home}/qm.db" if server is None else new_database(server, tally.companies)
    transport = "socket" if tally.companies % 2 == 0 else "http"
    tally.companies += 1
    scenes = list(_scenes().items())
    async with open_stage(url, home, transport, list(seed)) as stage:
        for number in range(count):
            scene, act = scenes[number % len(scenes)]
            wrong = await _tried(act, stage)
            tally.tried[scene] += 1
            tally.failures += [
                f"{list(seed)} {transport} fault {number} {scene}: {each}" for each in wrong
            ]
        tally.failures += [f"{list(seed)} audit: {each}" for each in audit_problems(stage)]
        tally.events += audit.verify(stage.stores).events


async def _tried(act: "Scene", stage: object) -> list[str]:
    try:
        return await act(stage)  # type: ignore[arg-type]  a Stage
    except (TimeoutError, LookupError) as error:
        return [f"{type(error).__name__}: it never came to rest. {error}"]


def _scenes() -> "dict[str, Scene]":
    from evals.slack_faults import killed, scenes

    return {
        act.__name__.replace("_", " "): act
        for act in (
            scenes.slack_fails, scenes.answer_is_lost, scenes.delivered_again,
            scenes.connection_lost, scenes.out_of_order, scenes.dies_at_a_statement,
            scenes.dies_while_posting, scenes.two_replicas, scenes.decided_elsewhere,
            scenes.tampered, scenes.token_revoked, killed.killed_for_real,
        )
    }  # fmt: skip


def _print(name: str, tally: Tally) -> None:
    for scene, tried in sorted(tally.tried.items()):
        failed = sum(f" {scene}: " in each for each in tally.failures)
        typer.echo(f"{name:11} {scene:24} {tried:5} tried {failed:5} failed")
    typer.echo(
        f"{name:11} {tally.tried.total()} faults, {len(tally.failures)} failures; "
        f"{tally.events:,} audit events verified"
    )
    for failure in tally.failures[:20]:
        typer.echo(f"  {failure}")
