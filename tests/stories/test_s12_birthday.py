"""S12 up to the draft: birthday care."""

from __future__ import annotations

from tests.stories.conftest import Story


async def test_the_birthday_is_in_the_brief_and_its_card_has_a_draft(li: Story):
    heard = await li.at("2025-06-10T08:31:00")
    assert "生日" in heard
    assert "王芳" in heard


async def test_a_rewritten_text_is_checked_for_words_again(li: Story):
    await li.at("2025-06-10T08:31:00")
    drafts = await li.says("生日 文案")
    assert "王芳" in drafts
    refused = await li.says("改写 祝王老师生日快乐，这款产品保本保收益")
    assert "保本" in refused
    kept = await li.says("改写 祝王老师生日快乐，注意休息")
    assert "祝王老师生日快乐，注意休息" in kept


async def test_who_is_not_linked_gets_the_text_by_hand_and_nobody_claims_it_was_sent(li: Story):
    await li.says("给张敏写感谢的话")
    assert "授权" in await li.says("发送")
    final = await li.says("确认")
    assert "没有绑定微信" in final
    assert "已发送给客户" not in final
    await li.taps("我已发送")
    await li.says("张敏 时间线")
    await li.hears("顾问称已发送")


async def test_a_lunar_birthday_is_dated_this_year(li: Story):
    heard = await li.says("张敏 生日 农历八月初三")
    assert "2025-09-24" in heard
