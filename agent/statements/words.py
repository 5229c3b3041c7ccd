"""References for writing statements: the braces, and what is known."""

from agent.llm.port import Step
from tools.facts import Fact, Value


class Words:
    """The facts of one call by their own names, whatever prefix they carry in the turn."""

    def __init__(self, step: Step) -> None:
        self.outcome = step.result.outcome if step.result else "failed"
        self._prefix = step.prefix
        self._facts = {fact.id: fact for fact in (step.result.facts if step.result else ())}

    def __call__(self, name: str) -> str:
        """The reference to a fact; the caller knows that it exists."""
        return "{{" + self._prefix + name + "}}"

    def has(self, name: str) -> bool:
        return self._prefix + name in self._facts

    def value(self, name: str) -> Value | None:
        fact = self.fact(name)
        return None if fact is None else fact.value

    def number(self, name: str) -> float:
        """The fact's number, to choose between wordings; absent reads as zero."""
        value = self.value(name)
        return float(value) if isinstance(value, int | float) else 0.0

    def fact(self, name: str) -> Fact | None:
        return self._facts.get(self._prefix + name)

    def count(self, name: str, one: str, many: str) -> str:
        """A count with its noun: `{{...}} line` or `{{...}} lines`."""
        return f"{self(name)} {one if self.number(name) == 1 else many}"

    def other_plan(self) -> str:
        """`a budget of {{...}} (not the plan in force)`; empty where the plan in force speaks."""
        if not self.has("plan.other"):
            return ""
        cap = f"a budget of {self('plan.budget')}" if self.has("plan.budget") else "another plan"
        return f"{cap} (not the plan in force)"
