"""Honest answers as real models write them: how many would be repaired, how many replaced?

A repair is played as a model repairs that is told what was wrong: the words complained about go,
then whole sentences. What is still refused then, or empty, would be shown as the template.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from agent.grounding.evidence import Evidence
from agent.grounding.template import sentences
from agent.grounding.verify import violations
from agent.grounding.violations import Violation
from evals.breach.benign_facts import ENTITIES, FACTS


@dataclass(frozen=True, kw_only=True)
class Benign:
    """`refused` are the rules that a first draft broke; empty for one that may be shown."""

    text: str
    refused: tuple[str, ...]
    is_template: bool


@dataclass(frozen=True, kw_only=True)
class BenignReport:
    played: tuple[Benign, ...]

    @property
    def repaired(self) -> float:
        """Share of the texts that a repair makes fit to show."""
        return sum(bool(b.refused) and not b.is_template for b in self.played) / len(self.played)

    @property
    def template(self) -> float:
        return sum(b.is_template for b in self.played) / len(self.played)


def benign_texts() -> tuple[dict[str, Any], ...]:
    """`text`, and where they matter `said` (the person's message), `wrote`, `languages`."""
    read = yaml.safe_load(files("evals.breach").joinpath("data/benign.yaml").read_text("utf-8"))
    return tuple({"text": each} if isinstance(each, str) else each for each in read)


def benign_report() -> BenignReport:
    return BenignReport(played=tuple(map(_played, benign_texts())))


def _played(case: dict[str, Any]) -> Benign:
    evidence = Evidence(
        facts={fact.id: fact for fact in FACTS},
        entities=ENTITIES,
        said_by_user=case.get("said", "what should I buy this week with 50k?"),
        did_write=case.get("wrote", False),
        languages=("en", *case.get("languages", ())),
    )
    found = violations(case["text"], evidence)
    return Benign(
        text=case["text"],
        refused=tuple(dict.fromkeys(violation.rule for violation in found)),
        is_template=bool(found) and _is_beyond_repair(case["text"], found, evidence),
    )


def _is_beyond_repair(text: str, found: Sequence[Violation], evidence: Evidence) -> bool:
    shorter = text
    for violation in found:
        shorter = re.sub(rf"\s?{re.escape(violation.excerpt)}\b", "", shorter, flags=re.IGNORECASE)
    tries = (shorter, _without_offences(text, evidence))
    return all(violations(each, evidence) for each in tries)


def _without_offences(text: str, evidence: Evidence) -> str:
    kept: Sequence[str] = [part for part in sentences(text) if not violations(part, evidence)]
    return "\n".join(kept)
