"""What a conversation may take and do, and how long what was said is kept."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from agent.section import Seconds, Section

Days = Annotated[int, Field(ge=1, le=36_500)]
Money = Annotated[Decimal, Field(gt=0)]


class TurnSettings(Section):
    tool_seconds: Seconds = Field(
        default=60.0, description="a reading tool that takes longer is given up"
    )
    drafted_per_day: Money | None = Field(
        default=None,
        description="worth of the orders that one person may draft by talking in 24 hours, in the "
        "company's currency; default: no limit",
    )


class RetentionSettings(Section):
    """The audit is never deleted; orders, plans and decisions are the company's records."""

    chat_days: Days = Field(
        default=180, description="questions, answers and their facts are deleted after so long"
    )
    checkpoint_days: Days = Field(
        default=30, description="turns that never ended are deleted after so long"
    )
    log_days: Days = Field(default=30, description="files in log.folder are deleted after so long")
