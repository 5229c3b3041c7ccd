"""`qm eval agent`: how many conversations end as they must."""

import json
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
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
        Literal["offline", "scripted", "openai"],
        typer.Option(help="The rules, the rules behind a server over HTTP, or the settings' own."),
    ] = "offline",
    suite: Annotated[str | None, typer.Option(help="Only this suite.")] = None,
    k: Annotated[int, typer.Option(min=1, help="Times each case must pass.")] = 1,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a report with failures in Markdown.")
    ] = None,
    *,
    transcripts: Annotated[
        bool, typer.Option("--transcripts", help="Every conversation in the report.")
    ] = False,
) -> None:
    """Play conversations on a small generated company; score database, tools, facts, words.

    A case passes when it ends as written k times out of k. Failures are shown as transcripts.
    """
    from evals.agent.case import load_cases
    from evals.agent.play import play
    from evals.agent.report import markdown
    from evals.agent.world import make_world

    cases = load_cases(suite)
    played: list[Played] = []
    with tempfile.TemporaryDirectory() as place:
        world = make_world(Path(place))
        for case in (case for case in cases for _ in range(k)):
            with ExitStack() as stack:
                enter = stack.enter_context
                played.append(play(case, world, partial(_model, context.obj, model, enter)))
    figures = summary(played)
    _print(played, figures)
    if json_file is not None:
        json_file.write_text(json.dumps({"model": model, "k": k, **figures}, indent=2))
    if report is not None:
        told = markdown(played, figures, model=model, k=k, every=transcripts)
        report.write_text(told, encoding="utf-8")
    if figures["passed"] != figures["cases"]:
        raise typer.Exit(1)


def _model(
    config: Path | None,
    model: Literal["offline", "scripted", "openai"],
    enter: Callable[[AbstractContextManager["ChatModel"]], "ChatModel"],
    own: "ChatModel",
) -> "ChatModel":
    """`own` is the company's: the offline one."""
    if model == "offline":
        return own
    if model == "scripted":
        from evals.agent.wired import wired

        return enter(wired(own))
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
