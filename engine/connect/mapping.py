"""What a mapping file may say. Outside text enters here, so these are pydantic models.

A mapping translates a source into the data contract of `engine.model.contract`. Its field
descriptions are the reference that `qm import --mapping-help` prints.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from engine.model.snapshot import Bucket


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _one_or_many(value: object) -> object:
    return cast("object", value) if isinstance(value, list) else [value]


def _column_name(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


def _left_to_right(value: object) -> object:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list):
        return names
    return {str(name): str(name) for name in cast("list[object]", names)}


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"no regular expression ({error})") from None
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]
Names = Annotated[list[str], BeforeValidator(_one_or_many)]


class Condition(Part):
    """All tests that are given must hold of the column's text."""

    column: str = Field(description="column of the source")
    equals: str | None = Field(default=None, description="is exactly this (numbers by value)")
    one_of: Names | None = Field(default=None, description="is one of these")
    matches: Pattern | None = Field(default=None, description="regular expression found in it")
    below: str | None = Field(default=None, description="less than this number or ISO date")
    above: str | None = Field(default=None, description="greater than this number or ISO date")
    empty: bool | None = Field(default=None, description="true: no value; false: any value")


Conditions = Annotated[list[Condition], BeforeValidator(_one_or_many)]


class Drop(Part):
    """Rows that are no business of the planner; counted under their reason."""

    reason: str = Field(description="why they are left out, as the report prints it")
    where: Conditions = Field(description="conditions that all hold")


class Case(Part):
    """A value and when it holds."""

    where: Conditions = Field(description="conditions that all hold")
    value: str = Field(description="the value then")


class ColumnRule(Part):
    """Where the value of a column comes from, then what is done to it, in the order below."""

    column: str | None = Field(default=None, description="column of the source")
    value: str | None = Field(default=None, description="the same value in every row")
    template: str | None = Field(default=None, description="text with {column} in it, as '{A}-{B}'")
    cases: list[Case] | None = Field(default=None, description="first case that holds decides")
    extract: Pattern | None = Field(default=None, description="regular expression; its first group")
    only: Pattern | None = Field(default=None, description="values that do not match become empty")
    upper: bool = Field(default=False, description="in capitals")
    values: dict[str, str] | None = Field(default=None, description="translation; others stay")
    otherwise: str | None = Field(default=None, description="value where there is none")
    multiply: str | None = Field(default=None, description="by a number or a column (pack sizes)")
    divide: str | None = Field(default=None, description="by a number or a column")
    pick: Literal["first", "last", "most_frequent", "lowest", "highest"] = Field(
        default="first", description="of the rows that share a key, with one_row_per_key"
    )

    @model_validator(mode="after")
    def _has_one_origin(self) -> "ColumnRule":
        given = [self.column, self.value, self.template, self.cases]
        if sum(origin is not None for origin in given) != 1:
            raise ValueError("a column needs exactly one of: column, value, template, cases")
        return self


class Wide(Part):
    """Dates (or other names) as columns: each such cell becomes a row."""

    columns: Pattern = Field(
        default=r"^\d{4}-\d{2}-\d{2}$", description="regular expression for those columns' names"
    )
    names_to: str = Field(default="date", description="column that receives their names")
    values_to: str = Field(default="units", description="column that receives their cells")


class Reading(Part):
    """How a file's text is read; stated once under `read` or for one file."""

    encoding: str | None = Field(default=None, description="else utf-8, then cp1252")
    delimiter: str | None = Field(default=None, description="else found in the header line")
    decimal: Literal[".", ","] | None = Field(default=None, description="decimal sign of numbers")
    date_format: str | None = Field(default=None, description="such as %d/%m/%Y; else ISO 8601")
    time_zone: str | None = Field(default=None, description="zone of times without an offset")
    sheet: str | None = Field(default=None, description="worksheet; else the first")
    header_row: Annotated[int, Field(ge=1)] = Field(default=1, description="row of the names")
    empty: Names = Field(default=[], description="further texts that mean: no value")


