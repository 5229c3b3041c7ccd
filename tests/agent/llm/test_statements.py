"""Whatever a tool finds, its statements may be shown: they pass the verification of any draft."""

import pytest

from agent.bootstrap import Company
from engine.model.people import Person
from engine.service import conversation
from support.agent import assistant_for
from support.phrases import PHRASES


@pytest.mark.parametrize(
    "text",
    [
        "What should I buy this week?", "what should I buy from Nordlicht", "what to buy in vases?",
        "Why 144 of LAMP-OAK-01 and not 120?", "why 150 of LAMP-OAK-01", "why 144 of LAMP-OAK-01",
        "why 145 of LAMP-OAK-01 and not 121?", "why 180 of lamp-oak-01", "why the blue vase?",
        "why LAMP-ASH-02?", "why 24 of 22423", "why is the ash lamp forecast so high?",
        "How sure are you about LAMP-OAK-01?", "how sure are you about 22423 in London?",
        "forecast for 85123A in Leeds", "Compare LAMP-OAK-01 and LAMP-ASH-02", "chart CHAIR-1",
        "What needs me?", "any transfers?", "How much budget is left?", "show open orders",
        "draft a PO for CHAIR-1", "approve it", "send it", "what is arriving?",
        "when will the oak lamp arrive?", "stock of CHAIR-1", "what lamps do we have", "find ZZZ-1",
        "how many purple elephants do we have", "help", "hello", "cancel PO-1001", "asdf",
        "show the sources", "order 200 of LAMP-OAK-01", "where is PO-9999?", "how did we do?",
        "set the budget for Nordlicht to 1500", "forecast LAMP-OAK-99",
        "what should I buy for Paris", "how good is our data?",
        "what did you correct for LAMP-OAK-01?", "what was corrected for CHAIR-1 in London",
        "undo the correction of LAMP-OAK-01 in Leeds from 15 to 28 June because of the works",
        "keep CHAIR-1 as recorded in January", "which supplier is worst?",
        "how reliable is Nordlicht?", "how reliable is Oakhurst?",
    ],
)  # fmt: skip
def test_an_answer_is_clean(company: Company, bea: Person, thread: str, text: str) -> None:
    answer = assistant_for(company).ask(thread, bea, text)
    turn = conversation.turn(company.stores, answer.turn_id)
    assert (answer.outcome, turn.complaints) == ("clean", []), answer.text
    assert answer.text.strip()


def test_every_tool_has_words_and_phrases(company: Company) -> None:
    from agent.statements.catalogue import SAYS

    tools = set(assistant_for(company).registry)
    assert tools == set(SAYS)
    asked = {tool for _, tool, _ in PHRASES}
    assert tools - asked == {"compute", "propose_po"}
