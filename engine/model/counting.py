"""Counts in sentences."""


def counted(number: int, one: str, many: str) -> str:
    """'1 item is', '1,200 items are': the number with the words that agree with it."""
    return f"{number:,} {one if number == 1 else many}"
