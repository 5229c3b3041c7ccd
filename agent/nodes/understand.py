"""Begin a turn: keep the person's own figures, refuse what cannot be read, ask the model."""

from dataclasses import asdict

from langgraph.runtime import Runtime

from agent.grounding.user_facts import user_facts
from agent.llm.port import Reply
from agent.nodes.question import question_of
from agent.records import stored_fact
from agent.state import TurnContext, TurnState, TurnUpdate
from engine.service import conversation

LONGEST_MESSAGE = 4_000  # characters; a question is short, a paste is not a question
_EMPTY = "There was nothing in that message. Ask what to buy, or type help."
_TOO_LONG = (
    "That message is longer than I read at once, so I did nothing with it. Put the question in a "
    "few sentences; data goes in through an import."
)


def understand(state: TurnState, runtime: Runtime[TurnContext]) -> TurnUpdate:
    text = state["text"]
    if not text.strip():
        return {"draft": _EMPTY, "calls": []}
    if len(text) > LONGEST_MESSAGE:
        return {"draft": _TOO_LONG, "calls": []}
    kept = [stored_fact(fact, conversation.USERS_OWN) for fact in user_facts(text)]
    conversation.keep_facts(runtime.context.tools.stores, state["turn_id"], kept)
    runtime.stream_writer({"stage": "reading the question"})
    reply = runtime.context.model.reply(question_of(state, runtime.context))
    return as_state(reply, state)


def as_state(reply: Reply, state: TurnState) -> TurnUpdate:
    """A model's reply as what changes in the state."""
    changed: TurnUpdate = {
        "draft": reply.draft,
        "calls": [{"tool": call.tool, "arguments": call.arguments} for call in reply.calls],
        "rounds": state.get("rounds", 0) + (1 if reply.calls else 0),
        "input_tokens": state.get("input_tokens", 0) + reply.input_tokens,
        "output_tokens": state.get("output_tokens", 0) + reply.output_tokens,
    }
    if reply.pending is not None:
        changed["pending"] = asdict(reply.pending)
    return changed
