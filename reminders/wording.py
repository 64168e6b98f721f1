"""A reminder in words: one short line in a list, one sentence on its card, the text suggested for the client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

import structlog

from config.pack import EVENT, MissingVariable, Packs, Template
from reminders.events import event_of, event_words
from storage.model.clock import local_date
from storage.model.messages import cut
from storage.model.people import Client, User
from storage.model.values import lunar_text, money_text
from storage.model.work import Reminder
from storage.repositories.subjects import AccountFacts, ClientFacts, ContractFacts, Subject
from storage.rules import RuleBook
from storage.templates import TemplateBook

log = structlog.get_logger(__name__)

CATEGORIES: Mapping[str, str] = {
    "renewal": "续保", "premium": "缴费", "birthday": "生日", "follow_up": "回访", "maturity": "到期",
    "repayment": "还款", "expiry": "证照", "silence": "联系", "anniversary": "周年", "assets": "资产", "tier": "分层",
    "border": "临界", "journey": "旅程", "event": "事件",
}  # fmt: skip
OTHER = "待办"
CONTACT = "interaction"  # what a reminder of a complaint is about
LINE = 30  # what a card shows of a value
_DOUBLE_SURNAMES = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 夏侯 端木 南宫 澹台 万俟 轩辕 独孤".split()
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What all wording needs besides the reminder: the packs, the rules in force, the day, and whose words they are."""

    packs: Packs
    rules: RuleBook
    today: date
    zone: ZoneInfo
    user: User
    company: str = ""
    templates: TemplateBook | None = None  # the texts to clients in force; None: the packs'
    covering: Mapping[str, str] = field(default_factory=dict)  # names of the colleagues whom the user covers, by id


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text for the client from an approved template; `problem` says in Chinese why there is none."""

    template: str
    text: str
    problem: str = ""


def category_word(category: str) -> str:
    """The two characters by which lists name a category."""
    return CATEGORIES.get(category, OTHER)


# ---------------------------------------------------------------- lines


def list_line(reminder: Reminder, subject: Subject, scene: Scene, limit: int = LINE) -> str:
    """At most `limit` characters: whom it is about, what, how long, for whom a cover does it, and for how many days it
    was put off."""
    mark = f"{on_behalf(reminder, scene)}{_put_off(reminder, scene)}"
    room = limit - len(mark)
    if reminder.rule == "manual":
        return _short(_matter(reminder, subject, scene), room) + mark
    if _is_told(reminder, subject):
        return _short(reminder.text, room) + mark
    about, when = _about(reminder, subject, scene), when_words(reminder, subject, scene)
    # Where space is short, the number of the instalment goes first, then the end of the product's name.
    for shown in (about, about[:1]):
        if len(text := _joined(reminder.client_name, *shown, when)) <= room:
            return text + mark
    head = _joined(reminder.client_name, *about[:1])
    return cut(_joined(cut(head, max(4, room - len(when) - 1)), when), room) + mark


def _short(text: str, room: int) -> str:
    """Cut; what would break off inside of a bracket loses the bracket."""
    shown = cut(text, room)
    bracket = shown.rfind("（")
    return shown[:bracket] if shown != text and bracket > 0 and "）" not in shown[bracket:] else shown


def _is_told(reminder: Reminder, subject: Subject) -> bool:
    """A colleague's client is not seen: what was written down at the hand-over says what to do."""
    return bool(reminder.text) and reminder.rule != "manual" and subject.client is None


def on_behalf(reminder: Reminder, scene: Scene) -> str:
    """（代李想） of what a colleague would do if he were not away; "" of one's own."""
    name = scene.covering.get(reminder.receiver_id)
    return f"（代{name}）" if name else ""


def _put_off(reminder: Reminder, scene: Scene) -> str:
    days = (scene.today - local_date(reminder.remind_at, scene.zone)).days
    return f"（顺延 {days} 天）" if days > 0 else ""


def _matter(reminder: Reminder, subject: Subject, scene: Scene) -> str:
    if reminder.rule == "manual":
        at = reminder.remind_at.astimezone(scene.zone)
        return f"{at:%H:%M} {_own_words(reminder)}" if reminder.timed else _own_words(reminder)
    about, when = _about(reminder, subject, scene), when_words(reminder, subject, scene)
    return _joined(reminder.client_name, *about, when)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _own_words(reminder: Reminder) -> str:
    name = reminder.client_name
    if not reminder.text:
        return _joined(name, category_word(reminder.category))
    return reminder.text if not name or name in reminder.text else f"{name} {reminder.text}"


