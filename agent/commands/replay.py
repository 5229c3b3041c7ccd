"""`qm replay`: how our plan would have done on the company's own last weeks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.service.replay_rules import Rivals


def register(app: typer.Typer) -> None:
    app.command("replay")(replay)


Policy = Annotated[
    Path | None,
    typer.Option(
        help="YAML or TOML with the rules to compare with; default: min/max, reorder point "
        "and weeks of cover, tuned."
    ),
]
Budget = Annotated[
    str | None, typer.Option(help="Cap on each week's orders, ours and the rules', such as 50k.")
]
Skus = Annotated[list[str] | None, typer.Option(help="Only this item; repeatable.")]
Places = Annotated[list[str] | None, typer.Option(help="Only this location; repeatable.")]
Categories = Annotated[
    list[str] | None, typer.Option(help="Only this category and all below; repeatable.")
]
Sample = Annotated[
    int | None, typer.Option(min=1, help="Only so many items, drawn by the seed: quicker.")
]
SnapshotId = Annotated[
    str | None, typer.Option(help="Replay this snapshot; default: the latest import.")
]
JsonFile = Annotated[
    Path | None, typer.Option(help="Also write every figure to this file; - is the screen.")
]
Picture = Annotated[
    Path | None, typer.Option(help="Also draw stock against fill rate to this PNG file.")
]


def replay(
    context: typer.Context,
    weeks: Annotated[
        int, typer.Option(min=1, max=104, help="How many of the last weeks to replay.")
    ] = 26,
    policy: Policy = None,
    budget: Budget = None,
    sku: Skus = None,
    location: Places = None,
    category: Categories = None,
    sample: Sample = None,
    snapshot: SnapshotId = None,
    json: JsonFile = None,
    picture: Picture = None,
) -> None:
    """Our plan against what was really done and against ordinary rules, on your own history.

    Each plan knows only what was known on its morning. All start from the same stock and orders
    and meet the same customers and lead times; customers who found nothing are lost. Rules are
    tuned on the weeks before. The first 4 weeks are a warm-up and not counted. No order is
    made; the result is kept, so that `qm chat` can speak of it.

        qm replay --weeks 26
    """
    from agent.bootstrap import open_company
    from agent.commands.plan import cap
    from agent.terminal.progress import progress_bar
    from agent.terminal.replay_report import print_replay, write_replay_json
    from engine.service.replay import replay_weeks
    from engine.service.replay_storage import keep_replay
    from engine.simulate.scope import Scope

    rivals = _rivals(policy)
    with open_company(context.obj) as company, progress_bar() as progress:
        scope = Scope(
            skus=tuple(sku or ()),
            locations=tuple(location or ()),
            categories=tuple(category or ()),
            sample=sample,
            seed=company.plan_config.seed,
        )
        report = replay_weeks(
            company.stores,
            company.plan_config,
            weeks=weeks,
            budget_minor=cap(budget, company, snapshot),
            snapshot_id=snapshot,
            scope=scope,
            rivals=rivals,
            progress=progress,
        )
        keep_replay(company.stores, report, is_whole=scope.is_everything, now=company.clock.now())
    if json is None or str(json) != "-":
        print_replay(report)
    if json is not None:
        write_replay_json(report, json)
    if picture is not None:
        from agent.views.replay_chart import replay_picture

        replay_picture(report, picture)


def _rivals(policy: Path | None) -> "Rivals":
    """The rules of the file, or the usual ones; read first, so that a slip costs no minutes."""
    from engine.service.replay_rules import Rivals
    from engine.service.rule_file import read_rules

    if policy is None:
        return Rivals()
    return Rivals(rules=read_rules(policy), folder=policy.parent)
