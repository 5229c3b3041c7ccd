"""Purchase orders, approvals, budgets and the audit as a person reads them in a shell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from agent.grounding.formats import shown
from agent.terminal import render
from agent.views.answer import Cell, Column, Table
from agent.views.approval import CardView, changes
from agent.views.order_totals import total_rows
from agent.views.troubles import MATTER, NEXT_STEP
from engine.purchase.order import OrderContent, OrderLine
from engine.purchase.rules import Cause, Ruling
from engine.purchase.states import OrderState
from engine.service.approval_card import ApprovalCard, Explanation
from engine.service.audit_chain import AuditEvent
from engine.service.budget import BudgetStatus
from engine.service.order_troubles import OrderTrouble
from engine.service.order_view import OrderView
from tools.facts import Fact, FactKind, Value

PIPE_WIDTH = 140
WHY: dict[Cause, str] = {
    "allowed": "may approve",
    "unknown_person": "is not in the people file",
    "no_right": "has no right to approve",
    "own_request": "asked for it",
    "own_draft": "wrote a revision of it",
    "already_approved": "has approved already",
    "out_of_scope": "may approve, but not in this field",
    "above_limit": "the amount is above the limit",
    "other_role": "the step is for another role",
    "step_taken": "the step this person could take is taken",
}


def console() -> Console:
    """Standard output; as wide as a table needs when it goes into a file or a pipe."""
    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=PIPE_WIDTH)


def print_orders(views: Sequence[OrderView], locale: str) -> None:
    if not views:
        console().print("No purchase orders. Draft some in `qm chat`, or with `qm po draft`.")
        return
    rows = [
        (
            view.number,
            view.state.value,
            view.content.supplier_name,
            view.content.ship_to,
            _text("count", len(view.content.lines), locale),
            _total(view.content, locale),
            view.people.get(view.drafted_by, view.drafted_by),
        )
        for view in views
    ]
    headers = ("PO", "State", "Supplier", "Ship to", "Lines", "Total", "Drafted by")
    _print_table("", headers, rows, numeric={"Lines", "Total"})


def print_order(view: OrderView, locale: str) -> None:
    """One order: what it is, its lines, what changed, which budgets it draws on."""
    content = view.content
    who = view.people.get
    facts = [
        ("State", view.state.value),
        ("Supplier", f"{content.supplier_name} ({content.supplier}), to {content.ship_to}"),
        ("Total", _total(content, locale)),
        ("Wanted by", _text("date", content.requested_on, locale)),
        *_estimates(content, locale),
        ("Drafted by", f"{who(view.drafted_by, view.drafted_by)}, {_moment(view.drafted_at)}"),
        ("Revision", f"{view.revision}, digest {view.digest[:12]}"),
        ("From", f"plan {view.run_id} on snapshot {view.snapshot_id}"),
    ]
    if view.replaces:
        facts.append(("In place of", ", ".join(view.replaces)))
    if view.superseded_by:
        facts.append(("Gave way to", ", ".join(view.superseded_by)))
    if view.requested_by:
        facts.append(("Asked for by", who(view.requested_by, view.requested_by)))
    if view.postponed_until:
        facts.append(("Put off until", _text("date", view.postponed_until, locale)))
    for effect in view.budgets:
        left = _money(effect.left_after_minor, content.base_currency, locale)
        facts.append((f"Budget {effect.period}", f"{effect.scope}: {left} left after it"))
    if view.changes is not None:
        facts.append(("Changed", changes(view.changes, locale)))
    if view.amendment is not None:
        facts.append(("Amendment", f"revision {view.amendment.revision}, {view.amendment.state}"))
    if view.must_answer:
        facts.append(("Confirmed", "not as ordered: accept it, or amend the order"))
    console().print(Text(view.number, style="bold"))
    _print_facts(facts)
    _print_lines(content, locale)
    print_progress(view, locale)


def _estimates(content: OrderContent, locale: str) -> Iterator[tuple[str, str]]:
    """The order day, tax, what it costs to get it here, and whether the supplier would take it."""
    if content.order_on is not None:
        yield "Order day", _text("date", content.order_on, locale)
    yield from total_rows(content, locale)
    if content.is_below_minimum:
        yield "Minimum", "below what the supplier takes as one order"


def print_progress(view: OrderView, locale: str) -> None:
    """Line by line: ordered, confirmed, come, refused, sent back, still open or never come."""
    if not view.progress:
        return
    content = view.content
    asked = any(line.confirmed_price_micros is not None for line in view.progress)
    rows = [
        (
            str(line.line),
            line.sku,
            *(
                "" if units is None else _text("count", units, locale)
                for units in (
                    line.ordered, line.confirmed, line.received, line.rejected, line.returned,
                    line.missing,
                )
            ),
            "" if line.expected_on is None else _text("date", line.expected_on, locale),
            *((_price(line.confirmed_price_micros, content.currency, locale),) if asked else ()),
        )
        for line in view.progress
    ]  # fmt: skip
    left = "Never came" if view.state == OrderState.CLOSED else "Open"
    figures = ("Ordered", "Confirmed", "Received", "Refused", "Returned", left)
    headers = ("Line", "SKU", *figures, "Expected", *(["Price asked"] if asked else ()))
    _print_table("", headers, rows, numeric={"Line", *figures, "Price asked"})


def print_troubles(troubles: Sequence[OrderTrouble], currency: str, locale: str) -> None:
    """Orders that wait for a person, with what is known and what can be done."""
    rows = [
        (
            each.number,
            _money(each.worth_minor, currency, locale),
            MATTER[each.kind],
            each.told,
            NEXT_STEP[each.kind],
        )
        for each in troubles
    ]
    headers = ("PO", "Worth", "What", "Known", "Next step")
    _print_table("Orders that wait for a person", headers, rows, numeric={"Worth"})


def print_card(card: ApprovalCard, view: CardView) -> None:
    """What an approver must see, with what a decision from a shell has to name."""
    out = console()
    out.print(Text(view.title, style="bold"))
    _print_facts([(row.label, row.text) for row in view.rows])
    out.print(render.table(view.lines, out.width))
    out.print(f"State {card.state}. Who may approve: {view.who_may}.")
    if card.state == "pending":
        out.print(f"Decide: qm approve yes {card.number} --digest {card.digest[:12]}")


def print_explanation(explained: Explanation, locale: str) -> None:
    """Everyone the policy knows: may they approve this order now, and why not."""
    currency = explained.currency
    judged = _money(explained.judged_minor, currency, locale)
    own = _money(explained.own_minor, currency, locale)
    out = console()
    out.print(f"{explained.number} is judged at {judged} (by itself {own}).")
    out.print(f"It needs: {', then '.join(step.name for step in explained.steps)}.")
    rows = [
        (
            explained.people.get(ruling.person, ruling.person),
            "yes" if ruling.allowed else "no",
            _because(ruling, explained.people),
            "" if ruling.limit_minor is None else _money(ruling.limit_minor, currency, locale),
        )
        for ruling in explained.rulings
    ]
    _print_table("", ("Person", "May", "Because", "Limit here"), rows, numeric={"Limit here"})


def _because(ruling: Ruling, names: Mapping[str, str]) -> str:
    lender = ruling.on_behalf_of
    lent = f", for {names.get(lender, lender)}" if lender else ""
    return f"{WHY[ruling.cause]}{lent}{', which completes it' if ruling.completes else ''}"


def print_budgets(statuses: Sequence[BudgetStatus], currency: str, locale: str) -> None:
    rows = [
        (
            each.scope,
            each.period,
            *(
                _money(minor, currency, locale)
                for minor in (
                    each.cap_minor,
                    each.carried_minor,
                    each.committed_minor,
                    each.consumed_minor,
                    each.left_minor,
                )
            ),
            each.origin,
        )
        for each in statuses
    ]
    figures = ("Cap", "Carried over", "Proposed", "Approved", "Left")
    _print_table("", ("Budget", "Period", *figures, "Set by"), rows, numeric=set(figures))


def print_events(events: Iterable[AuditEvent]) -> None:
    """One line each, never cut short: what was sealed is what is shown."""
    out = console()
    for e in events:
        line = Text(f"{e.seq:>5}  {_moment(e.at)}  ")
        line.append(f"{e.kind:<18} ", style="bold")
        line.append(f"{e.subject:<10} {e.actor} ({e.source})  ")
        line.append(e.body, style="dim")
        out.print(line, soft_wrap=True)


def money(minor: int, currency: str, locale: str) -> str:
    """An amount as the locale writes it."""
    return _money(minor, currency, locale)


def _total(content: OrderContent, locale: str) -> str:
    total = _money(content.total_minor, content.currency, locale)
    if content.currency == content.base_currency:
        return total
    base = _money(content.base_total_minor, content.base_currency, locale)
    return f"{total} ({base} at {content.rate.normalize():f})"


def _print_lines(content: OrderContent, locale: str) -> None:
    rows = [
        (
            str(line.line),
            line.sku,
            line.name,
            _text("count", line.units, locale),
            _text("unit_price", line.unit_price_micros, locale, content.currency),
            _money(line.total_minor(content.currency), content.currency, locale),
            _window(line, locale),
            line.reason,
        )
        for line in content.lines
    ]
    headers = ("Line", "SKU", "Item", "Units", "Price", "Total", "Expected", "Why")
    _print_table("", headers, rows, numeric={"Line", "Units", "Price", "Total"})


def _price(micros: int | None, currency: str, locale: str) -> str:
    return "" if micros is None else _text("unit_price", micros, locale, currency)


def _window(line: OrderLine, locale: str) -> str:
    """By the supplier's record; empty where there is none."""
    if line.expected_from is None or line.expected_to is None:
        return ""
    first, last = (_text("date", day, locale) for day in (line.expected_from, line.expected_to))
    return first if first == last else f"{first} to {last}"


def _print_facts(facts: Iterable[tuple[str, str]]) -> None:
    grid = RichTable.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for label, text in facts:
        grid.add_row(Text(label), Text(text))
    console().print(grid)


def _print_table(
    title: str, headers: Sequence[str], rows: Iterable[Sequence[str]], numeric: set[str]
) -> None:
    view = Table(
        title=title,
        columns=tuple(Column(header=h, is_numeric=h in numeric) for h in headers),
        rows=tuple(tuple(Cell(text) for text in row) for row in rows),
    )
    out = console()
    out.print(render.table(view, out.width))


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _money(minor: int, currency: str, locale: str) -> str:
    return _text("money", minor, locale, currency)


def _text(kind: FactKind, value: Value, locale: str, currency: str | None = None) -> str:
    fact = Fact(id="", value=value, kind=kind, label="", currency=currency)
    return shown(fact, locale, in_table=True)
