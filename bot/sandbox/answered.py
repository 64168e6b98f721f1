"""What the fake WeCom has answered, kept over restarts: WeCom swallows what comes twice, whichever process sends it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

LONGEST_CHECK = timedelta(hours=4)  # duplicate_check_interval is 14,400 seconds at most
Answer = dict[str, Any]


class Answered:
    """Answers by the hash of their request, in memory and, with a `path`, in a file as well."""

    def __init__(self, path: Path | None, now: datetime) -> None:
        self._path = path
        self._answers: dict[str, tuple[datetime, Answer]] = {}
        if path is not None and path.exists():
            self._load(path, now)

    def get(self, key: str) -> tuple[datetime, Answer] | None:
        return self._answers.get(key)

    def keep(self, key: str, now: datetime, answer: Answer) -> None:
        self._answers[key] = (now, answer)
        if self._path is not None:
            with self._path.open("a") as file:
                file.write(_line(key, now, answer))

    def _load(self, path: Path, now: datetime) -> None:
        """A line that was cut off in the middle is none. The clock may have been turned back since."""
        for line in path.read_text().splitlines():
            try:
                key, at, answer = json.loads(line)
            except ValueError:
                continue
            self._answers[key] = (min(datetime.fromisoformat(at), now), answer)
        self._answers = {key: kept for key, kept in self._answers.items() if now - kept[0] < LONGEST_CHECK}
        path.write_text("".join(_line(key, at, answer) for key, (at, answer) in self._answers.items()))


def _line(key: str, at: datetime, answer: Answer) -> str:
    return json.dumps([key, at.isoformat(), answer]) + "\n"
