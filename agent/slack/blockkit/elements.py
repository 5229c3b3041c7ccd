"""Texts and the parts people press or fill in."""

from collections.abc import Callable, Mapping

from agent.slack.blockkit import limits
from agent.slack.blockkit.look import Look

Check = Callable[[Look], None]


def text(look: Look, most: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> None:
    """A text object."""
    if look.kind not in kinds:
        look.fault(f"is a {look.kind or 'thing without a type'}, {' or '.join(kinds)} is allowed")
        return
    look.only("text", *(("emoji",) if look.kind == "plain_text" else ("verbatim",)))
    look.at("text").string(most)


def plain(look: Look, most: int) -> None:
    text(look, most, ("plain_text",))


def option(look: Look) -> None:
    look.only("text", "value", "description", "url")
    text(look.at("text"), limits.OPTION_TEXT)
    look.at("value").string(limits.OPTION_VALUE)
    if look.has("description"):
        text(look.at("description"), limits.OPTION_TEXT)


def confirm(look: Look) -> None:
    look.only("title", "text", "confirm", "deny", "style")
    plain(look.at("title"), limits.CONFIRM_TITLE)
    text(look.at("text"), limits.CONFIRM_TEXT)
    plain(look.at("confirm"), limits.CONFIRM_BUTTON)
    plain(look.at("deny"), limits.CONFIRM_BUTTON)
    if look.has("style"):
        look.at("style").one_of(("primary", "danger"))


def button(look: Look) -> None:
    look.only("action_id", "text", "value", "url", "style", "confirm", "accessibility_label")
    plain(look.at("text"), limits.BUTTON_TEXT)
    _common(look)
    look.maybe_string("value", limits.BUTTON_VALUE)
    look.maybe_string("url", limits.IMAGE_URL)
    look.maybe_string("accessibility_label", limits.BUTTON_LABEL)
    if look.has("style"):
        look.at("style").one_of(("primary", "danger"))


def feedback_buttons(look: Look) -> None:
    look.only("action_id", "positive_button", "negative_button")
    look.maybe_string("action_id", limits.ACTION_ID)
    for side in ("positive_button", "negative_button"):
        pressed = look.at(side)
        pressed.only("text", "value", "accessibility_label")
        plain(pressed.at("text"), limits.BUTTON_TEXT)
        pressed.at("value").string(limits.BUTTON_VALUE)


def select(look: Look) -> None:
    look.only(
        "action_id", "placeholder", "options", "initial_option", "initial_options", "confirm",
        "max_selected_items", "focus_on_load",
    )  # fmt: skip
    _common(look)
    for each in look.at("options").each(1, limits.OPTIONS):
        option(each)
    _is_offered(look)


def people_select(look: Look) -> None:
    look.only(
        "action_id", "placeholder", "initial_user", "initial_conversation", "filter", "confirm",
        "default_to_current_conversation", "response_url_enabled", "focus_on_load",
    )  # fmt: skip
    _common(look)


def choices(look: Look) -> None:
    look.only(
        "action_id", "options", "initial_option", "initial_options", "confirm", "focus_on_load"
    )
    _common(look)
    for each in look.at("options").each(1, limits.CHOICES):
        option(each)
    _is_offered(look)


def overflow(look: Look) -> None:
    look.only("action_id", "options", "confirm")
    _common(look)
    for each in look.at("options").each(1, limits.OVERFLOW_OPTIONS):
        option(each)


def date_picker(look: Look) -> None:
    look.only("action_id", "placeholder", "initial_date", "confirm", "focus_on_load")
    _common(look)
    look.maybe_string("initial_date", len("2026-11-23"))


def plain_input(look: Look) -> None:
    look.only(
        "action_id", "placeholder", "initial_value", "multiline", "min_length", "max_length",
        "focus_on_load", "dispatch_action_config",
    )  # fmt: skip
    _common(look)
    look.maybe_string("initial_value", limits.PLAIN_INPUT)
    for bound in ("min_length", "max_length"):
        if look.has(bound):
            look.at(bound).whole(0, limits.PLAIN_INPUT)


def number_input(look: Look) -> None:
    look.only(
        "action_id", "placeholder", "is_decimal_allowed", "initial_value", "min_value",
        "max_value", "focus_on_load",
    )  # fmt: skip
    _common(look)
    look.at("is_decimal_allowed").flag()


def image(look: Look) -> None:
    look.only("image_url", "alt_text", "slack_file")
    look.at("alt_text").string(limits.ALT_TEXT)
    if look.has("image_url") == look.has("slack_file"):
        look.fault("needs either image_url or slack_file")
    look.maybe_string("image_url", limits.IMAGE_URL)


PRESSED: Mapping[str, Check] = {
    "button": button,
    "static_select": select,
    "multi_static_select": select,
    "users_select": people_select,
    "conversations_select": people_select,
    "overflow": overflow,
    "datepicker": date_picker,
    "radio_buttons": choices,
    "checkboxes": choices,
}
FILLED_IN: Mapping[str, Check] = {
    **{kind: check for kind, check in PRESSED.items() if kind not in ("button", "overflow")},
    "plain_text_input": plain_input,
    "number_input": number_input,
}


def checked(look: Look, allowed: Mapping[str, Check]) -> None:
    """One element of the kinds that may stand here."""
    check = allowed.get(look.kind)
    if check is None:
        look.fault(f"{look.kind or 'a thing without a type'} cannot stand here")
    else:
        check(look)


def _common(look: Look) -> None:
    look.maybe_string("action_id", limits.ACTION_ID)
    if look.has("placeholder"):
        plain(look.at("placeholder"), limits.PLACEHOLDER)
    if look.has("confirm"):
        confirm(look.at("confirm"))


def _is_offered(look: Look) -> None:
    """What is chosen beforehand must be one of the options, to the letter."""
    options = look.value.get("options")
    if look.has("initial_option") and look.value["initial_option"] not in (options or []):
        look.at("initial_option").fault("is not one of the options")
    if look.has("initial_options"):
        for each in look.at("initial_options").each(1, limits.OPTIONS):
            if each.value not in (options or []):
                each.fault("is not one of the options")
