"""What a person supposes, as facts; and the plan under it, where computing is done."""

from datetime import datetime

from engine.model.progress import Progress, silent
from engine.model.supposed import Supposed
from engine.service.reading import RunHeader
from engine.service.stores import Stores
from engine.service.whatif import plan_supposing
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import Names


def plan_under_supposed(
    stores: Stores, run_id: str, supposed: Supposed, now: datetime, progress: Progress = silent
) -> RunHeader:
    """A function of its own, so that a compute process can import it."""
    return plan_supposing(stores, run_id, supposed, now=now, progress=progress)


def add_supposed(ledger: Ledger, names: Names, supposed: Supposed, currency: str) -> None:
    """`if.*` facts: what is different, as the person said it; a price is in `currency`."""
    about: list[Entity] = []
    if supposed.supplier is not None:
        supplier = names.supplier(supposed.supplier)
        ledger.code("if.supplier", supplier)
        ledger.name("if.supplier_name", supplier)
        about.append(supplier)
    if supposed.sku is not None:
        item = names.item(supposed.sku)
        ledger.code("if.sku", item)
        ledger.name("if.item_name", item)
        about.append(item)
    _add_of_lead_time(ledger, supposed, about)
    _add_of_terms(ledger, supposed, currency, about)


def _add_of_lead_time(ledger: Ledger, supposed: Supposed, about: list[Entity]) -> None:
    if supposed.later_days is not None:
        way = "shorter" if supposed.later_days < 0 else "longer"
        ledger.add("if.days", abs(supposed.later_days), "days", "change of lead time", *about,
                   is_asked=True)  # fmt: skip
        ledger.add("if.way", way, "status", "direction of the lead time", *about)
    if supposed.spread is not None:
        ledger.add("if.spread", round(supposed.spread, 4), "percent",
                   "spread of lead times against now", *about, is_asked=True)  # fmt: skip


def _add_of_terms(ledger: Ledger, supposed: Supposed, currency: str, about: list[Entity]) -> None:
    add = ledger.add
    if supposed.service_target is not None:
        add("if.service", supposed.service_target, "percent", "service aimed at", is_asked=True)
    if supposed.objective is not None:
        add("if.objective", supposed.objective.replace("_", " "), "status", "which service")
    if supposed.minimum_units is not None:
        add("if.minimum", supposed.minimum_units, "units", "minimum supposed", *about,
            is_asked=True)  # fmt: skip
    if supposed.no_break_at is not None:
        add("if.no_break", supposed.no_break_at, "units", "price break that is gone", *about,
            is_asked=True)  # fmt: skip
    if supposed.price_micros is not None:
        add("if.price", supposed.price_micros, "unit_price", "price supposed", *about,
            currency=currency, is_asked=True)  # fmt: skip
