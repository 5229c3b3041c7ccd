"""What every forecast of a process needs once, and can be fetched before there is any demand."""

from engine.forecast import strata
from engine.forecast.boosted.trees import installed
from engine.forecast.mixture import quantile_table
from engine.model.config import PlanConfig


def made_ready(config: PlanConfig) -> None:
    """Import the trees' library and solve the tables of counts; all are kept by the process.

    Nothing depends on whether this was called: what is missing is fetched when it is needed.
    """
    quantile_table(config.quantile_levels)
    strata.solve_tables()
    if config.challenger:
        installed()
