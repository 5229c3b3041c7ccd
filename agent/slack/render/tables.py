"""A table as Slack's table block, as much of it as fits; the rest is counted, never lost."""

from dataclasses import dataclass

from agent.slack.blockkit import limits
from agent.slack.render.build import Block, Element, cut
from agent.views.answer import Cell, Table

CELL_TEXT = 200  # a longer reason is read in the file or the card
WRAPPED_FROM = 26  # characters; a code or an amount is never broken over two lines
_ROOM = limits.TABLE_CHARACTERS - 500  # header and what Slack itself counts


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """`left` rows did not fit and belong into a file."""

    block: Block
    left: int


def fitted(table: Table) -> Fitted:
    """As many rows as the limits of one message allow."""
    columns = table.columns[: limits.TABLE_COLUMNS]
    rows, used = [[_text(column.header) for column in columns]], 0
    for row in table.rows[: limits.TABLE_ROWS - 1]:
        cells = [_cell(cell) for cell in row[: len(columns)]]
        used += sum(len(cell["text"]) for cell in cells)
        if used > _ROOM:
            break
        rows.append(cells)
    block: Block = {
        "type": "table",
        "rows": rows,
        "column_settings": [_setting(table, index) for index in range(len(columns))],
    }
    return Fitted(block=block, left=len(table.rows) - (len(rows) - 1))


def _cell(cell: Cell) -> Element:
    return _text(cell.text)


def _text(text: str) -> Element:
    return {"type": "raw_text", "text": cut(text, CELL_TEXT)}


def _setting(table: Table, index: int) -> Element:
    longest = max((len(row[index].text) for row in table.rows), default=0)
    return {
        "align": "right" if table.columns[index].is_numeric else "left",
        "is_wrapped": longest >= WRAPPED_FROM,
    }
