"""Settings: one file, overrides by variable, and errors that name the key."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from agent.setting_report import HIDDEN, SettingRow, example_file, settings_report
from agent.settings import Loaded, Settings, load_settings, setting_keys
from engine.errors import BadSettings
from engine.model.config import PlanConfig


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "quartermaster.toml"


def row_of(loaded: Loaded, key: str) -> SettingRow:
    return next(row for row in settings_report(loaded) if row.key == key)


def test_a_variable_overrides_the_file_and_the_origin_is_known(config: Path) -> None:
    config.write_text("[web]\nport = 9000\n")
    assert load_settings(config, {}).settings.web.port == 9000
    loaded = load_settings(config, {"QM_WEB_PORT": "9001"})
    assert loaded.settings.web.port == 9001
    assert loaded.origin("web.port") == "$QM_WEB_PORT"
    assert loaded.origin("web.host") == "default"


def test_the_file_is_named_by_the_option_then_the_variable_then_the_folder(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config.write_text("[web]\nport = 1\n")
    other = tmp_path / "other.toml"
    other.write_text("[web]\nport = 2\n")
    third = tmp_path / "third.toml"
    third.write_text("[web]\nport = 3\n")
    assert load_settings(None, {}).settings.web.port == 1
    assert load_settings(None, {"QM_CONFIG": str(other)}).settings.web.port == 2
    assert load_settings(third, {"QM_CONFIG": str(other)}).settings.web.port == 3


def test_a_secret_is_read_from_a_file_and_never_shown(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("s3cret-s3cret-s3cret\n")
    loaded = load_settings(None, {"QM_AUDIT_KEY_FILE": str(secret)})
    key = loaded.settings.audit.key
    assert key is not None
    assert key.get_secret_value() == "s3cret-s3cret-s3cret"
    assert "s3cret" not in repr(loaded)
    assert row_of(loaded, "audit.key").value == HIDDEN
    assert row_of(loaded, "audit.key").origin == "$QM_AUDIT_KEY_FILE"


def test_the_database_is_shown_without_its_password() -> None:
    loaded = load_settings(None, {"QM_DATABASE_URL": "postgresql://qm:hush-hush@db/qm"})
    assert row_of(loaded, "database.url").shown == "postgresql://qm:***@db/qm"
    assert "hush" not in repr(settings_report(loaded))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[web]\nprot = 1\n", "Did you mean 'web.port'"),
        ("[wbe]\nport = 1\n", "Did you mean 'web.port'"),
        ("[web]\nport = 'x'\n", r"web.port \(.*quartermaster.toml\).*integer.*got 'x'"),
        ("[plan]\nservice_target = 95\n", "less than 1"),
        ("[plan]\nobjective = 'profit'\n", "economic"),
        ("[worker]\nplan_at = 'noon'\n", "plan_at"),
        ("home = 3\n", "home"),
        ("web = 3\n", "unknown setting 'web'"),
        ("[web\n", "not valid TOML"),
        ("[web]\nport = \xe9\n", "not valid TOML"),
    ],
)
def test_a_bad_settings_file_is_a_clear_error(config: Path, text: str, says: str) -> None:
    config.write_bytes(text.encode("latin-1"))
    with pytest.raises(BadSettings, match=says):
        load_settings(config, {})


def test_a_settings_file_that_is_not_there_says_who_named_it(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="--config"):
        load_settings(tmp_path / "none.toml", {})
    with pytest.raises(BadSettings, match="QM_CONFIG"):
        load_settings(None, {"QM_CONFIG": str(tmp_path / "none.toml")})


def test_an_unknown_variable_names_the_nearest() -> None:
    with pytest.raises(BadSettings, match="QM_WEB_PORT"):
        load_settings(None, {"QM_WEB_PROT": "1"})


def test_only_secrets_may_be_kept_in_a_file_of_their_own(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="QM_WEB_PORT_FILE"):
        load_settings(None, {"QM_WEB_PORT_FILE": str(tmp_path / "port")})


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    both = {"QM_AUDIT_KEY": "a" * 32, "QM_AUDIT_KEY_FILE": str(tmp_path / "key")}
    with pytest.raises(BadSettings, match="unset one"):
        load_settings(None, both)


def test_a_bad_secret_is_not_repeated_in_the_error(config: Path) -> None:
    config.write_text("[audit]\nkey = 123456789\n")
    with pytest.raises(BadSettings, match=r"audit\.key") as error:
        load_settings(config, {})
    assert "123456789" not in str(error.value)


def test_paths_in_a_file_count_from_that_file_and_those_in_variables_from_here(
    config: Path, tmp_path: Path
) -> None:
    config.write_text("home = 'data'\n[people]\nfile = '/etc/people.yaml'\n")
    settings = load_settings(config, {}).settings
    assert settings.home_folder == tmp_path / "data"
    assert settings.policy_file == Path("/etc/people.yaml")
    assert load_settings(config, {"QM_HOME": "x"}).settings.home_folder == Path.cwd() / "x"


def test_the_plan_defaults_are_those_of_the_engine() -> None:
    assert Settings().plan.as_config() == PlanConfig()


def test_every_choice_of_a_plan_can_be_set() -> None:
    derived = {
        f"{name}_micros": name for name in ("default_price", "transfer_cost", "transfer_fixed")
    } | {"automation": "rules"}
    known = setting_keys()
    for name in PlanConfig.__dataclass_fields__:
        if name != "quantile_levels":  # a contract between rooms, not a choice
            assert f"plan.{derived.get(name, name)}" in known


def test_prices_are_set_in_the_currency_and_planned_in_micros() -> None:
    settings = load_settings(None, {"QM_PLAN_TRANSFER_COST": "0.125"}).settings
    assert settings.plan.transfer_cost == Decimal("0.125")
    assert settings.plan.as_config().transfer_cost_micros == 125_000


def test_every_setting_says_what_it_means() -> None:
    assert [one.key for one in setting_keys().values() if not one.description] == []


def test_the_example_file_holds_the_defaults(config: Path) -> None:
    lines = [
        line.removeprefix("# ")
        for line in example_file().splitlines()
        if line.startswith("[") or (" = " in line and not line.endswith("="))
    ]
    text = "\n".join(line for line in lines if not line.split(" = ")[0].count(" "))
    assert len(tomllib.loads(text)["plan"]) > 15
    config.write_text(text)
    assert load_settings(config, {}).settings.plan == Settings().plan
