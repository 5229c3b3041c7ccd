"""The end of an order on paper: goods, tax as stated, total, and who pays the freight."""

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency, format_decimal

from engine.connect.order_document import OrderDocument
from engine.model.money import Money
from engine.purchase.totals import TaxPart, totals_of


@dataclass(frozen=True, kw_only=True)
class TotalRow:
    """A label and what stands behind it; the total that is asked for is `main`."""

    text: str
    main: bool = False


def total_rows(document: OrderDocument) -> tuple[TotalRow, ...]:
    """In the order in which they are read; one of them is the main total."""
    content, locale = document.content, document.locale
    totals = totals_of(content)
    goods = _money(totals.goods_minor, content.currency, locale)
    parts = [_part(part, content.currency, locale) for part in totals.taxes]
    if not parts:
        rows = [TotalRow(text=f"Total, no tax stated {goods}", main=True)]
    elif totals.with_tax_minor is None:
        open_part = _money(totals.unstated_minor, content.currency, locale)
        told = TotalRow(text=f"No tax stated on {open_part}")
        rows = [*parts, told, TotalRow(text=f"Total, without tax {goods}", main=True)]
    else:
        total = _money(totals.with_tax_minor, content.currency, locale)
        rows = [
            TotalRow(text=f"Goods {goods}"), *parts,
            TotalRow(text=f"Total with tax {total}", main=True),
        ]  # fmt: skip
    if totals.freight_minor:
        freight = _money(totals.freight_minor, content.base_currency, locale)
        term = f" ({content.incoterm})" if content.incoterm else ""
        told = f"Freight is paid by the buyer{term}: about {freight}, not in this total"
        rows.append(TotalRow(text=told))
    return tuple(rows)


def percent_text(percent: Decimal, locale: str) -> str:
    """20 %, 8.875 %."""
    return f"{format_decimal(percent, format='0.######', locale=locale)} %"


def _part(part: TaxPart, currency: str, locale: str) -> TotalRow:
    net, tax = (_money(minor, currency, locale) for minor in (part.net_minor, part.tax_minor))
    return TotalRow(text=f"Tax {percent_text(part.percent, locale)} on {net}: {tax}")


def _money(minor: int, currency: str, locale: str) -> str:
    amount = Money(minor=minor, currency=currency).decimal()
    return format_currency(amount, currency, locale=locale, format="#,##0.00 ¤¤")
