"""Files in Slack: pictures inside a message, long tables and orders beside one.

A picture is uploaded to nobody and then shown by a message of ours, so the message's own key keeps
it from standing there twice; a picture uploaded in vain is seen by nobody. Any other file is
shared by the upload itself, under a name that says which post it belongs to.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from agent.bootstrap import Company
from agent.slack.client import Client
from agent.slack.spreadsheets import table_bytes
from agent.views.answer import Table
from agent.views.pictures import picture_of
from agent.worker.routes import letterhead
from engine.connect.order_documents import order_csv
from engine.connect.order_pdf import order_pdf
from engine.model.canonical import digest
from engine.service.order_paper import Letterhead, preview
from engine.service.stores import Stores
from tools.result import ChartRequest


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes with a message; `alt` says in words what a picture shows."""

    name: str
    content: bytes = field(repr=False)
    alt: str = ""

    @property
    def is_picture(self) -> bool:
        return self.name.endswith(".png")


def chart_file(company: Company, chart: ChartRequest) -> Attachment:
    """The picture that an answer asks for; its name tells Slack's users nothing but the kind."""
    drawing = picture_of(company, chart)
    name = f"{chart.kind}-{digest(asdict(chart))[:12]}.png"
    return Attachment(name=name, content=drawing.path.read_bytes(), alt=drawing.words)


def table_file(company: Company, turn_id: str, table: Table, name: str) -> Attachment:
    """Every row of a table of an answer; the name's ending says as what: `.xlsx` or `.csv`."""
    kind = name.rpartition(".")[2]
    return Attachment(name=name, content=table_bytes(company, turn_id, table, kind))


def order_file(company: Company, number: str, kind: str) -> Attachment:
    """The order as its supplier would get it: `pdf` or `csv`."""
    content = company.compute.call(
        _written, company.stores, number, letterhead(company.settings), kind
    )
    return Attachment(name=f"{number}.{kind}", content=content)


async def uploaded(client: Client, file: Attachment, **share: Any) -> str:  # noqa: ANN401  Slack's own arguments
    """The id of the file; with `channel_id` (and `thread_ts`) it is shared there."""
    begun = await client.call_form(
        "files.getUploadURLExternal",
        filename=file.name, length=len(file.content), alt_txt=file.alt or None,
    )  # fmt: skip
    await client.put_bytes(str(begun["upload_url"]), file.content)
    await client.call(
        "files.completeUploadExternal",
        files=[{"id": begun["file_id"], "title": file.name}],
        **share,
    )
    return str(begun["file_id"])


def _written(stores: Stores, number: str, paper: Letterhead, kind: str) -> bytes:
    """Importable by a compute process."""
    document = preview(stores, number, paper)
    return order_pdf(document) if kind == "pdf" else order_csv(document)
