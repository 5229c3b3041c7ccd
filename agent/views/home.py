"""What one person finds when they look in: what waits for them and how things stand."""

from dataclasses import dataclass
from datetime import datetime

from agent.grounding.formats import shown
from agent.views.approval import CardView, Row, card_view
from agent.views.digest import stored_digest
from agent.views.report import report_of
from agent.views.troubles import stuck_orders
from engine.errors import PlanningError
from engine.model.people import Person
from engine.purchase.states import OPEN
from engine.service import approve, budget, purchase
from engine.service.budget import BudgetStatus
from engine.service.order_troubles import order_troubles
from engine.service.order_view import OrderView
from engine.service.reading import latest_run
from engine.service.review import last_review
from engine.service.stores import Stores
from tools.facts import Fact
from tools.orders import in_words

_LISTED = 8


@dataclass(frozen=True, kw_only=True)
class Section:
    """A titled list; `otherwise` is said when it is empty."""

    title: str
    lines: tuple[Row, ...]
    otherwise: str


@dataclass(frozen=True, kw_only=True)
class Home:
    name: str
    waiting: tuple[CardView, ...]
    sections: tuple[Section, ...]
    as_of: str


def home(stores: Stores, person: Person, *, now: datetime, locale: str) -> Home:
    """Read from the database: the same for every process that draws it."""
    waiting = approve.pending_for(stores, person, now=now)
    return Home(
        name=person.name,
        waiting=tuple(card_view(card, person.id, locale) for card in waiting),
        sections=(
            _budgets(stores, now, locale),
            _orders(stores, locale),
            _attention(stores, locale, now),
            _figures(stores, locale),
            _settings(person),
        ),
        as_of=_as_of(stores, locale),
    )


def _budgets(stores: Stores, now: datetime, locale: str) -> Section:
    try:
        currency = latest_run(stores).currency
        found = budget.current(stores, budget.day_that_counts(stores, now))
    except PlanningError:  # nothing was imported or planned yet
        found, currency = (), ""
    lines = tuple(_budget(status, currency, locale) for status in found[:_LISTED])
    return Section(title="Budget", lines=lines, otherwise="No budget is set.")


def _budget(status: BudgetStatus, currency: str, locale: str) -> Row:
    left, cap = (_money(m, currency, locale) for m in (status.left_minor, status.cap_minor))
    waiting = _money(status.committed_minor, currency, locale)
    return Row(
        label=f"{status.scope} {status.period}",
        text=f"{left} left of {cap}, {waiting} waits for approval",
    )


def _orders(stores: Stores, locale: str) -> Section:
    views = purchase.list_orders(stores, states=OPEN)
    lines = [_order(view, locale) for view in views[:_LISTED]]
    if len(views) > _LISTED:
        lines.append(Row(label="", text=f"and {len(views) - _LISTED} more"))
    return Section(title="Open orders", lines=tuple(lines), otherwise="No order is open.")


def _order(view: OrderView, locale: str) -> Row:
    content = view.content
    total = _money(content.total_minor, content.currency, locale)
    who = content.supplier_name or content.supplier
    return Row(label=view.number, text=f"{who}, {total}, {in_words(view.state)}")


def _attention(stores: Stores, locale: str, now: datetime) -> Section:
    """Orders that are stuck, then what the plan found; in each the most money first."""
    title, otherwise = "Needs attention", "Nothing needs attention."
    try:
        run = latest_run(stores)
        view = stored_digest(stores, run, locale, now)
    except PlanningError:
        return Section(title=title, lines=(), otherwise="No plan yet: qm plan makes one.")
    lines = [
        *(
            Row(label=each.headline, text=each.text)
            for each in stuck_orders(order_troubles(stores), run.currency, locale)
        ),
        *(Row(label=each.headline, text=f"{each.at_stake} at stake") for each in view.findings),
    ]
    return Section(title=title, lines=tuple(lines[:_LISTED]), otherwise=otherwise)


def _figures(stores: Stores, locale: str) -> Section:
    """Of the last review: computing them anew takes too long for a look."""
    stored = last_review(stores)
    headline = () if stored is None else report_of(stored.review, locale).headline
    lines = tuple(
        Row(label=name, text=f"{value}, before {before}" if before else value)
        for name, value, before in headline
    )
    month = "" if stored is None else f" in {stored.month}"
    return Section(
        title=f"How we did{month}", lines=lines, otherwise="No review yet: qm review makes one."
    )


def _settings(person: Person) -> Section:
    """What the reader may change about what they see."""
    lines = tuple(Row(label=name, text=value) for name, value in sorted(person.preferences.items()))
    return Section(
        title="Your settings", lines=lines,
        otherwise="Nothing is set. Say which place or category is yours to see it first.",
    )  # fmt: skip


def _as_of(stores: Stores, locale: str) -> str:
    try:
        run = latest_run(stores)
    except PlanningError:
        return "No plan yet."
    day = shown(Fact(id="", value=run.as_of, kind="date", label=""), locale)
    return f"Plan {run.id} as of {day}"


def _money(minor: int, currency: str, locale: str) -> str:
    fact = Fact(id="", value=minor, kind="money", label="", currency=currency)
    return shown(fact, locale)
