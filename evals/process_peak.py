"""Run a command in a fresh process and measure it from outside: seconds and peak memory."""

import resource
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

_EVERY_SECONDS = 0.05


@dataclass(frozen=True, kw_only=True)
class Measured:
    """`seconds` includes starting the interpreter; `peak_mb` is over the whole process tree."""

    seconds: float
    cpu_seconds: float  # over all cores; unlike seconds it hardly depends on what else runs
    peak_mb: float
    output: str
    returncode: int


def measure(command: Sequence[str]) -> Measured:
    """Run a command to its end.

    Memory is proportional set size (PSS): pages that processes share are counted once, so the sum
    over the tree is what the machine gives away.
    """
    started, cpu_before = time.perf_counter(), _children_cpu()
    peak = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  our own command
        watched = psutil.Process(process.pid)
        while True:
            peak = max(peak, _tree_pss(watched))
            try:
                output, _ = process.communicate(timeout=_EVERY_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue
    return Measured(
        seconds=time.perf_counter() - started,
        cpu_seconds=_children_cpu() - cpu_before,
        peak_mb=peak / 2**20,
        output=output,
        returncode=process.returncode,
    )


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tree_pss(root: psutil.Process) -> int:
    total = 0
    try:
        for process in (root, *root.children(recursive=True)):
            memory = process.memory_full_info()
            total += getattr(
                memory, "pss", memory.uss
            )  # PSS is Linux's; elsewhere what is unshared
    except psutil.Error:  # a process that ends while it is looked at
        return total
    return total
