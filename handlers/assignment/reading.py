"""A change of the rules as operations type it: 上海 贵宾 分给 李想 最多 100位, 2 最多 80位, 去掉 1, 接受时间 8小时.

Every word must be read, or the whole is refused: nothing that was written is passed over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from config.pack import AssignmentRule, Packs
from handlers.assignment.words import line_named
from storage.assignments import Assignments, checked
from storage.model.errors import Invalid
from storage.model.numerals import half_width, read_number
from storage.model.people import User

EXAMPLE = "客户分配 上海 贵宾 分给 李想、周敏 最多 100位"
WAYS = "「客户分配 2 最多 80位」「客户分配 去掉 1」「客户分配 接受时间 8小时」"
LONGEST = 200  # characters
_N = r"[\d零一二两三四五六七八九十百]{1,5}"
_OPENING = re.compile(r"^[\s:：,，]*(?:(?:规则|修改|调整|新增|添加|加上|加一条|改为|改成|改|加|把|将)[\s:：,，]*)*")
_TO = r"\s*(?:改为|改成|改|为|到|是)?\s*"
_GONE = r"(?:去掉|删除|删掉|停用|移除)"
_UP_TO = rf"(?:每人|一人|一位)?(?:最多|上限){_TO}(?P<most>{_N}|不限)\s*(?:位|个|名)?(?:客户)?"
_HOURS = re.compile(rf"(?:接受|答复|接单)(?:的)?(?:时间|时限|期限)?{_TO}(?P<n>{_N})\s*个?(?:工作)?小时")
_REMOVE = re.compile(rf"{_GONE}\s*(?:规则|第)?\s*(?P<a>{_N})\s*[条号]?|第?(?P<b>{_N})\s*[条号]?\s*{_GONE}")
_MOST = re.compile(rf"(?:规则|第)?\s*(?P<n>{_N})\s*[条号]?\s*{_UP_TO}")
_NEW = re.compile(
    rf"(?P<when>.*?)\s*(?:的)?(?:客户)?\s*(?:都)?(?:分配给|分给|派给|给)\s*(?P<to>.+?)"
    rf"(?:[\s,，]*{_UP_TO})?"
)
_JOINTS = re.compile(r"[\s、,，;；/]+|(?<=[\u4e00-\u9fff])和(?=[\u4e00-\u9fff])")
_EVERYBODY = ("所有", "全部", "其他", "其余", "任何")
_ANYBODY = ("所有顾问", "全部顾问", "大家", "谁都行", "顾问")
_REGION = re.compile(r"[\u4e00-\u9fff]{2,10}")
_END = r"[\s。.!！吧]*"


def changed(text: str, now: Assignments, packs: Packs, people: Sequence[User]) -> Assignments:
    """The rules with what the text changes. Raises Invalid."""
    if len(text) > LONGEST:
        raise Invalid(f"太长了，最多 {LONGEST} 个字。请写成「{EXAMPLE}」这样。")
    said = _OPENING.sub("", half_width(text)).strip()
    said = re.sub(rf"{_END}$", "", said)
    if (found := _HOURS.fullmatch(said)) is not None:
        return checked(replace(now, hours=_number(found["n"])))
    if (found := _REMOVE.fullmatch(said)) is not None:
        gone = _numbered(now, _number(found["a"] or found["b"]))
        return checked(replace(now, rules=tuple(rule for rule in now.rules if rule is not gone)))
    if (found := _MOST.fullmatch(said)) is not None:
        old = _numbered(now, _number(found["n"]))
        return _put(now, old, _rule({**old.model_dump(), "most": _most(found["most"])}))
    if (found := _NEW.fullmatch(said)) is not None:
        return _with_new(now, packs, people, found)
    raise Invalid(f"没有看懂要怎么改，没有改动。例如「{EXAMPLE}」，{WAYS}。")


def _with_new(now: Assignments, packs: Packs, people: Sequence[User], found: re.Match[str]) -> Assignments:
    """The rule that was written, in place of one about the same clients, else before all others."""
    regions, tiers = _clients(packs, found["when"])
    whom = _whom(packs, people, found["to"])
    same = next((r for r in now.rules if set(r.regions) == set(regions) and set(r.tiers) == set(tiers)), None)
    label = "".join([*regions, *tiers])[:20] or "其他客户"
    rule = _rule({
        "id": same.id if same else _fresh_id(now), "label": label, "regions": regions, "tiers": tiers, **whom,
        "most": _most(found["most"]),
    })  # fmt: skip
    if same is not None:
        return _put(now, same, rule)
    if not regions and not tiers:
        return checked(replace(now, rules=(*now.rules, rule)))
    return checked(replace(now, rules=(rule, *now.rules)))


def _rule(values: dict[str, Any]) -> AssignmentRule:
    try:
        return AssignmentRule.model_validate(values)
    except ValueError:
        raise Invalid("这条规则写不下：地区、等级或人太多，或人数不对。请分成几条。") from None


def _clients(packs: Packs, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Regions and tiers. Raises Invalid for a word that can be neither."""
    known = {word: tier.name for scheme in packs.tiers for tier in scheme.tiers for word in (tier.name, *tier.synonyms)}
    regions, tiers = list[str](), list[str]()
    for word in _words(text):
        said = word.removesuffix("客户").removesuffix("的")
        if said in _EVERYBODY or not said:
            continue
        if said in known:
            tiers.append(known[said])
        elif _REGION.fullmatch(said.removesuffix("地区")):
            regions.append(said.removesuffix("地区"))
        else:
            listed = "、".join(tier.name for scheme in packs.tiers for tier in scheme.tiers)
            raise Invalid(f"「{word[:12]}」没有看懂，没有改动。客户可以写地区（上海）和等级（{listed}）。")
    return tuple(dict.fromkeys(regions)), tuple(dict.fromkeys(tiers))


