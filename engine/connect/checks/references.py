"""Names that another table should know."""

import re
from collections import defaultdict

from engine.connect.checks.view import EXAMPLES, View
from engine.connect.columns import group_rows, stacked, stacked_numbers
from engine.model.counting import counted
from engine.model.finding import Finding

# Table and column, the table and column that should know the name, and what follows otherwise.
_REFERENCES = (
    ("supplier_items", "sku", "items", "sku", "Kept; nothing is planned for them."),
    ("bundles", "component_sku", "items", "sku", "Kept; their sales are planned by name alone."),
    ("bundles", "bundle_sku", "items", "sku", "Kept."),
    ("promotions", "sku", "items", "sku", "Kept; they have no effect."),
    ("prices", "sku", "items", "sku", "Kept; they have no effect."),
    ("closures", "supplier", "suppliers", "supplier", "Kept; they have no effect."),
)


def unknown_references(view: View) -> list[Finding]:
    """Rows whose item or supplier no other table introduces."""
    found: list[Finding] = []
    for table, column, home, home_column, done in _REFERENCES:
        if home not in view.given:
            continue
        text = view.text(table, column)
        known = set(view.text(home, home_column).used())
        strange = [name for name in text.used() if name not in known]
        if strange:
            rows = int(text.where([value not in known for value in text.distinct]).sum())
            found.append(
                Finding(
                    code="unknown_references",
                    severity="warning",
                    table=table,
                    rows=rows,
                    message=f"{counted(len(strange), 'value', 'values')} of {column} "
                    f"not found in {home}.",
                    done=done,
                    examples=tuple(strange[:EXAMPLES]),
                )
            )
    return found


def receipts_without_order(view: View) -> list[Finding]:
    """Receipts of order lines that purchase_orders does not have."""
    if not {"receipts", "purchase_orders"} <= view.given:
        return []
    orders, receipts = view.tables["purchase_orders"], view.tables["receipts"]
    po = stacked([view.text("purchase_orders", "po"), view.text("receipts", "po")])
    lines = [view.numbers("purchase_orders", "line"), view.numbers("receipts", "line")]
    groups, first = group_rows([po, stacked_numbers(lines)])
    missing = first[groups[len(orders) :]] >= len(orders)
    if not missing.any():
        return []
    return [
        Finding(
            code="unknown_references",
            severity="warning",
            table="receipts",
            rows=int(missing.sum()),
            message=f"{counted(int(missing.sum()), 'receipt names', 'receipts name')} "
            "an order line that is not there.",
            done="Kept; they teach nothing about lead times.",
            examples=receipts.places(missing),
        )
    ]


def skus_written_differently(view: View) -> list[Finding]:
    """SKUs that are one code written in two ways: usually one item with two histories.

    Case, spaces and hyphens vary between systems; spreadsheets drop leading zeros, and data frames
    turn 123 into 123.0.
    """
    spellings: defaultdict[str, list[str]] = defaultdict(list)
    for sku in view.text("items", "sku").used():
        plain = re.sub(r"[\s\-_]|\.0$", "", sku).upper()
        spellings[plain.lstrip("0") or plain].append(sku)
    twins = [" / ".join(names) for names in spellings.values() if len(names) > 1]
    if not twins:
        return []
    return [
        Finding(
            code="sku_spellings",
            severity="warning",
            table="items",
            rows=len(twins),
            message=f"{counted(len(twins), 'SKU is', 'SKUs are')} written in more than one way.",
            done="Kept apart; `upper: true` in a mapping or `renamed_from` in items joins them.",
            examples=tuple(twins[:EXAMPLES]),
        )
    ]


def currencies_without_rate(view: View, base: str) -> list[Finding]:
    """Currencies that costs are stated in but no exchange rate leads to the base currency."""
    known = {base, *view.text("fx_rates", "currency").used()}
    used = {
        name
        for table in ("items", "suppliers", "purchase_orders", "budgets", "prices")
        for name in view.text(table, "currency").used()
    }
    missing = sorted(used - known)
    if not missing:
        return []
    return [
        Finding(
            code="missing_rate",
            severity="error",
            table="fx_rates",
            rows=len(missing),
            message=f"There is no exchange rate for {', '.join(missing)} to {base}.",
            done="Nothing is bought in them; planning needs a row in fx_rates for each.",
            examples=tuple(missing[:EXAMPLES]),
        )
    ]
