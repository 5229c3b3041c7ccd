"""Where an item is planned, and which of those places a question means."""

from typing import cast

from engine.errors import UnknownName
from engine.service.items import item_rows
from engine.service.reading import RunHeader
from engine.service.stores import Stores
from tools.cells import Record, known, records
from tools.context import ToolContext
from tools.names import names_of, require_item, require_location

SHOWN_PLACES = 10


def places_of(context: ToolContext, run: RunHeader, sku: str, location: str | None) -> list[Record]:
    """Catalogue rows of the item, busiest place first; one row where a location is named.

    Raises UnknownName for an unknown SKU or location, and where the item is not kept there.
    """
    require_item(context.stores, run, sku)
    rows = records(item_rows(context.stores, run, sku))
    if location is not None:
        code = require_location(names_of(context.stores, run), location).code
        found = [row for row in rows if row["location"] == code]
        if not found:
            raise UnknownName("place for", f"{sku} at {code}", [str(r["location"]) for r in rows])
        return found
    return sorted(rows, key=lambda row: (-(known(row["mean_weekly_units"]) or 0), _code(row)))


def considered(stores: Stores, run: RunHeader, sku: str, location: str) -> Record | None:
    """What the plan weighed for an item in a place (replenish.candidates.ITEMS), if anything."""
    blob = run.artefacts.get("candidate_items")
    if blob is None:
        return None
    found = stores.blobs.find_rows(str(blob), {"sku": sku, "location": location})
    rows = cast("list[Record]", found.to_pylist())
    return rows[0] if rows else None


def _code(row: Record) -> str:
    return str(row["location"])