def _about(reminder: Reminder, subject: Subject, scene: Scene) -> list[str]:
    if subject.contract is not None:
        part = f"第 {subject.instalment.number} 期" if subject.instalment else ""
        return [subject.contract.product_name or _kind_label(scene.packs, subject.contract), part]
    if subject.account is not None:
        return [_account_kind(subject.account, scene.packs)]
    if reminder.category in ("expiry", "anniversary", "journey"):
        rule = scene.rules.find(reminder.rule)
        return [rule.label.removesuffix("到期") if rule else ""]
    return []


def when_words(reminder: Reminder, subject: Subject, scene: Scene) -> str:
    """还剩 7 天 · 今天到期 · 逾期 3 天 · 今天生日 · 45 天没联系 · 周年还有 7 天 · 第 3 天 (of a journey)"""
    days = (reminder.due_on - scene.today).days
    match reminder.category:
        case "silence":
            return f"{_silent_days(subject.client, scene)} 天没联系" if subject.client else "久未联系"
        case "birthday":
            return "今天生日" if days >= 0 else f"生日已过 {-days} 天"
        case "follow_up":
            return "约好今天回访" if days == 0 else f"约好 {_day(reminder.due_on, scene)} 回访"
        case "anniversary":
            return f"周年还有 {days} 天" if days > 0 else "今天满周年" if days == 0 else f"周年已过 {-days} 天"
        case "journey":
            return f"第 {reminder.offset_days} 天"
        case "event":
            return _event_words(reminder, subject, scene).replace(" ", "")
        case "premium" | "repayment":
            return _owed_words(reminder, days, scene)
        case _:
            return f"还剩 {days} 天" if days > 0 else "今天到期" if days == 0 else f"已过 {-days} 天"


def _event_words(reminder: Reminder, subject: Subject, scene: Scene) -> str:
    """What the rule looked for, or the very sum or complaint; nothing where the rule is no more."""
    if moved := subject.transaction:
        how = "转入" if moved.amount > 0 else "转出"
        return f"{moved.happened_on.month} 月 {moved.happened_on.day} 日{how} {money_text(abs(moved.amount))}"
    if reminder.object_type == CONTACT:
        return f"{reminder.due_on.month} 月 {reminder.due_on.day} 日投诉"
    rule = scene.rules.find(reminder.rule)
    return event_words(event_of(rule)) if rule is not None and rule.source.startswith(EVENT) else ""


def _owed_words(reminder: Reminder, days: int, scene: Scene) -> str:
    rule = scene.rules.find(reminder.rule)
    if rule is not None and rule.source == "instalment.grace_ends_on":
        return f"宽限期还剩 {days} 天" if days > 0 else "宽限期今天截止" if days == 0 else f"宽限期已过 {-days} 天"
    owed = "应缴" if reminder.category == "premium" else "应还"
    return f"还剩 {days} 天" if days > 0 else f"今天{owed}" if days == 0 else f"逾期 {-days} 天"


# ---------------------------------------------------------------- sentences from templates


def sentence(reminder: Reminder, subject: Subject, scene: Scene) -> str:
    """What the rule's template says; the plain line where a value is missing, which is logged for ops."""
    rule = scene.rules.find(reminder.rule)
    if _is_told(reminder, subject):
        return _joined(reminder.text, when_words(reminder, subject, scene))
    if rule is None:
        return _matter(reminder, subject, scene)
    template = scene.packs.template(rule.template)
    try:
        return template.render(template_values(reminder, subject, scene), *_tiers(subject))
    except MissingVariable as missing:
        _report(template, reminder, missing)
        return _matter(reminder, subject, scene)


def suggestion(reminder: Reminder, subject: Subject, scene: Scene) -> Suggestion | None:
    """The text that the reminder's rule suggests for the client, in the wording of his tier.

    None when the rule suggests none, and for a birthday that is not today: its text says that it is. A text with a
    missing value is not made up (R147): the wording for all tiers is tried, and if that lacks something too, `problem`
    says what."""
    rule = scene.rules.find(reminder.rule)
    if rule is None or not rule.care_template or (reminder.category == "birthday" and reminder.due_on != scene.today):
        return None
    template = (scene.templates or TemplateBook.of(scene.packs)).get(rule.care_template)
    values = template_values(reminder, subject, scene)
    missing: list[str] = []
    for tiers in (_tiers(subject), ()):
        try:
            return Suggestion(template.id, template.render(values, *tiers))
        except MissingVariable as error:
            _report(template, reminder, error)
            missing = error.names
    from config.pack import VARIABLES

    lacking = "、".join(VARIABLES[name] for name in missing)
    return Suggestion(template.id, "", f"模板「{template.label}」缺少：{lacking}。请补全资料，或点「改写」自己写。")


