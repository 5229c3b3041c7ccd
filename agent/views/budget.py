"""A budget proposal as it is shown before somebody confirms it."""

from dataclasses import dataclass

from agent.grounding.formats import shown
from agent.views.approval import Row
from engine.model.people import Person, Right
from engine.service import people
from engine.service.budget import BudgetProposal
from engine.service.company import company_profile
from engine.service.stores import Stores
from tools.facts import Fact

_CONSEQUENCES = (
    ("Lines", "lines_before", "lines_after", False),
    ("Spend", "spent_before_minor", "spent_after_minor", True),
    ("Expected profit", "value_before_minor", "value_after_minor", True),
)


@dataclass(frozen=True, kw_only=True)
class BudgetView:
    """`digest` goes back with the decision and binds it to what stands here."""

    proposal_id: int
    digest: str
    title: str
    rows: tuple[Row, ...]
    may_decide: bool
    who_may: str


def budget_view(
    stores: Stores, proposal: BudgetProposal, person: Person, locale: str
) -> BudgetView:
    able = [each.name for each in people.everyone(stores) if each.may(Right.SET_BUDGET)]
    with stores.database.read() as look:
        company = company_profile(look)
    assert company is not None, proposal  # noqa: S101  a budget is proposed from a plan
    currency = company.base_currency
    before = (
        "none"
        if proposal.cap_before_minor is None
        else _money(proposal.cap_before_minor, currency, locale)
    )
    rows = [Row(label="Cap", text=f"{before} → {_money(proposal.cap_minor, currency, locale)}")]
    for label, old, new, is_money in _CONSEQUENCES:
        if old in proposal.consequence:
            values = (int(proposal.consequence[old]), int(proposal.consequence[new]))
            texts = [_money(v, currency, locale) if is_money else f"{v:,}" for v in values]
            rows.append(Row(label=label, text=" → ".join(texts)))
    return BudgetView(
        proposal_id=proposal.id,
        digest=proposal.digest,
        title=f"{proposal.scope} budget of {proposal.period}",
        rows=tuple(rows),
        may_decide=person.may(Right.SET_BUDGET),
        who_may=", ".join(able) or "nobody at present",
    )


def _money(minor: int, currency: str, locale: str) -> str:
    return shown(Fact(id="", value=minor, kind="money", label="", currency=currency), locale)
