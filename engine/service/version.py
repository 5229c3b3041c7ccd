"""Which code computes: part of every run id, so that changed code never returns an old run."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

# What computes a plan; stores, connectors and services move figures but make none.
ROOMS = ("kernels", "model", "demand", "forecast", "supply", "replenish")
LIBRARIES = ("numpy", "pandas", "scipy", "statsforecast")
OPTIONAL = ("lightgbm",)  # with the extra `ml`; without it another forecast is made


@cache
def engine_version() -> str:
    """Twelve hexadecimal digits of the computing rooms' source and their libraries' versions."""
    content = hashlib.sha256()
    for library in LIBRARIES:
        content.update(f"{library}=={version(library)}\n".encode())
    for library in OPTIONAL:
        content.update(f"{library}=={_version_or_absent(library)}\n".encode())
    for room in ROOMS:
        for part in _sources(files("engine") / room, room):
            content.update(part)
    return content.hexdigest()[:12]


def _version_or_absent(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


def _sources(folder: Traversable, path: str) -> Iterator[bytes]:
    """Names and contents of the Python files below a folder, in the order of their names."""
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            yield from _sources(entry, f"{path}/{entry.name}")
        elif entry.name.endswith(".py"):
            yield f"{path}/{entry.name}\n".encode()
            yield entry.read_bytes()
