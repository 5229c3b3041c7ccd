"""The weekly digest: what needs people, most money first; what flows; what is settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import pandas as pd

from agent.grounding.formats import shown
from agent.views.answer import Cell, Column, Table
from agent.views.digest_figures import figures_line
from agent.views.troubles import StuckOrder, stuck_orders
from engine.service import reading
from engine.service.kept_figures import usual_report
from engine.service.order_troubles import order_troubles
from engine.service.reading import RunHeader
from engine.service.scopes import EVERYTHING, Scope, within
from engine.service.snoozes import awake, exceptions_now
from engine.service.stores import Stores
from tools.cells import Record, records, text, whole
from tools.exception_rows import in_words
from tools.facts import Fact, FactKind, Value
from tools.names import Names, names_of
from tools.result import OfferedAction

SHOWN = 10
NOT_BOUGHT = frozenset({"overstock", "phantom_stock", "cannot_buy"})  # another order is no answer
SNOOZE = "Snooze"  # where there is a form for it, it is not said in words


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One exception with what can be done about it."""

    key: str
    headline: str
    detail: str
    status: str  # new or open
    at_stake: str
    actions: tuple[OfferedAction, ...]
    owner: str = ""  # who looks after it


@dataclass(frozen=True, kw_only=True)
class Digest:
    """`rest` counts the findings left out; empty when none were."""

    headline: str
    summary: str
    findings: tuple[Finding, ...]
    rest: str
    resolved: tuple[str, ...]
    buys: Table
    run_id: str
    orders: tuple[StuckOrder, ...] = ()  # that do not go on by themselves, most money first
    figures: str = ""  # how the last four weeks went; empty where nobody has measured them


def stored_digest(
    stores: Stores,
    run: RunHeader,
    locale: str,
    now: datetime,
    *,
    scope: Scope = EVERYTHING,
    since: str | None = None,
    only_urgent: bool = False,
) -> Digest:
    """The digest of a stored run, without what people put off.

    New, open and resolved are against the run `since`: the one the last digest showed; by default
    the run before. Urgent is what is new and of high severity.
    """
    found = awake(exceptions_now(stores, run.id, now, since))
    if only_urgent:
        found = found[(found["status"] == "new") & (found["severity"] == "high")]
    return digest(
        run_id=run.id,
        currency=run.currency,
        exceptions=within(stores, run, found, scope),
        resolved=within(stores, run, reading.resolved_exceptions(stores, run.id, since), scope),
        lines=within(stores, run, reading.plan_lines(stores, run.id), scope),
        names=names_of(stores, run),
        locale=locale,
        orders=() if only_urgent else _stuck(stores, run, scope, locale),
        figures=figures_line(usual_report(stores, run), locale),
    )


def finding_of(
    stores: Stores, run: RunHeader, key: str, locale: str, now: datetime
) -> Finding | None:
    """One exception as a digest shows it; None when it is settled or put off."""
    found = awake(exceptions_now(stores, run.id, now))
    rows = records(found[found["key"] == key])
    say = _Say(currency=run.currency, locale=locale)
    return _finding(rows[0], names_of(stores, run), say) if rows else None


def digest(
    *,
    run_id: str,
    currency: str,
    exceptions: pd.DataFrame,
    resolved: pd.DataFrame,
    lines: pd.DataFrame,
    names: Names,
    locale: str,
    orders: tuple[StuckOrder, ...] = (),
    figures: str = "",
) -> Digest:
    """From stored exceptions (with `status`), those resolved since, and the plan's lines."""
    found = sorted(records(exceptions), key=lambda row: (-whole(row["at_stake_minor"]), row["key"]))  # type: ignore[return-value]  keys are text
    say = _Say(currency=currency, locale=locale)
    flowing = int(lines["tier"].ne("wait").sum())
    stake = sum(whole(row["at_stake_minor"]) for row in found)
    cost = int(lines["cost_minor"].sum())
    rest = len(found) - SHOWN
    return Digest(
        headline=(
            f"{_count(len(found), 'thing needs', 'things need', say)} you, "
            f"{_count(flowing, 'line flows', 'lines flow', say)} without you"
        ),
        summary=(
            f"{say.money(stake)} at stake: {_since(found, len(resolved), say)}. The plan has "
            f"{_count(len(lines), 'line', 'lines', say)} for {say.money(cost)}."
        ),
        findings=tuple(_finding(row, names, say) for row in found[:SHOWN]),
        rest=say.count(rest) if rest > 0 else "",
        resolved=tuple(_headline(row, names) for row in records(resolved)[:SHOWN]),
        buys=_buys(lines, names, say),
        run_id=run_id,
        orders=orders,
        figures=figures,
    )


