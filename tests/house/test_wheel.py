"""What a user installs is complete: prompts and migrations travel in the wheel."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second environment that holds only the built wheel, over this one's dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    home = folder / "env"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(pip, check=True, capture_output=True)
    (site,) = (home / "lib").glob("python*/site-packages")
    (ours,) = Path(sys.prefix, "lib").glob("python*/site-packages")
    # addsitedir would process our editable install too, so only the folder itself is added.
    (site / "dependencies.pth").write_text(f"{ours}\n", encoding="utf-8")
    return home / "bin"


def run(installed: Path, tmp_path: Path, *arguments: str) -> str:
    done = subprocess.run(
        [installed / "qm", *arguments], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_answers_help_from_another_folder(installed: Path, tmp_path: Path) -> None:
    assert "inventory planner" in run(installed, tmp_path, "--help")


def test_the_wheel_migrates_up_and_down(installed: Path, tmp_path: Path) -> None:
    assert "at revision 0" in run(installed, tmp_path, "db", "upgrade")
    assert "revision none" in run(installed, tmp_path, "db", "downgrade", "base", "--yes")
