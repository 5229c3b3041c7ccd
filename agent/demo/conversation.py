"""The conversation that `qm demo` plays where nobody types: every scene through the real code."""

from engine.service import reading
from engine.service.reading import RunHeader
from engine.service.stores import Stores


def script(stores: Stores, run: RunHeader) -> tuple[str, ...]:
    """What the buyer and then the manager type, about the best line of the plan."""
    best = reading.plan_lines(stores, run.id).iloc[0]
    sku, supplier = str(best["sku"]), str(best["supplier"])
    return (
        "What should I buy this week with 50k?",
        f"Why that quantity of {sku}?",
        f"How sure are you about {sku}?",
        "And at the Leeds store?",
        "What needs my attention?",
        f"Draft the order for {supplier}",
        "Ask for approval",
        "/as manager",
        "/approvals",
        "approve 1",
        "/as buyer",
        "What is the status of my orders?",
    )
