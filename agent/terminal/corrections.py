"""Corrections of demand as a terminal shows them."""

from collections.abc import Sequence

import typer

from engine.model.people_plans import KeepAsRecorded
from engine.service.correction_tables import CorrectionView
from engine.service.data_health import DataHealth
from engine.service.demand_decisions import DemandDecision


def print_corrections(made: Sequence[CorrectionView]) -> None:
    """A line per corrected period, the reason beside it."""
    if not made:
        typer.echo("Nothing was corrected: demand is what was recorded.")
        return
    typer.echo(f"{'period from':11} {'location':10} {'kind':16} {'recorded':>9} {'counts':>9}")
    for each in made:
        typer.echo(
            f"{each.start.isoformat():11} {each.location:10} {each.kind:16} {each.before:9,.1f} "
            f"{each.after:9,.1f}  {each.reason}"
        )


def print_totals(health: DataHealth) -> None:
    """Units added and taken by kind over the whole history."""
    typer.echo(
        f"{health.series:,} series; corrections moved {health.corrected_share:.1%} of demand."
    )
    for total in health.totals:
        typer.echo(
            f"  {total.kind:16} {total.series:6,} series {total.periods:8,} periods "
            f"{total.added:+12,.0f} {-total.removed:+12,.0f} units"
        )


def print_reversals(decisions: Sequence[DemandDecision[KeepAsRecorded]], sku: str | None) -> None:
    """What people keep as recorded, with the number under which it is taken up again."""
    for each in decisions:
        content = each.content
        if each.state == "in force" and sku in (None, content.sku):
            where = content.location or "everywhere"
            typer.echo(
                f"Kept as recorded by {each.author} (decision {each.id}): {content.sku}, {where}, "
                f"{content.start} to {content.end}, {content.kind or 'every kind'}. "
                f"{content.reason}".rstrip()
            )