def _whom(packs: Packs, people: Sequence[User], text: str) -> dict[str, tuple[str, ...]]:
    """Lines, members and teams. Raises Invalid for who is none of them."""
    members, teams, lines = list[str](), list[str](), list[str]()
    for word in _words(text):
        said = word.removesuffix("里").removesuffix("的")
        if said in _ANYBODY:
            continue
        if line := line_named(packs, said.removesuffix("顾问")):
            lines.append(line)
        elif said.endswith(("团队", "组")):
            teams.append(_member(people, said.removesuffix("团队").removesuffix("组").removesuffix("的"), "manager"))
        else:
            members.append(_member(people, said, "adviser"))
    return {"members": tuple(members), "teams": tuple(teams), "lines": tuple(lines)}


def _member(people: Sequence[User], name: str, role: str) -> str:
    found = [user for user in people if user.name == name and user.role == role]
    if len(found) != 1:
        what = "主管" if role == "manager" else "顾问"
        why = f"没有{what}「{name[:12]}」" if not found else f"有 {len(found)} 位{what}叫「{name}」"
        raise Invalid(f"{why}，没有改动。可以写顾问的完整姓名、「姓名团队」、「银行顾问」「保险顾问」或「所有顾问」。")
    return found[0].id


def _words(text: str) -> list[str]:
    return [word for word in _JOINTS.split(text.strip()) if word]


def _put(now: Assignments, old: AssignmentRule, new: AssignmentRule) -> Assignments:
    return checked(replace(now, rules=tuple(new if rule is old else rule for rule in now.rules)))


def _numbered(now: Assignments, number: int) -> AssignmentRule:
    if not 1 <= number <= len(now.rules):
        raise Invalid(f"没有第 {number} 条规则，现在有 {len(now.rules)} 条。发送「客户分配 规则 查看」看编号。")
    return now.rules[number - 1]


def _number(text: str) -> int:
    return int(read_number(text) or 0)


def _most(text: str | None) -> int | None:
    if text in (None, "不限"):
        return None
    most = _number(str(text))
    if most < 1:
        raise Invalid("每人最多几位要写 1 以上的整数，或「不限」。")
    return most


def _fresh_id(now: Assignments) -> str:
    taken = {rule.id for rule in now.rules}
    return next(f"set_{number}" for number in range(1, len(taken) + 2) if f"set_{number}" not in taken)