def _stuck(stores: Stores, run: RunHeader, scope: Scope, locale: str) -> tuple[StuckOrder, ...]:
    """Orders of suppliers in the scope that do not go on by themselves."""
    found = order_troubles(stores)
    rows = pd.DataFrame(
        [("", "", each.supplier, each.number) for each in found],
        columns=["sku", "location", "supplier", "number"],
    )
    numbers = set(within(stores, run, rows, scope)["number"])
    return stuck_orders((each for each in found if each.number in numbers), run.currency, locale)


@dataclass(frozen=True, kw_only=True)
class _Say:
    """Figures as the reader's locale writes them."""

    currency: str
    locale: str

    def money(self, minor: int) -> str:
        return self._shown("money", minor)

    def count(self, value: int) -> str:
        return self._shown("count", value)

    def _shown(self, kind: FactKind, value: Value) -> str:
        fact = Fact(
            id="", value=value, kind=kind, label="", currency=self.currency, is_estimate=True
        )
        return shown(fact, self.locale)


def _since(found: Sequence[Record], resolved: int, say: _Say) -> str:
    """`2 new, 5 still open, 1 resolved`, without what there is none of."""
    new = sum(row.get("status") == "new" for row in found)
    told = ((new, "new"), (len(found) - new, "still open"), (resolved, "resolved"))
    return ", ".join(f"{say.count(n)} {what}" for n, what in told if n) or "nothing new"


def _count(number: int, one: str, many: str, say: _Say) -> str:
    return f"{say.count(number)} {one if number == 1 else many}"


def _finding(row: Record, names: Names, say: _Say) -> Finding:
    sku = text(row["sku"])
    offers = [OfferedAction(kind="say", label="Why", text=f"Why {sku}?")] if sku else []
    if sku:
        if text(row["code"]) not in NOT_BOUGHT:
            offers.append(OfferedAction(kind="say", label="Draft PO", text=f"Draft {sku}"))
        offers.append(OfferedAction(kind="say", label=SNOOZE, text=f"Snooze {sku}"))
    return Finding(
        key=text(row["key"]),
        headline=_headline(row, names),
        detail=_detail(row),
        status=text(row["status"]) if "status" in row else "",
        at_stake=say.money(whole(row["at_stake_minor"])),
        actions=tuple(offers),
        owner=text(row.get("owner", "")),
    )


def _headline(row: Record, names: Names) -> str:
    """`stock out soon: LAMP-OAK-01 Oak Table Lamp at LEEDS`."""
    sku, place = text(row["sku"]), text(row["location"])
    supplier, order = text(row["supplier"]), text(row["po"])
    what = in_words(text(row["code"]))
    who = f"{sku} {names.items.get(sku, '')}".strip() if sku else (order or supplier)
    where = f" at {names.locations.get(place) or place}" if place else ""
    return f"{what}: {who}{where}".removesuffix(": ")


def _detail(row: Record) -> str:
    """The exception's own facts, name and value, where they are worth a line."""
    if not isinstance(row["facts"], Mapping):
        return ""
    given = cast("Mapping[str, object]", row["facts"])
    plain = [
        f"{value:,} {in_words(str(name))}"
        for name, value in sorted(given.items())
        if isinstance(value, int) and not isinstance(value, bool) and not name.endswith("_minor")
    ]
    reason = [str(given["cause"])] if "cause" in given else []
    return ", ".join([*plain[:3], *reason])


def _buys(lines: pd.DataFrame, names: Names, say: _Say) -> Table:
    top: Sequence[Record] = records(lines.head(5))
    return Table(
        title="First to buy",
        columns=(
            Column(header="SKU", is_numeric=False),
            Column(header="Item", is_numeric=False),
            Column(header="Where", is_numeric=False),
            Column(header="Units", is_numeric=True),
            Column(header="Cost", is_numeric=True),
            Column(header="Lost margin", is_numeric=True),
        ),
        rows=tuple(
            (
                Cell(text(line["sku"])),
                Cell(names.items.get(text(line["sku"]), "")),
                Cell(text(line["location"])),
                Cell(say.count(whole(line["units"]))),
                Cell(say.money(whole(line["cost_minor"]))),
                Cell(say.money(whole(line["lost_margin_minor"]))),
            )
            for line in top
        ),
    )
