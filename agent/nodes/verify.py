"""Hold the draft against the facts of the turn; repair once, then fall back to the template."""

from langgraph.runtime import Runtime

from agent.grounding.verify import violations
from agent.nodes.question import evidence_of, question_of, so_far
from agent.nodes.understand import as_state
from agent.state import TurnContext, TurnState, TurnUpdate
from agent.statements import statement

# Where not even the statements fit: the tables below still say it all.
LAST_RESORT = "Here is what the plan says."
NOTHING_TO_SAY = "I found no words for that which I can stand behind. Ask again, or type help."


def verify(state: TurnState, runtime: Runtime[TurnContext]) -> TurnUpdate:
    """Sets `refused`; an empty list means the draft may be shown."""
    evidence = evidence_of(state, runtime.context, so_far(state, runtime.context))
    found = violations(state.get("draft", ""), evidence)
    refused = [{"rule": each.rule, "excerpt": each.excerpt} for each in found]
    changed: TurnUpdate = {
        "refused": refused,
        "complaints": [*state.get("complaints", []), *refused],
    }
    if not refused:
        changed["outcome"] = "repaired" if state.get("repairs", 0) else "clean"
    return changed


def repair(state: TurnState, runtime: Runtime[TurnContext]) -> TurnUpdate:
    """One more try, with the list of what was wrong; calls are no longer taken."""
    runtime.stream_writer({"stage": "checking the answer"})
    reply = runtime.context.model.reply(question_of(state, runtime.context, with_refusal=True))
    changed = as_state(reply, state)
    changed["calls"] = []
    changed["repairs"] = state.get("repairs", 0) + 1
    return changed


def template(state: TurnState, runtime: Runtime[TurnContext]) -> TurnUpdate:
    """The statements of the tools' results, which hold no figure but references."""
    found = so_far(state, runtime.context)
    said = "\n".join(statement(step) for step in found.citable_steps)
    fits = bool(said) and not violations(said, evidence_of(state, runtime.context, found))
    plain = LAST_RESORT if said else NOTHING_TO_SAY
    return {"draft": said if fits else plain, "outcome": "template", "refused": []}
