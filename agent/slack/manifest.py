"""The app as Slack is told about it: what it listens to and what it may do, no more.

A test holds it against the listeners and the methods that the code calls.
"""

from typing import Any, Final

from agent.slack.listeners.commands import COMMAND, SHORTCUT

SCOPES: Final = (
    "app_mentions:read",  # we are spoken to in channels
    "assistant:write",  # what is being done is shown while it is done
    "channels:history",  # threads in which we were spoken to
    "channels:read",  # `qm slack check` looks whether we are in the channels it needs
    "chat:write",
    "commands",
    "files:write",  # charts, long lists, orders as PDF
    "groups:history",
    "groups:read",
    "im:history",  # direct messages to us
    "im:write",
    "users:read",
    "users:read.email",  # people are matched by address, with an allow-list
)
EVENTS: Final = (
    "app_home_opened", "app_mention", "app_uninstalled", "message.channels", "message.groups",
    "message.im", "tokens_revoked",
)  # fmt: skip
EVENTS_PATH: Final = "/slack/events"
INSTALL_PATH: Final = "/slack/install"  # a browser begins here
REDIRECT_PATH: Final = "/slack/oauth_redirect"  # and Slack sends it back here
PROMPTS: Final = (
    ("What should I buy?", "What should I buy this week?"),
    ("What needs me?", "What needs me?"),
    ("How did we do?", "How did we do last month?"),
    ("What waits?", "Which orders wait for approval?"),
)


def manifest(*, url: str | None = None, many: bool = False) -> dict[str, Any]:
    """For Socket Mode; with `url`, the public address of `qm serve`, for HTTP.

    `many` is for workspaces that install it themselves: where Slack sends them back to, and tokens
    that end after hours and are renewed. A single bot token in the settings must not end.
    """
    is_socket = url is None
    request = {} if is_socket else {"request_url": f"{url}{EVENTS_PATH}"}
    command: dict[str, Any] = {
        "command": COMMAND,
        "description": "Ask Quartermaster: what to buy, why, what waits",
        "usage_hint": "what should I buy this week?",
        "should_escape": True,
        **({} if is_socket else {"url": f"{url}{EVENTS_PATH}"}),
    }
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Quartermaster",
            "description": "What to buy, why, and approvals that are logged",
            "background_color": "#1f4e5f",
        },
        "features": {
            "bot_user": {"display_name": "Quartermaster", "always_online": True},
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {
                "agent_description": "Plans inventory: forecasts, buys, approvals. Every figure "
                "comes from the planning engine.",
                "suggested_prompts": [
                    {"title": title, "message": message} for title, message in PROMPTS
                ],
            },
            "slash_commands": [command],
            "shortcuts": [
                {
                    "name": "Ask Quartermaster about this",
                    "type": "message",
                    "callback_id": SHORTCUT,
                    "description": "Answers in the thread of this message",
                }
            ],
        },
        "oauth_config": {
            **({"redirect_urls": [f"{url}{REDIRECT_PATH}"]} if many else {}),
            "scopes": {"bot": list(SCOPES)},
        },
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": is_socket,
            "token_rotation_enabled": many,
        },
    }
