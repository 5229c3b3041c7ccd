"""Lead-time distributions per supplier, and per item or ship-to where the data allow."""

import numpy as np

from engine.kernels.columns import texts
from engine.kernels.known import up_to_as_of
from engine.model.config import PlanConfig
from engine.model.snapshot import Snapshot
from engine.model.supply import LeadTimes
from engine.supply.calendars import supplier_calendars
from engine.supply.delays import DELAY_FIRST, delays
from engine.supply.evidence import Evidence, evidence_from
from engine.supply.lanes import item_lanes, joined, supplier_lanes
from engine.supply.lost import lost_shares, suspects, without_lost
from engine.supply.orders import deliveries, order_lines
from engine.supply.posterior import LONGEST_DAYS
from engine.supply.ship_tos import ship_to_lanes
from engine.supply.stated import StatedTimes, stated_times


def lead_times(snapshot: Snapshot, config: PlanConfig) -> LeadTimes:
    """Order-to-receipt distributions with borrowing: lane from supplier, supplier from all.

    Without deliveries a stated time is taken, with the spread that statements have shown across
    the company, or with `config.lead_time_spread` where there is no experience; without a
    statement the company's own deliveries, or `config.default_lead_time_days`. Lines that are
    still out count as "not yet", so a supplier that is late now is not taken for a fast one, as
    far as they may yet come: an order may also be lost, the likelier the longer it is out.
    Every supplier has a lane with neither sku nor location; that is the one to fall back on.
    """
    snapshot = up_to_as_of(snapshot)
    calendars = supplier_calendars(snapshot)
    stated = stated_times(snapshot)
    parts = deliveries(snapshot, order_lines(snapshot), calendars)
    evidence = evidence_from(parts, stated, snapshot.as_of)
    suppliers = sorted({*calendars, *snapshot["supplier_items"]["supplier"]})
    width = _width(evidence, stated, config)
    came = evidence.of(evidence.came)
    quick = supplier_lanes(suppliers, stated, came, config, width)
    lost = lost_shares(suppliers, quick.pmf, came.suppliers, suspects(snapshot, parts))
    evidence = without_lost(evidence, snapshot, suppliers, quick.pmf, lost)
    whole = supplier_lanes(suppliers, stated, evidence, config, width)
    lanes = joined([whole, ship_to_lanes(whole, evidence), item_lanes(whole, stated, evidence)])
    kept = delays(evidence)
    return LeadTimes(
        lanes=lanes.frame,
        pmf=lanes.pmf,
        delays=kept.frame,
        delay_pmf=kept.pmf,
        delay_first=DELAY_FIRST,
        stated_spread=config.lead_time_spread,
        lost=lost[np.searchsorted(suppliers, texts(lanes.frame, "supplier"))],
    )


def _width(evidence: Evidence, stated: StatedTimes, config: PlanConfig) -> int:
    """Days that every distribution spans: thrice what is stated, or a fortnight past the seen."""
    expected = 3 * max(config.default_lead_time_days, stated.longest)
    seen = float(evidence.days.max(initial=0))
    return int(min(max(expected, seen) + 14, LONGEST_DAYS)) + 1
