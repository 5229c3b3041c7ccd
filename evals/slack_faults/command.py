"""`qm eval slack-faults`: seeded faults in Slack, on both transports and both databases."""

import asyncio
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.fault_runs import Tally, database_url, run_faults

if TYPE_CHECKING:
    from evals.slack_faults.scenes import Scene

COMPANY_LASTS = 22  # faults; then a new company, on the other transport
REAL_EVERY = 2  # companies, of which one also sees its `qm slack` killed for real


def eval_slack_faults(
    count: Annotated[
        int, typer.Option("--runs", "--count", min=1, help="Faults on each database.")
    ] = 110,
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
    run_faults(
        break_company, count=count, seed=seed, company_lasts=COMPANY_LASTS, databases=database,
        json_file=json_file,
    )  # fmt: skip


def break_company(
    server: str | None,
    home: Path,
    count: int,
    seed: Sequence[int],
    tally: Tally,
    only: Collection[str] = (),
) -> None:
    """So many faults in one new company, the scenes (or only those named) in turn."""
    asyncio.run(_break(server, home, count, seed, tally, only))


async def _break(
    server: str | None,
    home: Path,
    count: int,
    seed: Sequence[int],
    tally: Tally,
    only: Collection[str],
) -> None:
    from engine.service import audit
    from evals.slack_faults.stage import audit_problems, open_stage

    url = database_url(server, home, tally.companies)
    transport = "socket" if tally.companies % 2 == 0 else "http"
    tally.companies += 1
    scenes = [(name, act) for name, act in _scenes().items() if not only or name in only]
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
