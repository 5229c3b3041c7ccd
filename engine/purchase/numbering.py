"""Order numbers: without gaps in their series, and never those of another system."""

import re
from collections.abc import Collection

SERIES = ("PO-", "QM-", "QMPO-")  # in the order in which they are tried


def series_beside(foreign: Collection[str]) -> str:
    """The prefix of the first series of which no foreign number could ever be one.

    An ERP that numbers its orders PO-5001, PO-5002, ... would reach any number of ours one day, so
    the whole series is left to it. PO-2026-00017 is no number of that series.
    """
    for prefix in SERIES:
        ours = re.compile(rf"{re.escape(prefix)}\d+", re.IGNORECASE)
        if not any(ours.fullmatch(number.strip()) for number in foreign):
            return prefix
    return f"{SERIES[-1]}{len(SERIES)}-"
