"""Words that say more of a figure than the figure, and words against an order; English.

A language of `languages/` says the same in its lists `bounds` and `needless`. Read on cleaned text.
"""

import re
from collections.abc import Mapping

WAYS = ("least", "most", "more", "less")
_BETWEEN = (
    r"(?:\s+(?:the|an?|your|our|its|their|this|that|some|about|full|whole|total|entire|available"
    r"|current|expected|usual|planned|budget|cap|limit|figure|stock|inventory|demand|forecast"
    r"|sales|costs?|price|sum|margin|amount|quantity|minimum|maximum|plan's|of)){0,4}\s*\Z"
)
_STRONG = {
    "least": r"at\s+(?:the\s+very\s+)?least|(?:no|not)\s+(?:less|fewer|lower|smaller)\s+than"
    r"|a\s+minimum\s+of|not\s+(?:below|under)|as\s+(?:few|little)\s+as|covers?|meets?"
    r"|(?:is|are)\s+enough\s+for",
    "most": r"at\s+(?:the\s+very\s+)?most|(?:no|not)\s+(?:more|higher|larger|greater|bigger)\s+than"
    r"|a\s+maximum\s+of|not\s+(?:above|over|exceeding)|as\s+(?:much|many)\s+as|capped\s+at"
    r"|limited\s+to",
    "more": r"(?:more|greater|higher|larger|bigger|better)\s+than|exceed(?:s|ing|ed)?"
    r"|upwards\s+of|in\s+excess\s+of|north\s+of|surpass(?:es)?"
    r"|(?:just|well|slightly)\s+(?:over|above)",
    "less": r"(?:less|fewer|lower|smaller)\s+than|nearly|almost|not\s+quite|short\s+of|south\s+of"
    r"|approaching|(?:just|well|slightly)\s+(?:under|below)",
}
# These speak of time as well, and of a frame: "over the weeks", "within the budget".
_WEAK = {
    "least": "(?!)",
    "most": r"(?<!add\s)(?<!adds\s)(?<!adding\s)up\s+to|within|inside",  # steps add up to a sum
    "more": "over|above|beyond",
    "less": "under|below|beneath",
}


def before(strong: str, weak: str, between: str = _BETWEEN) -> re.Pattern[str]:
    """Read at the end of what stands before a figure; what is `weak` may speak of time instead."""
    return re.compile(rf"\b(?:{strong}|(?P<weak>{weak})){between}")


def said(strong: str, weak: str) -> re.Pattern[str]:
    """The same words anywhere, as the person says them."""
    return re.compile(rf"\b(?:{strong}|{weak})\b")


BEFORE: Mapping[str, re.Pattern[str]] = {w: before(_STRONG[w], _WEAK[w]) for w in WAYS}
SAID: Mapping[str, re.Pattern[str]] = {w: said(_STRONG[w], _WEAK[w]) for w in WAYS}
# "{{units}} of LAMP-1 or more": what it is of may stand between.
OF = r"\A(?:\s+(?:of|von|de|di|av|af|van|z)\s+[^.,;:()]{1,40}?)?\s*"
AFTER: Mapping[str, re.Pattern[str]] = {
    "least": re.compile(
        rf"{OF}(?:(?:or|and)\s+(?:more|above|over|up|upwards|higher)|at\s+(?:the\s+)?least"
        r"|(?:as\s+an?\s+)?minimum|upwards|and\s+counting)\b"
    ),
    "most": re.compile(
        rf"{OF}(?:(?:or|and)\s+(?:less|fewer|below|under|lower)|at\s+(?:the\s+)?most"
        r"|(?:as\s+an?\s+)?maximum|tops|max)\b"
    ),
}
# "{{difference}} more than {{figure}}": the first is how far apart they are.
APART = re.compile(r"\A\s*(?:(?:more|less|fewer|higher|lower)\s+than|short\s+of|above|below)\b")
DENIAL = re.compile(
    r"(?:\bnot|n['’]?t|\bcannot|\bnever|\bhardly|\bbarely|\bno\s+longer)(?:\s+\w+)?\s*\Z"
)
SUPPOSED = re.compile(
    r"\b(?:would|wouldn['’]?t|could|might|may|if|unless|can['’]?t|cannot|must|should)\b"
)

# Advice against an order, or the plan said to hold none of it.
_ORDER = r"(?:(?:re)?order|(?:re)?buy|purchase|restock|replenish|stock\s+up)(?:ing|s)?\b"
_ORDERED = r"(?:(?:re)?ordered|bought|purchased|restocked|replenished)\b"
_DENIED = (
    r"(?:(?:need|do|does|did|should|must|would|will|wo|ought)\s*(?:not|n['’]?t)|d\s+not"
    r"|never|no\s+(?:need|reason|point|rush|hurry|cause)"
    r"|(?:is|are|was|were)?\s*(?:not|n['’]?t)\s+(?:necessary|needed|required|worth))"
)
_WANTED = (
    r"(?:\s+(?:need|needed|have|want|bother|rush|hurry|be|worth|necessary|required|advisable|to"
    r"|any|of|in|going|for|you|us))*"
)
NEEDLESS = re.compile(
    rf"\b{_DENIED}{_WANTED}\s+(?:{_ORDER}|{_ORDERED}|an?\s+(?:re)?order\b|orders\b)"
    rf"|\b(?:skip|avoid|stop|refrain\s+from|hold\s+off(?:\s+on)?|forget(?:\s+about)?)"
    rf"\s+(?:{_ORDER}|the\s+(?:re)?order\b)"
    r"|\b(?:orders?|buys?|needs?|requires?|order|buy)\s+(?:none|nothing|no\s+(?:more(?!\s+than\b)|units|packs"
    r"|stock|order|orders|replenishment))\b"
    r"|\b(?:nothing|none|no\s+(?:order|orders|purchase|purchases|more))\s+(?:of\s+\w+\s+)?"
    rf"(?:(?:has|have|is|are|needs?|worth|to|be|of\s+it)\s+)*(?:{_ORDER}|{_ORDERED}|needed\b"
    r"|necessary\b|required\b)"
)