class Join(Reading):
    """Columns of another file, looked up by shared keys."""

    file: str = Field(description="file or pattern")
    on: Annotated[dict[str, str], BeforeValidator(_left_to_right)] = Field(
        description="key columns; as {ours: theirs} where the names differ"
    )


class Source(Reading):
    """One file, pattern of files, or rows written here."""

    file: str | None = Field(default=None, description="file or pattern, such as sales_*.csv.gz")
    rows: list[dict[str, str]] | None = Field(default=None, description="the rows themselves")
    file_date: Pattern | None = Field(
        default=None, description="regular expression; its group becomes the column file.date"
    )
    wide: Wide | None = Field(default=None, description="dates as columns")
    add: dict[str, Annotated[ColumnRule, BeforeValidator(_column_name)]] = Field(
        default={}, description="columns to make before joining and filtering, such as a key"
    )
    join: Annotated[list[Join], BeforeValidator(_one_or_many)] = Field(
        default=[], description="columns of other files"
    )
    drop: Annotated[list[Drop], BeforeValidator(_one_or_many)] = Field(
        default=[], description="rows to leave out"
    )
    one_row_per_key: bool = Field(
        default=False, description="condense rows that share the table's key (see pick)"
    )
    columns: dict[str, Annotated[ColumnRule, BeforeValidator(_column_name)]] = Field(
        default={}, description="column of the contract: where it comes from"
    )

    @model_validator(mode="after")
    def _has_one_origin(self) -> "Source":
        if (self.file is None) == (self.rows is None):
            raise ValueError("a source needs exactly one of: file, rows")
        return self


class CompanyBlock(Part):
    """Who the data is about; stated once, remembered for later imports."""

    name: str | None = Field(default=None, description="what it calls itself")
    base_currency: str | None = Field(default=None, description="ISO 4217, such as GBP")
    time_zone: str | None = Field(default=None, description="IANA name, such as Europe/London")
    country: str | None = Field(default=None, description="ISO 3166, such as GB, for holidays")
    demo: bool = Field(default=False, description="a made-up company: `--as` is allowed")


Share = Annotated[Decimal, Field(gt=0, le=1)]


class Defaults(Part):
    """Assumptions for what the source lacks; each one used becomes a finding."""

    supplier: str = Field(default="ASSUMED", description="code of the one supplier, where none is")
    lead_time_days: Annotated[float, Field(ge=0)] = Field(
        default=14, description="its days from order to receipt"
    )
    review_days: Annotated[int, Field(ge=1)] = Field(
        default=7, description="its days between two chances to order"
    )
    case_pack: Annotated[int, Field(ge=1)] = Field(default=1, description="its units per pack")
    cost_share_of_price: Share | None = Field(
        default=None, description="unit cost as a share of the price, where no cost is given"
    )
    stock_days_of_demand: Annotated[float, Field(ge=0)] | None = Field(
        default=None,
        description="days of recent demand on hand where no stock is given; else the lead time",
    )


class Checks(Part):
    """Limits beyond which a row is doubted."""

    largest_quantity: Annotated[int, Field(ge=1)] = Field(
        default=1_000_000, description="more units than this in one cell are quarantined"
    )
    identical_sales: Literal["keep", "once"] = Field(
        default="keep", description="sales rows equal in every column: all count, or one of them"
    )


class Mapping(Part):
    """A whole mapping file."""

    company: CompanyBlock = Field(default=CompanyBlock(), description="the company itself")
    as_of: date | None = Field(
        default=None,
        description="first day not covered; else the day after the last sale or stock count",
    )
    sales_bucket: Bucket | None = Field(default=None, description="how fine sales are recorded")
    read: Reading = Field(default=Reading(), description="how files are read, unless they differ")
    defaults: Defaults = Field(default=Defaults(), description="assumptions for what is missing")
    checks: Checks = Field(default=Checks(), description="limits of the checks")
    tables: dict[str, Annotated[list[Source], BeforeValidator(_one_or_many)]] = Field(
        default={}, description="table of the contract: its sources"
    )
