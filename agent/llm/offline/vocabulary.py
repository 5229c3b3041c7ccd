"""The words the offline model reads, how they are misspelt, and what they are shortened to."""

import re

from rapidfuzz import fuzz, process

from agent.llm.offline.intents import pattern_words
from agent.llm.offline.likeness import example_words

CONTRACTIONS = {
    "what's": "what is", "whats": "what is", "where's": "where is", "wheres": "where is",
    "how's": "how is", "it's": "it is", "that's": "that is", "there's": "there is",
    "who's": "who is", "when's": "when is", "why's": "why is", "let's": "let us", "i'm": "i am",
    "i've": "i have", "i'd": "i would", "i'll": "i will", "we're": "we are", "we've": "we have",
    "we'd": "we would", "we'll": "we will", "you're": "you are", "don't": "do not",
    "dont": "do not", "doesn't": "does not", "didn't": "did not", "can't": "cannot",
    "won't": "will not", "isn't": "is not", "aren't": "are not", "shouldn't": "should not",
    "wy": "why", "whi": "why", "waht": "what", "hwo": "how", "teh": "the", "ths": "this",
    "shoudl": "should", "wich": "which", "wen": "when", "wer": "were", "b4": "before",
    "wat": "what", "wot": "what", "hw": "how", "pls": "please", "plz": "please", "u": "you",
    "ur": "your", "r": "are", "shud": "should", "shld": "should", "gimme": "give me",
    "qty": "quantity", "qtys": "quantity", "fcst": "forecast", "fc": "forecast", "y": "why",
    "wht": "what",
    "p.o.": "po", "p.o": "po", "p/o": "po", "pos": "pos", "tmrw": "tomorrow", "wk": "week",
    "wanna": "want to", "gonna": "going to", "ok": "ok", "cuz": "because", "coz": "because",
}  # fmt: skip
ORDINALS = {
    "1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth",
    "6th": "sixth", "7th": "seventh", "8th": "eighth", "9th": "ninth", "10th": "tenth",
}  # fmt: skip
# Words that carry an intent: a misspelling is read as the nearest of them.
KEYWORDS = (
    "what", "should", "order", "orders", "purchase", "reorder", "restock", "replenish", "budget",
    "spend", "spending", "recommend", "recommendation", "suggest", "draft", "create", "raise",
    "prepare", "approve", "approval", "reject", "forecast", "forecasts", "demand", "predict",
    "prediction", "sales", "expect", "confidence", "confident", "certain", "reliable", "accurate",
    "trust", "quantity", "quantities", "explain", "because", "driver", "drivers", "driving",
    "drives", "chart", "graph", "picture", "stock", "inventory", "exception", "exceptions",
    "attention", "urgent", "problem", "problems", "digest", "transfer", "transfers", "location",
    "supplier", "suppliers", "warehouse", "status", "arrive", "arrives", "arriving", "delivery",
    "delivered", "performance", "replay", "source", "sources", "compare", "versus", "difference",
    "increase", "reduce", "lower", "change", "weekly", "monthly", "please", "thanks", "thank",
    "stockout", "stockouts", "running", "everything", "another", "instead", "afford", "shopping",
    "recommendations", "suggestions", "purchasing", "ordering", "buying", "priority", "priorities",
)  # fmt: skip
# Words that say nothing about which item is meant.
_FILLERS = """
    a about above actually afford after again against all also am an and another any anything
    are around as ask at back be because been before being below best better big both but buy
    buying by can cannot case cases cash chart check choose come comes coming could current
    currently cut cuts day days deal did do does doing done down draft drop each else end enough
    ever every everything exactly explain few find first fit for forward from full get gets
    getting give go goes going good got graph had happen happens has have having he hello help her
    here hey hi his how i if in instead into is it item items its just keep know last least leave
    left less let like line lines list little live long look looking lot low made make making
    many may me mean means might money month months more most much must my name need needs next no
    not nothing now number of off ok on once one ones only option or order orders other our out
    over own pack packs per pick piece pieces place plan please plot point price product products
    purchase put quantity quickly quite rather re really reason recommend reduce remaining
    required restock reorder replenish right run running safe said sales same say see sell selling
    sells sent set shop should show side since size sku skus so sold some something soon spend
    start still stock stuff such suggest supply sure take talk tell than thank thanks that the
    their them then there these they thing things think this those through time times to today
    together top total track trend trust try under unit units until up upcoming us use used using
    versus very visual vs want was way we week weeks well were what when where whether which while
    who why will wish with within without word work would year yes yet you your worth kind sort
    band picture image png visualise visualize exceptions exception attention urgent issues issue
    problem problems status due arrive arrives arriving delivery eta confident confidence certain
    certainty reliable reliability accurate accuracy forecast forecasts demand predict prediction
    projected projection expect expected driver drivers driving drives behind budget cap limit
    supplier suppliers vendor vendors location locations warehouse warehouses store stores po pos
    compare comparison difference between quantities approve approval reject source sources data
    replay transfer transfers move inventory available availability hand details detail info
    information history chance short shortage shortages late overdue great nice cool pretty fine
    high highest lowest amount amounts figure figures calculate calculated calculation computed
    increase change lower raise weekly monthly another extra additional further missing priority
    priorities important biggest largest shopping purchasing ordering recommendation suggestion
    recommendations suggestions morning afternoon evening guess idea question mind bit kindly
    perform performed performance performing risk risks margin profit sale per cent percent pound
    pounds dollar dollars euro euros quid thousand hundred million k m
"""
FILLERS = frozenset(_FILLERS.split()) | pattern_words()
_WORD = re.compile(r"[a-z][a-z'./]*[a-z]|[a-z]")
_ORDINAL = re.compile(rf"\b(?:{'|'.join(ORDINALS)})\b")


def normalised(text: str) -> str:
    """Lower case, plain apostrophes, contractions written out, spaces single."""
    lowered = text.lower().replace("’", "'").replace("‘", "'").replace("`", "'")
    spaced = _ORDINAL.sub(lambda match: ORDINALS[match[0]], re.sub(r"\s+", " ", lowered).strip())
    return _WORD.sub(lambda match: CONTRACTIONS.get(match[0], match[0]), spaced)


def corrected(text: str, known: frozenset[str]) -> str:
    """Misspelt keywords put right; words of the catalogue (`known`) are left alone."""
    return re.sub(r"[a-z]{4,}", lambda match: _nearest(match[0], known), text)


def _nearest(word: str, known: frozenset[str]) -> str:
    if word in FILLERS or word in KEYWORDS or word in known or word in example_words():
        return word
    match = process.extractOne(word, KEYWORDS, scorer=fuzz.ratio, score_cutoff=83)
    if match is None or match[0][0] != word[0]:
        return word
    return match[0]
