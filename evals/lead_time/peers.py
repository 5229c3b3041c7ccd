"""What anyone would do first: quantiles of what was seen, of everyone or of the vendor."""

import numpy as np
from numpy.typing import NDArray

from evals.lead_time.shipments import Days, Shipments, names

Floats = NDArray[np.float64]
ENOUGH = 5  # shipments from which a vendor is judged by its own
ROLLING_DAYS = 730
PEERS = ("global_empirical", "vendor_empirical", "rolling_vendor")


def seen_by(shipments: Shipments, day: int) -> Days:
    """Shipments whose delivery is known at the end of `day`, those sent that day left out."""
    return np.flatnonzero((shipments.delivered <= day) & (shipments.sent < day))


def peer_quantiles(
    shipments: Shipments, rows: Days, day: int, levels: tuple[float, ...]
) -> dict[str, Floats]:
    """Quantiles of lead time [shipment, level] by peer, for `rows`, from what is seen by `day`."""
    seen = seen_by(shipments, day)
    recent = seen[shipments.delivered[seen] > day - ROLLING_DAYS]
    days, vendor = shipments.lead_days, names(shipments, "supplier")
    everyone = np.quantile(days[seen], levels)

    def by_vendor(known: Days) -> Floats:
        own = [days[known[vendor[known] == vendor[row]]] for row in rows]
        return np.stack(
            [np.quantile(each, levels) if len(each) >= ENOUGH else everyone for each in own]
        )

    return {
        "global_empirical": np.tile(everyone, (len(rows), 1)),
        "vendor_empirical": by_vendor(seen),
        "rolling_vendor": by_vendor(recent),
    }


def history_of(shipments: Shipments, rows: Days, day: int) -> Days:
    """Shipments of the same vendor that are known by `day`, for each of `rows`."""
    vendor = names(shipments, "supplier")
    known = vendor[seen_by(shipments, day)]
    return np.asarray([int((known == vendor[row]).sum()) for row in rows], dtype=np.int64)


def still_needed(
    shipments: Shipments, row: int, day: int, levels: tuple[float, ...]
) -> Floats | None:
    """Days after `day` by the vendor's deliveries that took longer than this order is out.

    None where fewer than ENOUGH of everyone's did.
    """
    seen, out = seen_by(shipments, day), day - int(shipments.sent[row])
    vendor = names(shipments, "supplier")
    longer = seen[shipments.lead_days[seen] > out]
    own = longer[vendor[longer] == vendor[row]]
    chosen = own if len(own) >= ENOUGH else longer
    if len(chosen) < ENOUGH:
        return None
    return np.quantile(shipments.lead_days[chosen] - out, levels)
