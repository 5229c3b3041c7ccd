"""Make the demo company, import it and plan it; a second start finds all of it ready."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from agent.bootstrap import Company, open_company
from agent.settings import load_settings
from engine.errors import PlanningError
from engine.model.progress import Progress, silent
from engine.service import people, reading
from engine.service.reading import RunHeader
from engine.service.stores import Stores

SEED = 7


@dataclass(frozen=True, kw_only=True)
class DemoPlace:
    """Where one demo lives: a folder per week and seed, so that another week starts afresh."""

    home: Path
    seed: int
    last_day: date  # of sales

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def settings_file(self) -> Path:
        return self.home / "quartermaster.toml"

    @property
    def people_file(self) -> Path:
        return self.home / "people.yaml"


def demo_place(config: Path | None, seed: int, today: date, *, scripted: bool) -> DemoPlace:
    """The demo of the week that `today` is in: its sales end on the Sunday before.

    The scripted one has a folder of its own: it starts afresh each time, and nobody's chat is lost.
    """
    last_day = today - timedelta(days=today.weekday() + 1)
    folder = load_settings(config).settings.home_folder / "demo"
    name = f"{last_day}-{seed}-script" if scripted else f"{last_day}-{seed}"
    return DemoPlace(home=folder / name, seed=seed, last_day=last_day)


def open_demo(place: DemoPlace, environment: Mapping[str, str]) -> Company:
    """The demo company's own stores; later commands reach them with `--config`."""
    place.home.mkdir(parents=True, exist_ok=True)
    place.settings_file.write_text(f'home = "{place.home.as_posix()}"\n', encoding="utf-8")
    return open_company(place.settings_file, environment=environment)


def forget(place: DemoPlace) -> None:
    """Remove this week's demo, its decisions and its audit included."""
    if place.home.exists():
        shutil.rmtree(place.home)


def prepare(company: Company, place: DemoPlace, progress: Progress = silent) -> RunHeader:
    """Data, snapshot, people and plan; whatever is there already is not made again."""
    ready = _planned(company.stores, place)
    if ready is not None:
        return ready
    from engine.promise.policy import PromisePolicy
    from engine.service.importing import import_folder
    from engine.service.planning import run_plan
    from engine.service.promising import promise_anew

    _write_data(place, progress)
    now = company.clock.now()
    import_folder(company.stores, place.data, mapping=None, now=now, progress=progress)
    place.people_file.write_bytes((place.data / "people.yaml").read_bytes())
    people.sync(company.stores, people.load_policy(place.people_file), now=now)
    run = run_plan(company.stores, company.plan_config, now=now, progress=progress)
    promise_anew(company.stores, company.plan_config, PromisePolicy(), now=now, cause="demo")
    return run


def _write_data(place: DemoPlace, progress: Progress) -> None:
    if place.data.exists():
        return
    from engine.connect.write_folder import write_folder
    from engine.simulate.company import generate
    from engine.simulate.company.team import PEOPLE_FILE

    progress("making up a company", 0, None)
    made = generate(place.seed, place.last_day)
    files = {"people.yaml": PEOPLE_FILE}
    write_folder(place.data, made.profile, made.tables, files=files, progress=progress)


def _planned(stores: Stores, place: DemoPlace) -> RunHeader | None:
    try:
        run = reading.latest_run(stores)
    except PlanningError:  # the first start
        return None
    return run if run.as_of == place.last_day + timedelta(days=1) else None
