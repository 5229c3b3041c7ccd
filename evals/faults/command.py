"""`qm eval faults`: seeded faults in purchasing, on both databases."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.fault_runs import Tally, database_url, run_faults

if TYPE_CHECKING:
    from evals.faults.scenes import Scene

COMPANY_LASTS = 40  # faults; then a new one, so that looking at all of it stays quick


def eval_faults(
    count: Annotated[int, typer.Option(min=1, help="Faults on each database.")] = 500,
    seed: Annotated[int, typer.Option(help="Which ones.")] = 7,
    database: Annotated[
        list[str] | None, typer.Option(help="sqlite or postgresql; both by default.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Break purchasing in seeded ways and print how often anything was doubled, lost or untold.

    kill -9 at statements and around commits of proposing, deciding, sending, confirming, receiving
    and amending; several processes at once; a locked, lost or clashing database; a mail server
    that refuses, puts off, drops the line or falls silent; clocks that jump; messages delivered
    three times; rights, prices and rates that change between card and click. After each the
    order's state, decisions, budget, messages and mails are counted, and the audit is verified.
    """
    run_faults(
        break_company, count=count, seed=seed, company_lasts=COMPANY_LASTS, databases=database,
        json_file=json_file,
    )  # fmt: skip


def break_company(
    server: str | None, home: Path, count: int, seed: Sequence[int], tally: Tally
) -> None:
    """So many faults in one new company: each scene in turn, drawn apart from there."""
    from engine.service import audit, purchase
    from evals.faults.stage import audit_problems, open_stage, problems_of
    from evals.rigs.smtp import mail_rig

    url = database_url(server, home, tally.companies)
    scenes = list(_scenes().items())
    tally.companies += 1
    with mail_rig(home / "mail") as mail:
        stage = open_stage(url, home, mail, seed)
        first = tally.tried.total()
        for number in range(count):
            scene, act = scenes[(first + number) % len(scenes)]
            wrong = act(stage)
            tally.tried[scene] += 1
            tally.failures += [f"{seed} fault {number} {scene}: {each}" for each in wrong]
        tally.failures += [f"{seed} audit: {each}" for each in audit_problems(stage)]
        tally.events += audit.verify(stage.stores).events
        for view in purchase.list_orders(stage.stores):
            later = problems_of(stage, view.number)
            tally.failures += [f"{seed} at the end, {view.number}: {each}" for each in later]
        stage.stores.database.close()


def _scenes() -> "dict[str, Scene]":
    from evals.faults import database_scenes as base, scenes

    return {
        act.__name__.replace("_", " "): act
        for act in (
            scenes.killed_deciding, scenes.killed_sending, scenes.killed_proposing,
            scenes.killed_receiving, scenes.killed_confirming, scenes.killed_amending,
            scenes.two_decide_at_once, scenes.two_propose_at_once, scenes.mail_goes_wrong,
            scenes.delivered_three_times, scenes.clock_jumps, scenes.right_lost,
            scenes.price_or_rate_changed, base.locked, base.dropped, base.clashed,
        )
    }  # fmt: skip
