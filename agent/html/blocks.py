"""Block Kit as HTML, near enough to how Slack draws it to judge a message by.

Everything is escaped: what a message says is data here as well.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

Json = Mapping[str, Any]


def message_html(message: Json, *, sender: str = "Quartermaster") -> str:
    """One message as it would stand in a channel."""
    body = "".join(map(block_html, message["blocks"]))
    return (
        '<article class="message"><div class="avatar" aria-hidden="true">Q</div><div>'
        f'<p class="sender">{escape(sender)} <small>APP</small></p>{body}</div></article>'
    )


def view_html(view: Json) -> str:
    """A modal or an App Home."""
    body = "".join(map(block_html, view["blocks"]))
    if view["type"] == "home":
        return f'<section class="home">{body}</section>'
    buttons = f'<button class="close">{_text(view["close"])}</button>' if "close" in view else ""
    if "submit" in view:
        buttons += f'<button class="primary">{_text(view["submit"])}</button>'
    return (
        f'<section class="modal" role="dialog"><h2>{_text(view["title"])}</h2>{body}'
        f'<footer class="buttons">{buttons}</footer></section>'
    )


def page_html(title: str, pieces: Sequence[str]) -> str:
    """A page by itself: no script, no address to fetch from."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><main>{''.join(pieces)}</main></body></html>"
    )


def block_html(block: Json) -> str:
    draw = _BLOCKS.get(block["type"])
    return draw(block) if draw else f'<p class="unknown">{escape(block["type"])}</p>'


def _section(block: Json) -> str:
    text = f"<p>{_text(block['text'])}</p>" if "text" in block else ""
    fields = "".join(f"<p>{_text(each)}</p>" for each in block.get("fields", ()))
    return f'<div class="section">{text}<div class="fields">{fields}</div></div>'


def _header(block: Json) -> str:
    return f"<h3>{_text(block['text'])}</h3>"


def _divider(_block: Json) -> str:
    return "<hr>"


def _context(block: Json) -> str:
    return f'<p class="context">{" ".join(_text(each) for each in block["elements"])}</p>'


def _actions(block: Json) -> str:
    return f'<div class="buttons">{"".join(map(_element, block["elements"]))}</div>'


def _context_actions(block: Json) -> str:
    return "".join(
        f'<div class="feedback"><button>{_text(each["positive_button"]["text"])}</button>'
        f"<button>{_text(each['negative_button']['text'])}</button></div>"
        for each in block["elements"]
    )


def _image(block: Json) -> str:
    title = f"<figcaption>{_text(block['title'])}</figcaption>" if "title" in block else ""
    source = escape(block.get("image_url", ""), quote=True)
    return f'<figure>{title}<img src="{source}" alt="{escape(block["alt_text"])}"></figure>'


def _input(block: Json) -> str:
    hint = f"<small>{_text(block['hint'])}</small>" if "hint" in block else ""
    optional = " <small>(optional)</small>" if block.get("optional") else ""
    return (
        f'<label class="input"><b>{_text(block["label"])}</b>{optional}'
        f"{_element(block['element'])}{hint}</label>"
    )


def _table(block: Json) -> str:
    settings = block.get("column_settings", [])
    head, *rows = block["rows"]
    return (
        f"<table><thead>{_row(head, settings, 'th')}</thead>"
        f"<tbody>{''.join(_row(row, settings, 'td') for row in rows)}</tbody></table>"
    )


def _row(cells: Sequence[Json], settings: Sequence[Json], tag: str) -> str:
    drawn = "".join(
        f'<{tag} class="{_classes(settings, i)}">{_cell(cell)}</{tag}>'
        for i, cell in enumerate(cells)
    )
    return f"<tr>{drawn}</tr>"


def _classes(settings: Sequence[Json], index: int) -> str:
    setting = settings[index] if index < len(settings) and settings[index] else {}
    wrapped = "" if setting.get("is_wrapped") else " whole"
    return f"{setting.get('align', 'left')}{wrapped}"


def _cell(cell: Json) -> str:
    return _rich(cell) if cell["type"] == "rich_text" else escape(cell["text"])


def _rich(block: Json) -> str:
    return "".join(map(_rich_part, block["elements"]))


