"""The flat package names must be ours alone in the environment."""

from importlib.metadata import packages_distributions

import pytest


@pytest.mark.parametrize("name", ["agent", "engine", "evals", "prompts", "tools"])
def test_no_other_distribution_provides_our_package_names(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {"quartermaster"}
