"""Each kind of block that we send, and what Slack asks of it."""

from collections.abc import Mapping

from agent.slack.blockkit import elements, limits
from agent.slack.blockkit.elements import Check
from agent.slack.blockkit.look import Look

_STYLES = ("bold", "italic", "strike", "code")
_LISTED = ("bullet", "ordered")


def section(look: Look) -> None:
    look.only("block_id", "text", "fields", "accessory", "expand")
    if not look.has("text") and not look.has("fields"):
        look.fault("needs text or fields")
    if look.has("text"):
        elements.text(look.at("text"), limits.SECTION_TEXT)
    if look.has("fields"):
        for each in look.at("fields").each(1, limits.SECTION_FIELDS):
            elements.text(each, limits.FIELD_TEXT)
    if look.has("accessory"):
        elements.checked(look.at("accessory"), {**elements.PRESSED, "image": elements.image})


def header(look: Look) -> None:
    look.only("block_id", "text", "level")
    elements.plain(look.at("text"), limits.HEADER_TEXT)


def divider(look: Look) -> None:
    look.only("block_id")


def context(look: Look) -> None:
    look.only("block_id", "elements")
    for each in look.at("elements").each(1, limits.CONTEXT_ELEMENTS):
        if each.kind == "image":
            elements.image(each)
        else:
            elements.text(each, limits.SECTION_TEXT)


def actions(look: Look) -> None:
    look.only("block_id", "elements")
    for each in look.at("elements").each(1, limits.ACTIONS):
        elements.checked(each, elements.PRESSED)


def context_actions(look: Look) -> None:
    look.only("block_id", "elements")
    for each in look.at("elements").each(1, limits.CONTEXT_ACTIONS):
        elements.checked(each, {"feedback_buttons": elements.feedback_buttons})


def image(look: Look) -> None:
    look.only("block_id", "image_url", "slack_file", "alt_text", "title")
    look.at("alt_text").string(limits.ALT_TEXT)
    if look.has("image_url") == look.has("slack_file"):
        look.fault("needs either image_url or slack_file")
    look.maybe_string("image_url", limits.IMAGE_URL)
    if look.has("title"):
        elements.plain(look.at("title"), limits.IMAGE_TITLE)


def filled_in(look: Look) -> None:
    look.only("block_id", "label", "element", "dispatch_action", "hint", "optional")
    elements.plain(look.at("label"), limits.INPUT_LABEL)
    elements.checked(look.at("element"), elements.FILLED_IN)
    if look.has("hint"):
        elements.plain(look.at("hint"), limits.INPUT_HINT)


def markdown(look: Look) -> None:
    look.only("block_id", "text")
    look.at("text").string(limits.MARKDOWN_TEXT)


def table(look: Look) -> None:
    look.only("block_id", "rows", "column_settings")
    widths: set[int] = set()
    for row in look.at("rows").each(1, limits.TABLE_ROWS):
        cells = list(row.each(1, limits.TABLE_COLUMNS))
        widths.add(len(cells))
        for cell in cells:
            _cell(cell)
    if len(widths) > 1:
        look.fault(f"has rows of {' and '.join(map(str, sorted(widths)))} cells")
    if look.has("column_settings"):
        for setting in look.at("column_settings").each(1, limits.TABLE_COLUMNS):
            _column(setting)


def _column(look: Look) -> None:
    if look.value is None:  # a column left as it is
        return
    look.only("align", "is_wrapped")
    if look.has("align"):
        look.at("align").one_of(("left", "center", "right"))
    if look.has("is_wrapped"):
        look.at("is_wrapped").flag()


def _cell(look: Look) -> None:
    match look.kind:
        case "raw_text":
            look.only("text")
            look.at("text").string(limits.TABLE_CHARACTERS)
        case "raw_number":
            look.only("value", "text")
            look.at("text").string(limits.TABLE_CHARACTERS)
        case "rich_text":
            rich_text(look)
        case _:
            look.fault(f"a cell cannot be {look.kind or 'without a type'}")


def rich_text(look: Look) -> None:
    look.only("block_id", "elements")
    for part in look.at("elements").each(1, limits.SECTION_TEXT):
        _rich_part(part)


def _rich_part(look: Look) -> None:
    match look.kind:
        case "rich_text_section" | "rich_text_quote" | "rich_text_preformatted":
            look.only("elements", "border")
            for each in look.at("elements").each(1, limits.SECTION_TEXT):
                _rich_leaf(each)
        case "rich_text_list":
            look.only("elements", "style", "indent", "offset", "border")
            look.at("style").one_of(_LISTED)
            for each in look.at("elements").each(1, limits.SECTION_TEXT):
                _rich_part(each)
        case _:
            look.fault(f"cannot be {look.kind or 'without a type'}")


def _rich_leaf(look: Look) -> None:
    match look.kind:
        case "text":
            look.only("text", "style")
            look.at("text").string(limits.SECTION_TEXT)
        case "user":
            look.only("user_id", "style")
            look.at("user_id").string(limits.ACTION_ID)
        case "channel":
            look.only("channel_id", "style")
            look.at("channel_id").string(limits.ACTION_ID)
        case "link":
            look.only("url", "text", "style", "unsafe")
            look.at("url").string(limits.IMAGE_URL)
        case "emoji":
            look.only("name", "unicode", "style")
            look.at("name").string(limits.ACTION_ID)
        case _:
            look.fault(f"cannot be {look.kind or 'without a type'}")
    if look.has("style"):
        style = look.at("style")
        style.only(*_STYLES)


BLOCKS: Mapping[str, Check] = {
    "section": section,
    "header": header,
    "divider": divider,
    "context": context,
    "actions": actions,
    "context_actions": context_actions,
    "image": image,
    "input": filled_in,
    "markdown": markdown,
    "table": table,
    "rich_text": rich_text,
}
IN_MESSAGES_ONLY = frozenset({"context_actions", "markdown", "table"})
