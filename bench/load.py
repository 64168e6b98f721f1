"""The load: an own asyncio driver on loopback that costs little, so that the server is what is measured.

Requests are bytes made beforehand, a connection has one in flight, answers are read only as far as their
length. An answer that is not a 200 ends the run with an error: a fast refusal is no throughput."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

HOST = "127.0.0.1"
ANSWER_WITHIN = 30.0


class WrongAnswer(Exception):
    """The server answered something else than 200, or nothing."""


@dataclass(frozen=True)
class Run:
    """What a load came to: answers, seconds from the first request to the last answer, seconds each."""

    seconds: float
    latencies: Sequence[float]

    @property
    def count(self) -> int:
        return len(self.latencies)

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    def percentile(self, part: float) -> float:
        """The latency that `part` (0 to 1) of the requests stayed within, in seconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


class _Wire(asyncio.Protocol):
    """One TCP connection."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.answer: asyncio.Future[None] | None = None
        self._buffer = b""

    def send(self, request: bytes) -> asyncio.Future[None]:
        assert self.transport is not None
        self.answer, self._buffer = asyncio.get_running_loop().create_future(), b""
        self.transport.write(request)
        return self.answer

    @property
    def usable(self) -> bool:
        return self.transport is not None and not self.transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        if b"connection: close" in head.lower() and self.transport is not None:
            self.transport.close()
        self._settle(None if head[9:12] == b"200" else WrongAnswer(head[:80].decode("latin-1")))

    def connection_lost(self, error: Exception | None) -> None:
        self._settle(WrongAnswer("the server closed the connection"))

    def _settle(self, error: Exception | None) -> None:
        if self.answer is None or self.answer.done():
            return
        if error is None:
            self.answer.set_result(None)
        else:
            self.answer.set_exception(error)


class _Connection:
    """Keeps a connection alive; to a server that closes after each answer it connects again."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._wire = _Wire()

    async def ask(self, request: bytes) -> None:
        """Send a request and wait for its answer. Raises WrongAnswer."""
        if not self._wire.usable:
            _, self._wire = await asyncio.get_running_loop().create_connection(_Wire, HOST, self._port)
        await self._wire.send(request)

    def close(self) -> None:
        if self._wire.transport is not None:
            self._wire.transport.close()


def _length(head: bytes) -> int:
    """The Content-Length of an answer."""
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at < 0:
        raise WrongAnswer("an answer without a length")
    return int(lower[at + 15 :].split(b"\r\n", 1)[0])


async def saturate(port: int, requests: Sequence[bytes], *, in_flight: int = 50, seconds: float = 1.5) -> Run:
    """Closed loop: as fast as it goes with `in_flight` at once, until the time or the requests are used up."""
    waiting, latencies = iter(requests), []
    started = time.perf_counter()
    until = started + seconds

    async def work() -> None:
        connection = _Connection(port)
        for request in waiting:
            sent = time.perf_counter()
            if sent > until:
                break
            await connection.ask(request)
            latencies.append(time.perf_counter() - sent)
        connection.close()

    await _all([work() for _ in range(in_flight)], seconds)
    return Run(time.perf_counter() - started, latencies)


async def pace(port: int, requests: Sequence[bytes], *, rate: float, connections: int = 100) -> Run:
    """Open loop: `rate` requests a second whatever the answers do. A latency counts from when the request
    was due, so that a server which stalls is charged for all that queued up meanwhile."""
    latencies: list[float] = []
    free: asyncio.Queue[_Connection] = asyncio.Queue()
    for _ in range(connections):
        free.put_nowait(_Connection(port))
    started = time.perf_counter()

    async def send(request: bytes, due: float) -> None:
        connection = await free.get()
        await connection.ask(request)
        latencies.append(time.perf_counter() - due)
        free.put_nowait(connection)

    async with asyncio.TaskGroup() as group:
        for number, request in enumerate(requests):
            due = started + number / rate
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            group.create_task(asyncio.wait_for(send(request, due), ANSWER_WITHIN))
    elapsed = time.perf_counter() - started
    while not free.empty():
        free.get_nowait().close()
    return Run(elapsed, latencies)


async def warm_up(port: int, make: Callable[[int], Sequence[bytes]], how_many: int = 300) -> None:
    """Let the server import, compile and cache what the first requests need."""
    await saturate(port, list(islice(make(how_many), how_many)), in_flight=20, seconds=20.0)


async def _all(works: Sequence[object], seconds: float) -> None:
    async with asyncio.timeout(seconds + ANSWER_WITHIN), asyncio.TaskGroup() as group:
        for work in works:
            group.create_task(work)  # type: ignore[arg-type]
