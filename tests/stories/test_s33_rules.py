"""S33: operations set a reminder rule without code; a second person approves; no restart."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.sandbox.run import Sandbox, running
from config.settings import load_settings
from tests.stories.conftest import START, Story

SAID = "新建提醒规则 保单到期前45/14天 9点 提醒顾问 贵宾客户另提醒主管"


@pytest.fixture
def he(sandbox: Sandbox) -> Story:
    """何运营, operations."""
    return Story(sandbox, "heyunying")


@pytest.fixture
def shen(sandbox: Sandbox) -> Story:
    """沈合规, who approves."""
    return Story(sandbox, "shenhegui")


async def test_a_rule_is_read_back_tried_out_approved_and_counts_at_once(he: Story, shen: Story, li: Story):
    heard = await he.says(SAID)
    assert "天数：提前 45、14 天" in heard
    assert "贵宾 的提醒主管" in heard
    assert "试算（今天起 7 天）" in await he.says("试算")
    assert "138" not in heard
    said = await he.says("提交 沈合规")
    assert "等沈合规审批" in said
    assert "何运营 提交 R" in "\n".join(seen.text for seen in he.sandbox.fake.seen_by("shenhegui"))
    assert "已生效" in await shen.taps("同意")
    number = said.partition("R")[2].partition(" ")[0]
    assert "45、14" in await li.says(f"规则 R{number}")
    assert "v1 生效中：新建，何运营" in await he.says(f"规则历史 R{number}")


async def test_a_rule_is_stopped_at_once_and_its_reminders_go(he: Story, li: Story):
    assert "续保" in await li.at("2025-06-10T08:31:00")
    listed = await he.says("提醒规则") + await he.says("更多") + await he.says("更多")
    number = next(line for line in listed.split("\n") if "续保：保单的到期日" in line).partition("R")[2].partition(" ")[0]
    assert "马上不再提醒" in await he.says(f"停用 R{number}")
    assert "已停用" in await he.says("确认")
    assert "规则已停用" in await li.says("为什么没有提醒 陈静 续保")


async def test_a_reminder_explains_itself(li: Story):
    await li.at("2025-06-10T08:31:00")
    said = await li.says("为什么 1")
    assert "规则：R" in said
    assert "业务包原样" in said
    assert "✓" in said


async def test_the_author_cannot_approve_and_an_adviser_cannot_write(he: Story, li: Story):
    said = await he.says(SAID) and await he.says("提交 沈合规")
    number = said.partition("R")[2].partition(" ")[0]
    assert "不能自己批" in await he.says(f"同意 R{number}")
    assert "不能使用" in await li.says(SAID)


async def test_a_rule_goes_back_to_the_version_before_when_a_second_person_agrees(he: Story, shen: Story, li: Story):
    said = await he.says(SAID) and await he.says("提交 沈合规")
    number = said.partition("R")[2].partition(" ")[0]
    await shen.taps("同意")
    assert "天数：提前 20 天" in await he.says(f"修改规则 R{number} 提前 20 天")
    assert f"已提交 R{number} v2" in await he.says("提交 沈合规")
    await shen.taps("同意")
    assert "提前 20 天" in await li.says(f"规则 R{number}")
    assert f"已提交 R{number} v3" in await he.says(f"回滚 R{number} v1")
    assert "提前 20 天" in await li.says(f"规则 R{number}"), "nobody has agreed yet"
    assert "已生效" in await shen.taps("同意")
    assert "提前 45、14 天" in await li.says(f"规则 R{number}")
    told = await he.says(f"规则历史 R{number}")
    assert "v3 生效中：回滚，何运营" in told
    assert "天数 提前 20 天 → 提前 45、14 天" in told


OWN_PACK = "name: own\nlabel: 本公司\nversion: '1.0'\nline: common\n"
OWN_RULES = """rules:
  - id: own_birthday
    label: 本公司生日
    category: birthday
    source: client.birthday
    offsets: [{days}]
    template: {template}
"""


async def test_a_broken_file_is_refused_with_its_line_and_the_old_rules_stay(demo_folder: Path, tmp_path: Path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "pack.yaml").write_text(OWN_PACK, encoding="utf-8")
    rules = own / "rules.yaml"
    rules.write_text(OWN_RULES.format(days=-5, template="birthday"), encoding="utf-8")
    packs = ("common", "bank", "insurance", "securities", "lending", str(own))
    settings = load_settings(
        _env_file=None, data_dir=tmp_path / "data", listen="127.0.0.1:0", log_level="ERROR", packs=packs,
    )  # fmt: skip
    async with running(settings, at=START) as sandbox:
        he, store = Story(sandbox, "heyunying"), sandbox.app.database.packs
        number = await _number_of(he, "本公司生日")
        assert "提前 5 天" in await he.says(f"规则 R{number}")
        rules.write_text(OWN_RULES.format(days=-9, template="no_such"), encoding="utf-8")
        for _ in range(100):
            await asyncio.sleep(0.1)
            if store.problems:
                break
        (problem,) = store.problems
        assert (Path(problem.file).name, problem.line) == ("rules.yaml", 7)
        assert "没有模板「no_such」" in problem.reason
        assert "提前 5 天" in await he.says(f"规则 R{number}"), "the rule in force is unharmed"
        rules.write_text(OWN_RULES.format(days=-9, template="birthday"), encoding="utf-8")
        for _ in range(100):
            await asyncio.sleep(0.1)
            if not store.problems:
                break
        assert "提前 9 天" in await he.says(f"规则 R{number}"), "put right, it counts without a restart"


async def _number_of(he: Story, label: str) -> str:
    listed = await he.says("提醒规则")
    while label not in listed:
        listed = await he.says("更多")
    return next(line for line in listed.split("\n") if label in line).partition("R")[2].partition(" ")[0]
