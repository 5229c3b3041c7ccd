"""How suppliers keep to the dates they confirm or promise."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import flags, reals, texts, whole
from engine.model.supply import DELAYS
from engine.supply.lanes import PRIOR_STRENGTH
from engine.supply.posterior import censored_posterior, moments

DELAY_FIRST, DELAY_LAST = -60, 240  # days early to days late; what lies beyond counts as these
_SMALL = 1e-3  # observations spread over all days: no delay is impossible


@dataclass(frozen=True, kw_only=True)
class Delays:
    """Rows of `frame` (columns DELAYS) with the distribution of days after the date."""

    frame: pd.DataFrame = field(repr=False)
    pmf: NDArray[np.float64] = field(repr=False)


def delays(parts: pd.DataFrame) -> Delays:
    """Per supplier with a receipt against a date, shrunk towards all suppliers together.

    `parts` has columns DELIVERIES. The date is the confirmed one, else the promised one; what is
    still out counts as "not yet".
    """
    width = DELAY_LAST - DELAY_FIRST + 1
    dated = _dated(parts)
    came = ~flags(dated, "censored")
    suppliers = sorted(set(texts(dated[came], "supplier")))
    if not suppliers:
        return Delays(frame=pd.DataFrame(columns=list(DELAYS)), pmf=np.zeros((0, width)))
    row = {supplier: i for i, supplier in enumerate(suppliers)}
    lane = np.asarray([row.get(each, -1) for each in texts(dated, "supplier")], dtype=np.int64)
    step = np.clip(whole(dated, "late") - DELAY_FIRST, 0, width - 1)
    weight = reals(dated, "weight")
    everyone = np.bincount(step[came], weights=weight[came], minlength=width) + _SMALL / width
    mine = lane >= 0
    pmf = censored_posterior(
        prior=np.tile(everyone / everyone.sum(), (len(suppliers), 1)),
        strength=PRIOR_STRENGTH,
        lane=lane[mine],
        day=step[mine],
        weight=weight[mine],
        censored=~came[mine],
    )
    mean, sd = moments(pmf, first=DELAY_FIRST)
    counted = np.bincount(lane[came], minlength=len(suppliers))
    frame = pd.DataFrame(
        {"supplier": suppliers, "mean_days": mean, "sd_days": sd, "observations": counted}
    )
    return Delays(frame=frame[list(DELAYS)], pmf=pmf)


def _dated(parts: pd.DataFrame) -> pd.DataFrame:
    """Deliveries that have a date to keep to, with `late`: days after it."""
    due = parts["confirmed"].where(parts["confirmed"] > 0, parts["promised"])
    dated = parts.assign(late=parts["day"] - due)
    return dated[(due > 0) & (due >= parts["ordered"])]
