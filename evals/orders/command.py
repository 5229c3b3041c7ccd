"""`qm bench orders`: drafting many orders at once, and the paper of a long one."""

import json
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer


def bench_orders(
    orders: Annotated[int, typer.Option(min=1, help="Orders to draft.")] = 200,
    lines: Annotated[int, typer.Option(min=1, help="Lines over all of them.")] = 10_000,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Draft made-up orders in one transaction, and write one of 100 lines as PDF; print seconds.

    Targets: 200 orders of 10,000 lines within 5 s, the PDF of 100 lines within 1 s.
    """
    from engine.connect.order_pdf import order_pdf
    from engine.service.order_paper import Letterhead, preview
    from evals.orders.world import buy, draft, found_company

    with tempfile.TemporaryDirectory(prefix="qm-orders-") as place:
        stores = found_company(f"sqlite:///{place}/qm.db", Path(place))
        buys = [buy(f"SKU-{n}", f"SUP-{n % orders}", 1 + n % 20) for n in range(lines)]
        began = time.perf_counter()
        numbers = draft(stores, 1, buys)
        drafting = time.perf_counter() - began
        (long,) = draft(stores, 2, [buy(f"LONG-{n}", "SUP-LONG", 1) for n in range(100)])
        document = preview(stores, long, Letterhead(name="Made Up Ltd"))
        order_pdf(document)  # fonts are read once
        began = time.perf_counter()
        size = len(order_pdf(document))
        paper = time.perf_counter() - began
        stores.database.close()
    typer.echo(f"drafting {len(numbers)} orders, {lines:,} lines: {drafting:.2f} s")
    typer.echo(f"PDF of 100 lines: {paper:.2f} s, {size:,} bytes")
    if json_file is not None:
        told = {"orders": len(numbers), "lines": lines, "draft_seconds": round(drafting, 2),
                "pdf_seconds": round(paper, 2)}  # fmt: skip
        json_file.write_text(json.dumps(told, indent=2))
