"""Text from data, people and file names as a terminal may print it."""


def visible(text: str) -> str:
    """Without control characters: an escape sequence in data must not reach a terminal."""
    return "".join(c for c in text if c.isprintable() or c == "\n")


def escaped(text: str) -> str:
    """The same for a line that is read for rich's markup."""
    from rich.markup import escape

    return escape(visible(text))
