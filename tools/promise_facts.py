"""What a new customer can be promised of an item, as facts: place by place, the best first."""

from engine.errors import PlanningError
from engine.promise.offers import Promise
from engine.service.company import local_day
from engine.service.promise_lookup import Asked, look_up, newest_told
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.names import Names
from tools.result import FactTable

SAID = {
    "stock": "in stock", "inbound": "on order", "lead_time": "not ordered yet", "none": "no date",
}  # fmt: skip


def add_promises(
    ledger: Ledger, names: Names, context: ToolContext, sku: str, quantity: int
) -> None:
    """Nothing where nothing has been promised yet, or the item is unknown to promises."""
    database = context.stores.database
    try:
        with database.read() as look:
            told = newest_told(look, local_day(look, context.now))
            found = look_up(look, told, Asked(sku=sku, quantity=quantity))
    except PlanningError:
        return
    item = names.item(sku)
    ledger.add("promise.quantity", quantity, "units", "units asked for", item, is_asked=True)
    rows = tuple(
        _row(ledger, names, f"promise.{number}", promise)
        for number, promise in enumerate(found, start=1)
    )
    ledger.table(
        FactTable(
            name="promises",
            title="What a new customer can be promised",
            columns=("Where", "From", "Ships", "Risk"),
            rows=rows,
        )
    )


def _row(ledger: Ledger, names: Names, prefix: str, promise: Promise) -> tuple[str, ...]:
    about = (names.item(promise.sku), names.location(promise.location))
    window = ""
    if promise.span is not None:
        days = f"{promise.span.first.isoformat()}/{promise.span.last.isoformat()}"
        label = "days between which it ships"
        window = ledger.add(f"{prefix}.window", days, "date_range", label, *about)
    risk = "at risk" if promise.at_risk else "in time"
    return (
        ledger.code(f"{prefix}.location", about[1]),
        ledger.add(f"{prefix}.basis", SAID[promise.basis], "status", "from what", *about),
        window,
        ledger.add(f"{prefix}.risk", risk, "status", "how sure it is", *about),
    )
