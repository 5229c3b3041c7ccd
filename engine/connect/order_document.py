"""A purchase order as its supplier receives it: the approved content and who is who.

Every format (PDF, CSV, JSON, X12) is written from this alone, so that they agree, and nothing in
it depends on when it is sent: a repeat is the same document, byte for byte.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.purchase.order import OrderContent


@dataclass(frozen=True, kw_only=True)
class Party:
    """A company or place on a document; what is not known is left out."""

    code: str  # ours: supplier or location code
    name: str
    address: tuple[str, ...] = ()  # lines, as they are written on an envelope
    country: str = ""  # ISO 3166 code
    email: str = ""
    phone: str = ""
    tax_id: str = ""
    edi_id: str = ""  # qualifier:id of an X12 interchange, such as 01:123456789


@dataclass(frozen=True, kw_only=True)
class OrderDocument:
    """One approved revision of an order."""

    number: str
    revision: int
    digest: str  # of the revision that was approved
    key: str  # the outbox key: what a receiver recognises a repeat by
    control_number: int  # unique per message, for interchanges that count them
    issued_on: date  # the day it was approved, at the company
    content: OrderContent = field(repr=False)
    buyer: Party
    supplier: Party
    ship_to: Party
    gtins: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)  # by our sku
    locale: str = "en_GB"
    is_draft: bool = False  # nobody has approved it: a preview, no order

    @property
    def title(self) -> str:
        """'PO-1001', or 'PO-1001 revision 2' once it replaces another."""
        return self.number if self.revision == 1 else f"{self.number} revision {self.revision}"

    @property
    def file_name(self) -> str:
        return f"{self.number}-r{self.revision}"
