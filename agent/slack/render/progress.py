"""The message that stands there while a question is worked."""

from agent.slack.actions import STOP, StopRef, packed
from agent.slack.render.answer import Outgoing
from agent.slack.render.build import Part, actions, button, escaped, prose

WORKING, STOPPING = "Working on it", "Stopping"


def progress_message(key: str, stage: str, *, is_stopping: bool) -> Outgoing:
    """`stage` is what is being done: `reading the plan`."""
    said = f"{STOPPING if is_stopping else WORKING}…"
    told = prose([Part(said, italic=True), Part(f" {stage}" if stage else "")])
    if is_stopping:
        return Outgoing(text=escaped(said), blocks=(told,))
    press = button(
        "Stop", action=STOP, value=packed(StopRef(post=key)), spoken="Stop working on it"
    )
    return Outgoing(text=escaped(said), blocks=(told, actions([press])))
