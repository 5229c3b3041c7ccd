"""Who delivers, and who never has."""

from collections import Counter

from engine.kernels.columns import flags, texts
from engine.model.snapshot import Snapshot
from engine.supply import Inbound

_LOST_FROM = 3  # orders lost, and none that came, from which nothing more is ordered


def never_delivered(snapshot: Snapshot, coming: Inbound) -> frozenset[str]:
    """Suppliers of whose orders several are lost and none ever came: nothing more is sent there."""
    lines = coming.lines
    if lines.empty:
        return frozenset()
    lost = {
        (supplier, po)
        for supplier, po, gone in zip(
            texts(lines, "supplier"), texts(lines, "po"), flags(lines, "lost"), strict=True
        )
        if gone
    }
    orders = snapshot["purchase_orders"]
    came = set(texts(snapshot["receipts"], "po"))
    known = zip(texts(orders, "po"), texts(orders, "supplier"), strict=True)
    delivered = {supplier for po, supplier in known if po in came}
    count = Counter(supplier for supplier, _ in lost)
    return frozenset(s for s, n in count.items() if n >= _LOST_FROM and s not in delivered)
