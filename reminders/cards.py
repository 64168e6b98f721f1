"""The card of a single reminder, with the buttons that fit what it is about.

Buttons are bound to actions that `handlers` carries out; each gets `reminder` and what else is named here:

    reminder.done       client_id
    reminder.snooze     until: "1h" | "morning" | "ask"
    reminder.hand_over
    reminder.dismiss   (in the card's menu)
    renewal.intent      contract_id   (the level is picked in the card's list, question key "level")
    renewal.done        contract_id
    instalment.paid     instalment_id
    care.draft          client_id     (show the care card)
    care.send           client_id, template
    care.rewrite        client_id, template
    care.skip           client_id
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from reminders.briefs import scene_of
from reminders.gate_checks import opted_out
from reminders.wording import Scene, Suggestion, category_word, on_behalf, sentence, suggestion, when_words
from storage.database import UnitOfWork
from storage.model.ids import new_token
from storage.model.messages import Button, Card, Line, Option, Select, cut
from storage.model.people import User
from storage.model.values import money_text
from storage.model.work import Reminder
from storage.repositories.subjects import ClientFacts, Subject, SubjectRepository

LEVEL = "level"
CARE = "care"
OPTED_OUT = "客户不接收关怀信息，请不要群发或代发；可以按客户同意的方式联系。"
_LEVELS = (Option("high", "意向高"), Option("medium", "意向中"), Option("low", "意向低"))
_INTENTS = {"high": "高", "medium": "中", "low": "低"}


def reminder_card(
    uow: UnitOfWork, reminder: Reminder, user: User, zone: ZoneInfo, *, company: str = ""
) -> Card:
    """The card of an open reminder for its receiver. Reading what it is about is audited."""
    scene = scene_of(uow, user, zone, company)
    subject = SubjectRepository(uow).of([reminder])[reminder.id]
    _audit(uow, reminder, subject)
    if reminder.rule == "manual":
        return _own_card(uow, reminder, scene)
    if reminder.category == "birthday" and user.serves_clients:
        return _care_card(uow, reminder, subject, scene)
    return _matter_card(uow, reminder, subject, scene)


def care_card(
    uow: UnitOfWork, reminder: Reminder, user: User, zone: ZoneInfo, *, text: str = "", company: str = ""
) -> Card:
    """The draft for the client with 发送, 改写 and 跳过; `text` in place of the suggested one when rewritten."""
    scene = scene_of(uow, user, zone, company)
    subject = SubjectRepository(uow).of([reminder])[reminder.id]
    _audit(uow, reminder, subject)
    return _care_card(uow, reminder, subject, scene, text)


def care_text(
    uow: UnitOfWork, reminder: Reminder, user: User, zone: ZoneInfo, *, company: str = ""
) -> Suggestion | None:
    """The approved text that the reminder's rule suggests for this client; None when it suggests none."""
    subject = SubjectRepository(uow).of([reminder])[reminder.id]
    return suggestion(reminder, subject, scene_of(uow, user, zone, company))


def _audit(uow: UnitOfWork, reminder: Reminder, subject: Subject) -> None:
    if subject.client is not None:
        uow.audit.read("client", subject.client.id, client_id=subject.client.id, section="reminder")
    if subject.account is not None:
        uow.audit.read("account", subject.account.id, client_id=reminder.client_id, section="reminder")
    if subject.contract is not None:
        uow.audit.read("contract", subject.contract.id, client_id=reminder.client_id, section="reminder")


# ---------------------------------------------------------------- three kinds of cards


@dataclass(frozen=True)
class _Binder:
    """Binds buttons of one card to actions on one reminder."""

    uow: UnitOfWork
    user: User
    reminder: Reminder
    task_id: str

    def menu(self) -> dict[str, Any]:
        """What the corner of the card offers besides its buttons."""
        return {"menu_desc": "更多操作", "menu": [self.button("不需要", "reminder.dismiss")]}

    def button(self, text: str, action: str, style: int = 2, **args: Any) -> Button:
        key = self.uow.cards.bind(self.task_id, self.user.id, action, reminder=self.reminder.id, **args)
        return Button(text, key, style)


def _binder(uow: UnitOfWork, reminder: Reminder, scene: Scene) -> _Binder:
    return _Binder(uow, scene.user, reminder, f"reminder-{reminder.id}-{new_token()}")


def _own_card(uow: UnitOfWork, reminder: Reminder, scene: Scene) -> Card:
    """A reminder that somebody set for a clock time: it comes alone, at its minute."""
    bind = _binder(uow, reminder, scene)
    at = reminder.remind_at.astimezone(scene.zone)
    about = f"客户：{reminder.client_name}{on_behalf(reminder, scene)}" if reminder.client_name else ""
    return Card(
        "button_interaction", title=cut(f"提醒：{reminder.text or category_word(reminder.category)}", 36),
        desc=cut(" ".join(filter(None, [f"{at:%H:%M}", about])), 44), task_id=bind.task_id,
        sub_title=cut(reminder.text, 160) if len(reminder.text) > 33 else "",
        buttons=[
            bind.button("完成", "reminder.done", 1, client_id=reminder.client_id),
            bind.button("1 小时后", "reminder.snooze", until="1h"),
            bind.button("明早", "reminder.snooze", until="morning"),
            bind.button("转交", "reminder.hand_over"),
        ],
        **bind.menu(),
    )  # fmt: skip


