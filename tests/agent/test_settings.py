"""Settings: one file, overrides by variable, and errors that name the key."""

from pathlib import Path

import pytest

from agent.settings import load_settings
from engine.errors import BadSettings


def test_a_variable_overrides_the_file_and_the_origin_is_known(tmp_path: Path) -> None:
    config = tmp_path / "quartermaster.toml"
    config.write_text("[web]\nport = 9000\n")
    assert load_settings(config, {}).settings.web.port == 9000
    loaded = load_settings(config, {"QM_WEB_PORT": "9001"})
    assert loaded.settings.web.port == 9001
    assert loaded.origins["web.port"] == "$QM_WEB_PORT"


def test_a_secret_is_read_from_a_file_and_never_shown(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("s3cret\n")
    loaded = load_settings(None, {"QM_AUDIT_KEY_FILE": str(secret)})
    key = loaded.settings.audit.key
    assert key is not None
    assert key.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(loaded.settings)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[web]\nprot = 1\n", "Did you mean 'web.port'"),
        ("[web]\nport = 'x'\n", "web.port"),
        ("[web\n", "not valid TOML"),
    ],
)
def test_a_bad_settings_file_is_a_clear_error(tmp_path: Path, text: str, says: str) -> None:
    config = tmp_path / "quartermaster.toml"
    config.write_text(text)
    with pytest.raises(BadSettings, match=says):
        load_settings(config, {})


def test_an_unknown_variable_names_the_nearest() -> None:
    with pytest.raises(BadSettings, match="QM_WEB_PORT"):
        load_settings(None, {"QM_WEB_PROT": "1"})
