"""Thresholds of a planner's judgement, as data: what is an exception, and what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.errors import BadSettings

_SHARES = ("stockout_chance", "least_at_stake_share", "switch_supplier_share", "price_break_share")


@dataclass(frozen=True, kw_only=True)
class Rules:
    """When something is an exception, and what is refused. Days are calendar days."""

    due_within_days: int = 7  # an order that cannot go out by then is next week's decision
    refuse_cover_days: float = 365.0  # a minimum that lasts longer is not bought without a person
    long_cover_days: float = 182.0  # a minimum that lasts longer is worth a look
    overstock_days: float = 182.0  # cover above it is overstock
    late_days: int = 3  # an order this much past its date is late
    stockout_chance: float = 0.5  # of running out before any order could arrive
    # Below the larger of the two an exception is noise.
    least_at_stake_minor: int = 2_000
    least_at_stake_share: float = 0.01  # of the gross margin that the company expects in a week
    least_doubtful_minor: int = 2_000  # below it stock that may not be there is not asked about
    transfer_least_minor: int = 300  # a transfer worth less is not worth moving for
    cut_hurts_minor: int = 10_000  # a budget cut that loses more is an exception
    unsure_above_minor: int = 50_000  # a line of low confidence that costs more is an exception
    # Of its order's cost: what another than the preferred supplier must be worth more.
    switch_supplier_share: float = 0.01
    price_break_share: float = 0.02  # of the line's cost that a missed break must be worth
    silenced: tuple[str, ...] = ()  # codes of exceptions that are never reported

    def __post_init__(self) -> None:
        """Raise BadSettings for a threshold that cannot be."""
        for name, value in vars(self).items():
            if isinstance(value, int | float) and value < 0:
                raise BadSettings(f"exceptions.{name} must not be below 0, got {value:g}.")
        for name in _SHARES:
            if getattr(self, name) > 1:
                raise BadSettings(
                    f"exceptions.{name} is a share between 0 and 1, got {getattr(self, name):g}."
                )

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> "Rules":
        """What `dataclasses.asdict` and JSON made of them."""
        given: dict[str, Any] = {**stored, "silenced": tuple(stored["silenced"])}
        return Rules(**given)

    def for_margin(self, weekly_margin_minor: float) -> "Rules":
        """The rules of a company that expects this gross margin in a week, base currency.

        What is worth a planner's minutes grows with the company.
        """
        share = round(self.least_at_stake_share * weekly_margin_minor)
        return replace(self, least_at_stake_minor=max(self.least_at_stake_minor, share))
