"""Percentages as tools take them: whole basis points, so that 12.5 % is said exactly."""

from typing import Annotated

from pydantic import Field

BASIS = 10_000.0  # basis points in the whole: 100 %
SAID = "in basis points, as the person said it: 12.5 % is 1250"

Cut = Annotated[int, Field(gt=0, le=9_500)]  # off a price
Change = Annotated[int, Field(gt=0, le=190_000)]  # of a forecast or a price


def share_of(basis_points: int) -> float:
    """1250 -> 0.125."""
    return basis_points / BASIS


def depth_of(basis_points: int | None) -> float | None:
    """Of a promotion; None leaves the depth to what is usual."""
    return None if basis_points is None else share_of(basis_points)
