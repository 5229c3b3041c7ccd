"""A review as one page of HTML: nothing to fetch, nothing that runs, everything escaped."""

from base64 import b64encode
from html import escape

from agent.views.report import Report, ReportSection, ReportTable


def review_html(report: Report, picture: bytes, words: str) -> str:
    """The page; `words` say what the picture (a PNG) shows."""
    image = b64encode(picture).decode("ascii")
    cards = "".join(
        f'<div class="card"><span>{escape(name)}</span><b>{escape(value)}</b>'
        f"<small>{'before: ' + escape(before) if before else ''}</small></div>"
        for name, value, before in report.headline
    )
    sections = "".join(map(_section, report.sections))
    language = escape(report.locale.replace("_", "-"))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(report.title)}</title><style>{_STYLE}</style></head><body><main>"
        f'<p class="muted">{escape(report.company)}</p><h1>{escape(report.title)}</h1>'
        f'<p class="muted">{escape(report.subtitle)}</p><div class="cards">{cards}</div>'
        f'<img alt="{escape(words)}" src="data:image/png;base64,{image}">{sections}'
        f'<p class="muted">{escape(report.source)}</p></main></body></html>'
    )


def _section(section: ReportSection) -> str:
    table = "" if section.table is None else _table(section.table)
    return (
        f"<section><h2>{escape(section.title)}</h2><p>{escape(section.says)}</p>{table}</section>"
    )


def _table(table: ReportTable) -> str:
    def side(at: int) -> str:
        return ' class="number"' if table.numeric[at] else ""

    head = "".join(
        f'<th scope="col"{side(at)}>{escape(each)}</th>' for at, each in enumerate(table.columns)
    )
    rows = "".join(
        "<tr>"
        + "".join(f"<td{side(at)}>{escape(cell)}</td>" for at, cell in enumerate(row))
        + "</tr>"
        for row in table.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;color:#1f2933;margin:0;background:#fff}
main{max-width:960px;margin:0 auto;padding:32px 24px}
h1{margin:.1em 0;font-size:30px}h2{margin:1.6em 0 .2em;font-size:19px}
p{margin:.2em 0 .6em}.muted,section>p{color:#66727f}
.cards{display:grid;grid-template-columns:repeat(3,1fr);gap:12px;margin:18px 0}
.card{background:#f3f5f7;border-radius:8px;padding:10px 14px;display:flex;flex-direction:column}
.card b{font-size:23px;color:#0b6e99}.card span,.card small{color:#66727f}
img{width:100%;height:auto}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{text-align:left;border-bottom:2px solid #1f2933}
th,td{padding:5px 8px 5px 0;vertical-align:top}td{border-bottom:1px solid #e4e7eb}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
@media print{main{padding:0}section{break-inside:avoid}}
"""