def _care_card(
    uow: UnitOfWork, reminder: Reminder, subject: Subject, scene: Scene, text: str = ""
) -> Card:
    bind = _binder(uow, reminder, scene)
    tier = _tier(subject.client)
    head = f"{category_word(reminder.category)}告知"
    if reminder.category == "birthday":
        head = "今日生日" if reminder.due_on == scene.today else "生日"
    draft = Suggestion("", text) if text else suggestion(reminder, subject, scene)
    refused = reminder.client_id is not None and opted_out(uow, reminder.client_id, CARE)
    return Card(
        "button_interaction", title=cut(f"{head}：{reminder.client_name}{f'（{tier}）' if tier else ''}", 36),
        desc=cut(f"{when_words(reminder, subject, scene)}{on_behalf(reminder, scene)}", 44), task_id=bind.task_id,
        quote_title="" if refused else "建议文案", quote_text=OPTED_OUT if refused else _draft_words(draft),
        buttons=_care_buttons(bind, draft, refused=refused),
    )  # fmt: skip


def _draft_words(draft: Suggestion | None) -> str:
    return draft.text or draft.problem if draft else "没有合适的模板（例如生日不在今天），请点「改写」自己写。"


def _care_buttons(bind: _Binder, draft: Suggestion | None, *, refused: bool) -> list[Button]:
    client_id, template = bind.reminder.client_id, draft.template if draft else ""
    skip = bind.button("跳过", "care.skip", 4, client_id=client_id)
    if refused:
        return [bind.button("已联系", "reminder.done", 1, client_id=client_id), skip]
    rewrite = bind.button("改写", "care.rewrite", 2, client_id=client_id, template=template)
    if draft is None or not draft.text:
        return [rewrite, skip]
    return [bind.button("发送", "care.send", 1, client_id=client_id, template=template), rewrite, skip]


def _matter_card(uow: UnitOfWork, reminder: Reminder, subject: Subject, scene: Scene) -> Card:
    bind = _binder(uow, reminder, scene)
    renewal = scene.user.serves_clients and reminder.category == "renewal" and subject.contract is not None
    return Card(
        "button_interaction",
        title=cut(f"{category_word(reminder.category)}提醒：{reminder.client_name}", 36),
        desc=cut(f"{when_words(reminder, subject, scene)}{on_behalf(reminder, scene)}", 44), task_id=bind.task_id,
        sub_title=cut(sentence(reminder, subject, scene), 160), lines=_facts(subject),
        selection=Select(LEVEL, "续保意向", _LEVELS) if renewal else None,
        buttons=_buttons(bind, reminder, subject, scene), **bind.menu(),
    )  # fmt: skip


def _buttons(bind: _Binder, reminder: Reminder, subject: Subject, scene: Scene) -> list[Button]:
    if not scene.user.serves_clients:
        done = bind.button("完成", "reminder.done", 1, client_id=reminder.client_id)
        return [done, bind.button("稍后", "reminder.snooze", until="ask")]
    buttons = []
    if reminder.category == "renewal" and subject.contract is not None:
        buttons += [
            bind.button("记意向", "renewal.intent", 1, contract_id=subject.contract.id),
            bind.button("已续", "renewal.done", 1, contract_id=subject.contract.id),
        ]
    if subject.instalment is not None:
        word = "已缴" if reminder.category == "premium" else "已还"
        buttons.append(bind.button(word, "instalment.paid", 1, instalment_id=subject.instalment.id))
    buttons.append(bind.button("已联系", "reminder.done", 2 if buttons else 1, client_id=reminder.client_id))
    if suggestion(reminder, subject, scene) is not None:
        buttons.append(bind.button("起草", "care.draft", client_id=reminder.client_id))
    buttons.append(bind.button("稍后", "reminder.snooze", until="ask"))
    buttons.append(bind.button("转交", "reminder.hand_over"))
    return buttons


# ---------------------------------------------------------------- what the card tells


def _tier(client: ClientFacts | None) -> str:
    return (client.bank_tier or client.insurance_tier or "") if client else ""


def _facts(subject: Subject) -> list[Line]:
    """At most six rows. No phone, no document number."""
    rows: list[tuple[str, str]] = []
    if contract := subject.contract:
        rows += [("产品", contract.product_name), ("尾号", contract.number_tail)]
        if subject.instalment is None:
            rows += [
                ("到期日", str(contract.ends_on or "")),
                ("每期", money_text(contract.premium) if contract.premium else ""),
                ("意向", _INTENTS.get(contract.renewal_intent or "", "")),
            ]
    if part := subject.instalment:
        rows += [
            ("期数", f"第 {part.number} 期"), ("应付日", str(part.due_on)), ("金额", money_text(part.amount)),
            ("宽限至", str(part.grace_ends_on or "")),
        ]
    rows.append(("等级", _tier(subject.client)))
    return [Line(key, cut(value, 30)) for key, value in rows if value][:6]
