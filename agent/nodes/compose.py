"""Ask the model to go on with what the tools found: further calls, or the draft."""

from langgraph.runtime import Runtime

from agent.nodes.question import question_of
from agent.nodes.understand import as_state
from agent.state import TurnContext, TurnState, TurnUpdate


def compose(state: TurnState, runtime: Runtime[TurnContext]) -> TurnUpdate:
    runtime.stream_writer({"stage": "writing the answer"})
    return as_state(runtime.context.model.reply(question_of(state, runtime.context)), state)
