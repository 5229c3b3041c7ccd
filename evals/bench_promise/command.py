"""`qm bench promise`: how long a storefront waits for a promise, with a large company behind it."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

SEED = 7
WARM_SECONDS = 3.0
PERCENTILES = (50, 95, 99)
PATIENCE_SECONDS = 60.0


def bench_promise(
    skus: Annotated[int, typer.Option(min=100, help="SKU-locations that are promised.")] = 30_000,
    rate: Annotated[float, typer.Option(min=1, help="Requests a second.")] = 200.0,
    seconds: Annotated[float, typer.Option(min=1, help="How long.")] = 30.0,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Promise the made-up company of `qm bench plan`, serve it on one core and ask steadily.

    Requests are due at a fixed rate and are timed from when they were due, so that a slow answer
    is not hidden by those that waited for it. The goal is 20 ms at the 95th percentile.
    """
    with tempfile.TemporaryDirectory(prefix="qm-promise-") as place:
        home = Path(place)
        typer.echo(f"Making up {skus:,} SKU-locations and promising them ...", err=True)
        _child("evals.bench_plan.prepare", str(home), str(skus), "30", str(SEED))
        made = json.loads(_child("evals.bench_promise.child", str(home)))
        names = json.loads((home / "skus.json").read_text())
        with _served(home) as (url, server):
            _ask(url, names, rate, WARM_SECONDS, SEED + 1)
            before = _cpu_seconds(server)
            asked = _ask(url, names, rate, seconds, SEED)
            spent = 1_000 * (_cpu_seconds(server) - before) / asked["requests"]
        result = {**asked, "cpu_ms_per_request": round(spent, 2), **made}
    _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2))


def _ask(url: str, names: list[str], rate: float, seconds: float, seed: int) -> dict[str, Any]:
    import numpy as np

    from evals.bench_promise.load import ask_steadily

    began = time.perf_counter()
    answers = asyncio.run(ask_steadily(url, names, rate, seconds, seed))
    spent = time.perf_counter() - began
    taken = np.percentile(answers.milliseconds, PERCENTILES)
    return {
        **{
            f"p{name}_ms": round(float(value), 2)
            for name, value in zip(PERCENTILES, taken, strict=True)
        },
        "max_ms": round(max(answers.milliseconds), 2),
        "rate_per_s": round(len(answers.milliseconds) / spent, 1),
        "requests": len(answers.milliseconds),
        "lost": sum(n for code, n in answers.statuses.items() if code >= 500),
        "statuses": {str(code): n for code, n in sorted(answers.statuses.items())},
    }  # fmt: skip


@contextmanager
def _served(home: Path) -> Iterator[tuple[str, int]]:
    """`qm serve` on one core of its own, where the machine has two."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = {"QM_HOME": str(home), "QM_WEB_PORT": str(port), "QM_LOG_LEVEL": "warning"}
    program = [str(Path(sys.executable).with_name("qm")), "serve"]
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    environment = {**os.environ, **told}  # noqa: TID251  a child's environment
    server = subprocess.Popen(program, env=environment, cwd=home)  # noqa: S603  our own program
    try:
        if len(cores) > 1:
            os.sched_setaffinity(server.pid, {cores[-1]})
            os.sched_setaffinity(0, set(cores[:-1]))
        url = f"http://127.0.0.1:{port}"
        _wait(url, server)
        yield url, server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)
        if len(cores) > 1:
            os.sched_setaffinity(0, set(cores))


def _cpu_seconds(pid: int) -> float:
    import psutil

    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.perf_counter() + PATIENCE_SECONDS
    while time.perf_counter() < until and server.poll() is None:
        try:
            if httpx.get(f"{url}/healthz").is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise typer.Exit(1)


def _child(module: str, *arguments: str) -> str:
    from evals.process_peak import measure

    done = measure([sys.executable, "-m", module, *arguments])
    if done.returncode:
        raise typer.Exit(done.returncode)
    return (done.output.splitlines() or [""])[-1]


def _print(result: dict[str, Any]) -> None:
    typer.echo(
        f"{result['places']:,} places of {result['skus']:,} SKUs promised in "
        f"{result['promise_seconds']} s; {result['requests']:,} requests at "
        f"{result['rate_per_s']} a second, milliseconds: p50 {result['p50_ms']}, "
        f"p95 {result['p95_ms']}, p99 {result['p99_ms']}, max {result['max_ms']}; "
        f"{result['cpu_ms_per_request']} ms of a core each; "
        f"statuses {result['statuses']}"
    )
