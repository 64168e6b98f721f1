"""S15: the assets of a client over the year, who moved most, and a drop that was told in the morning."""

from __future__ import annotations

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story


async def test_a_clients_assets_come_in_numbers_and_as_a_picture(zhou: Story):
    heard = await zhou.says("刘洋 AUM")
    assert "刘洋 管理资产 86 万元（贵宾）" in heard
    assert "比上月末减少 4 万元" in heard
    assert "离「私行」（600 万元起）还差 514 万元" in heard
    assert "负债：贷款" in heard
    await zhou.sees_a_picture()


async def test_who_moved_most_is_listed_and_opened_by_number(zhou: Story):
    heard = await zhou.says("AUM 变动 前10")
    assert heard.count("现 ") == 10
    assert "回复序号看客户" in heard
    first = heard.split("① ")[1].split(" ")[0]
    assert first in await zhou.says("1")


async def test_a_drop_over_the_threshold_stands_in_the_morning_list(sandbox: Sandbox, zhou: Story):
    await zhou.at("2025-06-10T08:31:00")
    told = [seen.text for seen in sandbox.fake.seen_by("zhoumin")]
    assert any("资产" in text for text in told)


async def test_a_colleagues_client_has_no_assets_to_show(li: Story):
    assert "刘洋" not in (await li.says("刘洋 AUM")).replace("没有找到客户「刘洋」", "").replace("「刘洋」", "")
