"""`qm eval agent`: how many conversations end as they must."""

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.llm.port import ChatModel
    from evals.agent.play import Played


def eval_agent(
    context: typer.Context,
    model: Annotated[
        str, typer.Option(help="offline, or openai: the server that the settings name.")
    ] = "offline",
    suite: Annotated[str | None, typer.Option(help="Only this suite.")] = None,
    k: Annotated[int, typer.Option(min=1, help="Times each case must pass.")] = 1,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Play conversations on a small generated company; score database, tools, facts, words.

    A case passes when it ends as written k times out of k. Failures are shown as transcripts.
    """
    from evals.agent.case import load_cases
    from evals.agent.play import play
    from evals.agent.world import make_world

    cases = load_cases(suite)
    chosen = "openai" if model == "openai" else "offline"
    with tempfile.TemporaryDirectory() as place:
        world = make_world(Path(place))
        played = [
            play(case, world, lambda _company: _model(context.obj, chosen))
            for case in cases
            for _ in range(k)
        ]
    figures = summary(played)
    _print(played, figures)
    if json_file is not None:
        json_file.write_text(json.dumps({"model": model, "k": k, **figures}, indent=2))
    if figures["passed"] != figures["cases"]:
        raise typer.Exit(1)


def _model(config: Path | None, model: Literal["offline", "openai"]) -> "ChatModel | None":
    """None keeps the company's own: the offline one."""
    if model == "offline":
        return None
    from agent.llm.openai.model import OpenAiModel
    from agent.settings import load_settings

    return OpenAiModel.from_settings(load_settings(config).settings.model)


def summary(played: "Sequence[Played]") -> dict[str, object]:
    """The keys others read: cases, passed, by_suite."""
    names = list(dict.fromkeys((each.case.suite, each.case.name) for each in played))
    failed = {(each.case.suite, each.case.name) for each in played if not each.passed}
    cases, passed = (
        Counter(s for s, _ in names),
        Counter(s for s, n in names if (s, n) not in failed),
    )
    return {
        "cases": len(names),
        "passed": len(names) - len(failed),
        "by_suite": {suite: {"cases": cases[suite], "passed": passed[suite]} for suite in cases},
    }


def _print(played: "Sequence[Played]", figures: dict[str, object]) -> None:
    for each in played:
        if not each.passed:
            typer.echo(f"\nFAILED {each.case.suite}: {each.case.name}")
            typer.echo("\n".join(f"  {problem}" for problem in each.failures))
            typer.echo("\n".join(f"  | {line}" for line in each.transcript.splitlines()))
    by_suite = figures["by_suite"]
    assert isinstance(by_suite, dict)  # noqa: S101  made above
    for name, counts in by_suite.items():
        typer.echo(f"{name:<16} {counts['passed']:>3} of {counts['cases']}")
    typer.echo(f"{'all':<16} {figures['passed']:>3} of {figures['cases']}")
