"""`qm eval pulses`: are jumps and collapses found at once, and is nothing else."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from evals.m5.files import M5Data
    from evals.pulses.figures import Round


def eval_pulses(
    data: Annotated[Path, typer.Option("--data", help="Folder with the M5 files, or its parent.")],
    seed: Annotated[int, typer.Option(help="Of the pulses: which series, when, what kind.")] = 1,
    origins: Annotated[int, typer.Option(min=1, help="Windows of 28 held-back days.")] = 2,
    rounds: Annotated[int, typer.Option(min=1, help="Times pulses are drawn anew.")] = 2,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Inject x2, x3 and x.3 steps and spikes into the last days of M5, which are held back.

    At each origin the engine learns once; the 28 days after it are told one by one, as they are
    and with a pulse in every series. Found: a tripling on an item that sold 5 a day or more, by
    its second day. False alarms: on the days as they are, per 500 item-weeks. Pinball: of the
    7 days after each morning, with pulses and by the same engine without them.
    """
    from evals.m5.files import load
    from evals.pulses.figures import figures

    played = _play(load(data), origins, rounds, seed)
    result = {"seed": seed, "origins": origins, **figures(played)}
    _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2))


def _play(data: "M5Data", origins: int, rounds: int, seed: int) -> list["Round"]:
    import numpy as np

    from evals.pulses.figures import Round
    from evals.pulses.inject import draw, injected, none
    from evals.pulses.origin import HELD_BACK_DAYS, morning, origin_at, told

    played: list[Round] = []
    random = np.random.default_rng(seed)
    for back in range(origins, 0, -1):
        origin = origin_at(data, data.units.shape[1] - back * HELD_BACK_DAYS)
        series = len(origin.units)
        drawn = [none(series), *(draw(series, random) for _ in range(rounds))]
        for number, injection in enumerate(drawn):
            units = injected(origin.units, injection, random)
            whole = told(origin, units)
            days = range(1, whole.shape[1] - origin.cut + 1)
            mornings = [morning(origin, whole, day) for day in days]
            played.append(Round(origin=origin, injection=injection, units=units, mornings=mornings))
            typer.echo(f"d_{origin.cut + 1}: round {number} of {rounds} told", err=True)
    return played


def _print(result: dict[str, Any]) -> None:
    typer.echo(
        f"found {_percent(result['found_share'])} of the triplings on items selling 5 a day or "
        f"more; {result['false_alarms_per_500']} false alarms per 500 item-weeks "
        f"({result['item_weeks']:,} seen)"
    )
    typer.echo(
        f"pinball with / without: {result['pinball_ratio']}, injected "
        f"{result['pinball_ratio_injected']}, as they are {result['pinball_ratio_uninjected']}"
    )
    typer.echo("  size  kind   units a day    pulses  found  pinball with / without")
    for row in result["table"]:
        low, high = row["units_per_day"]
        span = f"{low:g} - {high:g}" if high < 1e9 else f"{low:g} or more"
        typer.echo(
            f"  x{row['size']:<4g} {row['kind']:6} {span:14} {row['pulses']:6}  "
            f"{_percent(row['found']):>5}  {row['pinball_ratio']}"
        )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f} %"
