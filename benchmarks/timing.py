"""Two ways to do one job, side by side: seconds in turn on one core, and peak memory in a process of its own."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "ARROW_IO_THREADS": "1"}
ROUNDS = 5
MB = 1_000_000


def run_alone(module: str, arguments: Sequence[str]) -> str:
    """Run a module in a fresh process with one thread, and return the last line it prints."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=HERE.parent, env={**os.environ, **ONE_THREAD}, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout.strip().rpartition("\n")[2]


def restart_on_one_thread(module: str, arguments: Sequence[str]) -> int:
    """Run a module again with the settings that libraries read when they are loaded."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=HERE.parent, env={**os.environ, **ONE_THREAD}).returncode


def is_on_one_thread() -> bool:
    return all(os.environ.get(name) == value for name, value in ONE_THREAD.items())


def keep_to_one_core() -> None:
    """Bind this process to one processor, where the system can, and Arrow to one thread."""
    import pyarrow as pa

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)


@contextmanager
def all_cores() -> Iterator[int]:
    """Let the processes that are started inside use every processor; yields how many there are."""
    if not hasattr(os, "sched_setaffinity"):
        yield os.cpu_count() or 1
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield len(os.sched_getaffinity(0))
    finally:
        os.sched_setaffinity(0, before)


def time_in_turn(*jobs: Callable[[], Any]) -> list[float]:
    """Return the median seconds of each job: one round to warm up, then five, in each of them every job once."""
    seconds: list[list[float]] = [[] for _ in jobs]
    for _ in range(ROUNDS + 1):
        for taken, job in zip(seconds, jobs, strict=True):
            gc.collect()
            begin = time.perf_counter()
            result = job()
            taken.append(time.perf_counter() - begin)
            del result
    return [statistics.median(taken[1:]) for taken in seconds]


def peak_of(job: Callable[[], Any]) -> float | None:
    """Return by how many bytes the memory of this process grows at most during a job; None where nobody counts."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    _settle()
    status, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if status.exists() and reset.exists():
        # Linux lets the mark be set back, so that the peak of loading the texts does not hide that of the job.
        reset.write_text("5")
        before = _high_water(status)
        result = job()
        after = _high_water(status)
    else:
        unit = 1 if sys.platform == "darwin" else 1024
        before = unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        result = job()
        after = unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    del result
    return float(after - before)


def _settle() -> None:
    """Give back what loading left behind, so that the job cannot use it unseen."""
    import ctypes

    import pyarrow as pa

    gc.collect()
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _high_water(status: Path) -> int:
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return 1024 * int(line.split()[1])


def traced_peak_of(job: Callable[[], Any]) -> float:
    """Return the peak of what Python and numpy allocate during a job, plus the peak of what Arrow does, in bytes."""
    import tracemalloc

    import pyarrow as pa

    pool = pa.proxy_memory_pool(pa.default_memory_pool())
    pa.set_memory_pool(pool)
    tracemalloc.start()
    result = job()
    peak = tracemalloc.get_traced_memory()[1] + (pool.max_memory() or 0)
    tracemalloc.stop()
    del result
    return float(peak)


def describe_machine(packages: Sequence[str]) -> list[str]:
    """Say on what was measured: processor, cores, Python, versions."""
    versions = []
    for name in packages:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(f"{name} not installed")
    return [
        f"{_processor()}, {os.cpu_count()} cores of which one is used; {platform.system()}, Python "
        f"{platform.python_version()}; {', '.join(versions)}."
    ]


def _processor() -> str:
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        for line in cpus.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def write_part(page: Path, name: str, lines: Sequence[str]) -> None:
    """Write a part of a page between marks, and leave its other parts as they are."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    block = "\n".join([begin, "", *lines, "", end])
    before, found, rest = text.partition(begin)
    text = before + block + rest.partition(end)[2] if found else f"{text.rstrip()}\n\n{block}\n".lstrip()
    page.write_text(text, encoding="utf-8", newline="\n")


def table(head: Mapping[str, str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Write a Markdown table; `head` says of each column whether it is words (left) or numbers (right)."""
    rule = ["---:" if side == "right" else "---" for side in head.values()]
    return [f"| {' | '.join(cells)} |" for cells in (list(head), rule, *rows)]
