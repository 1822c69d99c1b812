# SPDX-License-Identifier: Apache-2.0
"""Worker processes: units of work out, results back in the order of the units, whatever becomes of a worker.

A worker that dies or takes too long is replaced. The unit it was at is tried once more, alone in a new worker; then it
is given up with the reason, and the others go on. Memory stays flat: no more units are handed out than a window holds.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from typing import Generic, NoReturn, TypeVar

from borderready.batch.pipe import Receiver, Sender

U = TypeVar("U")
R = TypeVar("R")
AHEAD_PER_WORKER = 2  # units that wait in a worker's pipe, so that it need not wait for us
WINDOW_PER_WORKER = 32  # units handed out before the first of them is back
LARGE_BYTES = 16 * 1024  # a unit of more is sent to an idle worker only, since a pipe holds little
ANSWER_BYTES = 1024 * 1024  # that may wait in a pipe until we read them
TRIES = 2
ORPHAN_SECONDS = 0.5  # how often a worker looks whether its parent lives


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Why a unit has no result.

    Attributes:
        key: `died`, `timeout` or `raised`.
        detail: The signal, the seconds, or the error.
    """

    key: str
    detail: str


@dataclass(slots=True, kw_only=True)
class _Task(Generic[U]):
    number: int
    unit: U
    tries: int = 0


@dataclass(slots=True, kw_only=True)
class _Worker(Generic[U]):
    pid: int
    units: Connection
    answers: Connection
    receiver: Receiver
    tasks: deque[_Task[U]] = field(default_factory=deque)  # sent and not yet answered; the first is being worked on
    since: float = 0.0

    def close(self) -> None:
        self.units.close()
        self.answers.close()


def count_cores() -> int:
    """Return how many processes can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_ordered(
    units: Iterable[U],
    work: Callable[[U], R],
    *,
    jobs: int,
    timeout_seconds: float | None,
    lost: Callable[[U, Lost], R],
    size_bytes: Callable[[U], int] = lambda _: 0,
) -> Generator[R, None, None]:
    """Yield the result of each unit in the order of the units; whoever stops asking stops the workers.

    Args:
        units: Read as they are needed; they and the results must be picklable.
        work: Runs in a worker, which has all that was loaded before the first unit is asked for.
        jobs: How many workers.
        timeout_seconds: The most that one unit may take, None for no bound.
        lost: Makes the result of a unit that was given up.
        size_bytes: About how large a unit is.
    """
    pool = _Pool(work=work, timeout_seconds=timeout_seconds)
    source = enumerate(units)
    results: dict[int, R] = {}
    waiting: deque[_Task[U]] = deque()
    following = 0
    is_done = False
    try:
        while True:
            while not is_done and not waiting and pool.handed_out(following) < jobs * WINDOW_PER_WORKER:
                number_and_unit = next(source, None)
                if number_and_unit is None:
                    is_done = True
                else:
                    waiting.append(_Task(number=number_and_unit[0], unit=number_and_unit[1]))
                    pool.highest = number_and_unit[0] + 1
                if waiting and not pool.give(waiting, jobs=jobs, size_bytes=size_bytes):
                    break
            pool.give(waiting, jobs=jobs, size_bytes=size_bytes)
            if is_done and not waiting and pool.is_idle() and not results:
                return
            for task, result in pool.collect():
                if not isinstance(result, Lost):
                    results[task.number] = result
                elif task.tries < TRIES and result.key != "raised":
                    waiting.appendleft(task)
                else:
                    results[task.number] = lost(task.unit, result)
            while following in results:
                yield results.pop(following)
                following += 1
    finally:
        pool.stop()


@dataclass(slots=True, kw_only=True)
class _Pool(Generic[U, R]):
    work: Callable[[U], R]
    timeout_seconds: float | None
    workers: list[_Worker[U]] = field(default_factory=list)
    highest: int = 0

    def handed_out(self, following: int) -> int:
        """Return how many units were taken from the source and are not yet given back."""
        return self.highest - following

    def is_idle(self) -> bool:
        return not any(worker.tasks for worker in self.workers)

    def give(self, waiting: deque[_Task[U]], *, jobs: int, size_bytes: Callable[[U], int]) -> bool:
        """Send waiting tasks to workers that have room; tell whether all were sent."""
        while waiting:
            task = waiting[0]
            worker = self._roomy(task, jobs=jobs, is_large=size_bytes(task.unit) > LARGE_BYTES)
            if worker is None:
                return False
            waiting.popleft()
            self._send(worker, task)
        return True

    def _roomy(self, task: _Task[U], *, jobs: int, is_large: bool) -> _Worker[U] | None:
        idle = next((worker for worker in self.workers if not worker.tasks), None)
        if idle is None and len(self.workers) < jobs:
            idle = _start_worker(self.work, self.workers)
            self.workers.append(idle)
        if idle is not None or is_large or task.tries:
            return idle
        # A unit that is tried again stands alone; nothing is put behind it.
        free = [
            worker
            for worker in self.workers
            if len(worker.tasks) < AHEAD_PER_WORKER and not any(sent.tries > 1 for sent in worker.tasks)
        ]
        return min(free, key=lambda worker: len(worker.tasks), default=None)

    def _send(self, worker: _Worker[U], task: _Task[U]) -> None:
        task.tries += 1
        if not worker.tasks:
            worker.since = time.monotonic()
        worker.tasks.append(task)
        with contextlib.suppress(OSError):  # it may have died; collect() will find out
            worker.units.send(task.unit)

    def collect(self) -> Iterator[tuple[_Task[U], R | Lost]]:
        """Wait for answers, deaths and the end of somebody's time; yield what became of each task."""
        busy = {worker.answers: worker for worker in self.workers if worker.tasks}
        if not busy:
            return
        for connection in wait(list(busy), self._patience(busy.values())):
            assert isinstance(connection, Connection)
            yield from self._answer(busy[connection])
        if self.timeout_seconds is None:
            return
        late = time.monotonic() - self.timeout_seconds
        for worker in [w for w in self.workers if w.tasks and w.since < late]:
            os.kill(worker.pid, signal.SIGKILL)
            yield from self._bury(worker, Lost(key="timeout", detail=f"{self.timeout_seconds:g}"))

    def _patience(self, busy: Iterable[_Worker[U]]) -> float | None:
        if self.timeout_seconds is None:
            return None
        return max(0.0, min(worker.since for worker in busy) + self.timeout_seconds - time.monotonic())

    def _answer(self, worker: _Worker[U]) -> Iterator[tuple[_Task[U], R | Lost]]:
        try:
            answer: R | Lost = worker.receiver.receive()
        except (EOFError, OSError):
            yield from self._bury(worker, None)
            return
        task = worker.tasks.popleft()
        worker.since = time.monotonic()
        yield task, answer

    def _bury(self, worker: _Worker[U], lost: Lost | None) -> Iterator[tuple[_Task[U], R | Lost]]:
        """Take leave of a worker; the task it was at is lost, those behind it have not been tried."""
        self.workers.remove(worker)
        worker.close()
        _, status = os.waitpid(worker.pid, 0)
        first = worker.tasks.popleft()
        for task in worker.tasks:
            task.tries -= 1
        behind = list(worker.tasks)
        yield first, lost or Lost(key="died", detail=_name_of(status))
        for task in behind:
            yield task, Lost(key="died", detail="")

    def stop(self) -> None:
        """End all workers now."""
        for worker in self.workers:
            worker.close()
            os.kill(worker.pid, signal.SIGKILL)
            os.waitpid(worker.pid, 0)
        self.workers.clear()


