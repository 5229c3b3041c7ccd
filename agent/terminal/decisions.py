"""What a person was shown and may decide on by its number; the decision is bound to that."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from agent.bootstrap import Company
from agent.views.approval import CardView, card_view, outcome_text
from agent.views.budget import BudgetView, budget_view
from agent.views.notices import outcome_sentence
from engine.errors import InvalidInput
from engine.model.config import PlanConfig
from engine.model.people import Person
from engine.service import approve as approvals, budget
from engine.service.stores import Stores


@dataclass(frozen=True)
class Shown:
    """A request under the number that "approve N" refers to."""

    number: int
    view: CardView | BudgetView


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What became of a click, as a sentence."""

    sentence: str
    took_effect: bool
    request_id: int | None = None  # of a purchase order
    needs_plan: bool = False


@dataclass
class Decisions:
    """Numbers count up while one person looks, so that a number never changes its meaning."""

    company: Company
    locale: str
    _shown: dict[int, CardView | BudgetView] = field(default_factory=dict)

    def show_order(self, request_id: int, person: Person) -> Shown:
        card = approvals.card(self.company.stores, request_id, now=self.company.clock.now())
        return self._keep(card_view(card, person.id, self.locale))

    def show_budget(self, proposal_id: int, person: Person) -> Shown:
        proposal = budget.proposal(self.company.stores, proposal_id)
        return self._keep(budget_view(self.company.stores, proposal, person, self.locale))

    def show_pending(self, person: Person) -> Iterator[Shown]:
        """Everything that waits, what this person may decide on first."""
        now = self.company.clock.now()
        cards = [
            card_view(card, person.id, self.locale)
            for card in approvals.pending(self.company.stores, now=now)
        ]
        for view in sorted(cards, key=lambda view: not view.may_decide):
            yield self._keep(view)
        for proposal in budget.pending(self.company.stores, now):
            yield self._keep(budget_view(self.company.stores, proposal, person, self.locale))

    def decide(self, number: int, *, approve: bool, reason: str | None, person: Person) -> Decided:
        """The person's click on what stands under a number; raises InvalidInput for no such."""
        view = self._shown.get(number)
        if view is None:
            raise InvalidInput(
                f"Nothing is shown under {number}. /approvals lists what waits for a decision."
            )
        if isinstance(view, CardView):
            return self._decide_order(view, approve=approve, reason=reason, person=person)
        return self._decide_budget(view, approve=approve, reason=reason, person=person)

    def told(self, request_id: int) -> str:
        """What became of a request, for whoever asked."""
        card = approvals.card(self.company.stores, request_id, now=self.company.clock.now())
        return outcome_sentence(card)

    def plan_again(self) -> str:
        """The id of the plan under the decisions in force now."""
        company = self.company
        return company.compute.call(
            planned, company.stores, company.plan_config, company.clock.now()
        )

    def forget(self) -> None:
        """Another person looks: what was shown to the one before binds nobody."""
        self._shown.clear()

    def _keep(self, view: CardView | BudgetView) -> Shown:
        number = max(self._shown, default=0) + 1
        self._shown[number] = view
        return Shown(number, view)

    def _decide_order(
        self, view: CardView, *, approve: bool, reason: str | None, person: Person
    ) -> Decided:
        outcome = approvals.decide(
            self.company.stores,
            request_id=view.request_id,
            revision=view.revision,
            digest=view.digest,
            decision="approve" if approve else "reject",
            person=person,
            now=self.company.clock.now(),
            reason=reason,
        )
        return Decided(
            sentence=outcome_text(outcome, self.locale),
            took_effect=outcome.took_effect,
            request_id=view.request_id,
        )

    def _decide_budget(
        self, view: BudgetView, *, approve: bool, reason: str | None, person: Person
    ) -> Decided:
        proposal = budget.decide_budget(
            self.company.stores,
            proposal_id=view.proposal_id,
            shown_digest=view.digest,
            approve=approve,
            person=person,
            now=self.company.clock.now(),
            reason=reason,
        )
        verb = "is in force" if approve else "is rejected"
        return Decided(
            sentence=f"The {proposal.scope} budget of {proposal.period} {verb}.",
            took_effect=True,
            needs_plan=approve,
        )


def planned(stores: Stores, config: PlanConfig, now: datetime) -> str:
    """Importable by a compute process."""
    from engine.service.planning import run_plan

    return run_plan(stores, config, now=now).id
