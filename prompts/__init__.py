"""Prompts as Markdown, loaded by name and versioned by the hash of their content.

Each file begins with a purpose line in a comment; what follows is the prompt. `$name` marks are
filled by the caller, and every one must be.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

VERSION_LENGTH = 12


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """`version` is the first digits of the SHA-256 of the file."""

    name: str
    purpose: str
    text: str
    version: str

    def filled(self, **values: str) -> str:
        """The text with its marks filled; raises KeyError for one that is not given."""
        return Template(self.text).substitute(values)


@cache
def load(name: str) -> Prompt:
    """A prompt by its name, such as "system"."""
    content = files("prompts").joinpath(f"{name}.md").read_text(encoding="utf-8")
    first, _, rest = content.partition("\n")
    return Prompt(
        name=name,
        purpose=first.removeprefix("<!--").removesuffix("-->").strip(),
        text=rest.strip(),
        version=hashlib.sha256(content.encode()).hexdigest()[:VERSION_LENGTH],
    )


def version_of(*names: str) -> str:
    """One version for several prompts that are used together."""
    together = "".join(load(name).version for name in names)
    return hashlib.sha256(together.encode()).hexdigest()[:VERSION_LENGTH]
