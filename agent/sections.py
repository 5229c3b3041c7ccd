"""Every setting: its section, meaning, default and bounds. `agent.settings` reads them."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr

from agent import crontab
from agent.connecting import BooksSettings, ShopifySettings, WarehouseSettings
from agent.model_settings import ModelSettings
from agent.occasions import DigestSettings, ReviewSettings
from agent.plan_rules import with_rules
from agent.promising import PromiseSettings
from agent.section import Seconds, Section
from agent.sending import (
    EdiSettings,
    LetterheadSettings,
    MailSettings,
    OutboxSettings,
    WebhookSettings,
)
from agent.surfaces import SlackSettings
from agent.turn_settings import RetentionSettings, TurnSettings
from engine.model.config import HoldingBasis, Objective, PlanConfig, Shortage
from engine.model.money import MICROS
from engine.model.snapshot import Bucket

DEFAULTS = PlanConfig()
Share = Annotated[float, Field(gt=0, lt=1)]
YearlyRate = Annotated[float, Field(ge=0, le=5)]
Price = Annotated[Decimal, Field(ge=0, max_digits=16, decimal_places=6)]


class DatabaseSettings(Section):
    url: SecretStr | None = Field(
        default=None,
        description="sqlite:///file.db or postgresql://user@host/name; default: a file in home",
    )


class DataSettings(Section):
    snapshots: str | None = Field(
        default=None, description="folder or bucket of the snapshots; default: a folder in home"
    )


class AuditSettings(Section):
    key: SecretStr | None = Field(
        default=None, description="key of the audit chain; default: a file in home, made once"
    )
    anchor: str | None = Field(
        default=None, description="file or bucket that receives the chain's head; default: in home"
    )


class PeopleSettings(Section):
    file: Path | None = Field(
        default=None,
        description="people, roles and limits as YAML; default: people.yaml in home",
    )


class TerminalSettings(Section):
    locale: str = Field(
        default="en_GB", pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$", description="how figures are written"
    )


class WebSettings(Section):
    host: str = Field(default="127.0.0.1", description="address that `qm serve` listens on")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8080, description="its port; 0 takes any free one"
    )
    drain_seconds: Seconds = Field(
        default=20.0, description="how long open requests may take to end when it stops"
    )


class WorkerSettings(Section):
    processes: Annotated[int, Field(ge=1, le=64)] = Field(
        default=2, description="processes that compute plans, forecasts and charts"
    )
    compute_seconds: Seconds = Field(
        default=900.0, description="a computation that takes longer is stopped"
    )
    threads: Annotated[int, Field(ge=1, le=64)] = Field(
        default=4, description="threads for short database work; approvals have one of their own"
    )
    poll_seconds: Seconds = Field(default=1.0, description="how often due jobs are looked for")
    lease_seconds: Annotated[float, Field(ge=2, le=600)] = Field(
        default=15.0, description="another worker takes over this long after the leader fell silent"
    )
    drain_seconds: Seconds = Field(
        default=60.0, description="how long the job in hand may take to end when it is stopped"
    )
    plan_at: Annotated[str, AfterValidator(crontab.check)] | None = Field(
        default=None,
        description="when to plan by itself, as crontab in the company's time: 0 6 * * 1-5",
    )
    import_folder: Path | None = Field(
        default=None, description="folder of exports that import_at reads"
    )
    import_at: Annotated[str, AfterValidator(crontab.check)] | None = Field(
        default=None, description="when to import by itself; a new snapshot is planned at once"
    )
    pull_at: Annotated[str, AfterValidator(crontab.check)] | None = Field(
        default=None, description="when to read the connected systems by itself: 30 2 * * *"
    )
    remind_hours: Annotated[float, Field(ge=0)] = Field(
        default=24.0, description="an approval that waits so long is called to mind; 0: never"
    )
    stale_plan_hours: Annotated[float, Field(gt=0)] = Field(
        default=192.0, description="/readyz and `qm doctor` call an older plan stale"
    )


class LogSettings(Section):
    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="least severity that `qm serve` and `qm worker` write"
    )
    style: Literal["json", "text"] = Field(default="json", description="how a log line looks")
    folder: Path | None = Field(
        default=None, description="also write lines here, a file per day; default: only to stderr"
    )


class PlanSettings(Section):
    """The configuration of a plan run, in a planner's units; defaults are PlanConfig's."""

    bucket: Literal["auto"] | Bucket = Field(
        default="auto", description="planning bucket: day or week; auto is week"
    )
    week_start: Annotated[int, Field(ge=0, le=6)] | None = Field(
        default=DEFAULTS.week_start,
        description="first day of the week in the history, 0 is Monday; unset: seven days each, "
        "the last ones up to yesterday",
    )
    horizon: Annotated[int, Field(ge=1, le=104)] = Field(
        default=DEFAULTS.horizon, description="buckets forecast ahead"
    )
    objective: Objective = Field(
        default=DEFAULTS.objective,
        description="economic (money), cycle_service or fill_rate (a target)",
    )
    service_target: Share = Field(
        default=DEFAULTS.service_target, description="target of the two service objectives"
    )
    shortage: Shortage = Field(
        default=DEFAULTS.shortage, description="what an empty shelf does to demand"
    )
    holding_rate: YearlyRate = Field(
        default=DEFAULTS.holding_rate,
        description="storage, insurance and ageing, per year and unit cost",
    )
    capital_rate: YearlyRate = Field(
        default=DEFAULTS.capital_rate, description="cost of cash, per year and unit cost"
    )
    review_days: Annotated[int, Field(ge=1, le=366)] = Field(
        default=DEFAULTS.review_days, description="days until the next chance to order"
    )
    default_lead_time_days: Annotated[float, Field(ge=0, le=730)] = Field(
        default=DEFAULTS.default_lead_time_days,
        description="lead time where none is stated or observed",
    )
    lead_time_spread: YearlyRate = Field(
        default=DEFAULTS.lead_time_spread,
        description="sd / mean of a lead time without any deliveries to judge by",
    )
    holding_basis: HoldingBasis = Field(
        default=DEFAULTS.holding_basis,
        description="average or closing stock between two orders, which holding is charged on",
    )
    waiting_cost: YearlyRate = Field(
        default=DEFAULTS.waiting_cost,
        description="share of a unit's margin lost per week a backorder waits",
    )
    default_margin: Share = Field(
        default=DEFAULTS.default_margin, description="margin / price where the cost is unknown"
    )
    default_price: Price = Field(
        default=Decimal(DEFAULTS.default_price_micros) / MICROS,
        description="price where neither price nor revenue is known",
    )
    transfer_cost: Price = Field(
        default=Decimal(DEFAULTS.transfer_cost_micros) / MICROS,
        description="cost of moving one unit between locations",
    )
    transfer_fixed: Annotated[Decimal, Field(ge=0, le=1_000_000)] = Field(
        default=Decimal(DEFAULTS.transfer_fixed_micros) / MICROS,
        description="cost of a journey between two locations, whatever it carries",
    )
    transfer_days: Annotated[int, Field(ge=0, le=366)] = Field(
        default=DEFAULTS.transfer_days, description="days a transfer takes"
    )
    rules: Path | None = Field(
        default=None,
        description="exception thresholds and automation tiers as YAML; default: built in, see "
        "`qm exceptions rules`",
    )
    paths: Annotated[int, Field(ge=16, le=65_536)] = Field(
        default=DEFAULTS.paths, description="simulated demand paths per series"
    )
    seed: Annotated[int, Field(ge=0)] = Field(
        default=DEFAULTS.seed, description="seed of every simulated path"
    )
    challenger: bool = Field(
        default=DEFAULTS.challenger,
        description="boosted trees compete with the other models (needs the extra `ml`)",
    )
    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        default=1, description="processes of one plan run; never changes a figure"
    )

    def as_config(self) -> PlanConfig:
        """What a plan run is asked to do; `workers` is no part of it."""
        same: dict[str, Any] = self.model_dump(
            exclude={
                "bucket", "workers", "default_price", "transfer_cost", "transfer_fixed", "rules",
            }
        )  # fmt: skip
        made = PlanConfig(
            **same,
            bucket="week" if self.bucket == "auto" else self.bucket,
            default_price_micros=int(self.default_price * MICROS),
            transfer_cost_micros=int(self.transfer_cost * MICROS),
            transfer_fixed_micros=int(self.transfer_fixed * MICROS),
        )
        return made if self.rules is None else with_rules(made, self.rules)


class Settings(Section):
    """Everything that can be set; `qm config show` prints it with origins."""

    home: Path = Field(default=Path("./.quartermaster"), description="where local data lives")
    digests: tuple[DigestSettings, ...] = Field(
        default=(), description="digests by themselves, as [[digests]]: name, channel, at, ..."
    )
    review: ReviewSettings = ReviewSettings()
    database: DatabaseSettings = DatabaseSettings()
    data: DataSettings = DataSettings()
    audit: AuditSettings = AuditSettings()
    people: PeopleSettings = PeopleSettings()
    terminal: TerminalSettings = TerminalSettings()
    model: ModelSettings = ModelSettings()
    plan: PlanSettings = PlanSettings()
    outbox: OutboxSettings = OutboxSettings()
    letterhead: LetterheadSettings = LetterheadSettings()
    mail: MailSettings = MailSettings()
    webhook: WebhookSettings = WebhookSettings()
    edi: EdiSettings = EdiSettings()
    promises: PromiseSettings = PromiseSettings()
    shopify: ShopifySettings = ShopifySettings()
    warehouse: WarehouseSettings = WarehouseSettings()
    books: BooksSettings = BooksSettings()
    web: WebSettings = WebSettings()
    worker: WorkerSettings = WorkerSettings()
    slack: SlackSettings = SlackSettings()
    log: LogSettings = LogSettings()
    turn: TurnSettings = TurnSettings()
    retention: RetentionSettings = RetentionSettings()

    @property
    def home_folder(self) -> Path:
        return self.home.expanduser().absolute()

    @property
    def database_url(self) -> str:
        given = self.database.url
        return (
            given.get_secret_value() if given else f"sqlite:///{self.home_folder}/quartermaster.db"
        )

    @property
    def snapshots_url(self) -> str:
        return self.data.snapshots or str(self.home_folder / "snapshots")

    @property
    def key_file(self) -> Path:
        return self.home_folder / "audit.key"

    @property
    def anchor_url(self) -> str:
        return self.audit.anchor or str(self.home_folder / "audit-anchor.jsonl")

    @property
    def policy_file(self) -> Path:
        return self.people.file or self.home_folder / "people.yaml"

    @property
    def crash_folder(self) -> Path:
        return self.home_folder / "crashes"

    @property
    def connected_folder(self) -> Path:
        return self.home_folder / "connected"

    @property
    def outgoing_folder(self) -> Path:
        return self.outbox.folder or self.home_folder / "outgoing"
