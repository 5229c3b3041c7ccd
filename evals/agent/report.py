"""A run of the cases as Markdown: what passed, and whoever failed as a transcript."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evals.agent.play import Played


def markdown(
    played: "Sequence[Played]", figures: Mapping[str, Any], *, model: str, k: int, every: bool
) -> str:
    """`every`: transcripts of all conversations, not of the failed ones alone."""
    lines = [
        f"# Agent cases, model {model}, each {k} times",
        "",
        f"{figures['passed']} of {figures['cases']} cases passed {k} times out of {k}.",
        "",
        "| suite | passed | cases |",
        "|---|---|---|",
        *(f"| {s} | {c['passed']} | {c['cases']} |" for s, c in figures["by_suite"].items()),
    ]
    for each in played:
        if every or not each.passed:
            lines += ["", *_transcript(each)]
    return "\n".join(lines) + "\n"


def _transcript(each: "Played") -> list[str]:
    verdict = "" if each.passed else " (failed)"
    return [
        f"## {each.case.suite}: {each.case.name}{verdict}",
        "",
        *(f"- {problem}" for problem in each.failures),
        *([""] if each.failures else []),
        "```text",
        each.transcript.replace("```", "'''"),
        "```",
    ]
