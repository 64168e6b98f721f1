"""Reminder rules in words: one line for a list, all parts for a form, and what one version changes of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from config.pack import CREATED, ENTERED, SILENCE, Complaint, Condition, Event, Packs, ReminderRule
from reminders.events import event_words
from reminders.reasons import Verdict
from storage.conditions import Clause
from storage.conditions.checking import withheld
from storage.dictionary import Dictionary

RECEIVERS: Mapping[str, str] = {
    "owner": "顾问", "supervisor": "主管", "compliance": "合规", "risk": "风控", "claims": "理赔", "ops": "运营",
}
SHIFTS: Mapping[str, str] = {"none": "照常", "previous": "提前到前一个工作日", "next": "顺延到下一个工作日"}
CATEGORY_WORDS: Mapping[str, str] = {
    "renewal": "续保", "premium": "缴费", "birthday": "生日", "follow_up": "回访", "maturity": "到期",
    "repayment": "还款", "expiry": "证照", "silence": "联系", "anniversary": "周年", "event": "事件",
    "journey": "旅程",
}
_GOES_WITHOUT_SAYING: Mapping[str, str] = {
    "stage": "客户没有流失", "care": "客户没有拒绝关怀信息", "kinds": "合同属于这类、还有效", "unpaid": "这一期还没缴",
    "running": "旅程还在进行", "account": "账户属于这类、没有销户、是人民币户",
    "moved": "账户属于这类、是人民币户",
}
_EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
WITHHELD = "您无权查看的条件"
NOT_READABLE = "现在读不懂的条件"
_OWN_DATES: Mapping[str, str] = {SILENCE: "超过等级规定的联系天数", ENTERED: "加入旅程那天", CREATED: "客户建档那天"}
# Who keeps the packs, where all of it is written, reads of rules what operations read.
_READS_AS: Mapping[str, str] = {"admin": "ops"}
_OPS: Mapping[str, str] = {"=": "是", "in": "是", "not in": "不是", ">=": "不低于", "<=": "不超过"}


def offsets_text(offsets: Sequence[int]) -> str:
    """提前 60、30 天，当天，过后 10 天"""
    before = [str(-n) for n in sorted(offsets) if n < 0]
    after = [str(n) for n in sorted(offsets) if n > 0]
    parts = [f"提前 {'、'.join(before)} 天"] if before else []
    parts += ["当天"] if 0 in offsets else []
    parts += [f"过后 {'、'.join(after)} 天"] if after else []
    return "，".join(parts)


def source_text(rule: ReminderRule, packs: Packs) -> str:
    """What the rule counts from: 保单的到期日, 客户的纪念日（每年）, 工资卡连续 3 个月结余超过 2 万元 …"""
    if rule.event is not None:
        return _happening(rule.event, rule.kinds, packs)
    if rule.silent_days is not None:
        return silence_words(rule.silent_days)
    return f"{date_words(rule.source, rule.kinds, packs)}{'（每年）' if rule.yearly else ''}"


def silence_words(days: int) -> str:
    return f"{days} 天没有联系"


def event_text(parts: Mapping[str, Any], packs: Packs) -> str:
    """The same of the parts of a rule that is being written."""
    return _happening(_EVENTS.validate_python(parts["event"]), parts.get("kinds") or (), packs)


def _happening(event: Event, kinds: Sequence[str], packs: Packs) -> str:
    whose = "" if isinstance(event, Complaint) else account_kinds(kinds, packs)
    return f"{whose}{event_words(event)}"


def account_kinds(kinds: Sequence[str], packs: Packs) -> str:
    """工资卡、储蓄卡; 账户 for all kinds."""
    labels = {choice.value: choice.label for choice in packs.field("account", "kind").choices}
    return "、".join(labels.get(kind, kind) for kind in kinds) or "账户"


def date_words(source: str, kinds: Sequence[str], packs: Packs) -> str:
    """The same of a date and the kinds of contracts it is of."""
    if source in _OWN_DATES:
        return _OWN_DATES[source]
    record, _, name = source.partition(".")
    whose = {"client": "客户", "contract": "合同", "instalment": "每期"}.get(record, "")
    of_kinds = "、".join(packs.kind(kind).label for kind in kinds)
    return f"{of_kinds or whose}的{packs.field(record, name).label}"


def rule_text(rule: ReminderRule, packs: Packs) -> str:
    """One rule in a line: 续保：保单的到期日，提前 60、30、7、1 天，当天（08:30，启用）"""
    switched = "启用" if rule.enabled else "停用"
    return f"{rule.label}：{source_text(rule, packs)}，{offsets_text(rule.offsets)}（{rule.hour}，{switched}）"


def receivers_text(rule: ReminderRule, dictionary: Dictionary, role: str) -> str:
    """顾问；贵宾 的另提醒主管; conditions as `role` may read them."""
    plain = [RECEIVERS[r.to] for r in rule.receivers if not r.when]
    narrowed = [f"{spoken_text(r.when, dictionary, role)} 的提醒{RECEIVERS[r.to]}" for r in rule.receivers if r.when]
    return "；".join([*(["、".join(plain)] if plain else []), *narrowed])


def spoken_text(when: str, dictionary: Dictionary, role: str) -> str:
    """A condition as it was written, when `role` may see every field in it."""
    hidden = withheld(when, dictionary, _READS_AS.get(role, role))
    return NOT_READABLE if hidden is None else WITHHELD if hidden else when


def may_read(condition: Condition, dictionary: Dictionary, role: str) -> bool:
    """Whether `role` may see the field that a condition is about."""
    spec = dictionary.field(*condition.field.split(".", 1))
    return dictionary.may(_READS_AS.get(role, role), "see", spec)


def hides_from(rule: ReminderRule, dictionary: Dictionary, role: str) -> bool:
    """Whether a part of the rule is kept from `role` when it is shown."""
    spoken = (rule.when, *(receiver.when for receiver in rule.receivers))
    return any(spoken_text(when, dictionary, role) != when for when in spoken) or not all(
        may_read(condition, dictionary, role) for condition in rule.where
    )


def condition_text(condition: Condition, packs: Packs) -> str:
    """合同状态 是 有效、宽限期"""
    spec = packs.field(*condition.field.split(".", 1))
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    labels = {choice.value: choice.label for choice in spec.choices} | {"True": "是", "False": "否"}
    return f"{spec.label} {_OPS[condition.op]} {'、'.join(labels.get(str(value), str(value)) for value in values)}"


def asked_text(verdict: Verdict, packs: Packs) -> str:
    """One thing that a rule asks of a record."""
    match verdict.asked:
        case Clause(said=said):
            return said
        case Condition():
            return condition_text(verdict.asked, packs)
        case known:
            return _GOES_WITHOUT_SAYING[known]


def rows_of(rule: ReminderRule, dictionary: Dictionary, role: str) -> dict[str, str]:
    """All parts of a rule by what they are called in the form, as `role` may read them."""
    packs = dictionary.packs
    where = dict.fromkeys(
        condition_text(condition, packs) if may_read(condition, dictionary, role) else WITHHELD
        for condition in rule.where
    )
    return {
        "名称": rule.label, "事件" if rule.event else "日期": source_text(rule, packs),
        "天数": offsets_text(rule.offsets), "时刻": rule.hour,
        "提醒": receivers_text(rule, dictionary, role), "条件": spoken_text(rule.when, dictionary, role) or "不限",
        "限于": "；".join(where) or "不限",
        "模板": f"{packs.template(rule.template).label}（{packs.template(rule.template).text}）",
        "客户文案": f"{packs.template(rule.care_template).label}（顾问确认后才发）" if rule.care_template else "不带",
        "节假日": SHIFTS[rule.shift], "有效期": _validity(rule), "权重": str(rule.weight),
        "状态": "启用" if rule.enabled else "停用",
    }


def form_text(rule: ReminderRule, dictionary: Dictionary, role: str) -> str:
    """The form, a part a line, as `role` may read it."""
    return "\n".join(f"{name}：{value}" for name, value in rows_of(rule, dictionary, role).items())


def changes_text(before: ReminderRule, after: ReminderRule, dictionary: Dictionary, role: str) -> str:
    """What a version changes: 天数 提前 30 天 → 提前 45 天；时刻 …"""
    return "；".join(_changes(rows_of(before, dictionary, role), rows_of(after, dictionary, role)))


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for name, value in after.items():
        if before.get(name) != value:
            yield f"{name} {before.get(name, '（无）')} → {value}"


def _validity(rule: ReminderRule) -> str:
    if rule.valid_from is None and rule.valid_until is None:
        return "长期"
    return f"{rule.valid_from or '即日'} 到 {rule.valid_until or '长期'}"
