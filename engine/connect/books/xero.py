"""Xero: purchase orders, and bills as draft invoices to pay, by its accounting API 2.0.

Every post carries an `Idempotency-Key`. Xero forgets keys after a day, so the document's own number
is given too: where it is taken already, that document is the one.
"""

from dataclasses import dataclass, field
from typing import Any

from engine.connect.books.port import BookDocument, BookLine
from engine.connect.books.tokens import Tokens
from engine.connect.sources.paced import Paced
from engine.connect.sources.port import SourceRefused

URL = "https://api.xero.com"
TOKEN_URL, TOKEN_PATH = "https://identity.xero.com", "/connect/token"


@dataclass(frozen=True, kw_only=True)
class Xero:
    """`account` is the code of the account that purchases go to; `tenant` the organisation's id."""

    http: Paced = field(repr=False)
    tokens: Tokens = field(repr=False)
    tenant: str
    account: str
    name: str = "xero"

    def check(self) -> str:
        return str(self._call("GET", "Organisation")["Organisations"][0]["Name"])

    def post(self, document: BookDocument) -> str:
        if document.kind == "order":
            found = self._known("PurchaseOrders", document.number)
            return found or self._made("PurchaseOrders", "PurchaseOrderID", document)
        found = self._known("Invoices", document.number)
        return found or self._made("Invoices", "InvoiceID", document)

    def _known(self, what: str, number: str) -> str:
        """The id of a document that bears the number already; "" for none."""
        if what == "PurchaseOrders":
            try:
                found = self._call("GET", f"PurchaseOrders/{number}")["PurchaseOrders"]
            except SourceRefused as error:
                if "answered 404" in str(error):
                    return ""
                raise
            return str(found[0]["PurchaseOrderID"]) if found else ""
        asked = {"InvoiceNumbers": number, "where": 'Type=="ACCPAY"'}
        bills = self._call("GET", "Invoices", params=asked)["Invoices"]
        return str(bills[0]["InvoiceID"]) if bills else ""

    def _made(self, what: str, id_name: str, document: BookDocument) -> str:
        common = {
            "Contact": {"Name": document.supplier_name},
            "Date": document.issued_on.isoformat(),
            "CurrencyCode": document.currency,
            "LineAmountTypes": "Exclusive",
            "LineItems": [self._line(line) for line in document.lines],
        }
        own = (
            {
                "PurchaseOrderNumber": document.number, "Status": "AUTHORISED",
                "DeliveryDate": document.due_on.isoformat(),
            }
            if what == "PurchaseOrders"
            else {
                "Type": "ACCPAY", "InvoiceNumber": document.number, "Status": "DRAFT",
                "DueDate": document.due_on.isoformat(),
            }
        )  # fmt: skip
        key = {"idempotency-key": document.key}
        made = self._call("PUT", what, json={what: [{**common, **own}]}, headers=key)
        return str(made[what][0][id_name])

    def _line(self, line: BookLine) -> dict[str, Any]:
        """Xero multiplies and rounds itself; a price of more than four decimals would not fit."""
        return {
            "Description": f"{line.sku} {line.description}", "Quantity": line.units,
            "UnitAmount": str(line.unit_price), "LineAmount": str(line.amount),
            "AccountCode": self.account,
        }  # fmt: skip

    def _call(
        self,
        method: str,
        what: str,
        *,
        json: object = None,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """Once more with a fresh token where the one in hand has run out."""
        for is_last in (False, True):
            sent = {
                "authorization": f"Bearer {self.tokens.access()}", "accept": "application/json",
                "xero-tenant-id": self.tenant, **(headers or {}),
            }  # fmt: skip
            asked: dict[str, object] = {
                "headers": sent,
                "params": {"unitdp": "4", **(params or {})},
            }
            if json is not None:
                asked["json"] = json
            try:
                return self.http.send(method, f"/api.xro/2.0/{what}", **asked).json()
            except SourceRefused as error:
                if is_last or "answered 401" not in str(error):
                    raise
                self.tokens.refused()
        raise AssertionError  # the loop returns or raises
