"""Processes that read files side by side, and what they leave to Python's garbage collector."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

from mediakit.errors import LoadError
from mediakit.load import registry

Job = TypeVar("Job")
Result = TypeVar("Result")


def worker_count(workers: int | None) -> int:
    """Return the number of processes asked for; None means one for each core, readers of the caller's own mean one.

    Raises
    ------
    LoadError
        When it is no number, or less than one.
    """
    if workers is not None and not isinstance(workers, int):
        raise LoadError(f"workers={workers!r} must be a whole number; None takes one for each core.")
    if workers is not None and workers < 1:
        raise LoadError(f"workers={workers}: there must be at least one; None takes one for each core.")
    return 1 if registry.has_added() else (os.cpu_count() or 1) if workers is None else workers


def run_in_order(work: Callable[[Job], Result], jobs: Sequence[Job], workers: int) -> Iterator[Result]:
    """Do the jobs in so many processes, and yield their results in the order of the jobs."""
    return _run(work, jobs, workers, ordered=True)


def run_as_done(work: Callable[[Job], Result], jobs: Sequence[Job], workers: int) -> Iterator[Result]:
    """Do the jobs in so many processes, and yield the results as they come."""
    return _run(work, jobs, workers, ordered=False)


def _run(work: Callable[[Job], Result], jobs: Sequence[Job], workers: int, *, ordered: bool) -> Iterator[Result]:
    if workers <= 1 or len(jobs) <= 1:
        yield from map(work, jobs)
        return
    try:
        # Spawned, not forked: the libraries inside run threads of their own.
        with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=get_context("spawn")) as pool:
            waiting: deque[Future[Result]] = deque(pool.submit(work, job) for job in jobs)
            try:
                if not ordered:
                    for future in as_completed(waiting):
                        yield future.result()
                while ordered and waiting:
                    yield waiting.popleft().result()  # what was read is held once
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    except BrokenProcessPool:
        raise LoadError(
            "a worker died, probably for want of memory.\n"
            "    Call again with fewer workers; load_in_parts() keeps the parts that are finished."
        ) from None


@contextmanager
def young_garbage_only() -> Iterator[Callable[[], None]]:
    """Keep the garbage collector from going through all that was kept so far, again and again as it grows.

    Yields a function that collects what was left behind since it was called last; call it after each file.
    """

    def clear() -> None:
        gc.collect(1)

    running = gc.isenabled()
    gc.disable()
    try:
        yield clear
    finally:
        if running:
            gc.enable()
