"""The offline model: rules read the question, statements word the answer. No key, no network."""

from collections.abc import Callable

from agent.llm.offline import arithmetic, asides
from agent.llm.offline.asking import ask_which
from agent.llm.offline.calls import calls_for
from agent.llm.offline.choosing import meant
from agent.llm.offline.follow_up import answer_to_ours, same_again
from agent.llm.offline.intents import CONTINUES, Intent, intent_of
from agent.llm.offline.lexicon import Lexicon
from agent.llm.offline.pointing import pointed
from agent.llm.offline.reading import Reading, read
from agent.llm.offline.wording import worded
from agent.llm.port import Call, Question, Reply
from agent.memory import Memory, PastCall
from tools.names import Names

VERSION = "offline-1"
LONGEST_ANSWER = 4  # words: "the second one please"
LONGEST_NAME = 6  # words; more is a sentence that was not understood


class OfflineModel:
    """Implements `agent.llm.port.ChatModel`; `names` gives what the plan's things are called."""

    name = VERSION
    heeds_the_person_only = True  # rules read the person's message and nothing else

    def __init__(self, names: Callable[[], Names]) -> None:
        self._names = names
        self._lexicon: Lexicon | None = None

    def reply(self, question: Question) -> Reply:
        if question.refused is not None:
            return Reply()  # what it says is what the template says: nothing better to offer
        lexicon = self._current_lexicon()
        reading = read(question.text, lexicon, question.today)
        intent = intent_of(reading.plain)
        if question.steps:
            further = arithmetic.follow(reading, question) if intent == "arithmetic" else None
            if further is not None:
                return further
            return Reply(
                draft=worded(meant(intent, reading, question.memory), question, reading.period)
            )
        return understood(intent, reading, question)

    def _current_lexicon(self) -> Lexicon:
        names = self._names()
        if self._lexicon is None or self._lexicon.names is not names:
            self._lexicon = Lexicon(names)
        return self._lexicon


def understood(intent: Intent | None, reading: Reading, question: Question) -> Reply:
    """An answer to our own question first, then what the words ask for, then more of the same."""
    answer = answer_to_ours(reading, question)
    if answer is not None and _is_answer(intent, reading, question):
        return answer
    if intent in (None, "stock", "buy-list") and CONTINUES.search(reading.plain):
        again = same_again(reading, question)
        if again is not None:
            return again
    intent = meant(intent, reading, question.memory)
    if intent is not None:
        lost = _points_nowhere(intent, reading, question.memory)
        return calls_for(intent, reading, question) if lost is None else lost
    return _by_names_alone(reading)


# What these are asked of may be an entry of the list that was shown.
_OF_A_LIST: frozenset[Intent] = frozenset(
    {
        "draft", "explain-order", "forecast", "confidence", "drivers", "chart", "eta", "snooze",
        "assign", "override", "promotion", "price", "what-if-demand", "stock",
    }
)  # fmt: skip


def _points_nowhere(intent: Intent, reading: Reading, memory: Memory) -> Reply | None:
    """Says so where a place in a list is named that is not there, or not any more."""
    at = pointed(reading)
    if intent not in _OF_A_LIST or at is None or reading.items:
        return None
    if memory.is_list_stale:
        return Reply(draft=asides.STALE_LIST)
    if not memory.listed and memory.item is None:
        return Reply(draft=asides.NO_LIST)
    return None if at.within(len(memory.listed)) is not None else Reply(draft=asides.NOT_IN_LIST)


def _is_answer(intent: Intent | None, reading: Reading, question: Question) -> bool:
    """Not a question of its own. Any words may be a reason, so there a known wish goes before."""
    if intent in (None, "stock", "help"):
        return True
    pending = question.memory.pending
    if pending is not None and pending.slot == "reason":
        return reading.text.lower().lstrip().startswith(("because", "reason"))
    return len(reading.plain.split()) <= LONGEST_ANSWER


def _by_names_alone(reading: Reading) -> Reply:
    """No verb, but perhaps a name: show the item, or ask which."""
    if reading.items:
        return Reply(calls=(Call(tool="find_items", arguments={"text": reading.items[0]}),))
    if reading.choices and len(reading.plain.split()) <= LONGEST_NAME:
        return ask_which(reading, PastCall(tool="find_items"))
    return Reply(calls=(Call(tool="show_help", arguments={"topic": "not-understood"}),))
