"""QuickBooks Online: purchase orders and bills, by its accounting API v3.

A request carries `requestid`: QuickBooks answers a repeat with the document it made before.
Suppliers are found by their name, items are named in the description, amounts go to one expense
account.
"""

from dataclasses import dataclass, field
from typing import Any

from engine.connect.books.port import BookDocument, BookLine
from engine.connect.books.tokens import Tokens
from engine.connect.sources.paced import Paced
from engine.connect.sources.port import SourceRefused

URL = "https://quickbooks.api.intuit.com"
TOKEN_URL, TOKEN_PATH = "https://oauth.platform.intuit.com", "/oauth2/v1/tokens/bearer"
MINOR_VERSION = "75"
LONGEST_NUMBER = 21


@dataclass(frozen=True, kw_only=True)
class QuickBooks:
    """`account` is the id of the expense account; `realm` the company's id at Intuit."""

    http: Paced = field(repr=False)
    tokens: Tokens = field(repr=False)
    realm: str
    account: str
    name: str = "quickbooks"

    def check(self) -> str:
        found = self._call("GET", f"companyinfo/{self.realm}")
        return str(found["CompanyInfo"]["CompanyName"])

    def post(self, document: BookDocument) -> str:
        kind = "PurchaseOrder" if document.kind == "order" else "Bill"
        body = {
            "VendorRef": {"value": self._vendor(document.supplier_name)},
            "DocNumber": document.number[:LONGEST_NUMBER],
            "TxnDate": document.issued_on.isoformat(),
            "DueDate": document.due_on.isoformat(),
            "CurrencyRef": {"value": document.currency},
            "PrivateNote": document.key,
            "Line": [self._line(line) for line in document.lines],
        }
        made = self._call("POST", kind.lower(), json=body, requestid=document.key)
        return str(made[kind]["Id"])

    def _line(self, line: BookLine) -> dict[str, Any]:
        return {
            "DetailType": "AccountBasedExpenseLineDetail",
            "Amount": float(line.amount),
            "Description": f"{line.units} x {line.sku} {line.description} at {line.unit_price}",
            "AccountBasedExpenseLineDetail": {"AccountRef": {"value": self.account}},
        }

    def _vendor(self, name: str) -> str:
        quoted = name.replace("\\", "\\\\").replace("'", "\\'")
        query = f"select Id from Vendor where DisplayName = '{quoted}'"  # noqa: S608  Intuit's own language, quoted as it says
        found = self._call("GET", "query", query=query)["QueryResponse"].get("Vendor", [])
        if not found:
            raise SourceRefused(
                f"QuickBooks knows no vendor {name!r}. Add it there under exactly this name."
            )
        return str(found[0]["Id"])

    def _call(
        self, method: str, what: str, json: object = None, **parameters: str
    ) -> dict[str, Any]:
        """Once more with a fresh token where the one in hand has run out."""
        for is_last in (False, True):
            headers = {
                "authorization": f"Bearer {self.tokens.access()}", "accept": "application/json",
            }  # fmt: skip
            asked: dict[str, object] = {
                "params": {**parameters, "minorversion": MINOR_VERSION}, "headers": headers,
            }  # fmt: skip
            if json is not None:
                asked["json"] = json
            try:
                return self.http.send(method, f"/v3/company/{self.realm}/{what}", **asked).json()
            except SourceRefused as error:
                if is_last or "answered 401" not in str(error):
                    raise
                self.tokens.refused()
        raise AssertionError  # the loop returns or raises
