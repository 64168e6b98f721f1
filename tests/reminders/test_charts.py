"""Charts as pictures: every kind is drawn, in Chinese, small enough to send, large enough to read."""

from __future__ import annotations

from io import BytesIO
from itertools import product

import pytest
from PIL import Image

from reminders.charts import MOST_BYTES, WIDTH, png
from storage.model.charts import MOST, Chart, ChartKind

KINDS: tuple[ChartKind, ...] = ("funnel", "bars", "columns", "line")


def a_chart(kind: ChartKind = "bars", values: tuple[float | None, ...] = (48.0, 22.0, 9.0), **more: str) -> Chart:
    labels = tuple(f"第{n}步" for n in range(1, len(values) + 1))
    return Chart(kind, more.get("title", "团队漏斗（今年）"), labels, values, tuple(str(v) for v in values), more.get("note", ""))


def drawn(chart: Chart) -> Image.Image:
    content = png(chart)
    assert len(content) <= MOST_BYTES
    return Image.open(BytesIO(content)).convert("RGB")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_picture_as_wide_as_a_phone_wants_it(kind: ChartKind):
    picture = drawn(a_chart(kind))
    assert picture.format is None or picture.format == "PNG"
    assert picture.width == WIDTH
    assert 300 < picture.height < 2000
    assert len(set(picture.get_flattened_data())) > 10


@pytest.mark.parametrize(("kind", "values"), list(product(KINDS, [
    (0.0,), (None,), (0.0, 0.0, 0.0), (5.0, None, 0.0), tuple(float(n) for n in range(MOST)), (-3.0, 4.0, -1e12), (1e12, 1.0),
])))
def test_no_numbers_break_it(kind: ChartKind, values: tuple[float | None, ...]):
    assert drawn(a_chart(kind, values)).width == WIDTH


def test_chinese_words_are_written_and_not_drawn_as_boxes():
    """Two titles of as many characters make different pictures, which boxes would not."""
    assert png(a_chart(title="团队续保率")) != png(a_chart(title="我的保费额"))


def test_a_long_title_and_note_are_broken_into_lines():
    short, long = drawn(a_chart()), drawn(a_chart(title="很长的标题" * 20, note="只算贵宾" * 40))
    assert long.height > short.height


def test_a_chart_travels_as_json():
    chart = a_chart("line", (1.0, None), note="只算：贵宾")
    assert Chart.from_json(chart.as_json()) == chart


def test_a_chart_that_does_not_fit_a_phone_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="1 to 15"):
        a_chart(values=tuple(1.0 for _ in range(MOST + 1)))
    with pytest.raises(ValueError, match="as many"):
        Chart("bars", "数", ("一",), (1.0, 2.0), ("1",))
