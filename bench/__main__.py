"""`python -m bench [PART …] [--rounds N]`: the product beside floors and peers, in one run, as ratios.

callback   acknowledged callbacks against a bare aiohttp server and against wechatpy + Flask
command    「查 王芳」 from callback to queued reply against the same two, on SQLite and on PostgreSQL
plan       a day's reminders over three million contracts against hand-written SQL, and against a tenth of them
delivery   100,000 queued messages against a loop that only posts them
start      from process start to the first answered callback
memory     resident memory with 100,000 clients in the book
language   what is found in a sentence, beside jieba cutting it; import, memory, odd texts

Machines drift, so every figure that has a goal is a ratio to something measured in the same minute, or one of
the few absolute promises (start, memory, latency). Nothing here fails for being slow; read the table."""

from __future__ import annotations

import argparse
import importlib
import time

from bench.children import drive_on_other_cores

PARTS = ("callback", "command", "plan", "delivery", "start", "memory", "language")


def main() -> None:
    """Run the chosen parts and print their tables."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="default: all")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    drive_on_other_cores()
    missed = 0
    for name in options.parts or PARTS:
        started = time.monotonic()
        report = importlib.import_module(f"bench.{name}").run(options.rounds)
        print(report, f"({time.monotonic() - started:.0f} s)\n", flush=True)
        missed += report.missed
    print("all goals met" if not missed else f"{missed} goals missed")


if __name__ == "__main__":
    main()
