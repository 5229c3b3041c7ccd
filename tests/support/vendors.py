"""Servers on this machine that answer as the vendors publish: Shopify, QuickBooks, Xero."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from engine.connect.sources.paced import Paced

PAGE = 2  # nodes a page, whatever was asked for


@dataclass
class Vendor:
    """One server: what it holds, what it was asked, how it misbehaves next."""

    url: str = ""
    shop: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # nodes by connection
    made: dict[str, dict[str, Any]] = field(default_factory=dict)  # documents by key
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)  # before its own
    tokens: int = 0  # refresh tokens given out
    good: str = "token-0"  # the access token that opens it

    def http(self, **headers: str) -> Paced:
        client = httpx.Client(base_url=self.url, headers=headers, timeout=5)
        return Paced(client=client, wait=self.waited.append)


@contextmanager
def vendor() -> Iterator[Vendor]:
    """A server that speaks all three; which, the path tells."""
    state = Vendor()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def do_PUT(self) -> None:
            self._answer("PUT")

        def _answer(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            code, headers, content = _reply(state, method, self.path, dict(self.headers), body)
            sent = json.dumps(content).encode()
            self.send_response(code)
            for name, value in {**headers, "content-length": str(len(sent))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


Reply = tuple[int, dict[str, str], Any]


def _reply(state: Vendor, method: str, target: str, headers: dict[str, str], body: bytes) -> Reply:
    path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
    lower = {name.lower(): value for name, value in headers.items()}
    told = {"query": {k: v[0] for k, v in query.items()}, "headers": lower, "body": body.decode()}
    state.asked.append((method, path, told))
    if state.answers and "token" not in path:
        return state.answers.pop(0)
    if path.endswith("graphql.json"):
        return _shopify(state, lower, json.loads(body))
    if "token" in path:
        state.tokens += 1
        state.good = f"token-{state.tokens}"
        fresh = {"access_token": state.good, "refresh_token": f"refresh-{state.tokens}"}
        return 200, {}, fresh
    if lower.get("authorization") != f"Bearer {state.good}":
        return 401, {}, {"Title": "Unauthorized"}
    if path.startswith("/v3/company"):
        return _quickbooks(state, method, path, told)
    return _xero(state, method, path, told)


def _shopify(state: Vendor, headers: dict[str, str], asked: dict[str, Any]) -> Reply:
    if headers.get("x-shopify-access-token") != "shpat_good":
        return 401, {}, {"errors": "[API] Invalid API key or access token"}
    if " shop {" in asked["query"]:
        shop = {"name": "Lantern", "currencyCode": "GBP", "ianaTimezone": "America/New_York"}
        return 200, {}, {"data": {"shop": shop}}
    name = next(each for each in state.shop if f" {each}(first" in asked["query"])
    variables = asked["variables"]
    nodes = state.shop[name]
    if variables.get("query"):
        since = variables["query"].split("'")[1]
        nodes = [node for node in nodes if node["updatedAt"] >= since]
    first = int(variables.get("after") or 0)
    page = nodes[first : first + PAGE]
    info = {"hasNextPage": first + PAGE < len(nodes), "endCursor": str(first + PAGE)}
    cost = {"requestedQueryCost": 50, "actualQueryCost": 20, "throttleStatus": {
        "maximumAvailable": 1000.0, "currentlyAvailable": 980.0, "restoreRate": 50.0}}  # fmt: skip
    return (
        200,
        {},
        {"data": {name: {"pageInfo": info, "nodes": page}}, "extensions": {"cost": cost}},
    )


def throttled() -> Reply:
    """As Shopify says it: a good status, no data, and how full the bucket is."""
    error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
    cost = {"requestedQueryCost": 200, "throttleStatus": {
        "maximumAvailable": 1000.0, "currentlyAvailable": 50.0, "restoreRate": 50.0}}  # fmt: skip
    return 200, {}, {"errors": [error], "extensions": {"cost": cost}}


def _quickbooks(state: Vendor, method: str, path: str, told: dict[str, Any]) -> Reply:
    what, query = path.rsplit("/", 1)[-1], told["query"]
    if "companyinfo" in path:
        return 200, {}, {"CompanyInfo": {"CompanyName": "Lantern Ltd"}}
    if what == "query":
        known = "Nordlicht GmbH" in query["query"]
        return 200, {}, {"QueryResponse": {"Vendor": [{"Id": "56"}]} if known else {}}
    kind = {"purchaseorder": "PurchaseOrder", "bill": "Bill"}[what]
    made = state.made.setdefault(
        query["requestid"], {**json.loads(told["body"]), "Id": str(len(state.made) + 101)}
    )
    return 200, {}, {kind: made}


def _xero(state: Vendor, method: str, path: str, told: dict[str, Any]) -> Reply:
    if path.endswith("/Organisation"):
        return 200, {}, {"Organisations": [{"Name": "Lantern Ltd"}]}
    what = "Invoices" if "Invoices" in path else "PurchaseOrders"
    number, own = ("InvoiceNumber", "InvoiceID") if what == "Invoices" else (
        "PurchaseOrderNumber", "PurchaseOrderID")  # fmt: skip
    if method == "GET":
        wanted = told["query"].get("InvoiceNumbers") or path.rsplit("/", 1)[-1]
        found = [each for each in state.made.values() if each.get(number) == wanted]
        if not found and what == "PurchaseOrders":
            return 404, {}, {"Title": "Not Found"}
        return 200, {}, {what: found}
    (document,) = json.loads(told["body"])[what]
    made = state.made.setdefault(
        told["headers"]["idempotency-key"], {**document, own: f"id-{len(state.made) + 1}"}
    )
    return 200, {}, {what: [made]}
