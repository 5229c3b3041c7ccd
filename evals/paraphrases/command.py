"""`qm eval paraphrases`: how often people who do not know the patterns are understood."""

import json
import tempfile
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
    """Put paraphrases to the offline model on the small company of `qm eval agent`.

    A line is right when the first call is a tool that was wanted and every argument named in the
    line has its value (asking for what such a tool still needs counts too); or when it asks back,
    or says that it cannot, where that was wanted.
    """
    from evals.agent.world import make_world
    from evals.paraphrases.paraphrase import kept_files, read_file
    from evals.paraphrases.score import score

    figures: dict[str, object] = {}
    read = {path.name: read_file(path) for path in file or kept_files()}
    with tempfile.TemporaryDirectory() as place:
        world = make_world(Path(place))
        for name, lines in read.items():
            figures[name] = _print(name, score(lines, world), failures=failures)
    if json_file is not None:
        json_file.write_text(json.dumps(figures, indent=2))


def _print(name: str, scored: "Sequence[Understood]", *, failures: bool) -> dict[str, object]:
    from evals.paraphrases.score import rates

    for each in scored:
        if failures and not each.is_right:
            want = " or ".join(each.paraphrase.want)
            before = " after ".join(map(repr, (each.says, *reversed(each.paraphrase.before))))
            typer.echo(f"  {before}: {want} {each.wanted}, got {each.got} {each.args}")
    by_want = rates(scored)
    for want, (good, every) in by_want.items():
        typer.echo(f"{want:<20} {good:>3} of {every}")
    right = sum(each.is_right for each in scored)
    share = right / len(scored) if scored else 0.0
    typer.echo(f"{name}: {right} of {len(scored)} understood ({share:.1%})\n")
    return {"right": right, "lines": len(scored), "by_want": by_want}
