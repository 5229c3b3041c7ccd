"""Breakfast at the Frat (dunnhumby): weekly units of 55 products in 77 stores."""

from pathlib import Path

from evals.histories.history import History
from evals.promotions.frat import load_frat


def read_frat(folder: Path) -> History:
    """Units only, no prices or promotions; a pair's week without a row is missing, never zero."""
    frat = load_frat(folder)
    return History(
        name="frat",
        skus=list(frat.pairs["upc"]),
        locations=list(frat.pairs["store"]),
        categories=list(frat.pairs["category"]),
        units=frat.units,
        first_day=frat.starts[0].date(),
        bucket_days=7,
    )
