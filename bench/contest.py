"""Servers taking turns under the same load: what one round costs another, all pay alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from bench.children import Child
from bench.load import Run, saturate, warm_up

Posts = Callable[[int], list[bytes]]


@dataclass(frozen=True)
class Sample:
    """One server in one round."""

    rate: float  # requests a second
    cpu_us: float  # CPU microseconds a request
    run: Run


@dataclass(frozen=True)
class Result:
    """All rounds, by server."""

    samples: Mapping[str, list[Sample]]

    def rate(self, name: str) -> float:
        return median(s.rate for s in self.samples[name])

    def cpu_us(self, name: str) -> float:
        return median(s.cpu_us for s in self.samples[name])

    def ratio(self, name: str, other: str) -> float:
        """How many times the other's rate; the median of the rounds, each against its own neighbour."""
        pairs = zip(self.samples[name], self.samples[other], strict=True)
        return median(mine.rate / its.rate for mine, its in pairs)

    def cpu_ratio(self, name: str, other: str) -> float:
        """The same by CPU: how many of ours go into the other's time."""
        pairs = zip(self.samples[name], self.samples[other], strict=True)
        return median(its.cpu_us / mine.cpu_us for mine, its in pairs)

    def percentile(self, name: str, part: float) -> float:
        return median(s.run.percentile(part) for s in self.samples[name])


async def compare(
    servers: Mapping[str, Child], posts: Posts, *, rounds: int, seconds: float, most: int, in_flight: int = 50,
    tidy: Callable[[], None] = lambda: None,
) -> Result:
    """Let all servers answer the same callbacks in turn, `rounds` times after a warm-up.

    `posts(n)` makes callbacks that were never sent before; `most` of them must be enough for the fastest.
    `tidy` is called before every round."""
    samples: dict[str, list[Sample]] = {name: [] for name in servers}
    for child in servers.values():
        await warm_up(child.port, posts)
    for number in range(rounds):
        bag = posts(most)
        tidy()
        names = list(servers)
        # The order turns from round to round, so that nobody always comes after the same neighbour.
        for name in names[number % len(names):] + names[: number % len(names)]:
            samples[name].append(await _sample(servers[name], bag, seconds, in_flight))
    return Result(samples)


async def _sample(child: Child, bag: list[bytes], seconds: float, in_flight: int) -> Sample:
    before = child.cpu_seconds()
    run = await saturate(child.port, bag, in_flight=in_flight, seconds=seconds)
    return Sample(run.rate, (child.cpu_seconds() - before) / run.count * 1e6, run)
