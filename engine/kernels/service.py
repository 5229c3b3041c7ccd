"""Three meanings of service, kept apart: cycle service, fill rate, and what safety they ask for."""

import math
from dataclasses import dataclass

from engine.errors import InvalidInput
from engine.kernels.loss import normal_quantile, standard_normal_loss


@dataclass(frozen=True, kw_only=True)
class LeadTimeDemand:
    """Demand over a random lead time, units."""

    mean: float
    sd: float

    def at_cycle_service(self, level: float) -> float:
        """Reorder point with probability `level` of no stockout per cycle (normal demand).

        It is not the share of demand served from stock; mu + k sigma.
        """
        if not 0 < level < 1:
            raise InvalidInput(f"Cycle service must lie between 0 and 1, got {level!r}.")
        return self.mean + normal_quantile(level) * self.sd


def lead_time_demand(
    *, demand_mean: float, demand_sd: float, lead_time_mean: float, lead_time_sd: float = 0.0
) -> LeadTimeDemand:
    """Mean and spread of demand over a random lead time, both per the same period.

    Variance E[L] sd_d^2 + d^2 sd_L^2, demand and lead time independent; the variance of
    a random sum (Silver, Pyke & Thomas, on variable lead times).
    """
    variance = lead_time_mean * demand_sd**2 + demand_mean**2 * lead_time_sd**2
    return LeadTimeDemand(mean=demand_mean * lead_time_mean, sd=math.sqrt(variance))


def fill_rate(*, reorder_point: float, quantity: float, demand: LeadTimeDemand) -> float:
    """Share of demand served from stock under (r, Q) with backorders, normal demand.

    1 - sd [G(k) - G(k + Q/sd)] / Q; the second term is what a cycle starts short with.
    Silver, Pyke & Thomas, on the P2 (fill rate) measure.
    """
    if demand.sd == 0:
        return 1.0 if reorder_point >= demand.mean else 0.0
    k = (reorder_point - demand.mean) / demand.sd
    short = standard_normal_loss(k) - standard_normal_loss(k + quantity / demand.sd)
    return 1 - demand.sd * short / quantity


def fill_rate_one_term(*, reorder_point: float, quantity: float, demand: LeadTimeDemand) -> float:
    """The common approximation 1 - sd G(k) / Q: too low where the batch is small."""
    k = (reorder_point - demand.mean) / demand.sd
    return 1 - demand.sd * standard_normal_loss(k) / quantity


def reorder_point_for_fill_rate(
    target: float, *, quantity: float, demand: LeadTimeDemand, tolerance: float = 1e-9
) -> float:
    """Smallest reorder point with that fill rate (exact formula, by bisection)."""
    if not 0 < target < 1:
        raise InvalidInput(f"Fill rate must lie between 0 and 1, got {target!r}.")
    low, high = demand.mean - 10 * demand.sd - quantity, demand.mean + 10 * demand.sd
    while high - low > tolerance * max(1.0, demand.sd):
        middle = (low + high) / 2
        if fill_rate(reorder_point=middle, quantity=quantity, demand=demand) < target:
            low = middle
        else:
            high = middle
    return high
