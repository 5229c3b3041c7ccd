"""Our plan as a policy that can be replayed."""

from datetime import timedelta

import pandas as pd

from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.money import exponent
from engine.service.planning import PlanInputs, compute_plan
from engine.simulate.policy import ORDERS, TRANSFERS, Decision, Policy, Situation
from engine.simulate.replay import REVIEW_DAYS


def plan_policy(config: PlanConfig, budget_minor: int | None) -> Policy:
    """Our plan as a policy: buy what it lists, move what it proposes. Nobody cuts or delays it.

    A line that its supplier takes only after the next plan waits for that plan. First orders for
    an item at a place that has never had any are left out, and moves there: the replay knows
    nobody who wants it.
    """

    def policy(situation: Situation, /) -> Decision:
        inputs = PlanInputs(
            snapshot=situation.snapshot(),
            decisions=Decisions(),
            config=config,
            budget_minor=budget_minor,
        )
        plan = compute_plan(inputs).plan
        orders = _orders(plan.lines, inputs.snapshot.company.base_currency)
        series = pd.MultiIndex.from_frame(situation.series[["sku", "location"]])
        known = pd.MultiIndex.from_frame(orders[["sku", "location"]]).isin(series)
        soon = orders["placed_on"] < pd.Timestamp(situation.day + timedelta(days=REVIEW_DAYS))
        return Decision(
            orders=orders[known & soon.to_numpy()].reset_index(drop=True),
            transfers=_between(plan.transfers, series),
        )

    return policy


def _between(transfers: pd.DataFrame, series: pd.MultiIndex) -> pd.DataFrame:
    """Transfers whose two ends the replay knows, columns TRANSFERS."""
    ends = [
        pd.MultiIndex.from_frame(transfers[["sku", side]]).isin(series)
        for side in ("from_location", "to_location")
    ]
    return transfers.loc[ends[0] & ends[1], list(TRANSFERS)].reset_index(drop=True)


def _orders(lines: pd.DataFrame, base: str) -> pd.DataFrame:
    """The plan's lines as a policy's orders, columns ORDERS."""
    cost = lines["cost_minor"] / lines["units"] / 10 ** exponent(base)
    placed = pd.to_datetime(lines["order_on"])
    unknown = pd.Series(pd.NaT, index=lines.index, dtype="datetime64[ns]")
    return lines.assign(cost=cost, placed_on=placed, arrives_on=unknown)[list(ORDERS)]
