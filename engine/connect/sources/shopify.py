"""A Shopify shop: items, places, stock, orders (sold and waiting) and purchase orders.

Orders and products are read by when they last changed, from the last change seen on; stock, places
and purchase orders whole each time, because Shopify does not say when they changed.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from engine.connect.sources import shopify_queries as queries, shopify_rows as shape
from engine.connect.sources.paced import Paced
from engine.connect.sources.port import About, Key, Page, Row, SourceAway, SourceRefused

THROTTLES = 8  # times that one query may be told to wait
Node = Mapping[str, Any]


@dataclass(frozen=True)
class Shopify:
    """`today` is the day whose stock is read; `url` of the shop, such as https://x.myshopify.com."""

    url: str
    token: str = field(repr=False)
    now: Callable[[], datetime]
    http: Paced | None = field(default=None, repr=False)
    name: str = "shopify"
    tables: tuple[str, ...] = ("locations", "items", "stock", "orders", "purchase_orders")

    def check(self) -> About:
        shop = self._ask(queries.SHOP, {})["shop"]
        return About(
            name=shop["name"], currency=shop["currencyCode"], time_zone=shop["ianaTimezone"]
        )

    def read(self, table: str, cursor: str) -> Iterator[Page]:
        """`orders` gives pages of sales and of backorders; the others of their own table."""
        if table == "items":
            yield from self._changed(queries.PRODUCTS, "products", cursor, self._items)
        elif table == "orders":
            yield from self._changed(queries.ORDERS, "orders", cursor, self._orders)
        elif table == "locations":
            yield from self._whole(queries.LOCATIONS, "locations", self._locations)
        elif table == "stock":
            yield from self._whole(queries.STOCK, "inventoryItems", self._stock)
        else:
            yield from self._whole(queries.PURCHASES, "inventoryPurchaseOrders", self._purchases)

    def _items(self, nodes: list[Node]) -> list[Page]:
        return [Page(table="items", rows=dict(r for node in nodes for r in shape.item_rows(node)))]

    def _orders(self, nodes: list[Node]) -> list[Page]:
        sales = dict(row for node in nodes for row in shape.sales_rows(node, self._zone))
        waiting: dict[Key, Row] = {}
        gone: list[Key] = []
        for node in nodes:
            rows, over = shape.waiting_rows(node)
            waiting |= rows
            gone += over
        return [
            Page(table="sales", rows=sales, gone=tuple(_other_kinds(sales))),
            Page(table="backorders", rows=waiting, gone=tuple(gone)),
        ]

    def _locations(self, nodes: list[Node]) -> list[Page]:
        return [Page(table="locations", rows=dict(shape.location_row(node) for node in nodes))]

    def _stock(self, nodes: list[Node]) -> list[Page]:
        rows = dict(row for node in nodes for row in shape.stock_rows(node, self._today))
        return [Page(table="stock", rows=rows)]

    def _purchases(self, nodes: list[Node]) -> list[Page]:
        rows = dict(row for node in nodes for row in shape.purchase_rows(node))
        return [Page(table="purchase_orders", rows=rows)]

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.check().time_zone)

    @property
    def _today(self) -> date:
        return self.now().astimezone(self._zone).date()

    def _changed(
        self, query: str, name: str, cursor: str, pages: Callable[[list[Node]], list[Page]]
    ) -> Iterator[Page]:
        """From the last change seen on, that one included: two may bear the same second."""
        since: str = json.loads(cursor)["since"] if cursor else ""
        newest, after = since, None
        while True:
            only = f"updated_at:>='{since}'" if since else None
            found = self._ask(query, {"after": after, "query": only})[name]
            newest = max([newest, *(node["updatedAt"] for node in found["nodes"])])
            # Until the last page the cursor stays: a read that breaks off begins again here.
            is_last = not found["pageInfo"]["hasNextPage"]
            told = json.dumps({"since": newest}) if is_last and newest else cursor
            for page in pages(found["nodes"]):
                yield Page(table=page.table, rows=page.rows, gone=page.gone, cursor=told)
            if is_last:
                return
            after = found["pageInfo"]["endCursor"]

    def _whole(
        self, query: str, name: str, pages: Callable[[list[Node]], list[Page]]
    ) -> Iterator[Page]:
        after = None
        while True:
            found = self._ask(query, {"after": after})[name]
            yield from pages(found["nodes"])
            if not found["pageInfo"]["hasNextPage"]:
                return
            after = found["pageInfo"]["endCursor"]

    def _ask(self, query: str, variables: dict[str, object]) -> Node:
        """Data of a query. A throttled one is asked again once enough of the bucket is refilled."""
        for _ in range(THROTTLES):
            body = {"query": query, "variables": variables}
            answer = self._client.send("POST", self._path, json=body).json()
            errors: Any = answer.get("errors")
            if not errors:
                return answer["data"]
            if not any(_code(error) == "THROTTLED" for error in errors):
                raise SourceRefused(f"Shopify: {_message(errors)}")
            self._client.wait(_refill_seconds(answer))
        raise SourceAway("Shopify asks for patience, again and again. It is tried again later.")

    @property
    def _path(self) -> str:
        return f"/admin/api/{queries.VERSION}/graphql.json"

    @cached_property
    def _client(self) -> Paced:
        if self.http is not None:
            return self.http
        headers = {"x-shopify-access-token": self.token}
        return Paced(client=httpx.Client(base_url=self.url, headers=headers, timeout=30))


def _other_kinds(sales: Mapping[Key, Row]) -> Iterator[Key]:
    """A sale that was cancelled since is no longer a sale, and the other way round."""
    for number, kind in sales:
        if kind != "return":
            yield from ((number, each) for each in ("sale", "cancellation", "test") if each != kind)


def _code(error: Any) -> str:  # noqa: ANN401  whatever the other system answers
    return str(error["extensions"].get("code", "")) if _has(error, "extensions") else ""


def _message(errors: Any) -> str:  # noqa: ANN401  as above
    """Some errors are a list of objects, those of a wrong key a sentence."""
    first = _first(errors)
    return str(first["message"] if _has(first, "message") else first)[:300]


def _first(found: Any) -> Any:  # noqa: ANN401  as above
    several = hasattr(found, "append")  # a list; a sentence and an object have no such thing
    return found[0] if several else found


def _has(found: object, name: str) -> bool:
    return isinstance(found, dict) and bool(found.get(name))  # pyright: ignore[reportUnknownArgumentType]  any JSON


def _refill_seconds(answer: Node) -> float:
    """Until the bucket holds what the query asks for, as Shopify tells it with every answer."""
    extensions: Any = answer.get("extensions")
    cost: Any = extensions["cost"] if _has(extensions, "cost") else None
    if not _has(cost, "throttleStatus"):
        return 2.0
    status, wanted = cost["throttleStatus"], float(cost.get("requestedQueryCost", 100))
    lacking = wanted - float(status["currentlyAvailable"])
    return max(lacking / max(float(status["restoreRate"]), 1.0), 0.5)
