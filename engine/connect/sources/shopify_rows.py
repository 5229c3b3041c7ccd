"""What Shopify answers, as rows of the data contract."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.connect.sources.port import Key, Row

Node = Mapping[str, Any]
STATUS = {"ACTIVE": "active", "DRAFT": "planned", "ARCHIVED": "discontinued"}
_NOTHING: Node = {}
OPEN = frozenset({"OPEN", "IN_PROGRESS", "ON_HOLD", "SCHEDULED"})  # fulfilment orders that wait
PAID = frozenset({"SALE", "CAPTURE"})
UNSENT = frozenset({"DRAFT", "CANCELED", "CANCELLED"})  # purchase orders that bring nothing


def item_rows(product: Node) -> Iterator[tuple[Key, Row]]:
    """A row for each variant with a SKU; one without cannot be told from another."""
    for variant in _nodes(product, "variants"):
        if not variant.get("sku"):
            continue
        cost = _at(variant, "inventoryItem", "unitCost") or _NOTHING
        title = variant.get("title") or ""
        named = (
            product["title"] if title in ("", "Default Title") else f"{product['title']}, {title}"
        )
        yield (
            (variant["sku"],),
            _row(
                sku=variant["sku"], name=named, category=product.get("productType"),
                status=STATUS.get(product.get("status", ""), "active"),
                price=variant.get("price"), unit_cost=cost.get("amount"),
                currency=cost.get("currencyCode"), gtin=_gtin(variant.get("barcode")),
            ),
        )  # fmt: skip


def location_row(location: Node) -> tuple[Key, Row]:
    code = location["legacyResourceId"]
    kind = "3pl" if _at(location, "fulfillmentService", "type") == "THIRD_PARTY" else "warehouse"
    country = _at(location, "address", "countryCode")
    return (code,), _row(location=code, name=location["name"], kind=kind, country=country)


def stock_rows(item: Node, day: date) -> Iterator[tuple[Key, Row]]:
    """What cannot be sold counts as reserved. What customers have ordered does not: they wait.

    Shopify counts committed units as on hand, and every open order comes as a line that waits.
    """
    if not item.get("sku") or item.get("tracked") is False:
        return
    for level in _nodes(item, "inventoryLevels"):
        place = level["location"]["legacyResourceId"]
        units = {each["name"]: int(each["quantity"]) for each in level["quantities"]}
        held = sum(max(number, 0) for name, number in units.items() if name != "on_hand")
        yield (
            (day.isoformat(), item["sku"], place),
            _row(
                date=day.isoformat(), sku=item["sku"], location=place,
                on_hand=str(units.get("on_hand", 0)), reserved=str(held) if held else None,
            ),
        )  # fmt: skip


def sales_rows(order: Node, zone: ZoneInfo) -> Iterator[tuple[Key, Row]]:
    """A row per order line, and one per refunded line, on their days at the shop."""
    kind = "test" if order.get("test") else "cancellation" if order.get("cancelledAt") else "sale"
    at = _place(order)
    for line in _nodes(order, "lineItems"):
        if line.get("sku") and int(line["quantity"]):
            number = line_name(order, line)
            paid = line["discountedTotalSet"]["shopMoney"]["amount"]
            yield (
                (number, kind),
                _row(
                    date=_day(order["processedAt"], zone), sku=line["sku"],
                    location=at.get(line["id"]), channel=order.get("sourceName") or "web",
                    order_id=number, units=str(line["quantity"]), net_revenue=paid, kind=kind,
                ),
            )  # fmt: skip
    for count, refund in enumerate(_nodes(order, "refunds")):
        for back in _nodes(refund, "refundLineItems"):
            line = back["lineItem"]
            if line.get("sku") and int(back["quantity"]):
                number = f"{line_name(order, line)}/r{count}"
                yield (
                    (number, "return"),
                    _row(
                        date=_day(refund["createdAt"], zone), sku=line["sku"],
                        location=at.get(line["id"]), channel=order.get("sourceName") or "web",
                        order_id=number, units=f"-{back['quantity']}", kind="return",
                    ),
                )  # fmt: skip


def waiting_rows(order: Node) -> tuple[dict[Key, Row], tuple[Key, ...]]:
    """Lines that customers wait for, and the keys of those they no longer do."""
    lines = {line["id"]: line for line in _nodes(order, "lineItems") if line.get("sku")}
    left: dict[tuple[str, str], int] = {}
    is_off = bool(order.get("cancelledAt") or order.get("test"))
    for part in () if is_off else _nodes(order, "fulfillmentOrders"):
        place = _at(part, "assignedLocation", "location", "legacyResourceId")
        for each in _nodes(part, "lineItems") if part["status"] in OPEN and place else ():
            key = (each["lineItem"]["id"], str(place))
            left[key] = left.get(key, 0) + int(each["remainingQuantity"])
    customer = _at(order, "customer", "legacyResourceId")
    rows: dict[Key, Row] = {}
    for (line_id, place), units in left.items():
        if line_id in lines and units > 0:
            name = line_name(order, lines[line_id])
            rows[name,] = _row(
                order_line=name, sku=lines[line_id]["sku"], location=place,
                channel=order.get("sourceName") or "web", units=str(units),
                ordered_at=order["processedAt"], paid_at=_paid_at(order),
                contact_ref=f"shopify-{customer}" if customer else None,
            )  # fmt: skip
    known = {(line_name(order, line),) for line in lines.values()}
    return rows, tuple(sorted(known - rows.keys()))


def purchase_rows(order: Node) -> Iterator[tuple[Key, Row]]:
    """Lines of an order that its supplier has; a draft brings nothing."""
    if order["status"] in UNSENT or not order.get("orderedAt"):
        return
    place = _at(order, "destination", "location", "legacyResourceId")
    for number, line in enumerate(_nodes(order, "lineItems"), start=1):
        sku = _at(line, "inventoryItem", "sku")
        if sku:
            yield (
                (order["name"], str(number)),
                _row(
                    po=order["name"], line=str(number), sku=sku, location=place,
                    supplier=_at(order, "origin", "name") or "UNKNOWN",
                    ordered_on=order["orderedAt"][:10], units=str(line["totalQuantity"]),
                    unit_cost=_at(line, "unitCost", "amount"),
                    currency=order.get("currency"),
                ),
            )  # fmt: skip


def line_name(order: Node, line: Node) -> str:
    """`#1001/14523`: the order as people call it, and the line as Shopify numbers it."""
    return f"{order['name']}/{line['id'].rsplit('/', 1)[-1]}"


def _place(order: Node) -> dict[str, str]:
    """Where each line leaves stock."""
    retail = _at(order, "retailLocation", "legacyResourceId")
    found: dict[str, str] = {line["id"]: retail for line in _nodes(order, "lineItems") if retail}
    for part in _nodes(order, "fulfillmentOrders"):
        place = _at(part, "assignedLocation", "location", "legacyResourceId")
        for each in _nodes(part, "lineItems"):
            if place:
                found.setdefault(each["lineItem"]["id"], place)
    return found


def _paid_at(order: Node) -> str | None:
    moments = [
        each["processedAt"]
        for each in _nodes(order, "transactions")
        if each["kind"] in PAID and each["status"] == "SUCCESS" and each.get("processedAt")
    ]
    return min(moments, default=None)


def _at(node: Node, *path: str) -> Any:  # noqa: ANN401  whatever the other system answers
    """What lies at the end of a path; None where it ends before."""
    found: Any = node
    for name in path:
        found = found.get(name) if found else None
    return found


def _nodes(holder: Node, name: str) -> list[Node]:
    """A connection's nodes; some fields are plain lists."""
    found: Any = holder.get(name)
    if not found:
        return []
    return found if isinstance(found, list) else found["nodes"]  # pyright: ignore[reportUnknownVariableType]  any JSON


def _day(moment: str, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(moment).astimezone(zone).date().isoformat()


def _gtin(barcode: str | None) -> str | None:
    """A barcode need not be a GTIN; what is none is left out."""
    digits = (barcode or "").strip()
    return digits if digits.isdigit() and len(digits) in (8, 12, 13, 14) else None


def _row(**cells: str | None) -> Row:
    return {name: str(value) for name, value in cells.items() if value not in (None, "")}
