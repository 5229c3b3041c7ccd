"""A review on paper: A4, headline figures, pictures, a table per section, page numbers.

The bytes depend on the report and its pictures alone (reportlab's invariant mode).
"""

# reportlab is typed in part only, and this is the one file of the agent that lays out with it.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportAttributeAccessIssue=false

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from agent.views.report import Report, ReportSection, ReportTable
from engine.connect.pdf_text import BODY, BOLD, paragraph, plain, register_fonts

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

MARGIN, FOOT, WIDTH = 42.0, 52.0, 511.0  # points; A4 is 595 wide
INK, MUTED, RULE, PALE, ACCENT = "#1f2933", "#66727f", "#c5ccd3", "#f3f5f7", "#0b6e99"
HEADLINES_ACROSS = 3
LONGEST_CELL = 160
SHORTEST = 7  # characters that a column has room for at least
NARROW = 5  # columns from which a table is set smaller


def review_pdf(report: Report, picture: bytes) -> bytes:
    """The report as PDF; `picture` is a PNG of the weeks of its key figures."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    register_fonts()
    out = BytesIO()
    template = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN,
        bottomMargin=FOOT, title=plain(report.title), author=plain(report.company),
        subject=plain(report.subtitle), invariant=1,
    )  # fmt: skip
    template.build(_story(report, picture), canvasmaker=_numbered_pages(report))
    return out.getvalue()


def _story(report: Report, picture: bytes) -> "list[Flowable]":
    from reportlab.platypus import Spacer

    story = [
        _text(report.company, size=9, color=MUTED), _text(report.title, size=20, bold=True),
        _text(report.subtitle, size=9, color=MUTED), Spacer(0, 10), _headlines(report),
        Spacer(0, 8), _picture(picture),
    ]  # fmt: skip
    for section in report.sections:
        story += [Spacer(0, 12), *_section(section)]
    return [*story, Spacer(0, 12), _text(report.source, size=8, color=MUTED)]


def _headlines(report: Report) -> "Flowable":
    cells = [
        [
            _text(name, size=8, color=MUTED),
            _text(value, size=15, bold=True, color=ACCENT),
            _text(f"before: {before}" if before else "", size=8, color=MUTED),
        ]
        for name, value, before in report.headline
    ]
    rows = [cells[at : at + HEADLINES_ACROSS] for at in range(0, len(cells), HEADLINES_ACROSS)]
    if not rows:
        return _text("There was nothing to measure.", size=9)
    rows[-1] += [""] * (len(rows[0]) - len(rows[-1]))
    style = [("BACKGROUND", (0, 0), (-1, -1), PALE), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    return _table(rows, [WIDTH / len(rows[0])] * len(rows[0]), style)


def _picture(picture: bytes) -> "Flowable":
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Image

    width, height = ImageReader(BytesIO(picture)).getSize()
    return Image(BytesIO(picture), width=WIDTH, height=WIDTH * height / width)


def _section(section: ReportSection) -> "list[Flowable]":
    """Its title never stands alone at the foot of a page."""
    from reportlab.platypus import CondPageBreak, Spacer

    head = [CondPageBreak(90), _text(section.title, size=12, bold=True),
            _text(section.says, size=8.5, color=MUTED), Spacer(0, 4)]  # fmt: skip
    return head if section.table is None else [*head, _rows(section.table)]


def _rows(table: ReportTable) -> "Flowable":
    size = 7.0 if len(table.columns) > NARROW else 8.0
    head = [
        _text(each, size=size, bold=True, right=numeric)
        for each, numeric in zip(table.columns, table.numeric, strict=True)
    ]
    body = [
        [_text(cell, size=size, right=numeric)
         for cell, numeric in zip(row, table.numeric, strict=True)]
        for row in table.rows
    ]  # fmt: skip
    style = [
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK), ("LINEBELOW", (0, 1), (-1, -1), 0.3, RULE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]  # fmt: skip
    return _table([head, *body], _widths(table), style, repeated=1)


def _widths(table: ReportTable) -> list[float]:
    """Columns by what stands in them: the square root of the longest text, so none starves."""
    needs = []
    for at, header in enumerate(table.columns):
        longest = max([len(header), *(len(row[at]) for row in table.rows)])
        needs.append(min(max(longest, SHORTEST), 60) ** 0.75)
    return [WIDTH * need / sum(needs) for need in needs]


def _table(
    rows: list[Any], widths: list[float], style: list[Any], *, repeated: int = 0
) -> "Flowable":
    from reportlab.platypus import Table, TableStyle

    return Table(rows, colWidths=widths, style=TableStyle(style), repeatRows=repeated)


def _text(
    text: str, *, size: float, bold: bool = False, color: str = INK, right: bool = False
) -> "Flowable":
    from reportlab.lib.enums import TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        "said", fontName=BOLD if bold else BODY, fontSize=size, leading=size * 1.28,
        textColor=color, alignment=TA_RIGHT if right else TA_LEFT,
    )  # fmt: skip
    return Paragraph(paragraph(text, LONGEST_CELL), style)


def _numbered_pages(report: Report) -> Callable[..., Any]:
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):
        def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401  reportlab's own arguments
            super().__init__(*given, **named)
            self._kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  reportlab's own name
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._kept, start=1):
                self.__dict__.update(page)
                self.setFont(BODY, 7.5)
                self.setFillColor(MUTED)
                foot = plain(f"{report.company}, {report.title}")
                self.drawString(MARGIN, FOOT / 2, foot)
                self.drawRightString(MARGIN + WIDTH, FOOT / 2, f"{number} / {len(self._kept)}")
                super().showPage()
            super().save()

    return Numbered
