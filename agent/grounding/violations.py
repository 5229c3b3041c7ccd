"""Why a draft may not be shown."""

from dataclasses import dataclass
from typing import Literal

Rule = Literal[
    "unknown-reference",  # names a fact that this turn does not have
    "broken-reference",  # braces that are no reference
    "touching-reference",  # glued to something that would change what the figure says
    "figure",  # a digit, number word, fraction or numeral of the model's own
    "currency-sign",  # the renderer writes currencies and per cent
    "date-word",  # a month, weekday or day of the model's own
    "status-word",  # approved, sent, ... are facts
    "claimed-effect",  # says something was done that no tool did
    "wrong-entity",  # a figure of one thing in a statement on another
    "wrong-label",  # a figure under the name of another measure
    "unsupported-bound",  # at least, no more than, less than: what the figure does not say
    "unsupported-advice",  # advice against an order that no fact bears out
    "unattributed-user-figure",  # a figure of the person's, stated as if the engine's
    "link-or-mention",
    "other-language",  # figures and statuses are known in the configured languages only
    "unreadable-script",  # cannot tell whether it holds a figure
    "stray-symbol",  # an emoji, a die or a tick may state a figure or a status
    "empty",
]


EXCERPT = 60  # characters of the offending text that are told


@dataclass(frozen=True, kw_only=True)
class Violation:
    """`excerpt` is the offending text, for the repair turn and the log."""

    rule: Rule
    excerpt: str

    def sentence(self) -> str:
        """What to tell the model."""
        return f"{_ADVICE[self.rule]} Offending text: {self.excerpt!r}."


_ADVICE: dict[Rule, str] = {
    "unknown-reference": "Refer only to the facts listed.",
    "broken-reference": "Write references as two braces, the fact id, two braces.",
    "touching-reference": "Leave a space around a reference; add no sign, unit or digit to it.",
    "figure": "Write no figure in digits or words; refer to a fact or leave it out.",
    "currency-sign": "Write no currency or per cent sign; the reference brings it.",
    "date-word": "Write no date, month or weekday; refer to a date fact or leave it out.",
    "status-word": "State a status only through a status fact.",
    "claimed-effect": "Claim only what a tool did in this turn.",
    "wrong-entity": "Keep a figure in a sentence about the thing it belongs to.",
    "wrong-label": "Call the figure what its label says.",
    "unsupported-bound": "Say of a figure only what it is; compare it with none that it does not "
    "stand so to.",
    "unsupported-advice": "Advise against an order only where a fact says that none is needed.",
    "unattributed-user-figure": "Say that a figure of the person's is theirs: 'your ...'.",
    "link-or-mention": "Write no link, mention or markup.",
    "other-language": "Answer in plain sentences of a language you were told to use.",
    "stray-symbol": "Write letters and plain punctuation only.",
    "unreadable-script": "Write in the Latin script.",
    "empty": "Write an answer.",
}
