"""YAML for people who are not programmers: strict, bounded, and every value knows its line.

Narrower than YAML on purpose: no anchors or aliases (a 300-byte file of them can fill the memory), no tags,
no duplicate keys, no dates or sexagesimal numbers guessed from plain text."""

from __future__ import annotations

import re
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
_MERGE_TAG = "tag:yaml.org,2002:merge"


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


class _Strict(yaml.SafeLoader):
    """Composes nodes only; refuses what could hide or multiply content."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1  # type: ignore[union-attr]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadYaml(line, "不能用锚点和引用（& 和 *），请把内容写全；文字里有这些符号请加引号")
        if _tag(event):
            raise BadYaml(line, "不能用标签（! 开头）；文字以 ! 开头请加引号")
        if self.depth >= MAX_DEPTH:
            raise BadYaml(line, f"层数太多，最多 {MAX_DEPTH} 层")
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def _tag(event: yaml.Event) -> str | None:
    return getattr(event, "tag", None)


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
    loader: _Strict | None = None
    try:
        loader = _Strict(text)
        root = loader.get_single_node()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise BadYaml(line, "有看不见的控制字符，请删掉后重新输入") from None
    except yaml.MarkedYAMLError as error:
        raise _explained(error) from None
    finally:
        if loader is not None:
            loader.dispose()
    lines: dict[Where, int] = {}
    return Document(_build(root, (), lines) if root else None, lines)


def _explained(error: yaml.MarkedYAMLError) -> BadYaml:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = error.problem or ""
    if "'\\t'" in problem:
        return BadYaml(line, "不能用 Tab 缩进，请改用空格")
    if "another document" in problem:
        return BadYaml(line, "一个文件只能有一份内容，请去掉 ---")
    return BadYaml(line, f"第 {column} 列附近写法有误，请检查缩进、冒号后的空格、引号和括号是否成对")


def _build(node: yaml.Node, where: Where, lines: dict[Where, int]) -> Any:
    lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, where, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*where, i), lines) for i, child in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: yaml.MappingNode, where: Where, lines: dict[Where, int]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or key_node.tag == _MERGE_TAG:
            raise BadYaml(line, "冒号前面只能是一个词")
        key = key_node.value
        if key in result:
            raise BadYaml(line, f"「{key}」写了两次，请删掉一个")
        lines[(*where, key)] = line
        result[key] = _build(value_node, (*where, key), lines)
    return result


def _scalar(node: yaml.Node) -> str | int | float | bool | None:
    text: str = node.value
    if node.style:  # type: ignore[attr-defined]
        return text
    if text in _PLAIN:
        return _PLAIN[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text
