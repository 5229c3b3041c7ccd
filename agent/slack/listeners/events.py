"""Messages, mentions, App Home."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from agent.slack.client import SlackProblem
from agent.slack.identity import person_of_slack
from agent.slack.listeners.context import Listening
from agent.slack.render.build import Block, Part, prose
from agent.slack.render.home import home_view
from agent.views.home import home
from engine.errors import PlanningError


def register(app: AsyncApp, listening: Listening) -> None:
    app.event("message")(_kept)
    app.event("app_mention")(_kept)

    @app.event("app_home_opened")
    async def show_home(event: dict[str, Any], body: dict[str, Any]) -> None:
        if event.get("tab") != "home":
            return
        team, user = str(body["team_id"]), str(event["user"])
        view = await listening.threads.run(_home, listening, team, user)
        client = await listening.workspaces.client(team)
        try:
            await client.call("views.publish", user_id=user, view=view)
        except SlackProblem:
            return  # drawn anew at the next look

    @app.event("app_uninstalled")
    async def uninstalled(body: dict[str, Any]) -> None:
        await listening.workspaces.gone(str(body.get("team_id") or ""))

    @app.event("tokens_revoked")
    async def revoked(event: dict[str, Any], body: dict[str, Any]) -> None:
        if event.get("tokens", {}).get("bot"):  # a person's own token is nothing of ours
            await listening.workspaces.gone(str(body.get("team_id") or ""))


async def _kept() -> None:
    """Nothing is left to do: it is in the inbox, and Bolt acknowledges it."""


def _home(listening: Listening, team: str, user: str) -> Block:
    company = listening.company
    try:
        person = person_of_slack(company, team, user)
    except PlanningError as reason:
        return {"type": "home", "blocks": [prose([Part(str(reason))])]}
    view = home(
        company.stores, person, now=company.clock.now(), locale=company.settings.terminal.locale
    )
    return home_view(view)
