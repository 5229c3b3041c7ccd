"""Who acts: the policy in force, the people it knows, and how an identity becomes a person.

Rights come from the policy in force at the moment of acting, never from what a caller carries.
Without a policy nobody may do anything.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from engine.errors import Ambiguous, BadSettings, NotAllowed, UnknownName
from engine.model.people import IdentitySource, Person
from engine.purchase.carry_over import CarryOver
from engine.purchase.policy import Policy
from engine.service import audit
from engine.service.company import company_profile, is_demo
from engine.service.order_facts import identity_digest
from engine.service.policy_file import Entry, PolicyFile, SlackIdentity, load_policy
from engine.service.preferences import preferences_of
from engine.service.stores import AuditSeal, Stores
from engine.store.content import read_content
from engine.store.tables.people import people, policy_versions, slack_identities

__all__ = [
    "SYSTEM", "everyone", "is_in_force", "load_policy", "names", "person_as_demo",
    "person_for_os_user", "person_for_slack", "person_of", "policy_in_force", "put_in_force",
    "require_currency", "slack_identity", "slack_people", "sync",
]  # fmt: skip
# Who acts when a clock or a policy does: it has no rights, so nothing can borrow its name.
SYSTEM = Person(id="quartermaster", name="Quartermaster", rights=frozenset(), source="system")


def sync(stores: Stores, file: PolicyFile, *, now: datetime) -> str:
    """Put a people file in force and return its policy's version; unchanged, it writes nothing.

    For a company that is being made (the demo, a test); nobody is asked whether they may. What a
    person does goes through `engine.service.policy_install`. Raises BadSettings when the file's
    currency is not the company's.
    """
    with stores.database.read() as look:
        require_currency(look, file.policy)
        if is_in_force(look, file):
            return file.policy.version
    with stores.database.write() as work:
        audit.take_turn(work)
        if not is_in_force(work, file):  # another process may have been first
            put_in_force(work, stores.seal, file, person=SYSTEM, now=now)
    return file.policy.version


def policy_in_force(look: sa.Connection) -> Policy:
    """The newest policy; raises NotAllowed when there is none, because absent means closed."""
    content = _newest(look)
    if content is None:
        raise NotAllowed(
            "No people file is in force, so nobody may do anything. Name one in the setting "
            "people.file (examples/people.yaml shows the format)."
        )
    return _policy(content.content)


def carry_over(look: sa.Connection) -> tuple[CarryOver, ...]:
    """How what is left of budgets goes on; nothing does where no policy is in force."""
    content = _newest(look)
    return () if content is None else _policy(content.content).carry_over


@lru_cache(maxsize=8)
def _policy(text: str) -> Policy:
    """The same text is the same policy, and every click asks for it."""
    return read_content(Policy, text)


def person_of(stores: Stores, person_id: str, source: IdentitySource) -> Person:
    """A person whose identity the caller has verified in the way `source` says."""
    with stores.database.read() as look:
        return _person(look, people.c.id == person_id, source, "person", person_id)


def person_for_os_user(stores: Stores, os_user: str) -> Person:
    """The person an operating-system user is mapped to in the people file."""
    with stores.database.read() as look:
        return _person(look, people.c.os_user == os_user, "os-user", "os_user", os_user)


def person_for_slack(stores: Stores, team_id: str, user_id: str) -> Person:
    """The person behind a verified Slack identity."""
    with stores.database.read() as look:
        found = look.execute(
            sa.select(slack_identities.c.person_id).where(
                slack_identities.c.team_id == team_id, slack_identities.c.user_id == user_id
            )
        ).scalar_one_or_none()
        name = f"{team_id}/{user_id}"
        return _person(look, people.c.id == found, "slack", "Slack identity", name)


def slack_identity(look: sa.Connection, person_id: str) -> SlackIdentity | None:
    """Where a person is reached in Slack; their first workspace where there are several."""
    row = look.execute(
        sa.select(slack_identities.c.team_id, slack_identities.c.user_id)
        .where(slack_identities.c.person_id == person_id)
        .order_by(slack_identities.c.team_id, slack_identities.c.user_id)
        .limit(1)
    ).one_or_none()
    return None if row is None else SlackIdentity(team_id=row.team_id, user_id=row.user_id)


def slack_people(look: sa.Connection, team_id: str) -> int:
    """How many people are known by an identity of this workspace."""
    query = sa.select(sa.func.count(sa.distinct(slack_identities.c.person_id)))
    return look.execute(query.where(slack_identities.c.team_id == team_id)).scalar_one()


def person_as_demo(stores: Stores, who: str) -> Person:
    """Act as a configured person, by id, name, first name or role; in a demo company only.

    Raises NotAllowed elsewhere, UnknownName, or Ambiguous when several people fit.
    """
    with stores.database.read() as look:
        if not is_demo(look):
            raise NotAllowed(
                f"Acting as {who!r} works in a demo company only; here you are who the operating "
                "system says you are. Map your user with os_user in the people file."
            )
        rows = look.execute(sa.select(people).where(people.c.active)).all()
        found = best_match(rows, who.strip().casefold())
        if len(found) > 1:
            raise Ambiguous("person", who, [f"{row.id} ({row.name})" for row in found])
        name = found[0].id if found else who
        return _person(look, people.c.id == name, "demo", "person", who)


def everyone(stores: Stores) -> tuple[Person, ...]:
    """All active people with their rights, for lists and explanations; not an identity."""
    with stores.database.read() as look:
        policy = policy_in_force(look)
        rows = look.execute(sa.select(people).where(people.c.active).order_by(people.c.id))
        return tuple(_with_rights(row, policy, "system", {}) for row in rows)


def names(look: sa.Connection) -> Mapping[str, str]:
    """What each person's id is called, also of those who have left."""
    return {row.id: row.name for row in look.execute(sa.select(people.c.id, people.c.name))}


