"""A purchase order as its supplier would get it."""

from datetime import date
from decimal import Decimal
from typing import Any

from engine.connect.order_document import OrderDocument, Party
from engine.kernels.discounts import PriceTiers
from engine.purchase.order import OrderContent, OrderLine


def order_line(number: int, name: str = "Oak table lamp", **other: Any) -> OrderLine:
    values: dict[str, Any] = {
        "sku": f"LAMP-{number:03d}", "supplier_sku": f"NL-{number}", "category": "lamps",
        "units": 144, "case_pack": 12, "minimum_units": 12, "requested_on": date(2026, 12, 7),
        "reason": "it sells out", "flows": True,
        "tiers": PriceTiers(breaks=(0,), prices_micros=(11_800_000,)), **other,
    }  # fmt: skip
    return OrderLine(line=number, name=name, **values)


def order_document(*lines: OrderLine, **other: Any) -> OrderDocument:
    content = OrderContent(
        supplier="NORDLICHT", supplier_name="Nordlicht GmbH", ship_to="MAIN", currency="EUR",
        base_currency="GBP", rate=Decimal("0.86"), payment_days=30, incoterm="DAP",
        lines=lines or (order_line(1), order_line(2, "Ash floor lamp", units=24)),
    )  # fmt: skip
    values: dict[str, Any] = {
        "number": "PO-1001", "revision": 1, "digest": "ab" * 32, "key": "PO-1001:r1:send",
        "control_number": 17, "issued_on": date(2026, 11, 23), "content": content,
        "buyer": Party(
            code="", name="Fern & Oak Ltd", address=("12 Mill Lane", "Leeds LS1 4AB"),
            country="GB", email="buying@fern.example", tax_id="GB123456789",
        ),
        "supplier": Party(
            code="NORDLICHT", name="Nordlicht GmbH", address=("Hauptstr. 5", "10115 Berlin"),
            country="DE", email="orders@nordlicht.example", edi_id="01:123456789",
        ),
        "ship_to": Party(code="MAIN", name="Main warehouse", address=("Dock Road 4", "Hull")),
        "gtins": {"LAMP-001": "4006381333931"}, **other,
    }  # fmt: skip
    return OrderDocument(**values)