def _rich_part(part: Json) -> str:
    inner = "".join(map(_rich_leaf, part["elements"]))
    match part["type"]:
        case "rich_text_list":
            listed = "".join(f"<li>{_rich_part(each)}</li>" for each in part["elements"])
            tag = "ol" if part["style"] == "ordered" else "ul"
            return f"<{tag}>{listed}</{tag}>"
        case "rich_text_quote":
            return f"<blockquote>{inner}</blockquote>"
        case "rich_text_preformatted":
            return f"<pre>{inner}</pre>"
        case _:
            return f'<span class="rich">{inner}</span>'


def _rich_leaf(leaf: Json) -> str:
    match leaf["type"]:
        case "user":
            text = f"@{escape(leaf['user_id'])}"
        case "text":
            text = escape(leaf["text"])
        case _:
            return ""  # a nested part of a list; drawn by its list
    style = leaf.get("style", {})
    for name, tag in (("bold", "b"), ("italic", "i"), ("strike", "s"), ("code", "code")):
        if style.get(name):
            text = f"<{tag}>{text}</{tag}>"
    return text


def _element(element: Json) -> str:
    match element["type"]:
        case "button":
            kind = escape(element.get("style", ""), quote=True)
            label = escape(element.get("accessibility_label", ""), quote=True)
            return f'<button class="{kind}" aria-label="{label}">{_text(element["text"])}</button>'
        case "plain_text_input":
            return f'<textarea placeholder="{_placeholder(element)}"></textarea>'
        case "number_input":
            return f'<input inputmode="numeric" value="{escape(element["initial_value"])}">'
        case "datepicker":
            return f'<input value="{escape(element.get("initial_date", ""))}">'
        case _:
            return f'<span class="select">{_placeholder(element)} ▾</span>'


def _placeholder(element: Json) -> str:
    return _text(element["placeholder"]) if "placeholder" in element else ""


def _text(text: Json) -> str:
    return escape(text["text"]).replace("\n", "<br>")


_BLOCKS: Mapping[str, Callable[[Json], str]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "image": _image,
    "input": _input,
    "table": _table,
    "rich_text": lambda block: f'<div class="prose">{_rich(block)}</div>',
}
_STYLE = """
body{margin:0;background:#f4f4f6;color:#1d1c1d;
 font:15px/1.46 Lato,'Helvetica Neue',Arial,sans-serif}
main{max-width:820px;margin:0 auto;padding:24px;background:#fff}
.message{display:grid;grid-template-columns:44px minmax(0,1fr);padding:8px 0}
.avatar{width:36px;height:36px;border-radius:8px;background:#1f4e5f;color:#fff;font-weight:700;
 display:grid;place-items:center}
.sender{margin:0 0 4px;font-weight:900}.sender small{font-weight:400;background:#eee;padding:0 3px;
 font-size:10px;border-radius:2px}
h3{font-size:18px;margin:8px 0}h2{font-size:20px;margin:0 0 12px}
.prose{margin:4px 0;white-space:pre-wrap}.rich{display:inline}ul,ol{margin:2px 0;padding-left:24px}
.context{color:#616061;font-size:13px;margin:4px 0}
.buttons{display:flex;gap:8px;flex-wrap:wrap;margin:8px 0}
button{font:700 13px/28px inherit;padding:4px 12px;border:1px solid #bbb;border-radius:4px;
 background:#fff;color:#1d1c1d;font-family:inherit}
button.primary{background:#007a5a;color:#fff;border-color:#007a5a}
button.danger{color:#e01e5a;border-color:#e01e5a}
figure{margin:8px 0}figure img{max-width:100%;border:1px solid #ddd;border-radius:8px}
.feedback button{border:none;color:#616061;font-weight:400;padding:2px 6px}
table{border-collapse:collapse;margin:8px 0;font-size:14px;max-width:100%;display:block;
 overflow-x:auto}
td,th{border:1px solid #ddd;padding:6px 10px;text-align:left;vertical-align:top}
th{background:#f8f8f8}.right{text-align:right}.whole{white-space:nowrap}
td:not(.whole){min-width:150px}
hr{border:none;border-top:1px solid #ddd;margin:12px 0}
.modal,.home{border:1px solid #ddd;border-radius:8px;padding:20px;max-width:520px;margin:16px 0}
.home{max-width:none}.input{display:grid;gap:4px;margin:12px 0}
textarea{min-height:72px}textarea,input,.select{border:1px solid #bbb;border-radius:4px;padding:8px;
 font:inherit}small{color:#616061}footer{justify-content:flex-end}
"""
