"""English words that state a figure, a date, a status or a belonging, and their harmless uses.

Each pattern is read on text that was cleaned by `agent.grounding.clean`: lower case, no markup,
no invisible characters. "May", "March" and the short weekdays are told from the verb and the
noun by what stands before them.
"""

import re

_ONES = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety"
_SCALES = (
    "hundreds?|thousands?|millions?|billions?|trillions?|grand(?! total)|dozens?|scores? of"
    "|gross of"
)
_COUNTED = (
    "units?|packs?|cases?|boxes?|pallets?|pieces?|days?|weeks?|fortnights?|months?|years?|hours?"
    "|minutes?|seconds?|times?|suppliers?|lines?|orders?|items?|skus?|pos?|locations?|stores?"
    "|warehouses?|percent|per cent|points?|exceptions?|pounds?|dollars?|euros?|pence|cents?"
    "|thirds?|halves|half|quarters?|fifths?|tenths?|in (?:every|each|a)|per|out of"
)
_ONE = (
    rf"\bone(?=[\s-]+(?:{_COUNTED})\b)|\b(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"[\s-]?one\b|\b(?:hundred|thousand)(?:\s+and)?\s+one\b|\b(?:is|are|be|equals?|order|buy|need"
    r"|only|just|exactly|about|at least|at most|under|than|by)\s+one(?=\s*(?:[.,;:!?)]|$))"
)
FIGURE_WORDS = re.compile(
    rf"\b(?:{_ONES}|{_TENS}|zero|nil|nought|naught)\b|{_ONE}"
    r"|\b(?:only|just|exactly|at least|at most|under|than)\s+one\b(?!\s+of\b)"
    r"|\b(?=[ivx]{2,4}\b)x{0,3}(?:ix|iv|v?i{0,3})\b"
    rf"|\b(?:{_SCALES})\b"
    r"|\b(?:half|halves|halved|halving|thirds?(?!\s+(?:option|party|parties|line|item|supplier|one"
    r"|step|time|place|row)\b)|quarters?|quartered|fifths|sixths|eighths|tenths?|hundredths?)\b"
    r"|\b(?:fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|twentieth"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teenth|(?:thir|for|fif|six|seven|eigh|nine)tieth"
    r"|hundredth|thousandth|millionth|nth)\b"
    r"|\b(?:double[sd]?(?![\s-]+(?:check|checking|up)\b)|doubling|triple[sd]?|tripling|treble[sd]?|quadruple[sd]?|quintuple[sd]?"
    r"|twice|thrice|duo|trio|quartet|quintet|sextet|twins?|couple|dozenth|zillions?|gazillions?"
    r"|(?:single|double|triple)[\s-]digits?|digits?|(?:\w+[\s-])?figure sums?"
    r"|twofold|threefold|fourfold|fivefold|tenfold|\w+fold(?<=ninefold)|couple\s+of"
    r"|pairs?|handful|an?other\s+(?:day|week|month|year)|an?\s+(?:day|week|fortnight|month|quarter"
    r"|year)\s+(?:of|left|away|ago|late|early|from|more|or|to)"
    r"|(?:in|within|after|for|over|by)\s+an?\s+(?:day|week|fortnight|month|quarter|year|decade|hour)"
    r"|an?\s+(?:unit|pack|case|box|pallet|piece|pound|dollar|euro|penny|cent)(?=\s+(?:of|more|less)\b)"
    r"|umpteen|baker'?s)\b"
    r"|\b(?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b"
    r"|\b(?:a|per|each|every)\s+(?:decade|century|fortnight)\b"
)
# Roman numerals of two letters and more, as written: II, IV, XII. Sizes and units are no numerals.
ROMAN = re.compile(r"(?<![\w-])(?!(?:XL|XXL|XXXL|MM|CM|CC|CV|DC|MIX|MD|CD|LI|DI|MC|CI|CL|ML)\b)"
                   r"(?=[MDCLXVI]{2,})M*(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
                   r"(?![\w-])")  # fmt: skip

_CLEAR_MONTHS = (
    "january|february|april|june|july|august|september|october|november|december"
    "|jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_CLEAR_DAYS = "mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|tues?|thurs?"
_BEFORE_DATE = (
    "in|by|on|of|until|till|before|after|since|from|during|early|mid|late|next|last|this|every"
    "|through|around|for"
)
DATE_WORDS = re.compile(
    rf"\b(?:{_CLEAR_MONTHS}|{_CLEAR_DAYS})\b"
    rf"|\b(?:{_BEFORE_DATE})[\s-]+(?:may|march|mar|mon|wed|fri|sat|sun)\b(?!\s+(?:be|not|need|want)\b)"
    r"|\b(?:tomorrow|yesterday|tonight|day after|overnight|midnight|noon|christmas|easter"
    r"|black friday|new year(?:'s)?|xmas|halloween|thanksgiving|boxing day|valentine'?s"
    r"|bank holiday|ramadan|diwali|hanukkah|whitsun|pentecost|advent|bonfire night|any day now"
    r"|(?:end|start|beginning|middle|close|turn) of (?:the |this |next )?"
    r"(?:week|month|quarter|year)"
    r"|(?:month|quarter|year)[\s-]end)\b"
)
# Stretches of time are dates too, unless the person named the same one.
PERIODS = re.compile(
    r"\b(?:next|last|previous|coming|following|past)\s+(?:few\s+)?"
    r"(?:days?|weeks?|weekend|months?|quarters?|years?|spring|summer|autumn|fall|winter)\b"
    r"|\b(?:today|this (?:morning|afternoon|evening))\b"
)

_STATUS = (
    "approved|unapproved|authori[sz]ed|rejected|declined|refused|sent|emailed|transmitted|shipped"
    "|dispatched|despatched|delivered|received|confirmed|acknowledged|cancell?ed|superseded"
    "|closed|expired|paid|released|executed|finali[sz]ed|signed[\\s-]off|green[\\s-]?lit"
    "|okayed|rubber[\\s-]?stamped|in\\s+transit|overdue|ok'?d|oked|signed|accepted|gone\\s+out|went\\s+out|goes\\s+through"
    "|went\\s+through|gone\\s+through|handled|processed|submitted|finished|on\\s+its\\s+way|settled"
    "|taken\\s+care\\s+of|booked|placed|issued|cleared|agreed|granted|endorsed|forwarded"
    "|validated|completed?d?|under\\s+way|out\\s+of\\s+stock|sold\\s+out|(?:none|nothing)\\s+left"
)
_CONDITION = (
    r"(?:once|as\s+soon\s+as|until|unless|if|when|whenever|before|after|whether)\s+"
    r"(?:(?:§|(?:it|this|that)(?:'?s)?|they|these|those|everything|someone|somebody|(?:the|your|each|an?|any)"
    r"(?:\s+[a-z]+){1,3})\s+)?"
    r"(?:(?:is|are|was|were|has|have|gets?|had)\s+)?(?:been\s+)?"
)
_POSSIBILITY = (
    r"(?:(?:can(?:not|'?t)?|could|must|should|may|might|won'?t|needs?\s+to|has\s+to|have\s+to|waits?\s+to"
    r"|waiting\s+to|ready\s+to|to)\s+(?:only\s+)?(?:not\s+)?be\s+)"
)
STATUS_WORDS = re.compile(rf"\b(?:{_STATUS})\b")
HARMLESS_STATUS = re.compile(rf"\b(?:{_CONDITION}|{_POSSIBILITY})(?:{_STATUS})\b")
CLAIMED_EFFECTS = re.compile(
    r"\b(?:i|we)(?:'ve|\s+have|\s+just|\s+already|\s+now)*\s+(?:ordered|bought|purchased|placed"
    r"|drafted|proposed|submitted|created|prepared|raised|set|changed|updated|increased|reduced"
    r"|cut|lowered|raised|booked|reserved|transferred|moved|snoozed|added|removed|scheduled"
    r"|informed|notified|told|asked)\b"
    r"|\b(?:has|have)\s+(?:now\s+|just\s+|already\s+)?been\s+(?:ordered|bought|purchased|placed"
    r"|drafted|proposed|submitted|created|raised|changed|updated|increased|reduced|booked|set"
    r"|reserved|transferred|moved|snoozed|scheduled|notified|informed)\b"
    r"|\b(?:done deal|all set|good to go|order(?:s)? (?:is|are) placed|consider it done"
    r"|(?:it|that|this|all|everything)(?:'s|\s+is|\s+are|\s+was|\s+has\s+been)?\s+(?:now\s+|already\s+)?(?:done|arranged|sorted)"
    r"(?=\s*(?:[.,;:!?)]|$)))"
)
MENTIONS = re.compile(
    r"https?:|www\.|://|\]\(|<[!@#]|(?<!\w)@\w|</?\w+[^>]*>|\[/?[a-z]+[^\]]*\]|mailto:"
)


NUMBERS_ANYWHERE = rf"\b(?:{_ONES}|{_TENS}|zero|dozens?|hundreds?|thousands?|twice|doubled?|half)\b"
STATUS_ANYWHERE = r"\b(?:approved|rejected|sent|shipped|delivered|confirmed|cancell?ed|paid)\b"

COPULA = re.compile(
    r"(?:\s+(?:is|are|was|were|of|at|stands at|comes to|would be|will be|equals|about))?"
    r"\s*[:=]?\s*\Z"
)
OWNED = re.compile(
    r"\byour\b|\byou(?:'ve|\s+have)?\s+(?:asked|said|gave|named|wrote|mentioned|set|want|wanted"
    r"|proposed|suggested|typed|meant|mean)\b"
)
PRONOUN = re.compile(
    r"\b(?:it|its|it's|they|their|them|this|that|these|those|the item|the product)\b"
)
WHOLE = re.compile(
    r"\b(?:plan|list|lines?|budgets?|orders|total|all|whole|together|these|those|them|everything"
    r"|buys|cuts?|altogether|overall|chance|transfers?|rest|others?|items|exceptions?)\b"
)
CONDITIONAL = re.compile(r"\b(?:once|as soon as|until|unless|if|when|before|after|whether)\b")
RATE = re.compile(
    r"\A\s+(?:per|an?|each|every)\s+(?:day|week|month|quarter|year|hour|unit|case|pack|order|line)\b"
)
# What a figure is counted in; standing after one it may not change what the fact says.
UNITS = re.compile(
    r"\A\s+(?:more\s+|whole\s+|full\s+|extra\s+)?(units?|packs?|cases?|boxes|box|pallets?|pieces?|cartons?"
    r"|crates?|containers?|trucks?|days?|weeks?|fortnights?|months?|quarters?|years?|hours?|minutes?|kilos?"
    r"|kg|tons?|tonnes?|lit(?:er|re)s?|met(?:er|re)s?|points?)\b"
)
_HARMLESS_WORDS = """
arrive chance soonest stays takes
a about after again all also an and any approval approver approvers are as at be because before
below bigger both budget but by can cannot cheapest comes cost costs covers decide decides detail
details draft drafts each first for from had has have here holds how i in is it it's items its
large largest leaves left line lines look manager may more much must need needs next nobody not of
on one only order orders other others over own people person purchase request rest same second see
shared should show shows small smaller so somebody someone still supplier suppliers table takes
than that the their them then there these they this to together too total totals under units up
wait waiting waits wanted was were what where which who whole why with within without would you
your yourself myself themselves asked asks ask approve approves reject rejects can't
"""
HARMLESS_OF_ORDERS = frozenset(_HARMLESS_WORDS.split())
# What follows from a condition, and what a tool of this turn did.
FOLLOWS = frozenset({"will", "go", "goes", "out", "itself", "gets", "get", "then"})
DEEDS_OF_ORDERS = frozenset({"drafted", "proposed", "changed", "revised", "created", "put"})
