"""The data contract: which tables the engine plans from, and what their columns mean.

A snapshot holds each table as Arrow data of exactly these columns: `text` string, `integer` int64,
`money` int64 in micros (the column's stored name ends in `_micros`), `real` double, `date` and
`instant` timestamp[ns] (a date at midnight, an instant in UTC, both without zone), `flag` bool.
A `list` is text with `|` between its parts. Optional columns may hold nulls.
"""

from engine.model.columns import (
    Column,
    Duplicates,
    Kind,
    Table,
    count,
    day,
    key,
    money,
    names,
    real,
    text,
)

__all__ = ["BY_NAME", "TABLES", "Column", "Duplicates", "Kind", "Table"]

ITEMS = Table(
    name="items",
    doc="What is sold. Derived from sales, with a finding, where no file gives it.",
    key=("sku",),
    columns=(
        key("sku", "stock keeping unit, unique"),
        text("name", "what people call it"),
        text("category", "path from general to special, parts separated by /"),
        text("parent", "sku or style of which this is a variant"),
        text("attributes", "name=value pairs separated by |, such as colour=oak|size=M"),
        Column(
            name="status",
            kind="text",
            doc="is it still bought",
            default="active",
            choices=("active", "planned", "discontinued"),
        ),
        day("launch_date", "first day on sale"),
        money("unit_cost", "cost of one unit, in currency"),
        money("price", "regular selling price of one unit, in currency"),
        text("currency", "ISO 4217 of cost and price; empty: the company's base currency"),
        real("volume_l", "litres per unit"),
        real("weight_kg", "kilograms per unit"),
        count("shelf_life_days", "days until it can no longer be sold", minimum=1),
        names("substitutes", "skus that customers take instead"),
        text("successor", "sku that replaces it"),
        text("renamed_from", "earlier sku whose history is this item's"),
        count("units_per_record", "units in one recorded sale unit", default="1", minimum=1),
        text("gtin", "GTIN-8, -12, -13 or -14"),
    ),
)
BUNDLES = Table(
    name="bundles",
    doc="Sets sold as one sku; each sale draws its components once.",
    key=("bundle_sku", "component_sku"),
    columns=(
        key("bundle_sku", "sku of the set"),
        key("component_sku", "sku inside it"),
        count("quantity", "units of the component per set", required=True, minimum=1),
    ),
)
LOCATIONS = Table(
    name="locations",
    doc="Where stock is held. Derived from sales or stock, with a finding, where absent.",
    key=("location",),
    columns=(
        key("location", "short code, unique"),
        text("name", "what people call it"),
        Column(
            name="kind",
            kind="text",
            doc="what it is",
            default="warehouse",
            choices=("warehouse", "store", "3pl"),
        ),
        text("time_zone", "IANA name; empty: the company's"),
        text("country", "ISO 3166 code, for holidays"),
        names("address", "postal address, its lines parted by |"),
        real("capacity_volume_l", "litres it can hold"),
        count("capacity_units", "units it can hold"),
        names("channels", "channels it serves"),
        text("supplied_from", "location that replenishes it, where it does not buy itself"),
    ),
)
CHANNELS = Table(
    name="channels",
    doc="Where customers buy.",
    key=("channel",),
    columns=(
        key("channel", "short code, unique"),
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
        day("date", "day of the sale, or first day of its week", required=True),
        key("sku", "what was sold"),
        text("location", "where it left stock; empty: the only location", default="MAIN"),
        text("channel", "where it was bought", default="web"),
        text("order_id", "order or invoice number"),
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
        day("date", "day, or first day of the week", required=True),
        key("sku", "what"),
        text("location", "where; empty: the only location", default="MAIN"),
        Column(name="on_hand", kind="integer", doc="units in the building"),
        count("reserved", "units of them already promised", default="0"),
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
        key("supplier", "short code, unique"),
        text("name", "legal or trading name"),
        text("country", "ISO 3166 code"),
        text("currency", "ISO 4217 of its orders; empty: the base currency"),
        count("payment_days", "days from receipt to payment", default="30"),
        text(
            "incoterm",
            "Incoterms 2020 code: who pays freight and duty; what is stated below counts only "
            "where that is us",
            default="DAP",
        ),
        real("deposit_percent", "share of the order paid with it, in %; empty: 0"),
        real("freight_percent", "freight in % of the goods' value; empty: 0"),
        money("freight_per_kg", "freight of a kilogram, in its currency; empty: 0"),
        money("freight_per_l", "freight of a litre, in its currency; empty: 0"),
        real("duty_percent", "import duty in % of goods and freight; empty: 0"),
        real("charges_percent", "insurance, broker, handling in % of the goods; empty: 0"),
        real("tax_percent", "tax its invoices add, in % of the goods; empty: none is stated"),
        names("order_days", "mon..sun for weekdays or 1..31 for days of the month; empty: any day"),
        count("review_days", "days between two chances to order", minimum=1),
        money("minimum_value", "smallest order value to one location, in its currency"),
        count("minimum_units", "smallest order to one location in units"),
        real("minimum_volume_l", "smallest order to one location in litres"),
        real("container_volume_l", "litres that fill a container; empty: not by container"),
        money("container_cost", "freight of a container, full or not, in its currency; empty: 0"),
        real("container_fill_percent", "least fill of the containers sent, in %; empty: 0"),
        Column(name="lead_time_days", kind="real", doc="stated order to receipt", minimum=0),
        text("email", "where orders go; several parted by commas"),
        names("address", "postal address, its lines parted by |"),
        text("phone", "telephone"),
        text("tax_id", "tax or VAT number"),
        text("edi_id", "X12 interchange address as qualifier:id, such as 01:123456789"),
    ),
)
SUPPLIER_ITEMS = Table(
    name="supplier_items",
    doc="What each supplier sells, at which price and in which packs.",
    key=("supplier", "sku"),
    columns=(
        key("supplier", "who"),
        key("sku", "what"),
        text("supplier_sku", "the supplier's own code"),
        money("unit_cost", "cost of one unit, in the supplier's currency"),
        count("minimum_units", "minimum order quantity of the item", default="1", minimum=1),
        count("case_pack", "units per pack; orders are multiples of it", default="1", minimum=1),
        names("tiers", "price breaks as units:price, such as 100:11.80|500:10.90"),
        Column(
            name="tier_kind",
            kind="text",
            doc="does the lower price hold for all units or only those above the break",
            default="all_units",
            choices=("all_units", "incremental"),
        ),
        Column(name="lead_time_days", kind="real", doc="stated, where it differs", minimum=0),
        money("freight_per_unit", "freight of a unit, in the supplier's currency; empty: 0"),
        real("duty_percent", "import duty in %, where the item's differs from the supplier's"),
        real("tax_percent", "tax in %, where the item's differs from the supplier's"),
        count("rank", "1 is preferred", default="1", minimum=1),
    ),
)
PURCHASE_ORDERS = Table(
    name="purchase_orders",
    doc="Order lines placed before, open and closed: inbound supply and lead-time evidence.",
    key=("po", "line"),
    columns=(
        key("po", "order number"),
        count("line", "line number", required=True),
        key("supplier", "who"),
        key("sku", "what"),
        text("location", "where to; empty: the only location", default="MAIN"),
        day("ordered_on", "day it was sent", required=True),
        count("units", "units ordered", required=True),
        money("unit_cost", "agreed cost of one unit"),
        text("currency", "ISO 4217; empty: the supplier's"),
        day("promised_on", "date we asked for or the supplier stated"),
        day("confirmed_on", "receipt date the supplier confirmed"),
        count("confirmed_units", "units the supplier confirmed"),
        day("shipped_on", "day of the advance shipping notice"),
        count("cancelled_units", "units that will not come", default="0"),
        day("requested_on", "day a buyer asked for it"),
        day("approved_on", "day it was approved"),
    ),
)
RECEIPTS = Table(
    name="receipts",
    doc="What arrived of which order line; a line may arrive in parts.",
    key=("po", "line", "received_on"),
    duplicates="keep",
    columns=(
        key("po", "order number"),
        count("line", "line number", required=True),
        day("received_on", "day it was put away", required=True),
        count("units", "good units", required=True),
        count("rejected_units", "units refused", default="0"),
    ),
)
PROMOTIONS = Table(
    name="promotions",
    doc="Past and planned promotions.",
    key=("promotion", "sku"),
    columns=(
        key("promotion", "identifier"),
        text("name", "what people call it"),
        text("sku", "one item, or"),
        text("category", "a category path with all below it"),
        text("location", "one location; empty: all"),
        text("channel", "one channel; empty: all"),
        day("start_date", "first day", required=True),
        day("end_date", "last day", required=True),
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
PRICES = Table(
    name="prices",
    doc="List prices by the day from which they hold: past ones and planned changes.",
    key=("valid_from", "sku", "location"),
    columns=(
        day("valid_from", "first day of the price; it holds until the next one", required=True),
        key("sku", "what"),
        text("location", "one location; empty: all that have no price of their own"),
        money("price", "regular price of one unit, promotions aside", required=True),
        text("currency", "ISO 4217; empty: the company's base currency"),
    ),
)
HOLIDAYS = Table(
    name="holidays",
    doc="Days on which demand differs.",
    key=("date", "country", "name", "category", "location"),
    columns=(
        day("date", "day", required=True),
        text("country", "ISO 3166 code; empty: everywhere"),
        text("name", "what it is; the same name has the same effect wherever it holds"),
        text("category", "category path that it concerns, with all below it; empty: all"),
        text("location", "location that it concerns; empty: all"),
    ),
)
CLOSURES = Table(
    name="closures",
    doc="Days on which a supplier neither ships nor takes orders.",
    key=("supplier", "start_date"),
    columns=(
        key("supplier", "who"),
        day("start_date", "first day", required=True),
        day("end_date", "last day", required=True),
        text("reason", "such as Golden Week"),
    ),
)
TRAFFIC = Table(
    name="traffic",
    doc="Visits to product pages.",
    key=("date", "sku", "channel"),
    columns=(
        day("date", "day", required=True),
        key("sku", "what"),
        text("channel", "where", default="web"),
        count("sessions", "visits"),
        count("add_to_carts", "times put in a cart"),
    ),
)
BACKORDERS = Table(
    name="backorders",
    doc="Customer order lines that wait for stock.",
    key=("order_line",),
    columns=(
        key("order_line", "order and line"),
        key("sku", "what"),
        text("location", "where it ships from", default="MAIN"),
        text("channel", "where it was bought", default="web"),
        count("units", "units that wait", required=True, minimum=1),
        Column(name="ordered_at", kind="instant", doc="when it was ordered"),
        Column(name="paid_at", kind="instant", doc="when it was paid; empty: not paid"),
        day("promised_from", "first day of the window the customer was given"),
        day("promised_to", "last day of it"),
        text("contact_ref", "reference to the customer; never a name or address"),
        text("customer_class", "class that a promise policy may serve first, such as trade"),
    ),
)
BUDGETS = Table(
    name="budgets",
    doc="Caps on purchasing.",
    key=("scope", "period"),
    columns=(
        key("scope", "total, category:PATH or supplier:CODE"),
        key("period", "a week 2026-W48, month 2026-11, quarter 2026-Q4 or year 2026"),
        Column(name="cap", kind="money", doc="the cap", required=True, minimum=0),
        text("currency", "ISO 4217; empty: the base currency"),
        text("owner", "who may change it"),
    ),
)
FX_RATES = Table(
    name="fx_rates",
    doc="Exchange rates to the base currency.",
    key=("date", "currency"),
    columns=(
        day("date", "day from which it holds", required=True),
        key("currency", "ISO 4217"),
        Column(name="rate", kind="real", doc="base currency per unit", required=True, minimum=0),
    ),
)

TABLES: tuple[Table, ...] = (
    ITEMS, BUNDLES, LOCATIONS, CHANNELS, SALES, STOCK, SUPPLIERS, SUPPLIER_ITEMS, PURCHASE_ORDERS,
    RECEIPTS, PROMOTIONS, PRICES, HOLIDAYS, CLOSURES, TRAFFIC, BACKORDERS, BUDGETS, FX_RATES,
)  # fmt: skip
BY_NAME = {table.name: table for table in TABLES}
