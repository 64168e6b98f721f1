"""The rules of assignment in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.pack import AssignmentRule, Packs
from storage.assignments import Assignments

NAME = "客户分配"
LINES: Mapping[str, str] = {
    "bank": "银行", "insurance": "保险", "securities": "证券", "lending": "小贷", "common": "通用",
}
Names = Mapping[str, str]  # members' by userid


def rule_text(rule: AssignmentRule, names: Names) -> str:
    """上海、苏州的贵宾 → 李想、周敏里客户最少的，每人最多 100 位"""
    most = f"，每人最多 {rule.most} 位" if rule.most is not None else ""
    return f"{condition_text(rule)} → {whom_text(rule, names)}{most}"


def condition_text(rule: AssignmentRule) -> str:
    """上海、苏州的私行、贵宾客户; 所有客户"""
    where = f"{'、'.join(rule.regions)}的" if rule.regions else ""
    return f"{where}{'、'.join(rule.tiers)}客户" if rule.tiers or where else "所有客户"


def whom_text(rule: AssignmentRule, names: Names) -> str:
    """银行顾问里客户最少的; 李想; 王珂团队的保险顾问里客户最少的"""
    if len(rule.members) == 1:
        return names.get(rule.members[0], rule.members[0])
    teams = "、".join(names.get(team, team) for team in rule.teams)
    lines = "、".join(LINES.get(line, line) for line in rule.lines)
    people = "、".join(names.get(member, member) for member in rule.members)
    return f"{f'{teams}团队的' if teams else ''}{people or f'{lines}顾问'}里客户最少的"


def rows_of(value: Assignments, names: Names) -> dict[str, str]:
    """Line by line, for a letter and a list."""
    rows = {f"规则 {number}": rule_text(rule, names) for number, rule in enumerate(value.rules, 1)}
    return {**rows, "接受时间": f"{value.hours} 个工作小时"}


def changes_text(before: Assignments, after: Assignments, names: Names) -> str:
    """新增「…」；去掉「…」；接受时间 4 → 8 小时; "" when nothing changes."""
    return "；".join(_changes(before, after, names))


def _changes(before: Assignments, after: Assignments, names: Names) -> Iterator[str]:
    old, new = ({rule.id: rule_text(rule, names) for rule in each.rules} for each in (before, after))
    for id, text in new.items():
        if id not in old:
            yield f"新增「{text}」"
        elif old[id] != text:
            yield f"「{old[id]}」改为「{text}」"
    yield from (f"去掉「{text}」" for id, text in old.items() if id not in new)
    if before.hours != after.hours:
        yield f"接受时间 {before.hours} → {after.hours} 个工作小时"
    both = [id for id in old if id in new], [id for id in new if id in old]
    if both[0] != both[1]:
        yield "先后次序有变"


def line_named(packs: Packs, word: str) -> str:
    """The line of a word such as 银行 or 保险线; "" for none."""
    said = word.removesuffix("业务线").removesuffix("业务").removesuffix("线")
    labels = {LINES[line]: line for line in LINES if line != "common"} | {
        info.label: info.line for info in packs.infos if info.line != "common"
    }
    return labels.get(said, "")
