"""`qm eval lead-time`: lead-time distributions of real vendors, scored as orders were sent."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from evals.lead_time.shipments import Shipments


def eval_lead_time(
    data: Annotated[Path, typer.Option(help="The SCMS delivery file, or a folder with it.")],
    train_until: Annotated[str, typer.Option(help="Last day of training, as 2010-12-31.")],
    score_until: Annotated[
        str | None,
        typer.Option(
            help="Last day of sending that is scored. Default: a year before the last scheduled "
            "delivery in the file, because of later orders only the quick ones are in it."
        ),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Predict the days from sending to delivery of each order sent after the cut, in turn.

    Deliveries become known on their day; orders that are still out count as "longer than so far".
    The peers know the same deliveries. Goal: 80 % intervals that hold 80 +/- 5 %, and +/- 10 % by
    the vendor's history; pinball loss at least 5 % below the best peer.
    """
    from evals.lead_time.shipments import read_shipments

    shipments = read_shipments(data)
    cut = _day(train_until, "--train-until")
    until = _day(score_until, "--score-until") if score_until else shipments.complete_until
    result = _scored(shipments, cut, until)
    _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2))


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day; write {option} 2010-12-31.") from error


def _scored(shipments: "Shipments", cut: date, until: date) -> dict[str, Any]:
    from engine.errors import InvalidInput
    from evals.lead_time.run import figures, score_remaining, score_sent, trained_on

    came, out = trained_on(shipments, cut.toordinal())
    if not came or not cut < until:
        raise InvalidInput(
            f"Nothing to train on by {cut} or to score up to {until}; the file has orders sent "
            f"from {date.fromordinal(int(shipments.sent[0]))} to {shipments.complete_until}."
        )
    scored = score_sent(shipments, cut.toordinal(), until.toordinal(), _told)
    return {
        "train_until": cut.isoformat(),
        "score_until": until.isoformat(),
        "trained_on": {"delivered": came, "still_out": out},
        "dropped": shipments.dropped,
        **figures(shipments, scored, until.toordinal()),
        "remaining": score_remaining(shipments, scored),
    }


def _told(line: str) -> None:
    typer.echo(f"\r  {line}", err=True, nl=False)


def _print(result: dict[str, Any]) -> None:
    left_out = ", ".join(f"{count:,} {reason}" for reason, count in result["dropped"].items())
    trained = result["trained_on"]
    typer.echo("", err=True)
    typer.echo(f"lines dropped: {left_out}")
    typer.echo(
        f"trained until {result['train_until']} on {trained['delivered']:,} shipments and "
        f"{trained['still_out']:,} still out; scored: sent up to {result['score_until']}"
    )
    typer.echo(_line("ours", result))
    for name, peer in result["peers"].items():
        typer.echo(_line(name, peer))
    typer.echo(f"  pinball is {result['ratio_to_best_peer']:.3f} of the best peer's")
    for name, group in result["by_history"].items():
        typer.echo(_line(f"history: {name}", group))
    typer.echo(_line("remaining: ours", result["remaining"]))
    for name, peer in result["remaining"]["peers"].items():
        typer.echo(_line(f"remaining: {name}", peer))


def _line(name: str, part: dict[str, Any]) -> str:
    held = "  ".join(f"{width} % holds {share:5.1f}" for width, share in part["coverage"].items())
    wide = f"80 % is {part['width_80']:5.1f} days wide"
    return f"  {name:30} pinball {part['pinball']:6.2f}  {held}  {wide}  ({part['shipments']:,})"
