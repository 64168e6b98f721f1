"""YAML for people who are not programmers: strict, bounded, and every value knows its line.

Narrower than YAML on purpose: no anchors or aliases (a 300-byte file of them can fill the memory), no tags,
no duplicate keys, no dates or sexagesimal numbers guessed from plain text."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20

Where = tuple[str | int, ...]
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,17})\.\d{1,17}")
_PLAIN = {"": None, "~": None, "null": None, "true": True, "false": False}
_MERGE = "<<"
_FAST = getattr(yaml, "CSafeLoader", None)  # libyaml is ten times faster, and not everywhere


class BadYaml(Exception):
    """The file is refused as it stands; `reason` is Chinese, `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Document:
    """Plain lists, dicts and scalars, and the line on which each place of the tree begins."""

    data: Any
    lines: dict[Where, int] = field(default_factory=dict)

    def line(self, *where: str | int) -> int:
        """The line of a place, or of the nearest place around it that was written down."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)


def read(path: Path) -> Document:
    """Read one file. Raises BadYaml, also for a file that is too large or not UTF-8."""
    raw = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    if raw is None:
        raise BadYaml(1, f"文件太大，最多 {MAX_BYTES // 1024} KB，请拆成几个包")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadYaml(raw.count(b"\n", 0, error.start) + 1, "不是 UTF-8 编码，请另存为 UTF-8") from None
    return parse(text)


def parse(text: str) -> Document:
    """Turn text into a Document. Raises BadYaml."""
    if _FAST is not None:
        with suppress(yaml.YAMLError):  # the slow one says what is wrong
            return _Reading(_FAST(text)).document()
    try:
        return _Reading(yaml.SafeLoader(text)).document()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise BadYaml(line, "有看不见的控制字符，请删掉后重新输入") from None
    except yaml.MarkedYAMLError as error:
        raise _explained(error) from None


def _explained(error: yaml.MarkedYAMLError) -> BadYaml:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = error.problem or ""
    if "'\\t'" in problem:
        return BadYaml(line, "不能用 Tab 缩进，请改用空格")
    return BadYaml(line, f"第 {column} 列附近写法有误，请检查缩进、冒号后的空格、引号和括号是否成对")


class _Reading:
    """One text, event by event; refuses what could hide or multiply content."""

    def __init__(self, events: yaml.SafeLoader | yaml.CSafeLoader) -> None:
        self._events: Any = events
        self._lines: dict[Where, int] = {}

    def document(self) -> Document:
        self._events.get_event()  # the stream begins
        data = None
        if not self._events.check_event(yaml.StreamEndEvent):
            self._events.get_event()  # the document begins
            data = self._value(self._events.get_event(), ())
            self._events.get_event()  # the document ends
        if self._events.check_event(yaml.DocumentStartEvent):
            raise BadYaml(_line(self._events.peek_event()), "一个文件只能有一份内容，请去掉 ---")
        return Document(data, self._lines)

    def _value(self, event: Any, where: Where) -> Any:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise BadYaml(line, "不能用锚点和引用（& 和 *），请把内容写全；文字里有这些符号请加引号")
        if event.tag:
            raise BadYaml(line, "不能用标签（! 开头）；文字以 ! 开头请加引号")
        if len(where) >= MAX_DEPTH:
            raise BadYaml(line, f"层数太多，最多 {MAX_DEPTH} 层")
        self._lines.setdefault(where, line)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(where)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(where)
        return _scalar(event)

    def _sequence(self, where: Where) -> list[Any]:
        result: list[Any] = []
        while not isinstance(event := self._events.get_event(), yaml.SequenceEndEvent):
            result.append(self._value(event, (*where, len(result))))
        return result

    def _mapping(self, where: Where) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := self._events.get_event(), yaml.MappingEndEvent):
            key = self._key(event, where)
            if key in result:
                raise BadYaml(_line(event), f"「{key}」写了两次，请删掉一个")
            self._lines[(*where, key)] = _line(event)
            result[key] = self._value(self._events.get_event(), (*where, key))
        return result

    def _key(self, event: Any, where: Where) -> str:
        if isinstance(event, yaml.CollectionStartEvent) or (_is_plain(event) and event.value == _MERGE):
            raise BadYaml(_line(event), "冒号前面只能是一个词")
        self._value(event, where)  # a key may not be marked or anchored either
        return str(event.value)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _is_plain(event: Any) -> bool:
    return isinstance(event, yaml.ScalarEvent) and not event.style


def _scalar(event: Any) -> str | int | float | bool | None:
    text = str(event.value)
    if not _is_plain(event):
        return text
    if text in _PLAIN:
        return _PLAIN[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text
