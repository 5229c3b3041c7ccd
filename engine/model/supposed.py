"""What a person supposes about the world of a plan, to see what would change."""

from dataclasses import dataclass

from engine.errors import InvalidInput
from engine.model.config import Objective

LONGEST_SHIFT_DAYS = 365
WIDEST_SPREAD = 5.0


@dataclass(frozen=True, kw_only=True)
class Supposed:
    """What is different; a field that is None stays as the plan has it. All at once may be given.

    `supplier` is slower by `later_days` calendar days of lead time (faster where negative) and its
    lead times spread `spread` times as much around their mean; orders under way without a date of
    their own move with it. `minimum_units`, `price_micros` (of every quantity below the first
    break, in the supplier's currency) and `no_break_at` (the price break from so many units is
    gone) hold for the item `sku`, or for every item of the supplier where no item is named.
    """

    budget_minor: int | None = None  # total cap, base currency
    objective: Objective | None = None
    service_target: float | None = None  # read by the two service objectives
    supplier: str | None = None
    later_days: int | None = None
    spread: float | None = None
    sku: str | None = None
    minimum_units: int | None = None
    price_micros: int | None = None
    no_break_at: int | None = None

    def __post_init__(self) -> None:
        """Raise InvalidInput for what cannot be, naming the value and what is expected."""
        if self.service_target is not None and not 0 < self.service_target < 1:
            raise InvalidInput(f"A service of {self.service_target:.1%} cannot be aimed at; name "
                               "a share between 0 and 100 %, such as 98 %.")  # fmt: skip
        if self.later_days is not None and abs(self.later_days) > LONGEST_SHIFT_DAYS:
            raise InvalidInput(f"A lead time {self.later_days} days longer is beyond what a plan "
                               f"looks at; name at most {LONGEST_SHIFT_DAYS}.")  # fmt: skip
        if self.spread is not None and not 0 <= self.spread <= WIDEST_SPREAD:
            raise InvalidInput(f"A spread of {self.spread:g} times is not between 0 and "
                               f"{WIDEST_SPREAD:g}.")  # fmt: skip
        for name in ("minimum_units", "price_micros", "no_break_at"):
            value = getattr(self, name)
            if value is not None and value < 1:
                what = name.replace("_", " ")
                raise InvalidInput(f"{what} must be at least 1, got {value}.")
        if self._of_terms and self.sku is None and self.supplier is None:
            raise InvalidInput("Name the item or the supplier whose terms would be others.")
        if self._of_lead_time and self.supplier is None:
            raise InvalidInput("Name the supplier whose lead time would be another.")

    @property
    def _of_terms(self) -> bool:
        return any(
            each is not None for each in (self.minimum_units, self.price_micros, self.no_break_at)
        )

    @property
    def _of_lead_time(self) -> bool:
        return self.later_days is not None or self.spread is not None

    @property
    def of_service(self) -> bool:
        return self.objective is not None or self.service_target is not None

    @property
    def is_budget_only(self) -> bool:
        """Nothing but the cap is another: what was weighed stays."""
        return not (self._of_terms or self._of_lead_time or self.of_service)
