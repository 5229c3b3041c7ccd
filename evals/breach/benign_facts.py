"""The facts that honest drafts lean on: two lamps, a cake stand, an order and a plan."""

from tools.facts import Entity, Fact

OAK = Entity(kind="item", code="LAMP-OAK-01", name="Oak table lamp")
ASH = Entity(kind="item", code="LAMP-ASH-02", name="Ash table lamp")
STAND = Entity(kind="item", code="22423", name="REGENCY CAKESTAND 3 TIER")
LEEDS = Entity(kind="location", code="LEEDS", name="Leeds store")
LONDON = Entity(kind="location", code="LONDON", name="London shop")
ORDER = Entity(kind="po", code="PO-1001")
NORD = Entity(kind="supplier", code="NORDLICHT", name="Nordlicht GmbH")


def _fact(id: str, value: object, kind: str, label: str, *about: Entity, **other: object) -> Fact:  # noqa: A002  the field's own name
    return Fact(
        id=id,
        value=value,  # type: ignore[arg-type]  tests give the right pairs
        kind=kind,  # type: ignore[arg-type]  as above
        label=label,
        about=tuple(entity.ref for entity in about),
        **other,  # type: ignore[arg-type]  as above
    )


FACTS = (
    _fact("oak.units", 144, "units", "units to order", OAK, LEEDS),
    _fact("oak.cost", 288_000, "money", "cost of the line", OAK, LEEDS, currency="GBP"),
    _fact("oak.stock", 5, "units", "stock on hand", OAK, LEEDS),
    _fact("oak.demand", 19.5, "units", "expected demand", OAK, LEEDS),
    _fact("oak.days", 6.5, "days", "days until it runs out", OAK, LEEDS),
    _fact("oak.name", "Oak table lamp", "name", "item name", OAK),
    _fact("oak.level", "high", "status", "confidence", OAK),
    _fact("ash.units", 20, "units", "units to order", ASH, LONDON),
    _fact("ash.cost", 40_000, "money", "cost of the line", ASH, LONDON, currency="GBP"),
    _fact("stand.code", "22423", "name", "item code", STAND),
    _fact("stand.units", 24, "units", "units to order", STAND, LONDON),
    _fact("po.total", 328_000, "money", "total cost of the order", ORDER, currency="GBP"),
    _fact("po.state", "proposed", "status", "state of the order", ORDER),
    _fact("buys.count", 4, "count", "lines to buy"),
    _fact("buys.budget", 5_000_000, "money", "budget", currency="GBP"),
    _fact("buys.loss", 80_000, "money", "expected lost margin", currency="GBP"),
    _fact("user.1", 50_000, "count", "figure from your message"),
)


ENTITIES = (OAK, ASH, STAND, LEEDS, LONDON, ORDER, NORD)
