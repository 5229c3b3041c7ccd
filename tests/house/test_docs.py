"""The documentation speaks of this program: its commands parse, its links lead somewhere."""

import re
import shlex
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import wraps
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner

from agent.cli import build_app
from agent.settings import load_settings, setting_keys
from engine.connect.mapping_file import read_mapping
from engine.service.policy_file import parse_policy

ROOT = Path(__file__).parents[2]
DOCS, EXAMPLES = ROOT / "docs", ROOT / "examples"
PAGES = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md")),
    *sorted([*DOCS.rglob("*.md"), *EXAMPLES.rglob("*.md")]),
]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
VARIABLE = re.compile(r"\bQM_[A-Z_]+[A-Z]\b")
DOTTED = re.compile(r"`([a-z]+\.(?!yaml|json|db)[a-z_]+)`")
SHELL_GOES_ON = {"&&", "||", "|", "&", ";", ">"}


@dataclass(frozen=True, kw_only=True)
class Written:
    """A command as a page shows it."""

    page: Path
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{named(self.page)}: qm {' '.join(self.words)}"


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    found: list[tuple[str, str]] = FENCE.findall(page.read_text(encoding="utf-8"))
    return [block for of, block in found if of == language]


def written_commands() -> Iterator[Written]:
    """Every `qm ...` of a shell block, without settings before it and what the shell does after."""
    for page in PAGES:
        for line in "".join(blocks(page, "sh")).replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
                words.pop(0)
            if words[:1] == ["qm"]:
                end = next((n for n, word in enumerate(words) if word in SHELL_GOES_ON), None)
                yield Written(page=page, words=tuple(words[1:end]))


@pytest.fixture(scope="module")
def idle() -> typer.Typer:
    """The whole program, every command taking its arguments and doing nothing with them."""
    app = build_app()
    for offered in entry_points(group="quartermaster.commands"):
        app.add_typer(deepcopy(offered.load()), name=offered.name)  # the original keeps working
    rest(app)
    return app


def rest(app: typer.Typer) -> None:
    for command in app.registered_commands:
        command.callback = doing_nothing(command.callback)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            rest(group.typer_instance)
            own = group.typer_instance.registered_callback
            if own is not None and own.callback is not None:
                own.callback = doing_nothing(own.callback)


def doing_nothing(function: Callable[..., Any] | None) -> Callable[..., Any]:
    assert function is not None

    @wraps(function)
    def idling(*_arguments: object, **_options: object) -> None:
        pass

    return idling


@pytest.mark.parametrize("written", list(written_commands()), ids=str)
def test_a_documented_command_is_one_of_this_program(idle: typer.Typer, written: Written) -> None:
    result = CliRunner().invoke(idle, [*written.words])

    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("words", [("plan", "--budgets", "1k"), ("plans",), ("approve", "yes")])
def test_a_command_with_a_slip_is_noticed(idle: typer.Typer, words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(idle, [*words]).exit_code != 0


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_relative_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link for link in LINK.findall(text) if "://" not in link]

    assert [link for link in links if not leads_somewhere(page, link)] == []


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return False
    return not anchor or anchor in {slug(text) for text in headings(target)}


def headings(page: Path) -> list[str]:
    return HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))


def slug(heading: str) -> str:
    """The anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_documented_settings_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = setting_keys()
    variables = {"QM_CONFIG", *(one.variable for one in known.values())}
    variables |= {f"{one.variable}_FILE" for one in known.values() if one.is_secret}
    sections = {key.partition(".")[0] for key in known if "." in key}
    dotted = {key for key in DOTTED.findall(text) if key.partition(".")[0] in sections}

    assert {v for v in VARIABLE.findall(text) if v not in variables | {"QM_SECTION_KEY"}} == set()
    assert {key for key in dotted if key not in known} == set()


def test_the_documented_settings_file_is_read(tmp_path: Path) -> None:
    found = [block for page in PAGES for block in blocks(page, "toml")]
    for block in found:
        (tmp_path / "quartermaster.toml").write_text(block, encoding="utf-8")
        assert load_settings(tmp_path / "quartermaster.toml", {}).origins
    assert found


def test_the_mappings_in_the_documentation_are_valid() -> None:
    found = blocks(DOCS / "bring-your-data.md", "yaml")
    # Scalars stay text, as the reader of mapping files takes them.
    mappings = [read_mapping(yaml.load(block, Loader=yaml.BaseLoader), "docs") for block in found]  # noqa: S506  as above

    assert sum(bool(mapping.tables) for mapping in mappings) > 1


def test_the_rules_in_the_documentation_are_valid() -> None:
    """Each piece, put into the people file of the examples."""
    whole = yaml.safe_load((EXAMPLES / "people.yaml").read_text(encoding="utf-8"))
    pieces = [yaml.safe_load(block) for block in blocks(DOCS / "approval-policy.md", "yaml")]
    roles = {"owner": whole["roles"]["director"]}
    for piece in pieces:
        parts = {"approval": {}, **{k: v for k, v in piece.items() if k in ("approval", "budgets")}}
        more = {name: role for name, role in piece.items() if name not in parts}
        file = {**whole, "roles": {**whole["roles"], **roles, **more}, **parts}
        assert parse_policy(yaml.safe_dump(file), "docs").policy.steps
    assert pieces


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("people.yaml")), ids=named)
def test_the_example_people_files_are_valid(path: Path) -> None:
    assert parse_policy(path.read_text(encoding="utf-8"), path.name).policy.members
