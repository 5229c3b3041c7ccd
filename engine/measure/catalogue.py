"""Every key figure, in the order in which people read them, and by what each can be cut."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from engine.measure.books import DRAWING, Books
from engine.measure.budget_use import budget_use
from engine.measure.cash_in_slow_movers import cash_in_slow_movers
from engine.measure.fill_rate import fill_rate
from engine.measure.forecast_accuracy import forecast_accuracy
from engine.measure.forecast_bias import forecast_bias
from engine.measure.forecast_value_added import forecast_value_added
from engine.measure.gross_margin_return import gross_margin_return
from engine.measure.kpi import Cut, Kpi, KpiName
from engine.measure.on_time import on_time
from engine.measure.on_time_in_full import on_time_in_full
from engine.measure.order_cycle_time import order_cycle_time
from engine.measure.price_of_the_cap import price_of_the_cap
from engine.measure.promise_hit_rate import promise_hit_rate
from engine.measure.revenue_saved import revenue_saved
from engine.measure.stock_age import stock_age
from engine.measure.stockout_rate import stockout_rate
from engine.measure.time_out_of_stock import time_out_of_stock
from engine.measure.weeks_of_supply import weeks_of_supply
from engine.model.period import Period

Of = Callable[[Books, Period], Kpi]
EVERY_CUT: tuple[Cut, ...] = ("class", "category", "location", "supplier")
OF_ITEMS: tuple[Cut, ...] = ("class", "category", "supplier")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How a key figure is read from the books; `function` carries its definition."""

    function: Callable[..., Kpi]
    of: Of
    cuts: tuple[Cut, ...] = EVERY_CUT


MEASURES: Mapping[KpiName, Measure] = {
    "stockout rate": Measure(
        function=stockout_rate,
        of=lambda b, p: stockout_rate(
            b["traffic"], b["sales"], b["stock"], b["items"], b["locations"], b["backorders"], p
        ),
    ),
    "fill rate": Measure(
        function=fill_rate,
        of=lambda b, p: fill_rate(b["sales"], b["stock"], b["items"], b["backorders"], p),
    ),
    "on time in full": Measure(
        function=on_time_in_full,
        of=lambda b, p: on_time_in_full(b["purchase_orders"], b["receipts"], p, b.as_of),
    ),
    "on time": Measure(
        function=on_time,
        of=lambda b, p: on_time(b["purchase_orders"], b["receipts"], p, b.as_of),
    ),
    "revenue saved": Measure(
        function=revenue_saved,
        of=lambda b, p: revenue_saved(
            b["sales"], b["stock"], b["items"], b.acted, b.currency, p, b.seed
        ),
    ),
    "weeks of supply": Measure(
        function=weeks_of_supply,
        of=lambda b, p: weeks_of_supply(
            b["stock"], b[DRAWING], b["items"], b["bundles"], b.rates, b.currency, p
        ),
    ),
    "cash in slow movers": Measure(
        function=cash_in_slow_movers,
        of=lambda b, p: cash_in_slow_movers(
            b["stock"], b[DRAWING], b["items"], b["bundles"], b.rates, b.currency,
            p.end + timedelta(days=1),
        ),
    ),
    "order cycle time": Measure(
        function=order_cycle_time, of=lambda b, p: order_cycle_time(b.orders, p), cuts=()
    ),
    "stock age": Measure(
        function=stock_age,
        of=lambda b, p: stock_age(
            b["stock"], b["purchase_orders"], b["receipts"], b["items"], b.rates, b.currency,
            b.first_day, p,
        ),
        cuts=OF_ITEMS,
    ),
    "gross margin return": Measure(
        function=gross_margin_return,
        of=lambda b, p: gross_margin_return(
            b["sales"], b["stock"], b["items"], b["bundles"], b.rates, b.currency, p
        ),
    ),
    "forecast accuracy": Measure(
        function=forecast_accuracy, of=lambda b, p: forecast_accuracy(b.said, p)
    ),
    "forecast bias": Measure(function=forecast_bias, of=lambda b, p: forecast_bias(b.said, p)),
    "forecast value added": Measure(
        function=forecast_value_added, of=lambda b, p: forecast_value_added(b.said, p)
    ),
    "budget use": Measure(function=budget_use, of=lambda b, p: budget_use(b.caps, p), cuts=()),
    "price of the cap": Measure(
        function=price_of_the_cap, of=lambda b, p: price_of_the_cap(b.capped_plans, p), cuts=()
    ),
    "promise hit rate": Measure(
        function=promise_hit_rate, of=lambda b, p: promise_hit_rate(b.windows, p)
    ),
    "time out of stock": Measure(
        function=time_out_of_stock, of=lambda b, p: time_out_of_stock(b["stock"], b["items"], p)
    ),
}  # fmt: skip


def measure(books: Books, period: Period, *names: KpiName) -> tuple[Kpi, ...]:
    """These key figures of a period; all of them where none is named."""
    return tuple(MEASURES[name].of(books, period) for name in names or MEASURES)
