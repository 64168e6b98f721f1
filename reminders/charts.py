"""Charts as PNG pictures that read well on a phone: drawn with Pillow in a bundled Chinese font, no browser.

Text is set in `_S` pixels or more on a picture 1,080 wide, which a phone shows at about a third of its size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from storage.model.charts import Chart, ChartKind

WIDTH = 1080
MOST_BYTES = 2 * 1024 * 1024
_FONT = Path(__file__).parent / "fonts" / "NotoSansSC-Regular.otf"
_L, _M, _S = 46, 38, 32  # sizes of text: title, labels, what is written at values
_PAD = 56
_INK, _GREY, _RULE, _BLUE, _PALE, _RED = "#1f2733", "#6b7686", "#dfe4ea", "#2f6fde", "#c9dbf8", "#c8442f"
_SHADES = ("#1f57b8", "#2f6fde", "#6197ec", "#95b9f3")
_COLOURS = 64

Box = tuple[int, int, int, int]


def png(chart: Chart) -> bytes:
    """The picture of a chart. Raises ValueError if it came out larger than 2 MB."""
    body = _BODIES[chart.kind]
    title = _wrapped(chart.title, _L, WIDTH - 2 * _PAD)
    note = _wrapped(chart.note, _S, WIDTH - 2 * _PAD) if chart.note else []
    top = _PAD + len(title) * (_L + 16) + 20
    height = top + _height_of(chart) + len(note) * (_S + 12) + _PAD
    image = Image.new("RGB", (WIDTH, height), "white")
    draw = ImageDraw.Draw(image)
    _write_lines(draw, title, _PAD, _L, _INK)
    body(draw, chart, (_PAD, top, WIDTH - _PAD, top + _height_of(chart)))
    _write_lines(draw, note, height - _PAD - len(note) * (_S + 12), _S, _GREY)
    return _packed(image)


def _packed(image: Image.Image) -> bytes:
    out = BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    if out.tell() > MOST_BYTES:
        raise ValueError(f"the picture has {out.tell()} bytes")
    return out.getvalue()


def _height_of(chart: Chart) -> int:
    rows = len(chart.labels)
    return {"funnel": rows * 150, "bars": rows * 104, "columns": 760, "line": 760}[chart.kind]


# ---------------------------------------------------------------- the kinds


def _funnel(draw: ImageDraw.ImageDraw, chart: Chart, box: Box) -> None:
    """Centred bars, each as wide as its part of the first, with what is lost between them."""
    left, top, right, _ = box
    first = max((v for v in chart.values if v), default=1.0)
    middle, room = (left + right) // 2, right - left
    for n, (label, value, text) in enumerate(_rows(chart)):
        y = top + n * 150
        _text(draw, (middle, y), f"{label}  {text}", _M, _INK, "ma")
        half = max(6, round(room * (value or 0) / first / 2))
        draw.rounded_rectangle((middle - half, y + 64, middle + half, y + 126), 10, _SHADES[n % len(_SHADES)])


def _bars(draw: ImageDraw.ImageDraw, chart: Chart, box: Box) -> None:
    """One row for each label: its words above, the bar below, the value at its end."""
    left, top, right, _ = box
    largest = max((abs(v) for v in chart.values if v), default=1.0)
    room = right - left - max(_width(text, _S) for text in chart.texts) - 20
    for n, (label, value, text) in enumerate(_rows(chart)):
        y = top + n * 104
        _text(draw, (left, y), _cut(label, _M, right - left), _M, _INK, "la")
        end = left + max(6, round(room * abs(value or 0) / largest))
        draw.rounded_rectangle((left, y + 60, end, y + 90), 8, _RED if (value or 0) < 0 else _BLUE)
        _text(draw, (end + 16, y + 74), text, _S, _GREY, "lm")


def _columns(draw: ImageDraw.ImageDraw, chart: Chart, box: Box) -> None:
    """One column for each point in time, the value above it; below the line where it is negative."""
    left, top, right, bottom = box
    values = [value or 0.0 for value in chart.values]
    high, low = max(0.0, *values), min(0.0, *values)
    scale = (bottom - top - 190) / ((high - low) or 1)
    base = round(top + 70 + high * scale)
    step = (right - left) / len(values)
    draw.line((left, base, right, base), _RULE, 3)
    for n, (_, value, text) in enumerate(_rows(chart)):
        middle, end = round(left + step * (n + 0.5)), round(base - (value or 0) * scale)
        last = n == len(values) - 1
        draw.rounded_rectangle(
            (middle - step * 0.32, min(base, end), middle + step * 0.32, max(base, end, base + 2)), 6,
            _RED if end > base else _BLUE if last else _SHADES[2],
        )
        _above(draw, chart, n, middle, min(base, end) - 12, text)
    _months(draw, chart, box)


def _line(draw: ImageDraw.ImageDraw, chart: Chart, box: Box) -> None:
    """A line of percent over points in time; a point that is missing leaves a gap."""
    left, top, right, bottom = box
    step, room = (right - left) / len(chart.values), bottom - top - 200
    for share in (0, 50, 100):
        y = bottom - 120 - room * share / 100
        draw.line((left, y, right, y), _RULE, 2)
        _text(draw, (left, y - 6), f"{share}%", _S - 6, _GREY, "ls")
    points = [
        None if value is None else (left + step * (n + 0.5), bottom - 120 - room * min(value, 100.0) / 100)
        for n, value in enumerate(chart.values)
    ]
    for a, b in pairwise(points):
        if a and b:
            draw.line((*a, *b), _BLUE, 6)
    for n, point in enumerate(points):
        if point:
            draw.ellipse((point[0] - 10, point[1] - 10, point[0] + 10, point[1] + 10), _BLUE)
            _above(draw, chart, n, round(point[0]), round(point[1]) - 20, chart.texts[n])
    _months(draw, chart, box)


def _above(draw: ImageDraw.ImageDraw, chart: Chart, n: int, x: int, y: int, text: str) -> None:
    """The words at a point: every one while they fit, else every second and the last."""
    room = (WIDTH - 2 * _PAD) / len(chart.texts)
    fits = max(_width(one, _S - 4) for one in chart.texts) <= room * 0.98
    if fits or (len(chart.texts) - 1 - n) % 2 == 0:
        _text(draw, (x, y), text, _S - 4, _INK, "ms")


def _months(draw: ImageDraw.ImageDraw, chart: Chart, box: Box) -> None:
    left, _, right, bottom = box
    step = (right - left) / len(chart.labels)
    for n, label in enumerate(chart.labels):
        _text(draw, (round(left + step * (n + 0.5)), bottom - 46), label, _S - 2, _GREY, "ms")


_BODIES: Mapping[ChartKind, Callable[[ImageDraw.ImageDraw, Chart, Box], None]] = {
    "funnel": _funnel, "bars": _bars, "columns": _columns, "line": _line,
}


# ---------------------------------------------------------------- text


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONT), size, layout_engine=ImageFont.Layout.BASIC)


def _rows(chart: Chart) -> Iterator[tuple[str, float | None, str]]:
    return zip(chart.labels, chart.values, chart.texts, strict=True)


def _width(text: str, size: int) -> float:
    return _font(size).getlength(text)


def _text(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: str, anchor: str
) -> None:
    # The white rim keeps words legible where a line runs through them.
    draw.text(at, text, fill=colour, font=_font(size), anchor=anchor, stroke_width=4, stroke_fill="white")


def _write_lines(draw: ImageDraw.ImageDraw, lines: Sequence[str], top: int, size: int, colour: str) -> None:
    for n, line in enumerate(lines):
        _text(draw, (_PAD, top + n * (size + 14)), line, size, colour, "la")


def _cut(text: str, size: int, room: float) -> str:
    """As much of the text as there is room for."""
    while text and _width(text, size) > room:
        text = text[:-2] + "…" if len(text) > 1 else ""
    return text


def _wrapped(text: str, size: int, room: float) -> list[str]:
    """Lines of the text, broken where they are full; at most three."""
    lines = [""]
    for character in text:
        if _width(lines[-1] + character, size) > room:
            lines.append("")
        lines[-1] += character
    return lines[:3]
