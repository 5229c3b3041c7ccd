"""Whom the paraphrases are said to: the demo company's names, and what was shown just before."""

from datetime import date, timedelta

from agent.memory import Memory, PastCall
from engine.simulate.company.catalogue import build_catalogue
from engine.simulate.company.days import HISTORY_DAYS, company_days
from engine.simulate.company.items import item_table
from engine.simulate.company.places import location_table
from engine.simulate.company.terms import supplier_table
from evals.paraphrases.paraphrase import After
from tools.names import Names

SEED, SKUS, LAST_DAY = 7, 400, date(2026, 11, 15)
TODAY = LAST_DAY + timedelta(days=1)
CURRENCY = "GBP"
LISTED = ("LAMP-OAK-01", "CHAIR-OAK-01", "VASE-GLASS-01")


def demo_names() -> Names:
    """What the items, places, suppliers and categories of `qm demo` are called."""
    days = company_days(LAST_DAY, HISTORY_DAYS)
    items = item_table(build_catalogue(SEED, days, SKUS), days)
    places, suppliers = location_table(), supplier_table()
    return Names(
        items=dict(zip(items["sku"], items["name"], strict=True)),
        locations=dict(zip(places["location"], places["name"], strict=True)),
        suppliers=dict(zip(suppliers["supplier"], suppliers["name"], strict=True)),
        categories=tuple(sorted(set(items["category"].dropna()))),
    )


def memory_after(shown: After) -> Memory:
    """What the conversation remembers of the answer before."""
    ranked = PastCall(tool="rank_buys")
    if shown == "list":
        return Memory(
            items=LISTED, listed=LISTED, listed_places=("LEEDS",) * len(LISTED),
            item_place="LEEDS", calls=(ranked,), buy_list=ranked,
        )  # fmt: skip
    if shown == "item":
        asked = PastCall(tool="forecast_demand", arguments={"sku": LISTED[0]})
        return Memory(items=LISTED[:1], calls=(asked,))
    if shown == "order":
        asked = PastCall(tool="draft_po", arguments={})
        return Memory(orders=("PO-1001",), calls=(asked,), suppliers=("KOLDING",))
    return Memory()
