"""`qm eval paraphrases`: how often people who do not know the patterns are understood."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evals.paraphrases.score import Understood


def eval_paraphrases(
    file: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="JSON lines; default: those kept here."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
    *,
    failures: Annotated[bool, typer.Option(help="Show what was not understood.")] = True,
) -> None:
    """Read paraphrases with the offline model and the demo company's names; compare its first call.

    A line is right when the tool is the one that was wanted and every argument named in the line
    has its value; or when it asks back, or says that it cannot, where that was wanted.
    """
    from agent.llm.offline.model import OfflineModel
    from evals.paraphrases.company import demo_names
    from evals.paraphrases.paraphrase import kept_files, read_file
    from evals.paraphrases.score import score

    names = demo_names()
    model = OfflineModel(lambda: names)
    figures: dict[str, object] = {}
    for path in file or kept_files():
        scored = score(read_file(path), model)
        figures[path.name] = _print(path.name, scored, failures=failures)
    if json_file is not None:
        json_file.write_text(json.dumps(figures, indent=2))


def _print(name: str, scored: "Sequence[Understood]", *, failures: bool) -> dict[str, object]:
    from evals.paraphrases.score import rates

    for each in scored:
        if failures and not each.is_right:
            wanted = each.paraphrase
            typer.echo(f"  {wanted.say!r}: {wanted.want} {wanted.args}, got {each.got} {each.args}")
    right, by_want = (
        sum(each.is_right for each in scored),
        rates(scored, lambda e: e.paraphrase.want),
    )
    for want, (good, every) in by_want.items():
        typer.echo(f"{want:<20} {good:>3} of {every}")
    share = right / len(scored) if scored else 0.0
    typer.echo(f"{name}: {right} of {len(scored)} understood ({share:.1%})\n")
    return {"right": right, "lines": len(scored), "by_want": by_want}
