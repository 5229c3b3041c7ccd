"""The people file as it is written: the one place where its text becomes a policy.

Unknown keys, names that do not exist and identities given twice are errors with the nearest name,
because a misspelt limit that is silently ignored is an open door.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from rapidfuzz import process

from engine.errors import BadSettings
from engine.model.money import exponent, to_minor
from engine.model.people import Right
from engine.purchase.carry_over import CarryOver
from engine.purchase.policy import Ceiling, Limit, Member, Policy, Role, Step
from engine.service.policy_schema import (
    KEYS,
    WrittenCarryOver,
    WrittenFile,
    WrittenLimit,
    WrittenPerson,
    WrittenRole,
)


@dataclass(frozen=True, kw_only=True)
class SlackIdentity:
    team_id: str
    user_id: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """How a person of the policy is called and recognised; personal data, never in the audit."""

    id: str
    name: str
    roles: tuple[str, ...]
    email: str | None = None
    os_user: str | None = None
    slack: tuple[SlackIdentity, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PolicyFile:
    policy: Policy
    directory: tuple[Entry, ...]


def load_policy(path: Path) -> PolicyFile:
    """Read and check a people file; raises BadSettings naming the key, the value and the fix."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(
            f"The people file {str(path)!r} cannot be read: {error}. Check the setting people.file."
        ) from None
    return parse_policy(text, str(path))


def parse_policy(text: str, source: str) -> PolicyFile:
    """As load_policy, from text; `source` names it in errors."""
    try:
        written: object = yaml.load(text, Loader=_StrictLoader)  # noqa: S506  a SafeLoader below
    except yaml.YAMLError as error:
        raise BadSettings(f"{source} is not valid YAML: {error}") from None
    try:
        file = WrittenFile.model_validate(written)
    except ValidationError as error:
        raise BadSettings(f"{source}: {_sentence(error)}") from None
    _check_names(file, source)
    return PolicyFile(policy=_policy(file), directory=tuple(_entry(p) for p in file.people))


class _StrictLoader(yaml.SafeLoader):
    """YAML keeps the last of two equal keys without a word; here the second is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002  PyYAML's signature
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  PyYAML is untyped here
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", node.start_mark
                )
        return super().construct_mapping(node, deep)


def _check_names(file: WrittenFile, source: str) -> None:
    for person in file.people:
        _known(person.roles, file.roles, f"{source}: person {person.id!r} has")
    for step in file.approval.steps:
        _known(step.roles, file.roles, f"{source}: step {step.name!r} names")
    for ceiling in file.approval.ceilings:
        _known(ceiling.roles, file.roles, f"{source}: ceiling {ceiling.name!r} names")
    _once([c.name for c in file.approval.ceilings], f"{source}: the ceiling", "ceilings")
    rules = [f"{rule.scope or 'every budget'} each {rule.period}" for rule in _carry_over(file)]
    _once(rules, f"{source}: carry_over of", "rules")
    _once([p.id for p in file.people], f"{source}: the id")
    _once([p.os_user for p in file.people if p.os_user], f"{source}: the os_user")
    identities = [f"{s.team_id}/{s.user_id}" for p in file.people for s in p.slack]
    _once(identities, f"{source}: the Slack identity")


def _known(names: Iterable[str], roles: Mapping[str, WrittenRole], lead: str) -> None:
    for name in names:
        if name not in roles:
            raise BadSettings(
                f"{lead} the role {name!r}, which is not defined.{_nearest(name, list(roles))}"
            )


def _once(values: list[str], lead: str, what: str = "people") -> None:
    for value in values:
        if values.count(value) > 1:
            raise BadSettings(f"{lead} {value!r} is given to several {what}. Give it to one.")


def _sentence(error: ValidationError) -> str:
    """The first problem in words; an unknown key comes with the nearest known one."""
    problems = error.errors(include_url=False)
    # A misspelt key is reported as missing and as unknown; the second says how to spell it.
    first = next((p for p in problems if p["type"] == "extra_forbidden"), problems[0])
    place = ".".join(str(part) for part in first["loc"]) or "the file"
    if first["type"] == "extra_forbidden":
        return f"unknown key {place!r}.{_nearest(str(first['loc'][-1]), sorted(KEYS))}"
    if first["type"] == "enum":
        rights = [right.value for right in Right]
        return f"{place}: no right {first['input']!r}.{_nearest(str(first['input']), rights)}"
    return f"{place}: {first['msg']}, got {first['input']!r}."


def _nearest(name: str, known: list[str]) -> str:
    match = process.extractOne(name, known, score_cutoff=60)
    return f" Did you mean {match[0]!r}?" if match else f" Known: {', '.join(known)}."


def _policy(file: WrittenFile) -> Policy:
    def minor(amount: Decimal) -> int:
        exponent(file.currency)
        return to_minor(amount, file.currency)

    def limits(written: tuple[WrittenLimit, ...]) -> tuple[Limit, ...]:
        return tuple(
            Limit(
                up_to_minor=minor(limit.up_to),
                suppliers=limit.suppliers,
                categories=limit.categories,
                locations=limit.locations,
            )
            for limit in written
        )

    approval = file.approval
    ceiling = approval.auto_approve_up_to
    return Policy(
        currency=file.currency,
        roles=tuple(
            Role(
                name=name,
                rights=frozenset(role.rights),
                limits=limits(role.limits),
            )
            for name, role in file.roles.items()
        ),
        members=tuple(Member(id=p.id, roles=p.roles) for p in file.people),
        steps=tuple(
            Step(name=step.name, above_minor=minor(step.above), roles=step.roles)
            for step in approval.steps
        ),
        cumulative_days=approval.cumulative_days,
        expires_after_hours=approval.expires_after_hours,
        auto_approve_up_to_minor=None if ceiling is None else minor(ceiling),
        terminal_may_approve=approval.terminal_may_approve,
        auto_approve=limits(approval.auto_approve),
        ceilings=tuple(
            Ceiling(
                name=each.name,
                each=each.each,
                period=each.period,
                up_to_minor=minor(each.up_to),
                roles=each.roles,
                suppliers=each.suppliers,
            )
            for each in approval.ceilings
        ),
        carry_over=tuple(_carried(rule, minor) for rule in _carry_over(file)),
    )


def _carry_over(file: WrittenFile) -> tuple[WrittenCarryOver, ...]:
    return file.budgets.carry_over


def _carried(rule: WrittenCarryOver, minor: Callable[[Decimal], int]) -> CarryOver:
    return CarryOver(
        period=rule.period,
        carry=rule.carry,
        since=rule.since,
        up_to_minor=None if rule.up_to is None else minor(rule.up_to),
        scope=rule.scope,
    )


def _entry(person: WrittenPerson) -> Entry:
    return Entry(
        id=person.id,
        name=person.name,
        roles=person.roles,
        email=person.email,
        os_user=person.os_user,
        slack=tuple(SlackIdentity(team_id=s.team_id, user_id=s.user_id) for s in person.slack),
    )
