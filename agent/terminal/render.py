"""Answers, cards and digests for a terminal. Text is never read as markup: it comes from data."""

from collections.abc import Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table as RichTable
from rich.text import Text

from agent.grounding.render import Paragraph
from agent.terminal.harmless import visible
from agent.views.answer import Answer, Column, Table
from agent.views.approval import CardView
from agent.views.budget import BudgetView
from agent.views.digest import Digest, Finding
from tools.result import OfferedAction

FIGURE = "bold cyan"
# Left out, in this order, when the terminal is too narrow for the table.
# Names are cut to one line, sentences wrap; everything else stands in full.
CUT, WRAPPED = ("Item", "Method"), ("Why", "What it is", "How", "And see", "Say", "What")
NAME_WIDTH = 18
LEAST_NEEDED = (
    "Why", "Supplier", "Confidence", "Running", "Item", "Method", "Snapshot", "#", "Ahead",
    "Counts on", "Paid", "Was told",
)  # fmt: skip


def answer(view: Answer, console: Console) -> RenderableType:
    """Prose, tables, and what can be pressed."""
    parts: list[RenderableType] = [_paragraph(line) for line in view.paragraphs]
    parts += [_spaced(table(each, console.width)) for each in view.tables]
    buttons = [action for action in view.actions if action.kind == "say"]
    if buttons:
        parts.append(_actions(buttons))
    return Group(*parts)


def _paragraph(line: Paragraph) -> Text:
    text = Text()
    for span in line:
        text.append(visible(span.text), style=FIGURE if span.fact_id else None)
    return text


def _actions(buttons: Sequence[OfferedAction]) -> Text:
    """Numbered: the number presses the button."""
    text = Text("\n")
    for number, action in enumerate(buttons, start=1):
        text.append(f"[{number}] ", style="bold")
        text.append(f"{visible(action.label)}  ")
    return text


def table(view: Table, width: int) -> RenderableType:
    """A table as wide as it must be; columns that matter least go when there is no room."""
    hidden: set[str] = set()
    for header in ("", *LEAST_NEEDED):
        if any(column.header == header for column in view.columns):
            hidden.add(header)
        if _least_width(view, hidden) <= width:
            break
    return _drawn(view, hidden - {""}, width)


def _drawn(view: Table, hidden: set[str], width: int) -> RenderableType:
    drawn = RichTable(box=box.SIMPLE_HEAD, pad_edge=False)
    kept = [i for i, column in enumerate(view.columns) if column.header not in hidden]
    names = [i for i in kept if view.columns[i].header in CUT]
    spare = max(0, width - _least_width(view, hidden)) // max(1, len(names))
    for i in kept:
        _add_column(drawn, view.columns[i], NAME_WIDTH + spare)
    for row in view.rows:
        drawn.add_row(*(Text(visible(row[i].text)) for i in kept))
    # Not the table's own title and caption: those wrap at the width of a narrow table.
    parts: list[RenderableType] = [Text(view.title, style="bold"), drawn]
    notes = _notes(view, hidden)
    return Group(*parts, notes) if notes else Group(*parts)


def _add_column(drawn: RichTable, column: Column, name_width: int) -> None:
    is_name = column.header in CUT
    drawn.add_column(
        Text(column.header),
        justify="right" if column.is_numeric else "left",
        no_wrap=column.header not in WRAPPED,
        overflow="ellipsis" if is_name else "fold",
        max_width=name_width if is_name else None,
    )


def _notes(view: Table, hidden: set[str]) -> Text | None:
    notes = [f"and {view.rest} more"] if view.rest else []
    if hidden:
        notes.append(f"not shown for lack of width: {', '.join(sorted(hidden))}")
    return Text("; ".join(notes), style="dim") if notes else None


def _least_width(view: Table, hidden: set[str]) -> int:
    """What stands in full at its full width, names and sentences at a readable one."""
    total = 0
    for i, column in enumerate(view.columns):
        if column.header in hidden:
            continue
        widest = max((len(row[i].text) for row in view.rows), default=0)
        is_whole = column.header not in (*CUT, *WRAPPED)
        total += max(len(column.header), widest if is_whole else min(widest, NAME_WIDTH))
        total += 3  # what stands between two columns
    return total


def card(number: int, view: CardView | BudgetView, console: Console) -> RenderableType:
    """What waits for a decision; `number` is what "approve N" refers to."""
    facts = RichTable.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    for row in view.rows:
        facts.add_row(Text(row.label), Text(visible(row.text)))
    parts: list[RenderableType] = [facts]
    if isinstance(view, CardView):
        parts.append(_spaced(table(view.lines, console.width - 4)))
    parts.append(_ask(number, view))
    title = Text(visible(f"[{number}] {view.title}"))
    return Panel(Group(*parts), title=title, title_align="left", box=box.ROUNDED)


def _ask(number: int, view: CardView | BudgetView) -> Text:
    ask = Text("\n")
    if not view.may_decide:
        return ask.append(f"Not yours to decide. Who may: {view.who_may}.", style="dim")
    ask.append(f"approve {number}", style="bold green")
    ask.append("  or  ")
    return ask.append(f"reject {number} because ...", style="bold red")


def digest(view: Digest, console: Console) -> RenderableType:
    """The weekly digest as it would be posted."""
    parts: list[RenderableType] = [Text(view.headline, style="bold"), Text(view.summary)]
    if view.figures:
        parts.append(Text(view.figures, style="dim"))
    parts.append(Text(""))
    parts += [_finding(n, finding) for n, finding in enumerate(view.findings, start=1)]
    if view.rest:
        parts.append(Text(f'and {view.rest} more: ask "what needs me?"', style="dim"))
    for stuck in view.orders:
        parts.append(Text(visible(f"{stuck.headline}: {stuck.text}"), style="yellow"))
    if view.resolved:
        parts.append(Text(visible(f"Resolved since: {'; '.join(view.resolved)}"), style="green"))
    parts.append(_spaced(table(view.buys, console.width - 4)))
    return Panel(Group(*parts), title=Text("Weekly digest"), title_align="left", box=box.ROUNDED)


def _finding(number: int, finding: Finding) -> Text:
    text = Text(f"{number}. ")
    text.append(visible(finding.headline), style="bold")
    text.append(f"  {finding.at_stake} at stake", style=FIGURE)
    text.append(f"  {finding.status}", style="yellow" if finding.status == "new" else "dim")
    if finding.owner:
        text.append(f"  {visible(finding.owner)} looks after it", style="dim")
    if finding.detail:
        text.append(f"\n   {visible(finding.detail)}", style="dim")
    return text


def _spaced(content: RenderableType) -> RenderableType:
    return Padding(content, (1, 0, 0, 0))
