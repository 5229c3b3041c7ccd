"""`qm serve` as a process, and what a service process may never load."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

QM = [sys.executable, "-c", "from agent.cli import main; main()"]


def environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("QM_")}  # noqa: TID251  passed on
    return kept | {"QM_HOME": str(home)}


def test_it_serves_on_a_free_port_and_stops_in_good_order(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*QM, "serve", "--port", "0"], env=environment(tmp_path / "home"), cwd=tmp_path,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        said = next(
            line for line in map(json.loads, process.stderr) if line["event"] == "listening"
        )
        answer = httpx.get(f"http://127.0.0.1:{said['port']}/readyz", timeout=30)
        assert answer.status_code == 200
        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=30)
        assert process.returncode == 0
        assert "stopped" in rest
    finally:
        process.kill()
        process.wait()


def test_a_port_that_is_taken_is_a_clear_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [*QM, "serve", "--port", str(port)], env=environment(tmp_path / "home"), cwd=tmp_path,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert ended.returncode == 2
    assert f"Cannot listen on 127.0.0.1:{port}" in ended.stderr


SERVICE_LOADS = """
import importlib, pkgutil, sys
for package in map(importlib.import_module, ("agent", "tools", "prompts")):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
heavy = ("statsforecast", "lightgbm", "mlforecast", "ortools", "matplotlib", "numba", "sklearn")
print([name for name in heavy if name in sys.modules])
"""


def test_the_service_process_never_loads_what_computes() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", SERVICE_LOADS], capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    assert loaded.stdout.strip() == "[]"
