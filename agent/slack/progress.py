"""What stands there while a question is worked: one message with a button that stops it.

The answer takes its place, so nothing is left over whichever process ends it, and nothing expires:
it is a post like any other. Slack's streams are not used for it: starting one takes no metadata, so
one whose reply was lost could not be found again and would stand there twice.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from agent.bootstrap import Company
from agent.slack.incoming import home_of
from agent.surfaces import SLACK
from engine.errors import InvalidInput
from engine.service import inbox, posts
from engine.service.inbox import Incoming
from engine.service.posts import Place

KIND = "progress"


def progress_key(event: Incoming) -> str:
    return f"{KIND}:{event.key}"


def keep_shown(company: Company, event: Incoming, place: Place, stage: str) -> bool:
    """Say that it is worked on, and at what; whether somebody wants it stopped."""
    database, now, key = company.stores.database, company.clock.now(), progress_key(event)
    with database.read() as look:  # nearly always nothing has changed, and writers wait in line
        shown = posts.ref_of(look, key, KIND)
    if shown is not None and shown["stage"] == stage:
        return bool(shown.get("is_stopping"))
    with database.write() as work:
        if not inbox.is_held(work, event):  # it was answered in this moment
            return False
        shown = posts.ref_of(work, key, KIND)
        if shown is None:
            ref = {
                "key": key, "user": event.payload["user"], "home": home_of(event.payload),
                "stage": stage,
            }  # fmt: skip
            posts.want_once(work, key=key, surface=SLACK, place=place, kind=KIND, ref=ref, now=now)
        elif shown["stage"] != stage:
            posts.become(work, key, KIND, {**shown, "stage": stage}, was=KIND, now=now)
    return bool(shown and shown.get("is_stopping"))


def in_its_place(
    work: sa.Connection, event: Incoming, kind: str, ref: dict[str, Any], now: datetime
) -> bool:
    """Have this stand where the progress stood; False when there is none."""
    return posts.become(work, progress_key(event), kind, ref, was=KIND, now=now)


def stop(company: Company, key: str, home: str, user: str) -> None:
    """Ask whichever process works it to stop; only the person who asked the question may.

    An id of a user is one person's within one workspace only.
    """
    now = company.clock.now()
    with company.stores.database.write() as work:
        shown = posts.ref_of(work, key, KIND)
        if shown is None:
            raise InvalidInput("That is done already.")
        if (shown["home"], shown["user"]) != (home, user):
            raise InvalidInput("Only whoever asked the question can stop it.")
        posts.become(work, key, KIND, {**shown, "is_stopping": True}, was=KIND, now=now)


def stop_all(company: Company, home: str, user: str) -> int:
    """Everything that is worked on for a person; how many there were."""
    with company.stores.database.read() as look:
        found = posts.of_kind(look, SLACK, KIND)
    mine = [key for key, ref in found if (ref["home"], ref["user"]) == (home, user)]
    for key in mine:
        stop(company, key, home, user)
    return len(mine)
