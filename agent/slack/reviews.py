"""A review in a channel: what matters in the post, everything else and the paper in its thread."""

from collections.abc import Mapping
from typing import Any, Literal

from agent.bootstrap import Company
from agent.reviewing import write_report
from agent.slack.files import Attachment
from agent.slack.render.answer import Outgoing
from agent.slack.render.build import Block, Part, bullets, escaped, header, note, prose
from agent.views.report import Report, ReportSection, report_of
from engine.service.review import stored_review

ReviewPart = Literal["parent", "forecasts", "decisions", "paper"]
PARTS: tuple[ReviewPart, ...] = ("parent", "forecasts", "decisions", "paper")
_SHOWN: Mapping[ReviewPart, tuple[str, ...]] = {
    "forecasts": ("drift", "value added", "overrides", "learnt", "suppliers"),
    "decisions": ("data health", "open decisions", "actions", "playbook"),
}
_ASK = ("open decisions", "actions", "overrides")
MOST_ROWS = 5  # of a section; the paper has all of them


def review_message(company: Company, ref: Mapping[str, Any]) -> tuple[Outgoing, Attachment | None]:
    """One message of a review: `ref` names the review and the part; the paper is a file."""
    stored = stored_review(company.stores, int(ref["review"]))
    report = report_of(stored.review, company.settings.terminal.locale)
    part: ReviewPart = ref["part"]
    if part == "paper":
        file = Attachment(
            name=f"review-{stored.month}.pdf", content=write_report(company, stored.id, "pdf")
        )
        return Outgoing(text=escaped(f"{report.title}, as PDF"), blocks=()), file
    if part == "parent":
        return _parent(report), None
    sections = [each for each in report.sections if each.name in _SHOWN[part]]
    blocks = [block for section in sections for block in _section(section)]
    return Outgoing(text=escaped(f"{report.title}: {part}"), blocks=tuple(blocks)), None


def _parent(report: Report) -> Outgoing:
    said = [
        [Part(f"{name}: ", bold=True), Part(value), Part(f", before {before}" if before else "")]
        for name, value, before in report.headline
    ]
    waiting = [each.title.lower() for each in report.sections if each.name in _ASK and each.table]
    told = f"To look at together: {', '.join(waiting)}." if waiting else "Nothing waits."
    blocks = (
        header(report.title), bullets(said), prose([Part(told)]),
        note(f"{report.subtitle}. {report.source} The rest, and the report as PDF, in the thread."),
    )  # fmt: skip
    return Outgoing(text=escaped(f"{report.company}: {report.title}. {told}"), blocks=blocks)


def _section(section: ReportSection) -> list[Block]:
    if section.table is None:
        return [prose([Part(f"{section.title}: ", bold=True), Part(section.says)])]
    columns, rows = section.table.columns, section.table.rows
    lines = [
        [Part(", ".join(f"{name.lower()} {cell}" if at else cell
                        for at, (name, cell) in enumerate(zip(columns, row, strict=True))
                        if cell))]
        for row in rows[:MOST_ROWS]
    ]  # fmt: skip
    rest = len(rows) - len(lines)
    more = [note(f"{rest} more in the report.")] if rest > 0 else []
    return [prose([Part(section.title, bold=True)]), bullets(lines), *more]
