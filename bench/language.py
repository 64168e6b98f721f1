"""Understanding: what is found in a sentence, on the sentences of the tests, beside jieba cutting the same ones.

`names, amounts, times`: normalised, protected, times, clients and amounts found. `understand`: the whole meaning.
`any text`: the slowest of many texts of 2,048 characters, drawn at random from the characters people write, of
joined sentences, or of a few characters over and over.
Import and memory are measured in a process of their own, before jieba."""

from __future__ import annotations

import gc
import json
import logging
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bench.children import ROOT
from bench.table import Report
from handlers.language import Book, Dialogue, Lexicon, understand
from handlers.language.amounts import find_amounts
from handlers.language.command import RosterBook
from handlers.language.names import find_mentions
from handlers.language.spans import protect, quotes
from handlers.language.understand import warm_up
from handlers.language.when import find
from storage.model.normal import normalise

SENTENCES = ROOT / "tests/handlers/language/sentences"
REPEATED = 5  # a sentence in one measurement, so that the clock's own cost does not count
LONGEST, TEXTS = 2048, 40
# What piles up work: joints between acts, blanks and commas before an end, dots in names, pieces of times, fillers.
PILED = ("然后查", "王芳，查", "\t", "，", "😀", "阿·", "周一到", "初一", "提醒我帮我", "三点", "零", "是", "年·是")
_ALONE = """
import time, psutil
before, start = psutil.Process().memory_info().rss, time.perf_counter()
import handlers.language
took = time.perf_counter() - start
handlers.language.warm_up(handlers.language.Lexicon.default())
print(took, (psutil.Process().memory_info().rss - before) / 2**20)
"""


@dataclass(frozen=True)
class Sample:
    """A sentence and the moment at which it was said."""

    text: str
    now: datetime


def run(rounds: int) -> Report:
    """Measure and report."""
    report = Report("Understanding")
    samples, book = _samples(), _book()
    warm_up(Lexicon.default())
    jieba = _jieba()
    gc.freeze()  # as the service does once it has loaded: what stays is not looked through again and again
    found, read, cut = [], [], []
    for _ in range(rounds):
        found += _times(samples, lambda s: _names_amounts_times(s, book))
        read += _times(samples, lambda s: _understand(s, book))
        cut += _times(samples, lambda s: jieba(s.text))
    report.figure(f"{len(samples)} sentences, µs each: {_spread('names, amounts, times', found)}; "
                  f"{_spread('understand', read)}; {_spread('jieba.lcut', cut)}")
    took, megabytes = _alone()
    report.at_most("names, amounts, times, p50", _percentile(found, 0.5), 100, "µs")
    report.at_most("names, amounts, times, p95", _percentile(found, 0.95), 300, "µs")
    report.at_most("the same, of jieba.lcut", _percentile(found, 0.5) / _percentile(cut, 0.5), 2)
    report.at_most("any text of 2,048 characters, slowest", _slowest(samples, book) / 1000, 50, "ms")
    report.at_most("import of handlers.language", took, 0.2, "s")
    report.at_most("memory of it, warm", megabytes, 20, "MB")
    return report


def _samples() -> list[Sample]:
    files = [path.read_text(encoding="utf-8") for path in sorted(SENTENCES.glob("*.jsonl"))]
    rows = [json.loads(line) for file in files for line in file.splitlines()]
    return [Sample(row["text"], datetime.fromisoformat(row["now"])) for row in rows if row["role"] == "adviser"]


def _book() -> RosterBook:
    return RosterBook(json.loads((SENTENCES / "clients.json").read_text(encoding="utf-8"))["clients"])


def _jieba() -> Callable[[str], object]:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    cut: Callable[[str], object] = jieba.lcut
    return cut


def _names_amounts_times(sample: Sample, book: Book) -> None:
    normal = normalise(sample.text)
    taken = [(q.start, q.end) for q in quotes(normal.text)] + [(p.start, p.end) for p in protect(normal.text)]
    times = find(normal.text)
    find_mentions(normal, taken, [(e.start, e.end) for e in times], book)
    find_amounts(normal.text, taken)


def _understand(sample: Sample, book: Book) -> None:
    understand(sample.text, now=sample.now, role="adviser", book=book, dialogue=Dialogue(), lexicon=Lexicon.default())


def _times(samples: Sequence[Sample], act: Callable[[Sample], object]) -> list[float]:
    """µs for each sentence."""
    took = []
    for sample in samples:
        start = time.perf_counter()
        for _ in range(REPEATED):
            act(sample)
        took.append((time.perf_counter() - start) / REPEATED * 1e6)
    return took


def _slowest(samples: Sequence[Sample], book: Book) -> float:
    """µs of the slowest reading of random texts."""
    chance = random.Random(20250609)
    characters = "".join(s.text for s in samples)
    drawn = [Sample("".join(chance.choices(characters, k=LONGEST)), samples[0].now) for _ in range(TEXTS)]
    many = ["，".join(s.text for s in chance.sample(samples, 200))[:LONGEST] for _ in range(TEXTS)]
    joined = [Sample(text, samples[0].now) for text in many]
    repeated = [Sample((s.text * LONGEST)[:LONGEST], samples[0].now) for s in chance.sample(samples, TEXTS)]
    piled = [Sample((unit * LONGEST)[:LONGEST], samples[0].now) for unit in PILED]
    slowest = 0.0
    for sample in (*drawn, *joined, *repeated, *piled):
        start = time.perf_counter()
        _understand(sample, book)
        slowest = max(slowest, (time.perf_counter() - start) * 1e6)
    return slowest


def _alone() -> tuple[float, float]:
    """Seconds of the import and MB of it, in a fresh process."""
    done = subprocess.run([sys.executable, "-c", _ALONE], cwd=ROOT, capture_output=True, text=True, check=True)
    took, megabytes = done.stdout.split()
    return float(took), float(megabytes)


def _percentile(values: Sequence[float], part: float) -> float:
    return sorted(values)[int(part * (len(values) - 1))]


def _spread(name: str, values: Sequence[float]) -> str:
    return f"{name} p50 {_percentile(values, 0.5):.0f} p95 {_percentile(values, 0.95):.0f}"
