"""Automation tiers: proposed from outcomes, decided by a person, in force until rules change."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import InvalidInput, NotAllowed, Stale
from engine.model.automation import Automation, TierRule
from engine.model.config import PlanConfig
from engine.service import audit
from engine.service.line_outcomes import Outcomes, line_outcomes
from engine.service.stores import Stores
from engine.service.tiers import (
    TierProposal,
    decide_tiers,
    judge_outcomes,
    keep_proposal,
    propose_tiers,
    with_decided_tiers,
)
from engine.store.database import Database
from support.purchasing import NOW, person, purchasing_stores

CONFIG = PlanConfig()
LIMIT = 50_000


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


def seen(flowed: int = 0, fine: int = 0, waited: int = 0, bought: int = 0) -> Outcomes:
    return Outcomes(limit_minor=LIMIT, flowed=flowed, flowed_as_proposed=fine, waited=waited,
                    waited_as_proposed=bought)  # fmt: skip


@pytest.mark.parametrize(
    ("outcomes", "wanted"),
    [
        (seen(waited=20, bought=19), ("wider", 100_000)),
        (seen(waited=20, bought=18), None),  # one in ten was changed
        (seen(waited=19, bought=19), None),  # too few to tell
        (seen(flowed=30, fine=26), ("narrower", 25_000)),
        (seen(flowed=30, fine=26, waited=20, bought=20), ("narrower", 25_000)),  # caution first
        (seen(flowed=30, fine=27), None),
    ],
)
def test_tiers_widen_where_people_change_nothing_and_narrow_where_they_do(
    outcomes: Outcomes, wanted: tuple[str, int] | None
) -> None:
    assert judge_outcomes(outcomes, LIMIT, ceiling=500_000) == wanted


def test_a_limit_never_goes_beyond_what_always_waits() -> None:
    assert judge_outcomes(seen(waited=20, bought=20), LIMIT, ceiling=60_000) == ("wider", 60_000)
    assert judge_outcomes(seen(waited=20, bought=20), LIMIT, ceiling=LIMIT) is None


def proposed(stores: Stores) -> TierProposal:
    before = CONFIG.automation
    rules = (replace(before.rules[0], up_to_minor=100_000),)
    after = replace(before, rules=rules)
    return keep_proposal(stores, "wider", before, after, seen(waited=20, bought=20), NOW)


def test_nothing_changes_until_a_person_decides(stores: Stores) -> None:
    made = proposed(stores)
    assert with_decided_tiers(stores, CONFIG) == CONFIG
    assert propose_tiers(stores, CONFIG, now=NOW) is None  # one question at a time

    decided = decide_tiers(
        stores, made.id, decision="approve", shown=made.digest, person=person(stores, "dana"),
        reason="nobody changes them", now=NOW,
    )  # fmt: skip

    assert (decided.state, decided.decided_by) == ("approved", "dana")
    assert with_decided_tiers(stores, CONFIG).automation.rules[0].up_to_minor == 100_000
    assert audit.verify(stores).verified
    # Rules that somebody has rewritten since are what counts.
    own = replace(CONFIG, automation=Automation(rules=(TierRule(tier="wait"),)))
    assert with_decided_tiers(stores, own) == own


def test_only_who_may_set_budgets_decides_and_only_on_what_was_shown(stores: Stores) -> None:
    made = proposed(stores)
    with pytest.raises(NotAllowed):
        decide_tiers(stores, made.id, decision="approve", shown=made.digest,
                     person=person(stores, "bea"), reason="", now=NOW)  # fmt: skip
    dana = person(stores, "dana")
    with pytest.raises(Stale):
        decide_tiers(stores, made.id, decision="approve", shown="other", person=dana, reason="",
                     now=NOW)  # fmt: skip
    decide_tiers(stores, made.id, decision="reject", shown=made.digest, person=dana, reason="no",
                 now=NOW)  # fmt: skip
    with pytest.raises(InvalidInput, match="is rejected already"):
        decide_tiers(stores, made.id, decision="approve", shown=made.digest, person=dana,
                     reason="", now=NOW)  # fmt: skip
    assert with_decided_tiers(stores, CONFIG) == CONFIG


def test_without_decided_lines_there_is_nothing_to_go_by(stores: Stores) -> None:
    assert line_outcomes(stores, since=NOW, limit_minor=LIMIT) == seen()
    assert propose_tiers(stores, CONFIG, now=NOW) is None
