"""Colleagues: names of advisers, who are in nobody's client book. Read only where the sentence speaks of one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.language.intents import fills
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import METRICS, SURNAMES


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague's name and where it stands in `text`."""

    name: str
    start: int
    end: int


_SURNAME = "[" + "".join(sorted(set(SURNAMES) - set("单查别时和管任常连经成方安平高万钱全向申车古阿尼"))) + "]"
_AFTER = r"(?=$|[^\u4e00-\u9fff]|[的手名那这和跟与同去来处办接负代先顶管下吧了呗一要出休请离调病走在还压有谁做打拉开签拜见今本上昨前年最到也都是没帮盯看搞弄回就啊哈哦呀业保续转留客佣提新暂临全结把给组团部现划替照由请从带]|手[上里头]|名下|跟进|现在|目前)"
_NAME = lazy(rf"{_SURNAME}[\u4e00-\u9fff]{{2}}{_AFTER}|{_SURNAME}[\u4e00-\u9fff]|[小阿][\u4e00-\u9fff]{_AFTER}|老{_SURNAME}{_AFTER}")
_FOLLOWS = frozenset("的手名那这和跟与同去来处办接负代先顶管下吧了呗一要出休请离调病走在还压有谁做打拉开签拜见今本上昨前最到也都是没帮盯看搞弄回就啊哈哦呀业保续转留客佣提新暂临全结把给划替照由请从带")
_NEVER = frozenset("全组 小时 小心 小组 小结 小额 小年 小孩 阿姨 马上 金额 方便 周报 周末 周期 周边 安排 任务 任何 温馨 文案 文件 常用 程序 高端 明细 平均 经理 经营 石油 季度 项目 江湖 汪汪 白天 黄金 白银 于是 余额 毛利 简单 "
                   "简短 简报 路上 连续 方案 成交 单子 查看 查询 何时 何必 江苏 安徽 沈阳 贵阳 武汉 杭州 温州 陆续 史上 应该 万一 雷同 水单 汤圆 左右 梅雨 童年 容易 顾问 顾客 习惯 华东 华南 华北 陈述 严重 房贷 车贷 车险 孙子 孙女 毕竟 支付 全部 "
                   "全组 全年 全员 全体 施工 尚未 强制 沙龙 游戏 古董 利率 利息 党员 解约 解决 解释 包括 包含 宫殿 花费 林林 邀请 时段 章程".split())
# What a colleague's name stands behind: the start of a clause, a verb of giving, of looking, or of joining.
_BEFORE = re.compile(r"(?:^|[\s,。、:;!?@]|[从给让由叫派转归到把将和跟与同看查是]|安排|移交|请|帮|麻烦|交接|问|换成|改成|找|那个|以及|今年|去年|[月周天度日年号])$")


def colleagues(s: Sentence, *, anywhere: bool = False) -> list[Person]:
    """Names that are no client's, left to right. Names of clients are left to `s.clients`."""
    found: list[Person] = []
    taken = [(c.start, c.end) for c in s.clients if c.mention.how != "pronoun"] + [(e.start, e.end) for e in s.times if e.end - e.start > 1]
    taken += [(p.start, p.end) for p in s.protected] + [(a, b) for a, b, _v in s.products]
    at = 0
    while len(found) < 8 and at < 300 and (match := _NAME.search(s.text, at)) is not None:
        start, end = match.span()
        if end - start == 3 and s.text[end - 1] in _FOLLOWS and match.group()[0] not in "小阿":
            end -= 1
        at = start + 1
        name = s.text[start:end]
        if name[:2] in _NEVER or name in _NEVER or any(start < b and a < end for a, b in taken) or name[1] in "的了吗呢是在要到和":
            continue
        begins = _TAKES.match(s.text[end:]) is not None or _BEFORE.search(s.text[max(0, start - 3):start]) is not None or any(e.end == start for e in s.times) or any(p.end == start for p in found)
        if not begins and not anywhere:
            continue
        found.append(Person(name, start, end))
        at = end
    if s.stranger is not None and not any(p.start < s.stranger.end and s.stranger.start < p.end for p in found) and s.stranger.mention.text not in _NEVER:
        found.append(Person(s.stranger.mention.text, s.stranger.start, s.stranger.end))
    return sorted((p for p in found if not fills.scan(METRICS, p.name)), key=lambda p: p.start)


def given_to(s: Sentence, people: list[Person]) -> Person | None:
    """Whom something is given to: the one behind 给, 让, 由, 派, 转, 归."""
    return next((p for p in people if _GIVES.search(s.text[max(0, p.start - 4):p.start])), None)


_GIVES = re.compile(r"(?:给|让|由|派|转|归|叫|找|安排|指派|移交到|移交|转交|到|换成|@|请|麻烦|换)\s*$")
_TAKES = lazy(r"^(?:先|替(?:他|她|我)?|暂时|临时|来|去|帮忙|帮|代为|那边|统一|全权|直接|负责|继续|以后|\s)*(?:接|顶|代|管|盯|带|跟|负责|处理|办|照看|照应|看着|兜|搞定|解决|认领|搞|弄)")


def who_takes(s: Sentence, people: list[Person]) -> Person | None:
    """陈静先顶着: the one who takes over."""
    return given_to(s, people) or next((p for p in reversed(people) if _TAKES.match(s.text[p.end:])), None)
