"""Words of the trade that were typed by their sound (里赔 for 理赔), looked for when a sentence came to nothing.

The places stay where they were. What is found so may only be looked up, or be a reminder or a note: no other write stands on a word
that was guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from handlers.language.intents.pattern import WRITES
from handlers.language.meaning import Meaning
from storage.model.normal import Normal

LONGEST = 40  # characters of a sentence that is read again
_WORDS = (
    "提醒 理赔 保单 退保 续保 报案 生日 业绩 待办 完成 客户 投诉 人工 房贷 车贷 经营贷 贷款 资料 标签 等级 名单 电话 地址 微信 邮箱 保费 保额 受益人 到期 还款 逾期 余额 "
    "利率 收益 理财 基金 存单 私募 年金 重疾 医疗险 意外险 车险 教育金 养老险 拜访 跟进 回访 备注 记录 工单 需求 日报 团队 排名 目标 授权 退订 隐私 祝福 文案 短信 商机 "
    "风险等级 职业 收入 身份证 介绍人 状态 进度 材料 现金价值 发票 安排 日程 保险 现价 月供 报销 缴费 扣款 流水 合同 提前还"
).split()
# Words that only sound like one of these, and characters that no slip of typing gives.
_OTHERS = frozenset("登记 保安 宝安 报单 体型 题型 提型 程度 成都 警察 记录 纪录 客服 课户 跟近 工蛋 单身 安排 定期 刀具 到齐 道歉 倒计 保鲜 报销 保险 保费 报废 生意 声音 电话 短信 段信 收入 守护 售后 授受 手续 需求 休假".split())
_NO_SLIP = frozenset("有想要不的了是在我你他她这那和就都也还没说去来会能到得着过给吗呢吧啊几多少什谁哪怎一二三四五六七八九十个")
_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_TAKEN_DOWN = frozenset({"reminder.create", "reminder.complete", "note.add"})


def respelt(normal: Normal, taken: Sequence[tuple[int, int]]) -> Normal | None:
    """The text with its misspelt words of the trade put right; None where there are none."""
    text = normal.text
    if len(text) > LONGEST:
        return None
    sounds = [_sound(character) for character in text]
    found = [(at, word) for at in range(len(text) - 1) for word in _by_first().get(sounds[at], ()) if _is_slip(text, sounds, at, word, taken)]
    if not found:
        return None
    for at, word in found:
        text = text[:at] + word + text[at + len(word):]
    return replace(normal, text=text)


def is_fit(meaning: Meaning) -> bool:
    """May a sentence be taken for this although a word of it was guessed?"""
    intents = {meaning.intent, *(part.intent for part in meaning.parts)}
    return not intents & {"none", "chitchat", "multi"} and not (intents & WRITES) - _TAKEN_DOWN and meaning.intent.partition(".")[0] not in {"clarify", "confirm", "form", "undo"}


def _is_slip(text: str, sounds: Sequence[str], at: int, word: str, taken: Sequence[tuple[int, int]]) -> bool:
    end = at + len(word)
    said = text[at:end]
    if said == word or len(said) < len(word) or said in _OTHERS or not _NO_SLIP.isdisjoint(set(said) - set(word)):
        return False
    return _sounds_so(sounds[at:end], word) and not any(at < b and a < end for a, b in taken)


def _sounds_so(sounds: Sequence[str], word: str) -> bool:
    return list(sounds) == [_sound(character) for character in word]


@cache
def _by_first() -> dict[str, list[str]]:
    """The words by the sound that they begin with, the longest first."""
    found: dict[str, list[str]] = {}
    for word in sorted(_WORDS, key=len, reverse=True):
        found.setdefault(_sound(word[0]), []).append(word)
    return found


@cache
def _sound(character: str) -> str:
    """How a character sounds to somebody who types quickly."""
    if not "\u4e00" <= character <= "\u9fff":
        return ""
    from storage import pinyin

    sound = pinyin.read(character)[0]
    for exact, heard in _NEAR:
        sound = sound.replace(exact, heard) if sound.startswith(exact) else sound
    return sound.removesuffix("g") if sound.endswith("ng") else sound
