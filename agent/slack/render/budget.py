"""A budget proposal in a channel."""

from agent.slack.actions import CONFIRM_BUDGET, DECLINE_BUDGET, BudgetRef, packed
from agent.slack.render.answer import Outgoing
from agent.slack.render.build import Part, actions, bullets, button, escaped, header, note
from agent.views.budget import BudgetView


def budget_message(view: BudgetView, said: str = "") -> Outgoing:
    """`said` is what became of it; empty while it waits for somebody."""
    facts = bullets([Part(f"{row.label}: ", bold=True), Part(row.text)] for row in view.rows)
    blocks = [header(view.title), facts]
    if said:
        return Outgoing(text=escaped(said), blocks=(*blocks, note(said)))
    ref = packed(BudgetRef(proposal=view.proposal_id, digest=view.digest))
    asked = actions(
        [
            button("Confirm", action=CONFIRM_BUDGET, value=ref, style="primary",
                   spoken=f"Confirm {view.title}"),
            button("Decline", action=DECLINE_BUDGET, value=ref, style="danger",
                   spoken=f"Decline {view.title}"),
        ]
    )  # fmt: skip
    text = escaped(f"{view.title}: waits for a decision")
    return Outgoing(text=text, blocks=(*blocks, asked, note(f"May confirm: {view.who_may}")))
