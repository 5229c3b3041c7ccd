"""The data contract: which tables the engine plans from, and what their columns mean.

A snapshot holds each table as Arrow data of exactly these columns: `text` string, `integer` int64,
`money` int64 in micros (the column's stored name ends in `_micros`), `real` double, `date` and
`instant` timestamp[ns] (a date at midnight, an instant in UTC, both without zone), `flag` bool.
A `list` is text with `|` between its parts. Optional columns may hold nulls.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "money", "real", "date", "instant", "flag", "list"]
Duplicates = Literal["keep", "last"]


@dataclass(frozen=True, kw_only=True)
class Column:
    name: str  # as users write it in files and mappings
    kind: Kind
    doc: str
    required: bool = False  # a row without it is quarantined; a file without it is an error
    default: str | None = None  # fills what is absent; a table column filled whole is a finding
    choices: tuple[str, ...] = ()
    minimum: float | None = None

    @property
    def stored(self) -> str:
        """The name inside snapshots."""
        return f"{self.name}_micros" if self.kind == "money" else self.name


@dataclass(frozen=True, kw_only=True)
class Table:
    name: str
    doc: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False
    duplicates: Duplicates = "last"  # "keep": rows add up (sales lines); "last": later row wins

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _text(name: str, doc: str, *, default: str | None = None) -> Column:
    return Column(name=name, kind="text", doc=doc, default=default)


def _key(name: str, doc: str) -> Column:
    return Column(name=name, kind="text", doc=doc, required=True)


def _day(name: str, doc: str, *, required: bool = False) -> Column:
    return Column(name=name, kind="date", doc=doc, required=required)


def _count(
    name: str, doc: str, *, required: bool = False, default: str | None = None, minimum: float = 0
) -> Column:
    return Column(
        name=name, kind="integer", doc=doc, required=required, default=default, minimum=minimum
    )


def _money(name: str, doc: str, *, required: bool = False) -> Column:
    return Column(name=name, kind="money", doc=doc, required=required, minimum=0)


def _real(name: str, doc: str, *, minimum: float | None = 0) -> Column:
    return Column(name=name, kind="real", doc=doc, minimum=minimum)


def _list(name: str, doc: str) -> Column:
    return Column(name=name, kind="list", doc=doc)


ITEMS = Table(
    name="items",
    doc="What is sold. Derived from sales, with a finding, where no file gives it.",
    key=("sku",),
    columns=(
        _key("sku", "stock keeping unit, unique"),
        _text("name", "what people call it"),
        _text("category", "path from general to special, parts separated by /"),
        _text("parent", "sku or style of which this is a variant"),
        _text("attributes", "name=value pairs separated by |, such as colour=oak|size=M"),
        Column(
            name="status",
            kind="text",
            doc="is it still bought",
            default="active",
            choices=("active", "planned", "discontinued"),
        ),
        _day("launch_date", "first day on sale"),
        _money("unit_cost", "cost of one unit, in currency"),
        _money("price", "regular selling price of one unit, in currency"),
        _text("currency", "ISO 4217 of cost and price; empty: the company's base currency"),
        _real("volume_l", "litres per unit"),
        _real("weight_kg", "kilograms per unit"),
        _count("shelf_life_days", "days until it can no longer be sold", minimum=1),
        _list("substitutes", "skus that customers take instead"),
        _text("successor", "sku that replaces it"),
        _text("renamed_from", "earlier sku whose history is this item's"),
        _count("units_per_record", "units in one recorded sale unit", default="1", minimum=1),
        _text("gtin", "GTIN-8, -12, -13 or -14"),
    ),
)
BUNDLES = Table(
    name="bundles",
    doc="Sets sold as one sku; each sale draws its components once.",
    key=("bundle_sku", "component_sku"),
    columns=(
        _key("bundle_sku", "sku of the set"),
        _key("component_sku", "sku inside it"),
        _count("quantity", "units of the component per set", required=True, minimum=1),
    ),
)
LOCATIONS = Table(
    name="locations",
    doc="Where stock is held. Derived from sales or stock, with a finding, where absent.",
    key=("location",),
    columns=(
        _key("location", "short code, unique"),
        _text("name", "what people call it"),
        Column(
            name="kind",
            kind="text",
            doc="what it is",
            default="warehouse",
            choices=("warehouse", "store", "3pl"),
        ),
        _text("time_zone", "IANA name; empty: the company's"),
        _text("country", "ISO 3166 code, for holidays"),
        _real("capacity_volume_l", "litres it can hold"),
        _count("capacity_units", "units it can hold"),
        _list("channels", "channels it serves"),
        _text("supplied_from", "location that replenishes it, where it does not buy itself"),
    ),
)
CHANNELS = Table(
    name="channels",
    doc="Where customers buy.",
    key=("channel",),
    columns=(
        _key("channel", "short code, unique"),
        Column(
            name="kind",
            kind="text",
            doc="what it is",
            default="web",
            choices=("web", "marketplace", "store", "wholesale"),
        ),
    ),
)
SALES = Table(
    name="sales",
    doc="Units sold, a row per order line, per day or per week. The one table that must be there.",
    key=("date", "sku", "location", "channel", "order_id"),
    required=True,
    duplicates="keep",
    columns=(
        _day("date", "day of the sale, or first day of its week", required=True),
        _key("sku", "what was sold"),
        _text("location", "where it left stock; empty: the only location", default="MAIN"),
        _text("channel", "where it was bought", default="web"),
        _text("order_id", "order or invoice number"),
        Column(
            name="units",
            kind="integer",
            doc="units, negative for what came back",
            required=True,
        ),
        Column(name="net_revenue", kind="money", doc="revenue of the line after discounts"),
        Column(name="price", kind="money", doc="price paid for one unit"),
        Column(
            name="kind",
            kind="text",
            doc="what happened; negative units of a sale become a return",
            default="sale",
            choices=("sale", "return", "cancellation", "test", "adjustment"),
        ),
    ),
)
STOCK = Table(
    name="stock",
    doc="Stock at the end of a day (or week). History tells stockouts from lack of demand.",
    key=("date", "sku", "location"),
    columns=(
        _day("date", "day, or first day of the week", required=True),
        _key("sku", "what"),
        _text("location", "where; empty: the only location", default="MAIN"),
        Column(name="on_hand", kind="integer", doc="units in the building"),
        _count("reserved", "units of them already promised", default="0"),
        Column(
            name="in_stock_fraction",
            kind="real",
            doc="share of the day or week that it could be bought, 0 to 1",
            minimum=0,
        ),
    ),
)
SUPPLIERS = Table(
    name="suppliers",
    doc="Who sells to us. One assumed supplier, with a finding, where absent.",
    key=("supplier",),
    columns=(
        _key("supplier", "short code, unique"),
        _text("name", "legal or trading name"),
        _text("country", "ISO 3166 code"),
        _text("currency", "ISO 4217 of its orders; empty: the base currency"),
        _count("payment_days", "days from receipt to payment", default="30"),
        _text("incoterm", "Incoterms 2020 code", default="DAP"),
        _list("order_days", "mon..sun for weekdays or 1..31 for days of the month; empty: any day"),
        _count("review_days", "days between two chances to order", minimum=1),
        _money("minimum_value", "smallest order value, in its currency"),
        _count("minimum_units", "smallest order in units"),
        _real("minimum_volume_l", "smallest order in litres"),
        _real("container_volume_l", "litres that fill a container"),
        Column(name="lead_time_days", kind="real", doc="stated order to receipt", minimum=0),
        _text("email", "where orders go"),
    ),
)
SUPPLIER_ITEMS = Table(
    name="supplier_items",
    doc="What each supplier sells, at which price and in which packs.",
    key=("supplier", "sku"),
    columns=(
        _key("supplier", "who"),
        _key("sku", "what"),
        _text("supplier_sku", "the supplier's own code"),
        _money("unit_cost", "cost of one unit, in the supplier's currency"),
        _count("minimum_units", "minimum order quantity of the item", default="1", minimum=1),
        _count("case_pack", "units per pack; orders are multiples of it", default="1", minimum=1),
        _list("tiers", "price breaks as units:price, such as 100:11.80|500:10.90"),
        Column(
            name="tier_kind",
            kind="text",
            doc="does the lower price hold for all units or only those above the break",
            default="all_units",
            choices=("all_units", "incremental"),
        ),
        Column(name="lead_time_days", kind="real", doc="stated, where it differs", minimum=0),
        _count("rank", "1 is preferred", default="1", minimum=1),
    ),
)
PURCHASE_ORDERS = Table(
    name="purchase_orders",
    doc="Order lines placed before, open and closed: inbound supply and lead-time evidence.",
    key=("po", "line"),
    columns=(
        _key("po", "order number"),
        _count("line", "line number", required=True),
        _key("supplier", "who"),
        _key("sku", "what"),
        _text("location", "where to; empty: the only location", default="MAIN"),
        _day("ordered_on", "day it was sent", required=True),
        _count("units", "units ordered", required=True),
        _money("unit_cost", "agreed cost of one unit"),
        _text("currency", "ISO 4217; empty: the supplier's"),
        _day("promised_on", "date we asked for or the supplier stated"),
        _day("confirmed_on", "receipt date the supplier confirmed"),
        _count("confirmed_units", "units the supplier confirmed"),
        _day("shipped_on", "day of the advance shipping notice"),
        _count("cancelled_units", "units that will not come", default="0"),
        _day("requested_on", "day a buyer asked for it"),
        _day("approved_on", "day it was approved"),
    ),
)
RECEIPTS = Table(
    name="receipts",
    doc="What arrived of which order line; a line may arrive in parts.",
    key=("po", "line", "received_on"),
    duplicates="keep",
    columns=(
        _key("po", "order number"),
        _count("line", "line number", required=True),
        _day("received_on", "day it was put away", required=True),
        _count("units", "good units", required=True),
        _count("rejected_units", "units refused", default="0"),
    ),
)
PROMOTIONS = Table(
    name="promotions",
    doc="Past and planned promotions.",
    key=("promotion", "sku"),
    columns=(
        _key("promotion", "identifier"),
        _text("name", "what people call it"),
        _text("sku", "one item, or"),
        _text("category", "a category path with all below it"),
        _text("location", "one location; empty: all"),
        _text("channel", "one channel; empty: all"),
        _day("start_date", "first day", required=True),
        _day("end_date", "last day", required=True),
        Column(
            name="kind",
            kind="text",
            doc="what is done",
            default="discount",
            choices=("discount", "feature", "display", "influencer", "drop"),
        ),
        Column(name="depth", kind="real", doc="share off the price, 0 to 1", minimum=0),
    ),
)
HOLIDAYS = Table(
    name="holidays",
    doc="Days on which demand differs.",
    key=("date", "country"),
    columns=(
        _day("date", "day", required=True),
        _text("country", "ISO 3166 code; empty: everywhere"),
        _text("name", "what it is"),
    ),
)
CLOSURES = Table(
    name="closures",
    doc="Days on which a supplier neither ships nor takes orders.",
    key=("supplier", "start_date"),
    columns=(
        _key("supplier", "who"),
        _day("start_date", "first day", required=True),
        _day("end_date", "last day", required=True),
        _text("reason", "such as Golden Week"),
    ),
)
TRAFFIC = Table(
    name="traffic",
    doc="Visits to product pages.",
    key=("date", "sku", "channel"),
    columns=(
        _day("date", "day", required=True),
        _key("sku", "what"),
        _text("channel", "where", default="web"),
        _count("sessions", "visits"),
        _count("add_to_carts", "times put in a cart"),
    ),
)
BACKORDERS = Table(
    name="backorders",
    doc="Customer order lines that wait for stock.",
    key=("order_line",),
    columns=(
        _key("order_line", "order and line"),
        _key("sku", "what"),
        _text("location", "where it ships from", default="MAIN"),
        _text("channel", "where it was bought", default="web"),
        _count("units", "units that wait", required=True, minimum=1),
        Column(name="ordered_at", kind="instant", doc="when it was ordered"),
        Column(name="paid_at", kind="instant", doc="when it was paid; empty: not paid"),
        _day("promised_from", "first day of the window the customer was given"),
        _day("promised_to", "last day of it"),
        _text("contact_ref", "reference to the customer; never a name or address"),
    ),
)
BUDGETS = Table(
    name="budgets",
    doc="Caps on purchasing.",
    key=("scope", "period"),
    columns=(
        _key("scope", "total, category:PATH or supplier:CODE"),
        _key("period", "a week 2026-W48 or a month 2026-11"),
        Column(name="cap", kind="money", doc="the cap", required=True, minimum=0),
        _text("currency", "ISO 4217; empty: the base currency"),
        _text("owner", "who may change it"),
    ),
)
FX_RATES = Table(
    name="fx_rates",
    doc="Exchange rates to the base currency.",
    key=("date", "currency"),
    columns=(
        _day("date", "day from which it holds", required=True),
        _key("currency", "ISO 4217"),
        Column(name="rate", kind="real", doc="base currency per unit", required=True, minimum=0),
    ),
)

TABLES: tuple[Table, ...] = (
    ITEMS, BUNDLES, LOCATIONS, CHANNELS, SALES, STOCK, SUPPLIERS, SUPPLIER_ITEMS, PURCHASE_ORDERS,
    RECEIPTS, PROMOTIONS, HOLIDAYS, CLOSURES, TRAFFIC, BACKORDERS, BUDGETS, FX_RATES,
)  # fmt: skip
BY_NAME = {table.name: table for table in TABLES}
