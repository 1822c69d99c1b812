# SPDX-License-Identifier: Apache-2.0
"""Shards to tasks on Ray: a cluster of this machine's own, or a real one; a worker that is lost is made up for."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

from borderready import __version__
from borderready.batch.pool import count_cores
from borderready.errors import UsageError
from borderready.model import Message
from borderready.scale.others import Compared
from borderready.scale.shard import Shard
from borderready.scale.work import Done, Kit, Ready, Trouble, gather_uses, unpack, work_on

AHEAD_PER_CORE = 2  # tasks that wait for a core, so that none waits for us
RETRIES = 3  # how often a task is begun again whose worker was lost
STORE_BYTES = 512 * 1024 * 1024  # what the cluster of this machine shares; the kit is all that lies there
KNOCK_SECONDS = 5.0
LONGEST_FOLDER = 40  # a socket's path may hold some hundred characters, of which Ray takes most
_kept: dict[str, Ready] = {}  # what this worker process has made of a kit, by the run


@contextlib.contextmanager
def cluster(address: str | None, *, cores: int | None = None) -> Iterator[Any]:
    """Give Ray, connected to a cluster; that of this machine is made, and is gone when the block ends.

    Args:
        address: `host:port` of a cluster, `auto` for the one that this machine belongs to, None for one of our own.
        cores: How many of this machine's cores its own cluster takes; all where left out.

    Raises:
        UsageError: When Ray is not installed, or nobody answers at the address.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # must stand before the import
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    if address is None:
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # then it listens to this machine alone
    try:
        import ray
    except ImportError as error:
        what = Message("scale.no_extra", {"module": error.name or "ray"})
        raise UsageError(what, Message("scale.no_extra_hint")) from error
    quiet = {"log_to_driver": False, "logging_level": "ERROR", "configure_logging": True}
    if address is not None:
        with _connected(ray, address, quiet):
            yield ray
        return
    folder = tempfile.mkdtemp(prefix="br-")
    try:
        ray.init(
            address="local",
            num_cpus=cores or count_cores(),
            include_dashboard=False,
            object_store_memory=STORE_BYTES,
            _node_ip_address="127.0.0.1",
            _temp_dir=folder if len(folder) <= LONGEST_FOLDER else None,
            **quiet,
        )
        with _leaving_tidily():
            yield ray
    finally:
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _connected(ray: Any, address: str, quiet: dict[str, Any]) -> Iterator[None]:
    if "://" in address:
        raise UsageError(Message("scale.client", {"address": address}), Message("scale.address_hint"))
    try:
        _knock(address)
        ray.init(address=address, **quiet)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        args = {"address": address, "reason": str(error).strip().split("\n")[0]}
        raise UsageError(Message("scale.no_answer", args), Message("scale.address_hint")) from error
    try:
        with _leaving_tidily():
            yield
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """Raise OSError when nobody listens at an address; Ray itself would try for minutes."""
    host, colon, port = address.rpartition(":")
    if colon and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), timeout=KNOCK_SECONDS).close()


@contextlib.contextmanager
def _leaving_tidily() -> Iterator[None]:
    """Let a request to end unwind this process, so that its cluster ends with it; Ray would print its own stack."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A kit that lies in the cluster.

    Attributes:
        held: In a list, so that it is fetched by whoever has not made it yet, and not by every task.
        run_id: Tells this kit from those of other runs that a worker of a real cluster has served.
    """

    held: list[Any]
    run_id: str


def send(ray: Any, kit: Kit) -> Sent:
    """Put a kit into the cluster, once for all tasks; without what this process remembers of the rules."""
    return Sent(held=[ray.put(replace(kit, rule_base=replace(kit.rule_base)))], run_id=uuid4().hex)


def gather_shards(ray: Any, shards: Iterable[Shard], *, out: Path) -> Iterator[Done | Trouble]:
    """Yield for each shard whether what its consignments use is written, as they are done."""
    return _run(ray, shards, _gather, (__version__, str(out)))


def check_shards(
    ray: Any, shards: Iterable[Shard], sent: Sent, *, out: Path, compared: Compared | None, inputs: str
) -> Iterator[Done | Trouble]:
    """Yield what became of each shard, as they are done; what is under way when nobody asks on ends with the cluster.

    Args:
        ray: As cluster() gives it.
        shards: Read as they are needed; a few more than there are cores are under way.
        sent: What the checks need.
        out: The folder of findings, at the same path on every machine.
        compared: As in work_on.
        inputs: As in work_on.
    """
    return _run(ray, shards, _check, (sent.held, sent.run_id, str(out), compared, inputs))


def _run(
    ray: Any, shards: Iterable[Shard], work: Callable[..., Done | Trouble], beside: tuple[Any, ...]
) -> Iterator[Done | Trouble]:
    task = ray.remote(num_cpus=1, max_retries=RETRIES, retry_exceptions=False)(work)
    source = iter(shards)
    under_way: dict[Any, Shard] = {}
    while True:
        cores = max(1, int(ray.cluster_resources().get("CPU", 1)))  # asked anew: a cluster may grow
        for shard in islice(source, max(0, AHEAD_PER_CORE * cores - len(under_way))):
            under_way[task.remote(shard, *beside)] = shard
        if not under_way:
            return
        ready, _ = ray.wait(list(under_way), num_returns=1)
        for reference in ready:
            yield _result(ray, reference, under_way.pop(reference))


def _result(ray: Any, reference: Any, shard: Shard) -> Done | Trouble:
    """Return what a task gave; one that raised, or whose workers were lost again and again, is told as such."""
    try:
        result: Done | Trouble = ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        reason = str(error.cause if error.cause is not None else error)
        args = {"file": shard.pieces[0].name, "reason": reason.strip().split("\n")[-1]}
        return Trouble(key="scale.raised", args=args, is_final=False)
    except ray.exceptions.RayError as error:
        args = {"file": shard.pieces[0].name, "reason": type(error).__name__, "times": str(RETRIES + 1)}
        return Trouble(key="scale.lost", args=args, is_final=False)
    return result


def _gather(shard: Shard, engine: str, out: str) -> Done | Trouble:
    return gather_uses(shard, engine=engine, out=Path(out))


def _check(
    shard: Shard, held: list[Any], run_id: str, out: str, compared: Compared | None, inputs: str
) -> Done | Trouble:
    if run_id not in _kept:
        import ray

        _kept.clear()
        _kept[run_id] = unpack(ray.get(held[0]))
    return work_on(shard, _kept[run_id], out=Path(out), compared=compared, inputs=inputs)
