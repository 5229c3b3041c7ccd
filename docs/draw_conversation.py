"""Draw docs/conversation.svg: the demo company's chat, as a terminal shows it."""

import re
import tempfile
from datetime import date
from io import StringIO
from pathlib import Path

from rich.console import Console

from agent.assistant import open_assistant
from agent.demo.prepare import SEED, DemoPlace, open_demo, prepare
from agent.terminal import loop
from agent.terminal.identity import person_at_terminal
from agent.terminal.session import Session
from engine.service import reading

LAST_DAY = date(2026, 11, 22)
TARGET = Path(__file__).with_name("conversation.svg")


def main() -> None:
    console = Console(record=True, width=132, force_terminal=True, file=StringIO())
    with tempfile.TemporaryDirectory() as folder:
        place = DemoPlace(home=Path(folder), seed=SEED, last_day=LAST_DAY)
        with open_demo(place, {}) as company, open_assistant(company) as assistant:
            run = prepare(company, place)
            best = reading.plan_lines(company.stores, run.id).iloc[0]
            session = Session(
                assistant=assistant,
                person=person_at_terminal(company, "buyer"),
                thread_id="picture",
            )
            lines = (
                "What should I buy this week with 50k?",
                f"Why that quantity of {best['sku']}?",
                f"Draft the order for {best['supplier']}",
            )
            loop.play(session, lines, loop.ScreenPrinter(console))
    drawn = console.export_svg(title="qm chat --as buyer")
    # The picture must not fetch fonts from anywhere; the reader's own monospace font will do.
    TARGET.write_text(re.sub(r"@font-face\s*{[^}]*}", "", drawn), encoding="utf-8")


if __name__ == "__main__":
    main()
