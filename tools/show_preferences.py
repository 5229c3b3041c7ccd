"""What the person's own answers are narrowed to."""

from engine.service.preferences import preferences_of
from tools.context import ToolContext
from tools.result import ToolResult
from tools.set_preference import shown
from tools.tool import Arguments, Tool


class ShowPreferences(Arguments):
    """Nothing to choose: the person's own."""


def show_preferences(_arguments: ShowPreferences, context: ToolContext) -> ToolResult:
    with context.stores.database.read() as look:
        holds = preferences_of(look, context.person.id)
    return shown(holds, context).result("some" if holds else "none")


TOOL = Tool(
    name="show_preferences",
    mode="read",
    description="What the person's own answers are narrowed to: place, category, currency.",
    arguments=ShowPreferences,
    run=show_preferences,
)