def _report(template: Template, reminder: Reminder, missing: MissingVariable) -> None:
    log.warning("template.missing", template=template.id, reminder=reminder.id, variables=missing.names)


def _tiers(subject: Subject) -> tuple[str | None, ...]:
    return (subject.client.bank_tier, subject.client.insurance_tier) if subject.client else ()


def template_values(reminder: Reminder, subject: Subject, scene: Scene) -> dict[str, str]:
    """The values of all template variables that are known; the others are absent."""
    days = (reminder.due_on - scene.today).days
    values = {
        "client_name": reminder.client_name, "adviser_name": scene.user.name, "company_name": scene.company,
        "due_on": _day(reminder.due_on, scene), "days_left": str(max(0, days)), "days_over": str(max(0, -days)),
        **_client_values(subject.client, scene), **_contract_values(subject.contract, scene.packs),
    }  # fmt: skip
    if part := subject.instalment:
        values |= {"instalment_number": str(part.number), "amount": money_text(part.amount)}
        if part.grace_ends_on:
            values["grace_ends_on"] = _day(part.grace_ends_on, scene)
    if reminder.object_type == CONTACT:
        values["event"] = _event_words(reminder, subject, scene)
    if account := subject.account:
        values["account_name"] = f"{_account_kind(account, scene.packs)}（尾号 {account.number_tail}）"
        values["event"] = _event_words(reminder, subject, scene)
    if moved := subject.transaction:
        values["amount"] = money_text(abs(moved.amount))
    return values


def _client_values(client: ClientFacts | None, scene: Scene) -> dict[str, str]:
    if client is None:
        return {}
    values = {
        "salutation": salutation(client.name, client.gender, firm=client.kind == "enterprise"),
        "tier": client.bank_tier or client.insurance_tier or "", "birthday": _birthday(client),
        "silent_days": str(_silent_days(client, scene)),
    }  # fmt: skip
    if client.last_contact_at:
        values["last_contact_on"] = _day(local_date(client.last_contact_at, scene.zone), scene)
    return values


def _contract_values(contract: ContractFacts | None, packs: Packs) -> dict[str, str]:
    if contract is None:
        return {}
    tail = f"（尾号 {contract.number_tail}）" if contract.number_tail else ""
    kind = _kind_label(packs, contract)
    return {
        "kind_label": kind, "product_name": contract.product_name, "number_tail": contract.number_tail,
        "contract_name": f"{contract.product_name or kind}{tail}",
        **({"amount": money_text(contract.premium)} if contract.premium else {}),
    }  # fmt: skip


def client_values(client: Client, adviser_name: str, company: str) -> dict[str, str]:
    """What is known of a client for a text that is about no contract."""
    values = {
        "client_name": client.name, "adviser_name": adviser_name, "company_name": company,
        "salutation": salutation(client.name, client.gender, firm=client.kind == "enterprise"),
        "tier": client.bank_tier or client.insurance_tier or "",
    }  # fmt: skip
    if client.birthday_calendar == "lunar" and client.lunar_birthday:
        return values | {"birthday": lunar_text(client.lunar_birthday)}
    born = client.birthday
    return values | ({"birthday": f"{born.month} 月 {born.day} 日"} if born else {})


def salutation(name: str, gender: str | None, *, firm: bool = False) -> str:
    """王女士 · 欧阳先生; the full name where the gender is not known or a firm is spoken to."""
    title = {"M": "先生", "F": "女士"}.get(gender or "")
    if firm or title is None:
        return name
    return (name[:2] if name[:2] in _DOUBLE_SURNAMES else name[:1]) + title


def _kind_label(packs: Packs, contract: ContractFacts) -> str:
    return next((kind.label for kind in packs.kinds if kind.name == contract.kind), "合同")


def _account_kind(account: AccountFacts, packs: Packs) -> str:
    choices = packs.field("account", "kind").choices if "account.kind" in packs.paths else ()
    return next((choice.label for choice in choices if choice.value == account.kind), "账户")


def _silent_days(client: ClientFacts | None, scene: Scene) -> int:
    since: datetime | None = client.last_contact_at or client.created_at if client else None
    return (scene.today - local_date(since, scene.zone)).days if since else 0


def _birthday(client: ClientFacts) -> str:
    if client.birthday_calendar == "lunar" and client.lunar_birthday:
        return lunar_text(client.lunar_birthday)
    return f"{client.birthday.month} 月 {client.birthday.day} 日" if client.birthday else ""


def _day(day: date, scene: Scene) -> str:
    text = f"{day.month} 月 {day.day} 日"
    return text if day.year == scene.today.year else f"{day.year} 年 {text}"
