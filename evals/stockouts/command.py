"""`qm eval stockouts`: is demand that a stockout hid found again?"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from evals.stockouts.masks import Recovery

LIMITS = {"smooth": 0.03, "intermittent": 0.08}  # of the level's bias
METHODS = {"ours": "ours", "drop": "mean of the weeks left", "zeros": "stockouts read as zeros"}


def eval_stockouts(
    data: Annotated[Path, typer.Option(help="Folder of VN2 or M5 files, or one above it.")],
    seeds: Annotated[int, typer.Option(min=1, help="How many draws of masked weeks.")] = 8,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Mask 2 to 8 in-stock weeks of a fifth of the series as out of stock; compare with the truth.

    `level` is the bias of the mean over all in-stock weeks of the masked series, `masked` that of
    the masked weeks alone, which is what the correction itself is off by, and `error` its size
    series by series, whatever the sign. The other methods read stockouts as zeros, or fill in the
    mean of the weeks left. VN2 records stockouts; M5 does not, so there only the masked weeks are
    known to be out of stock. The goal is a level within 3 % (smooth) and 8 % (intermittent).
    """
    from evals.stockouts.masks import over_seeds, read_sales

    history = read_sales(data)

    def done(seed: int) -> None:
        typer.echo(f"  draw {seed} of {seeds}", err=True)

    draws = list(over_seeds(history, seeds, done))
    result = {"data": history.name, "seeds": seeds, "kinds": figures(draws)}
    _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2))


def figures(draws: "Sequence[Sequence[Recovery]]") -> dict[str, Any]:
    """Per kind of series: biases over all draws taken together, and the worst level of one draw."""
    from evals.stockouts.masks import together

    kinds: dict[str, Any] = {}
    for found in zip(*draws, strict=True):
        whole = together(found)
        kinds[whole.kind] = {
            "series": round(whole.series / len(found)),
            "goal": LIMITS[whole.kind],
            "worst_level": max((each.level_bias("ours") for each in found), key=abs),
            **{
                method: {
                    "level": whole.level_bias(method),
                    "masked": whole.masked_bias(method),
                    "error": whole.error(method),
                }
                for method in METHODS
            },
        }
    return kinds


def _print(result: Mapping[str, Any]) -> None:
    typer.echo(f"{result['data']}: bias of recovered demand over {result['seeds']} draws")
    typer.echo(f"  {'':14} {'method':26} {'level':>8} {'masked':>9} {'error':>7}")
    for kind, figure in result["kinds"].items():
        for method, name in METHODS.items():
            level, masked, error = (figure[method][key] for key in ("level", "masked", "error"))
            typer.echo(f"  {kind:14} {name:26} {level:+8.2%} {masked:+9.1%} {error:7.1%}")
        typer.echo(
            f"  {kind:14} worst level of one draw {figure['worst_level']:+.2%}, goal "
            f"{figure['goal']:.0%}, {figure['series']} series masked in each draw"
        )
