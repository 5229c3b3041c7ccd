"""Whose Slack id is whose, found by e-mail address and proposed, never taken as given.

An administrator of the workspace can change an address in Slack. So a match becomes an identity
only when somebody entitled writes it into the people file and installs it, which the audit seals.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from agent.bootstrap import Company
from agent.slack.client import Client, Refused
from engine.store.tables.people import people, slack_identities


@dataclass(frozen=True, kw_only=True)
class Match:
    """What was found for a person; `user` is None with a reason why not."""

    person: str
    email: str
    user: str | None
    reason: str = ""

    def line(self, team: str) -> str:
        """What to write beside the person in the people file."""
        if self.user is None:
            return f"# {self.person}: {self.reason}"
        return f"{self.person}: slack: [{{team_id: {team}, user_id: {self.user}}}]"


async def matches(company: Company, client: Client, team: str) -> AsyncIterator[Match]:
    """A match for each active person with an address and without an id of this workspace."""
    for person, email in _unmapped(company, team):
        try:
            said = await client.call_form("users.lookupByEmail", email=email)
        except Refused as problem:
            reason = f"nobody in {team} has {email}"
            if problem.code != "users_not_found":
                raise
            yield Match(person=person, email=email, user=None, reason=reason)
            continue
        reason = _unfit(said["user"], team, email)
        user = None if reason else str(said["user"]["id"])
        yield Match(person=person, email=email, user=user, reason=reason)


def _unmapped(company: Company, team: str) -> list[tuple[str, str]]:
    mapped = sa.select(slack_identities.c.person_id).where(slack_identities.c.team_id == team)
    wanted = people.c.active & people.c.email.is_not(None) & people.c.id.not_in(mapped)
    query = sa.select(people.c.id, people.c.email).where(wanted).order_by(people.c.id)
    with company.stores.database.read() as look:
        return [(row.id, row.email) for row in look.execute(query)]


def _unfit(user: Mapping[str, Any], team: str, email: str) -> str:
    """Why this Slack user should not be taken for the person; empty when nothing speaks against."""
    doubts = {
        "is deactivated": user.get("deleted"),
        "is an app": user.get("is_bot"),
        "is a guest": user.get("is_restricted") or user.get("is_ultra_restricted"),
        "has not confirmed the address": user.get("is_email_confirmed") is False,
        "is of another workspace": user.get("team_id", team) != team,
    }
    found = next((doubt for doubt, holds in doubts.items() if holds), "")
    return found and f"{user['id']} has {email}, but {found}"
