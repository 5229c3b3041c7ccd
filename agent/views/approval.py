"""An approval request as it is shown before somebody decides; amounts by the reader's locale."""

from collections.abc import Iterable
from dataclasses import dataclass

from agent.grounding.formats import shown
from agent.views.answer import Cell, Column, Table
from agent.views.order_totals import total_rows
from engine.purchase.diff import Difference, LineChange
from engine.purchase.spending import BudgetEffect
from engine.service.approval_card import ApprovalCard, DecisionMade
from engine.service.approval_click import Outcome
from tools.facts import Fact, FactKind, Value

SHOWN_LINES = 8


@dataclass(frozen=True, kw_only=True)
class Row:
    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class CardView:
    """`revision` and `digest` go back with the decision: they bind it to what stands here."""

    request_id: int
    revision: int
    digest: str
    title: str
    rows: tuple[Row, ...]
    lines: Table
    may_decide: bool
    who_may: str


def card_view(card: ApprovalCard, person_id: str, locale: str) -> CardView:
    """The card for one reader: whether they may decide, and who else may."""
    content = card.content
    names = ", ".join(card.people.get(person, person) for person in card.who_may)
    return CardView(
        request_id=card.request_id,
        revision=card.revision,
        digest=card.digest,
        title=f"{card.number} to {content.supplier_name or content.supplier}",
        rows=tuple(_rows(card, locale)),
        lines=_lines(card, locale),
        may_decide=person_id in card.who_may,
        who_may=names or "nobody at present",
    )


def _rows(card: ApprovalCard, locale: str) -> Iterable[Row]:
    content = card.content
    total = _money(content.total_minor, content.currency, locale)
    if content.currency != content.base_currency:
        base = _money(content.base_total_minor, content.base_currency, locale)
        total = f"{total} ({base} at {content.rate.normalize():f})"
    yield Row(label="Total", text=total)
    yield Row(label="Ship to", text=content.ship_to)
    yield Row(label="Wanted by", text=_shown("date", content.requested_on, locale))
    for label, text in total_rows(content, locale):
        yield Row(label=label, text=text)
    if content.is_below_minimum:
        yield Row(label="Minimum", text="below what the supplier takes as one order")
    requester = card.people.get(card.requester, card.requester)
    yield Row(label="Asked by", text=f"{requester}; revision {card.revision}; {card.why}")
    yield Row(label="Judged at", text=_money(card.judged_minor, content.base_currency, locale))
    yield Row(label="Approvals", text=_steps(card))
    for effect in card.budgets:
        yield Row(
            label=f"Budget {effect.period}", text=_budget(effect, content.base_currency, locale)
        )
    if card.over_budget_reason:
        yield Row(label="Over budget", text=card.over_budget_reason)
    if card.changes is not None and not card.changes.is_empty:
        yield Row(label="Changed", text=changes(card.changes, locale))
    yield Row(label="From", text=f"plan {card.run_id} on snapshot {card.snapshot_id}")


def _steps(card: ApprovalCard) -> str:
    """What it needs, and what it has."""
    needed = ", then ".join(step.name for step in card.steps)
    had = "; ".join(f"{_who(card, made)} said {made.decision}" for made in card.decisions)
    return f"{needed} ({had})" if had else needed


def _who(card: ApprovalCard, made: DecisionMade) -> str:
    """'Ben Adeyemi', or 'Ben Adeyemi for Max Okafor' where authority was lent."""
    approver = card.people.get(made.approver, made.approver)
    if made.on_behalf_of is None:
        return approver
    return f"{approver} for {card.people.get(made.on_behalf_of, made.on_behalf_of)}"


def _budget(effect: BudgetEffect, currency: str, locale: str) -> str:
    before = _money(effect.left_before_minor, currency, locale)
    after = _money(effect.left_after_minor, currency, locale)
    over = ", which exceeds it" if effect.is_exceeded else ""
    more = _money(effect.carried_minor, currency, locale) if effect.carried_minor else ""
    handed = f", {more} of it carried over" if more else ""
    return f"{effect.scope}: {before} left before{handed}, {after} after{over}"


def outcome_text(outcome: Outcome, locale: str) -> str:
    """What became of a click; with what had changed since the card was shown, if anything had."""
    if outcome.difference is None or outcome.difference.is_empty:
        return outcome.sentence
    return f"{outcome.sentence} Changed: {changes(outcome.difference, locale)}"


def changes(difference: Difference, locale: str) -> str:
    """Lines and terms that differ, with what it costs."""
    lines = [_change(line, difference.currency, locale) for line in difference.lines]
    head = [f"{term.field}: {term.before} → {term.after}" for term in difference.head]
    before = _money(difference.total_before_minor, difference.currency, locale)
    after = _money(difference.total_after_minor, difference.currency, locale)
    return "; ".join([*lines, *head, f"total {before} → {after}"])


def _change(line: LineChange, currency: str, locale: str) -> str:
    before = _shown("count", line.units_before, locale)
    after = _shown("count", line.units_after, locale)
    money = _money(line.money_minor, currency, locale)
    units = f"{line.sku} {line.kind}: {before} → {after} units"
    return f"{units}{_prices(line, currency, locale)} ({money})"


def _prices(line: LineChange, currency: str, locale: str) -> str:
    """', £20.00 → £21.50 each', where a line that stays has another price."""
    before, after = line.price_before_micros, line.price_after_micros
    if before is None or after is None or before == after:
        return ""
    shown = [_shown("unit_price", price, locale, currency) for price in (before, after)]
    return f", {' → '.join(shown)} each"


def _lines(card: ApprovalCard, locale: str) -> Table:
    content = card.content
    rows = tuple(
        (
            Cell(line.sku),
            Cell(line.name),
            Cell(_shown("count", line.units, locale)),
            Cell(_shown("unit_price", line.unit_price_micros, locale, content.currency)),
            Cell(_money(line.total_minor(content.currency), content.currency, locale)),
            Cell(line.reason),
        )
        for line in content.lines[:SHOWN_LINES]
    )
    rest = len(content.lines) - len(rows)
    return Table(
        title="Lines",
        columns=(
            Column(header="SKU", is_numeric=False),
            Column(header="Item", is_numeric=False),
            Column(header="Units", is_numeric=True),
            Column(header="Price", is_numeric=True),
            Column(header="Total", is_numeric=True),
            Column(header="Why", is_numeric=False),
        ),
        rows=rows,
        rest=_shown("count", rest, locale) if rest else "",
    )


def _money(minor: int, currency: str, locale: str) -> str:
    return _shown("money", minor, locale, currency)


def _shown(kind: FactKind, value: Value, locale: str, currency: str | None = None) -> str:
    return shown(Fact(id="", value=value, kind=kind, label="", currency=currency), locale)
