"""A digest's posts: what each says it shows, and drawing it from that."""

from collections.abc import Mapping
from typing import Any

from agent.bootstrap import Company
from agent.occasions import DigestSettings
from agent.slack.render.digest import DigestPart, parts_of
from agent.views.digest import Digest, stored_digest
from engine.errors import UnknownName
from engine.service import posts
from engine.service.reading import latest_run, run_header
from engine.service.scopes import EVERYTHING, Scope

WHOLE: tuple[DigestPart, ...] = ("parent", "resolved", "buys")


def digest_of(company: Company, ref: Mapping[str, Any]) -> Digest:
    """As it reads now; a `scope` of the reference narrows it, `since` says what is new."""
    given = {name: tuple(codes) for name, codes in dict(ref.get("scope") or {}).items()}
    return stored_digest(
        company.stores,
        run_header(company.stores, str(ref["run"])),
        company.settings.terminal.locale,
        company.clock.now(),
        scope=Scope(**given),
        since=ref.get("since"),
        only_urgent=ref["part"] == "urgent",
    )


def scope_of(plan: DigestSettings) -> Scope:
    return Scope(suppliers=plan.suppliers, categories=plan.categories, locations=plan.locations)


def reference(run_id: str, part: DigestPart, scope: Scope, since: str | None) -> dict[str, Any]:
    """What a post of a digest shows."""
    narrowed = {} if scope.is_everything else {
        "suppliers": scope.suppliers, "categories": scope.categories, "locations": scope.locations,
    }  # fmt: skip
    return {"run": run_id, "since": since, "part": part, "scope": narrowed}


def digest_now(company: Company, name: str) -> list[dict[str, Any]]:
    """References of a digest on demand: the named one's scope, or everything.

    Raises UnknownName for a digest that the settings do not have, NoPlan before the first plan.
    """
    plan = next((each for each in company.settings.digests if each.name == name), None)
    if name and plan is None:
        raise UnknownName("digest", name, [each.name for each in company.settings.digests])
    run_id = latest_run(company.stores).id
    scope = EVERYTHING if plan is None else scope_of(plan)
    before = posts.newest_ref(company.stores.database, f"digest:{name}:") if name else None
    since = None if before is None or before["run"] == run_id else str(before["run"])
    parent = reference(run_id, "parent", scope, since)
    said = parts_of(digest_of(company, parent))
    return [{**parent, "part": part} for part in WHOLE if part in said]
