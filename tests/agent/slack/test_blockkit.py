"""What Slack would refuse is named before it is sent; slack_sdk's own models agree."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextActionsBlock,
    ContextBlock,
    HeaderBlock,
    ImageBlock,
    InputBlock,
    MarkdownBlock,
    Option,
    SectionBlock,
    StaticSelectElement,
)

from agent.slack.blockkit import limits
from agent.slack.blockkit.check import message_problems, view_problems
from agent.slack.render.build import (
    Part,
    actions,
    bullets,
    button,
    divider,
    field,
    header,
    modal,
    note,
    prose,
)

Made = dict[str, Any]


def said(*blocks: Made, **other: Any) -> list[str]:
    return [str(each) for each in message_problems({"text": "t", "blocks": list(blocks), **other})]


def section(**other: Any) -> Made:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "a"}, **other}


def table(rows: int, columns: int = 2, text: str = "x") -> Made:
    cell = {"type": "raw_text", "text": text}
    return {"type": "table", "rows": [[cell] * columns] * rows}


def select(options: int, **other: Any) -> Made:
    given = [{"text": {"type": "plain_text", "text": str(i)}, "value": str(i)}
             for i in range(options)]  # fmt: skip
    return actions([{"type": "static_select", "action_id": "a", "options": given, **other}])


def press(number: int = 0, **other: Any) -> Made:
    return {**button("Go", action=f"go.{number}", value="1"), **other}


REFUSED: dict[str, tuple[Made | list[Made], str]] = {
    "too many blocks": ([divider()] * 51, "has 51 entries"),
    "an unknown block": ({"type": "carousel"}, "there is no block of type 'carousel'"),
    "a field that is none": (divider() | {"colour": "red"}, "has no field 'colour'"),
    "a long section": (section(text={"type": "mrkdwn", "text": "a" * 3001}), "3001 characters"),
    "an empty text": (section(text={"type": "mrkdwn", "text": ""}), "has 0 characters"),
    "an empty section": ({"type": "section"}, "needs text or fields"),
    "too many fields": (section(fields=[note("a")["elements"][0]] * 11), "has 11 entries"),
    "a header with markup": ({"type": "header", "text": {"type": "mrkdwn", "text": "a"}},
                             "plain_text is allowed"),
    "a long header": ({"type": "header", "text": {"type": "plain_text", "text": "a" * 151}},
                      "151 characters"),
    "too many buttons": ({"type": "actions", "elements": [press(i) for i in range(26)]},
                         "has 26 entries"),
    "a long button": (actions([press(text={"type": "plain_text", "text": "a" * 76})]),
                      "76 characters"),
    "a long value": (actions([press(value="a" * 2001)]), "2001 characters"),
    "a style that is none": (actions([press(style="warning")]), "is 'warning'"),
    "an input among buttons": (actions([{"type": "plain_text_input", "action_id": "a"}]),
                               "cannot stand here"),
    "one action twice": (actions([press(1), press(1)]), "'go.1' is used twice in a block"),
    "one block twice": ([divider() | {"block_id": "b"}] * 2, "'b' is used twice"),
    "too many options": (select(101), "has 101 entries"),
    "a choice that is not offered": (
        select(2, initial_option={"text": {"type": "plain_text", "text": "9"}, "value": "9"}),
        "is not one of the options"),
    "a picture without words": ({"type": "image", "image_url": "https://x.test/a.png"},
                                "alt_text: must be text"),
    "a picture from nowhere": ({"type": "image", "alt_text": "a"}, "needs either image_url"),
    "a long table": (table(101), "has 101 entries"),
    "a wide table": (table(2, 21), "has 21 entries"),
    "a ragged table": ({"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * n
                                                  for n in (1, 2)]}, "rows of 1 and 2 cells"),
    "two tables": ([table(2), table(2)], "has 2 tables"),
    "much text in a table": (table(60, 2, "x" * 100), "12000 characters in tables"),
    "much markdown": ([{"type": "markdown", "text": "a" * 7000}] * 2, "14000 characters"),
    "eleven notes": ({"type": "context", "elements": note("a")["elements"] * 11}, "11 entries"),
    "a rich text of nothing": ({"type": "rich_text", "elements": []}, "has 0 entries"),
    "no block at all": ("text", "there is no block"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_slack_refuses_is_named_with_its_place(name: str) -> None:
    blocks, expected = REFUSED[name]
    found = said(*(blocks if isinstance(blocks, list) else [blocks]))
    assert any(expected in each and each.startswith("message.blocks") for each in found), found


def test_a_message_without_a_text_for_screen_readers_is_refused() -> None:
    assert "what notifications" in str(message_problems({"blocks": [divider()]})[0])
    assert "message: needs text or blocks" in map(str, message_problems({}))


GOOD: dict[str, Callable[[], Made]] = {
    "header": lambda: header("a" * 400),
    "note": lambda: note("a" * 4000),
    "buttons": lambda: actions([press(i) for i in range(40)]),
    "prose": lambda: prose([Part("a" * 7000, bold=True)], [Part("")]),
    "bullets": lambda: bullets([[Part("a"), Part("b", code=True)]]),
    "section": section,
    "table": lambda: table(100, 20, "x"),
    "select": lambda: select(100),
    "feedback": lambda: {
        "type": "context_actions",
        "elements": [{
            "type": "feedback_buttons", "action_id": "f",
            "positive_button": {"text": {"type": "plain_text", "text": "+"}, "value": "1"},
            "negative_button": {"text": {"type": "plain_text", "text": "-"}, "value": "0"},
        }],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_we_build_is_accepted_by_our_check_and_by_the_sdk(name: str) -> None:
    block = GOOD[name]()
    assert said(block) == []
    parsed = Block.parse(block)
    assert parsed is not None
    parsed.validate_json()


def test_our_limits_are_those_of_the_sdk() -> None:
    assert Block.block_id_max_length == limits.BLOCK_ID
    assert SectionBlock.text_max_length == limits.SECTION_TEXT
    assert SectionBlock.fields_max_length == limits.SECTION_FIELDS
    assert HeaderBlock.text_max_length == limits.HEADER_TEXT
    assert MarkdownBlock.text_max_length == limits.MARKDOWN_TEXT
    assert ContextBlock.elements_max_length == limits.CONTEXT_ELEMENTS
    assert ContextActionsBlock.elements_max_length == limits.CONTEXT_ACTIONS
    assert ActionsBlock.elements_max_length == limits.ACTIONS
    assert ImageBlock.alt_text_max_length == limits.ALT_TEXT
    assert InputBlock.label_max_length == limits.INPUT_LABEL
    assert ButtonElement.text_max_length == limits.BUTTON_TEXT
    assert ButtonElement.value_max_length == limits.BUTTON_VALUE
    assert StaticSelectElement.options_max_length == limits.OPTIONS
    assert Option.value_max_length == limits.OPTION_VALUE


def test_a_modal_keeps_to_its_own_limits() -> None:
    entry = field("Why", {"type": "plain_text_input", "action_id": "why"}, block="why")
    good = modal("A title that is far too long for Slack", [entry], callback="c", metadata="{}",
                 submit="Save")  # fmt: skip
    assert view_problems(good) == []
    without = {key: value for key, value in good.items() if key != "submit"}
    for view, expected in (
        (without, "an input but no submit"),
        (good | {"private_metadata": "m" * 3001}, "3001 characters"),
        (good | {"title": {"type": "plain_text", "text": "t" * 25}}, "25 characters"),
        (good | {"blocks": [table(2)]}, "stands in messages only"),
        (good | {"blocks": [divider()] * 101}, "101 entries"),
        (good | {"type": "panel"}, "modal or home"),
    ):
        assert any(expected in str(each) for each in view_problems(view)), expected
