"""S29: figures in plain Chinese, with pictures, definitions, and an honest refusal."""

from __future__ import annotations

from bot.sandbox.faults import CodeForCalls
from tests.stories.conftest import Story


async def test_the_funnel_comes_in_numbers_and_as_a_picture(wang: Story):
    heard = await wang.says("团队漏斗 今年")
    assert "建档" in heard
    assert "占上一步" in heard
    assert "李想：建档" in heard
    picture = await wang.sees_a_picture()
    assert len(picture) < 2 * 1024 * 1024


async def test_a_figure_of_vips_a_definition_and_what_cannot_be_computed(wang: Story):
    heard = await wang.says("上个月贵宾客户新增多少")
    assert "新增客户：" in heard
    assert "只算：银行等级 是 贵宾" in heard
    assert "登记流失且现在仍是已流失的 ÷" in await wang.says("口径 流失率")
    refused = await wang.says("今年哪个渠道的客户最赚钱")
    assert "算不了" in refused
    assert "最接近的是" in refused


async def test_a_question_is_kept_and_comes_by_itself_on_monday(wang: Story):
    await wang.says("团队漏斗 本月")
    assert "每周一 09:00推送" in await wang.says("存为周报 周一9点")
    heard = await wang.at("2025-06-16T09:01:00")
    assert "团队漏斗" in heard
    assert "团队周报（06-09 至 06-15）" in heard


async def test_the_picture_that_cannot_be_uploaded_comes_in_words(wang: Story):
    wang.sandbox.fake.faults.code = CodeForCalls(40006, path="media/upload")
    await wang.says("团队续保率")
    await wang.hears("的图没能发出，数字以上面的文字为准")
