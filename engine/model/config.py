"""What a plan run is asked to do; every value is part of the run's identity."""

from dataclasses import dataclass
from typing import Literal

from engine.model.automation import Automation
from engine.model.rules import Rules
from engine.model.snapshot import Bucket

# The M5 set is among them; the tails let an order-up-to level reach 99.5 %.
QUANTILE_LEVELS: tuple[float, ...] = (
    0.005, 0.01, 0.025, 0.05, 0.1, 0.165, 0.2, 0.25, 0.3, 0.4, 0.5,
    0.6, 0.7, 0.75, 0.8, 0.835, 0.9, 0.95, 0.975, 0.99, 0.995,
)  # fmt: skip
Objective = Literal["economic", "cycle_service", "fill_rate"]
Shortage = Literal["lost_sales", "backorders"]
HoldingBasis = Literal["average", "closing"]


@dataclass(frozen=True, kw_only=True)
class PlanConfig:
    """Configuration of a plan run. Rates are per year; days are calendar days."""

    bucket: Bucket = "week"
    # First day of the week, 0 is Monday; the running week then counts as the part of it that is
    # over. None: weeks end with the day before the as-of date, so that the last one is whole.
    week_start: int | None = None
    horizon: int = 13  # buckets forecast ahead
    objective: Objective = "economic"
    service_target: float = 0.95  # read by the two service objectives only
    shortage: Shortage = "lost_sales"
    holding_rate: float = 0.20  # storage, insurance, ageing, per unit cost and year
    capital_rate: float = 0.10  # cost of cash, per unit cost and year
    review_days: int = 7  # until the next chance to order, where the supplier states none
    default_lead_time_days: float = 14.0  # where nothing is stated or observed
    lead_time_spread: float = 0.25  # sd / mean of a lead time without any deliveries to judge by
    holding_basis: HoldingBasis = "average"  # which stock of a cycle holding is charged on
    waiting_cost: float = 0.25  # share of a unit's margin lost per week a backorder waits
    default_margin: float = 0.5  # share of the price, where the cost is unknown
    default_price_micros: int = 10_000_000  # where neither price nor revenue is known
    transfer_cost_micros: int = 500_000  # per unit moved between locations
    transfer_fixed_micros: int = 0  # of a journey between two locations, whatever it carries
    transfer_days: int = 2
    rules: Rules = Rules()  # noqa: RUF009  frozen: shared by all
    automation: Automation = Automation()  # noqa: RUF009  as above
    paths: int = 256  # simulated demand paths per series
    seed: int = 20261122
    challenger: bool = True  # boosted trees compete where their library is installed
    quantile_levels: tuple[float, ...] = QUANTILE_LEVELS
