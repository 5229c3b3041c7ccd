"""On the demo company true demand is known: a jump that empties the shelf is demand, not panic."""

from engine.demand import clean_demand
from engine.model.config import PlanConfig
from support.company import full_company, snapshot_of


def test_hardly_any_true_demand_is_taken_for_panic() -> None:
    panel = clean_demand(snapshot_of(full_company), PlanConfig())
    panic = panel.corrections[panel.corrections["kind"] == "panic buying"]
    taken = (panic["before"] - panic["after"]).sum()
    assert taken < 0.001 * panel.observed[panel.in_stock > 0].sum()
