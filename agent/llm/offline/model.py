"""The offline model: rules read the question, statements word the answer. No key, no network."""

from collections.abc import Callable

from agent.llm.offline.calls import ask_which, calls_for
from agent.llm.offline.follow_up import answer_to_ours, same_again
from agent.llm.offline.intents import CONTINUES, Intent, intent_of
from agent.llm.offline.lexicon import Lexicon
from agent.llm.offline.reading import Reading, read
from agent.llm.offline.wording import worded
from agent.llm.port import Call, Question, Reply
from agent.memory import PastCall
from tools.names import Names

VERSION = "offline-1"
LONGEST_ANSWER = 4  # words: "the second one please"
LONGEST_NAME = 6  # words; more is a sentence that was not understood


class OfflineModel:
    """Implements `agent.llm.port.ChatModel`; `names` gives what the plan's things are called."""

    name = VERSION

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
            return Reply(draft=worded(intent, question, reading.period))
        return understood(intent, reading, question)

    def _current_lexicon(self) -> Lexicon:
        names = self._names()
        if self._lexicon is None or self._lexicon.names is not names:
            self._lexicon = Lexicon(names)
        return self._lexicon


def understood(intent: Intent | None, reading: Reading, question: Question) -> Reply:
    """An answer to our own question first, then what the words ask for, then more of the same."""
    answer = answer_to_ours(reading, question)
    if answer is not None and (intent in (None, "stock", "help") or not _says_more(reading)):
        return answer
    if intent in (None, "stock", "buy-list") and CONTINUES.search(reading.plain):
        again = same_again(reading, question)
        if again is not None:
            return again
    if intent is not None:
        return calls_for(intent, reading, question)
    return _by_names_alone(reading)


def _says_more(reading: Reading) -> bool:
    """More than an answer needs: a question of its own."""
    return len(reading.plain.split()) > LONGEST_ANSWER


def _by_names_alone(reading: Reading) -> Reply:
    """No verb, but perhaps a name: show the item, or ask which."""
    if reading.items:
        return Reply(calls=(Call(tool="find_items", arguments={"text": reading.items[0]}),))
    if reading.choices and len(reading.plain.split()) <= LONGEST_NAME:
        return ask_which(reading, PastCall(tool="find_items"))
    return Reply(calls=(Call(tool="show_help", arguments={"topic": "not-understood"}),))
