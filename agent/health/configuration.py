"""The settings themselves: what differs from the defaults, and secrets that lie open."""

import stat
from pathlib import Path

from agent.health.check import Check, Verdict
from agent.sections import Settings
from agent.setting_report import settings_report
from agent.settings import Loaded, setting_keys


def settings_check(loaded: Loaded) -> Check:
    """Where the settings come from, and each one that is not a default."""
    changed = [
        f"{row.key} = {row.shown} ({row.origin})"
        for row in settings_report(loaded)
        if not row.is_default
    ]
    source = f"from {loaded.file}" if loaded.file else "no settings file"
    told = f"{source}; {', '.join(changed) or 'every value is the default'}"
    return _check("settings", "ok", told)


def secrets_check(loaded: Loaded) -> Check:
    """No file that holds a secret can be read by everybody."""
    places = {loaded.settings.key_file}
    if loaded.file is not None and _holds_secret(loaded):
        places.add(loaded.file)
    opened = [path for path in sorted(places) if _is_open(path)]
    if opened:
        told = f"everybody on this machine can read {opened[0]}, which holds a secret"
        return _check("secrets", "warn", told, f"chmod 600 {opened[0]}")
    return _check("secrets", "ok", "no secret lies open")


def model_check(settings: Settings) -> Check:
    """Who understands the questions, and that it has what it needs."""
    model = settings.model
    if model.provider == "offline":
        return _check("model", "ok", "offline rules understand the questions; no key is needed")
    where = model.base_url or "OpenAI"
    if model.api_key is None and model.base_url is None:
        told = f"{model.name} at {where} needs a key"
        return _check("model", "fail", told, "set QM_MODEL_API_KEY, or model.provider = offline")
    return _check("model", "ok", f"{model.name} at {where}")


def _holds_secret(loaded: Loaded) -> bool:
    secret = (one.key for one in setting_keys().values() if one.is_secret)
    return any(loaded.origin(key) == str(loaded.file) for key in secret)


def _is_open(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def _check(name: str, verdict: Verdict, finding: str, next_step: str | None = None) -> Check:
    return Check(area="settings", name=name, verdict=verdict, finding=finding, next_step=next_step)