def _person(
    look: sa.Connection,
    condition: sa.ColumnElement[bool],
    source: IdentitySource,
    kind: str,
    name: str,
) -> Person:
    row = look.execute(sa.select(people).where(condition, people.c.active)).one_or_none()
    if row is None:
        known = look.execute(sa.select(people.c.id).where(people.c.active).order_by(people.c.id))
        raise UnknownName(kind, name, known.scalars().all())
    return _with_rights(row, policy_in_force(look), source, preferences_of(look, row.id))


def _with_rights(
    row: sa.Row[Any], policy: Policy, source: IdentitySource, preferences: dict[str, str]
) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        rights=policy.rights_of(row.id),
        source=source,
        approval_limit_minor=policy.highest_limit(row.id),
        email=row.email,
        preferences=preferences,
    )


def best_match(rows: Sequence[sa.Row[Any]], who: str) -> list[sa.Row[Any]]:
    """Those the word fits best: an id before a name, a name before a first name or a role."""
    tests: tuple[Callable[[sa.Row[Any]], bool], ...] = (
        lambda row: row.id == who,
        lambda row: row.name.casefold() == who,
        lambda row: row.name.casefold().split()[0] == who,
        lambda row: who in row.roles,
    )
    for fits in tests:
        found = [row for row in rows if fits(row)]
        if found:
            return found
    return []


def _newest(look: sa.Connection) -> sa.Row[Any] | None:
    query = sa.select(policy_versions).order_by(policy_versions.c.sequence.desc()).limit(1)
    return look.execute(query).one_or_none()


def require_currency(look: sa.Connection, policy: Policy) -> None:
    """Raise BadSettings unless a policy's limits are in the currency the company counts in."""
    company = company_profile(look)
    if company is not None and company.base_currency != policy.currency:
        base = company.base_currency
        raise BadSettings(
            f"The people file states its limits in {policy.currency}, the company counts in "
            f"{base}. Write `currency: {base}` and check the amounts."
        )


def is_in_force(look: sa.Connection, file: PolicyFile) -> bool:
    """Whether the policy, the people and their identities are those of this file."""
    newest = _newest(look)
    if newest is None or newest.version != file.policy.version:
        return False
    rows = look.execute(sa.select(people).where(people.c.active)).all()
    stored = {row.id: (row.name, row.email, row.os_user) for row in rows}
    wanted = {entry.id: (entry.name, entry.email, entry.os_user) for entry in file.directory}
    identities = {tuple(row) for row in look.execute(sa.select(slack_identities))}
    return stored == wanted and identities == {
        (slack.team_id, slack.user_id, entry.id)
        for entry in file.directory
        for slack in entry.slack
    }


def put_in_force(
    work: sa.Connection,
    seal: AuditSeal,
    file: PolicyFile,
    *,
    person: Person,
    now: datetime,
    more: Mapping[str, object] | None = None,
) -> None:
    """Replace policy and directory, and seal who did it; the caller has taken the audit's turn.

    People who are gone from the file keep their row, without rights.
    """
    before = _newest(work)
    if before is None or before.version != file.policy.version:
        work.execute(
            sa.insert(policy_versions).values(
                sequence=before.sequence + 1 if before else 1,
                version=file.policy.version,
                content=file.policy.text,
                loaded_at=now,
            )
        )
    _replace_directory(work, file.directory, now)
    audit.record(
        work,
        seal,
        person,
        at=now,
        kind="policy.installed",
        subject="policy",
        body={
            "version": file.policy.version,
            "before": before.version if before else None,
            "people": sorted(entry.id for entry in file.directory),
            "identities": identity_digest(work),
            **(more or {}),
        },
    )


def _replace_directory(work: sa.Connection, directory: tuple[Entry, ...], now: datetime) -> None:
    """Rows stay for ever, because decisions name their ids; who has left becomes inactive."""
    work.execute(sa.delete(slack_identities))
    work.execute(sa.update(people).values(active=False, os_user=None))
    for entry in directory:
        values = {
            "name": entry.name,
            "email": entry.email,
            "os_user": entry.os_user,
            "roles": list(entry.roles),
            "active": True,
            "updated_at": now,
        }
        known = work.execute(sa.update(people).where(people.c.id == entry.id).values(values))
        if not known.rowcount:
            work.execute(sa.insert(people).values(id=entry.id, **values))
        for slack in entry.slack:
            work.execute(
                sa.insert(slack_identities).values(
                    team_id=slack.team_id, user_id=slack.user_id, person_id=entry.id
                )
            )
