"""The mapping that the documentation shows is one that works."""

import re
from pathlib import Path

import yaml

from engine.connect.mapping_file import read_mapping

DOCS = Path(__file__).parents[3] / "docs" / "bring-your-data.md"


def test_the_mappings_in_the_documentation_are_valid() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    mappings = [read_mapping(yaml.load(block, Loader=yaml.BaseLoader), "docs") for block in blocks]  # noqa: S506  scalars as text, as the reader takes them
    assert [bool(mapping.tables) for mapping in mappings] == [False, True]
    assert mappings[0].company.name == "Oak & Ash"