def _name_of(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return signal.Signals(-code).name if code < 0 else f"exit {code}"


def _start_worker(work: Callable[[U], R], others: list[_Worker[U]]) -> _Worker[U]:
    units, to_worker = Pipe(duplex=False)
    from_worker, answers = Pipe(duplex=False)
    _widen(answers)
    parent = os.getpid()
    with held_interrupt():  # a child that is interrupted before it serves would run on as if it were its parent
        pid = os.fork()
        if not pid:
            not_ours = [to_worker, from_worker, *(end for other in others for end in (other.units, other.answers))]
            _serve(work, units, answers, parent=parent, not_ours=not_ours)
    units.close()
    answers.close()
    return _Worker(pid=pid, units=to_worker, answers=from_worker, receiver=Receiver(from_worker))


def _widen(pipe: Connection) -> None:
    """Let a pipe hold a whole answer, where that can be, so that a worker need not wait until it is read."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        from fcntl import F_SETPIPE_SZ, fcntl

        fcntl(pipe.fileno(), F_SETPIPE_SZ, ANSWER_BYTES)


@contextlib.contextmanager
def held_interrupt() -> Iterator[None]:
    """Put off an interrupt at the keyboard to the end of the block."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_with(parent: int) -> None:
    """End this process soon after its parent, whatever it is at; nobody is left to give an answer to."""
    while os.getppid() == parent:
        time.sleep(ORPHAN_SECONDS)
    os._exit(1)


def _serve(
    work: Callable[[U], R], units: Connection, answers: Connection, *, parent: int, not_ours: Iterable[Connection]
) -> NoReturn:
    """Answer units until the parent hangs up; an interrupt at the keyboard is the parent's to deal with."""
    code = 0
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for other in not_ours:  # else its worker would not notice that the parent is gone
            other.close()
        threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
        sender = Sender(answers)
        while True:
            unit = units.recv()
            try:
                answer: R | Lost = work(unit)
            except Exception as error:  # noqa: BLE001  one unit's trouble is told as such
                answer = Lost(key="raised", detail=f"{type(error).__name__}: {error}")
            sender.send(answer)
    except (EOFError, OSError):
        pass
    except BaseException:  # noqa: BLE001  a child must never return into its parent's code
        code = 1
    finally:
        os._exit(code)
