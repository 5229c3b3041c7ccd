"""A small Shopify shop, in the shapes that its Admin API publishes."""

from typing import Any

LEEDS, YORK = "701", "702"
Node = dict[str, Any]


def nodes(*found: Node) -> Node:
    return {"nodes": list(found)}


def product(sku: str, updated: str = "2026-11-01T10:00:00Z", **other: Any) -> Node:
    variant = {
        "sku": sku, "title": "Default Title", "price": "40.00", "barcode": "4006381333931",
        "inventoryItem": {"unitCost": {"amount": "18.5", "currencyCode": "GBP"}},
    }  # fmt: skip
    return {
        "updatedAt": updated, "title": f"Lamp {sku}", "productType": "Lighting", "status": "ACTIVE",
        "variants": nodes(variant), **other,
    }  # fmt: skip


def location(code: str, name: str) -> Node:
    return {
        "legacyResourceId": code, "name": name, "isActive": True, "fulfillmentService": None,
        "address": {"countryCode": "GB"},
    }  # fmt: skip


def level(sku: str, on_hand: int, damaged: int = 0, place: str = LEEDS) -> Node:
    quantities = [
        {"name": "on_hand", "quantity": on_hand}, {"name": "damaged", "quantity": damaged},
        {"name": "reserved", "quantity": 0},
    ]  # fmt: skip
    stocked = {"location": {"legacyResourceId": place}, "quantities": quantities}
    return {"sku": sku, "tracked": True, "inventoryLevels": nodes(stocked)}


def order(
    name: str, sku: str, units: int, left: int, updated: str = "2026-11-10T02:30:00Z", **other: Any
) -> Node:
    """Paid at half past two in the night by UTC: the evening before in New York."""
    line = {
        "id": f"gid://shopify/LineItem/9{name[1:]}", "sku": sku, "quantity": units,
        "discountedTotalSet": {"shopMoney": {"amount": str(40 * units)}},
    }  # fmt: skip
    place = {"location": {"legacyResourceId": LEEDS}}
    part = {
        "status": "OPEN" if left else "CLOSED", "assignedLocation": place,
        "lineItems": nodes({"remainingQuantity": left, "lineItem": {"id": line["id"]}}),
    }  # fmt: skip
    paid = {"kind": "SALE", "status": "SUCCESS", "processedAt": "2026-11-10T02:31:00Z"}
    return {
        "name": name, "updatedAt": updated, "processedAt": "2026-11-10T02:30:00Z",
        "cancelledAt": None, "test": False, "sourceName": "web",
        "customer": {"legacyResourceId": "4711"}, "retailLocation": None, "transactions": [paid],
        "lineItems": nodes(line), "fulfillmentOrders": nodes(part), "refunds": [], **other,
    }  # fmt: skip


def refund(sku: str, units: int, line: str) -> Node:
    back = {"quantity": units, "lineItem": {"id": f"gid://shopify/LineItem/{line}", "sku": sku}}
    return {"createdAt": "2026-11-12T15:00:00Z", "refundLineItems": nodes(back)}


def purchase(name: str, sku: str, units: int, status: str = "ORDERED") -> Node:
    line = {"inventoryItem": {"sku": sku}, "totalQuantity": units, "unitCost": {"amount": "18.50"}}
    return {
        "name": name, "orderedAt": "2026-11-02T09:00:00Z", "currency": "EUR", "status": status,
        "origin": {"name": "Nordlicht"},
        "destination": {"location": {"legacyResourceId": LEEDS}}, "lineItems": nodes(line),
    }  # fmt: skip


def shop() -> dict[str, list[Node]]:
    return {
        "products": [product("A"), product("B"), product("C", "2026-11-02T10:00:00Z")],
        "locations": [location(LEEDS, "Leeds"), location(YORK, "York")],
        "inventoryItems": [level("A", 5, damaged=1), level("B", 0), level("C", 9, place=YORK)],
        "orders": [
            order("#1001", "A", 2, left=0), order("#1002", "B", 3, left=3),
            order("#1003", "A", 1, left=1, updated="2026-11-10T02:40:00Z",
                  refunds=[refund("A", 1, "91003")]),
        ],
        "inventoryPurchaseOrders": [purchase("PO-1", "B", 60), purchase("PO-2", "B", 9, "DRAFT")],
    }  # fmt: skip
