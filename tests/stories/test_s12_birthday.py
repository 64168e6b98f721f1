"""S12 up to the draft: birthday care."""

from __future__ import annotations

from tests.stories.conftest import Story


async def test_the_birthday_is_in_the_brief_and_its_card_has_a_draft(li: Story):
    heard = await li.at("2025-06-10T08:31:00")
    assert "生日" in heard
    assert "王芳" in heard


async def test_a_rewritten_text_is_checked_for_words_again(li: Story):
    await li.at("2025-06-10T08:31:00")
    await li.says("生日 文案")
    heard = await li.says("改写 祝王老师生日快乐，这款产品保本保收益")
    assert "保本" in heard


async def test_a_lunar_birthday_is_dated_this_year(li: Story):
    heard = await li.says("张敏 生日 农历八月初三")
    assert "2025-09-24" in heard
