"""Texts for clients: from approved templates, or in the adviser's own words; kept with the conversation until
they are sent or given up. Whether one may go is asked of the gate alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from datetime import date

from config.pack import VARIABLES, MissingVariable, Packs, Template
from handlers.context import Context
from reminders.cards import care_text
from reminders.gate import Asked, Verdict, may_send
from reminders.wording import Suggestion, client_values
from storage.model.care import Contact, Route
from storage.model.contracts import Contract
from storage.model.people import Client
from storage.model.values import money_text
from storage.model.work import Reminder
from storage.repositories.contacts import ContactRepository

_ABOUT_A_CONTRACT = {"renewal": ("policy",), "maturity": ("deposit", "wealth", "fund", "policy", "loan")}
_ABOUT_A_PAYMENT = {"premium": ("policy",), "repayment": ("loan", "lease")}
_NOTHING_DUE = {
    "renewal": "名下没有将到期的保单", "maturity": "名下没有将到期的合同", "premium": "名下没有待缴的保费",
    "repayment": "名下没有待还的款项",
}


@dataclass(frozen=True, slots=True)
class CareText:
    """A text for one client and occasion; `label` names it (生日文案). `own`: in the adviser's words, which were
    `template` in its `version` before; `problem`: why there is no text."""

    client_id: int
    name: str
    occasion: str
    text: str
    reminder: int | None = None
    own: bool = False
    problem: str = ""
    template: str = ""
    version: str = ""
    label: str = "文案"

    @property
    def key(self) -> str:
        return f"{self.client_id}:{self.occasion}"


def occasion_label(packs: Packs, occasion: str) -> str:
    """生日文案"""
    return f"{packs.occasion(occasion).label}文案"


def kept_texts(ctx: Context) -> list[CareText]:
    """The texts in hand, the one touched last at the end."""
    names = {f.name for f in fields(CareText)}
    return [CareText(**{k: v for k, v in text.items() if k in names}) for text in ctx.conversation.texts.values()]


def kept_text(ctx: Context, client_id: int, occasion: str) -> CareText | None:
    return next((t for t in kept_texts(ctx) if (t.client_id, t.occasion) == (client_id, occasion)), None)


def keep(ctx: Context, text: CareText) -> None:
    ctx.conversation.keep_text(text.key, **asdict(text))


def text_for_reminder(ctx: Context, reminder: Reminder) -> CareText | None:
    """The text in hand for what a reminder is about, else the one that its rule suggests; None without either."""
    if reminder.client_id is None:
        return None
    occasion = occasion_of(ctx, reminder)
    if known := kept_text(ctx, reminder.client_id, occasion):
        return replace(known, reminder=reminder.id)
    found = care_text(ctx.uow, reminder, ctx.user, ctx.zone, company=ctx.company)
    if found is None:
        return None
    text = CareText(reminder.client_id, reminder.client_name, occasion, found.text, reminder.id)
    return made_from(ctx, text, found)


def occasion_of(ctx: Context, reminder: Reminder) -> str:
    """What a text about a reminder is for: the occasion of the text that its rule suggests, whatever the rule is about
    (an advertisement stays one), else the reminder's category."""
    rule = ctx.uow.rules.in_force().find(reminder.rule)
    own = ctx.packs.template(rule.care_template).occasion if rule and rule.care_template else ""
    return own or reminder.category


def made_from(ctx: Context, text: CareText, found: Suggestion) -> CareText:
    """The text with the template it was made from, in the version of now."""
    version = ctx.uow.templates.in_force().get(found.template).version if found.template else ""
    return replace(
        text, problem=found.problem, template=found.template, version=version,
        label=occasion_label(ctx.packs, text.occasion),
    )


def text_for_client(ctx: Context, client: Client, occasion: str) -> CareText | None:
    """The text in hand, else the approved one for the occasion in the wording of the client's tier; None
    when the packs have none."""
    known = kept_text(ctx, client.id, occasion)
    if known and not known.problem:
        return known
    found = _from_template(ctx, client, occasion)
    return made_from(ctx, CareText(client.id, client.name, occasion, found.text), found) if found else None


def _from_template(ctx: Context, client: Client, occasion: str) -> Suggestion | None:
    template = next(iter(ctx.uow.templates.in_force().for_occasion(occasion)), None)
    if template and (lacking := _NOTHING_DUE.get(occasion)) and not _due_values(ctx, client, occasion):
        return Suggestion("", "", f"{lacking}。请核对合同，或用「改写」自己写。")
    return filled(ctx, template, client, occasion) if template else None


def filled(ctx: Context, template: Template, client: Client, occasion: str) -> Suggestion:
    """The template's words for the client, in the wording of his tier; `problem` says what is missing."""
    values = _values(ctx, client, occasion)
    missing: list[str] = []
    for tiers in ((client.bank_tier, client.insurance_tier), ()):
        try:
            words = template.render(values, *tiers)
            if tiers and occasion == "birthday" and "今天" in words and not _is_birthday(ctx, client):
                continue  # it is drafted for another day
            return Suggestion(template.id, words)
        except MissingVariable as error:
            missing = error.names
    lacking = "、".join(VARIABLES[name] for name in missing)
    return Suggestion(template.id, "", f"模板「{template.label}」缺少：{lacking}。请补全资料，或用「改写」自己写。")


def _values(ctx: Context, client: Client, occasion: str) -> dict[str, str]:
    values = client_values(client, ctx.user.name, ctx.company)
    return values | _due_values(ctx, client, occasion)


def _is_birthday(ctx: Context, client: Client) -> bool:
    """Is it today, by the calendar that the client keeps?"""
    if client.birthday_calendar == "lunar":
        found = ctx.uow.reminders.of_client(client.id)
        return any(r.category == "birthday" and r.due_on == ctx.today for r in found)
    born = client.birthday
    return born is not None and (born.month, born.day) == (ctx.today.month, ctx.today.day)


def _due_values(ctx: Context, client: Client, occasion: str) -> dict[str, str]:
    """What a text about a contract, or a payment, says of it; nothing where there is none."""
    if kinds := _ABOUT_A_PAYMENT.get(occasion):
        return _payment_values(ctx, client, kinds)
    return _contract_values(ctx, client, _ABOUT_A_CONTRACT.get(occasion, ()))


def _payment_values(ctx: Context, client: Client, kinds: tuple[str, ...]) -> dict[str, str]:
    """Of the oldest instalment that is not paid."""
    own = {
        c.id: c for c in ctx.uow.contracts.of_client(client.id, kinds)
        if c.client_id == client.id and c.state in ctx.packs.kind(c.kind).open_states
    }
    unpaid = [part for part in ctx.uow.contracts.instalments(list(own)) if part.state == "due"]
    if not unpaid:
        return {}
    part = min(unpaid, key=lambda p: (p.due_on, p.id))
    return _names_of(ctx, own[part.contract_id]) | _days_of(ctx, part.due_on) | {
        "instalment_number": str(part.number), "amount": money_text(part.amount),
        **({"grace_ends_on": _day(part.grace_ends_on)} if part.grace_ends_on else {}),
    }


def _names_of(ctx: Context, contract: Contract) -> dict[str, str]:
    tail = f"（尾号 {contract.number_tail}）" if contract.number_tail else ""
    label = ctx.packs.kind(contract.kind).label
    return {
        "kind_label": label, "product_name": contract.product_name, "number_tail": contract.number_tail,
        "contract_name": f"{contract.product_name or label}{tail}",
    }


def _day(day: date) -> str:
    return f"{day.month} 月 {day.day} 日"


def _days_of(ctx: Context, day: date) -> dict[str, str]:
    left = (day - ctx.today).days
    return {"due_on": _day(day), "days_left": str(max(0, left)), "days_over": str(max(0, -left))}


def _contract_values(ctx: Context, client: Client, kinds: tuple[str, ...]) -> dict[str, str]:
    """Of the contract of these kinds that ends next."""
    coming = [
        c for c in (ctx.uow.contracts.of_client(client.id, kinds) if kinds else ())
        if c.ends_on and c.ends_on >= ctx.today and c.state in ctx.packs.kind(c.kind).open_states
    ]
    if not coming:
        return {}
    contract = min(coming, key=lambda c: (c.ends_on, c.id))
    assert contract.ends_on is not None
    values = _names_of(ctx, contract) | _days_of(ctx, contract.ends_on)
    return values | ({"amount": money_text(contract.premium)} if contract.premium else {})


# ---------------------------------------------------------------- may it be sent?


def contact_of(ctx: Context, client_id: int) -> Contact | None:
    """The WeChat by which the member reaches the client; None when it is not linked."""
    return ContactRepository(ctx.uow).of_client(client_id, ctx.user.id)


def asked_about(ctx: Context, text: CareText, client: Client, route: Route, overrides: Collection[str] = ()) -> Asked:
    """The text as the gate and the ledger know it."""
    return Asked.about(
        ctx.packs, client, text.occasion, text.text, route, template=text.template, template_version=text.version,
        own=text.own, overrides=frozenset(overrides),
    )


def judged(ctx: Context, text: CareText, client: Client, overrides: Collection[str] = ()) -> Verdict:
    """What the gate says of the text now, by the route that it would take."""
    route: Route = "task" if contact_of(ctx, client.id) else "hand"
    return may_send(ctx.uow, asked_about(ctx, text, client, route, overrides), ctx.zone, stage="draft")


def purpose_word(ctx: Context, occasion: str) -> str:
    """关怀, 产品推荐: what a text of this occasion needs consent for."""
    return ctx.packs.purpose(ctx.packs.occasion(occasion).purpose).label.partition("（")[0].removesuffix("提醒")


def is_unasked(verdict: Verdict) -> bool:
    """Nothing is missing but the client's word, which the adviser may vouch for."""
    return [r.code for r in verdict.reasons if r.kind == "refuse"] == ["no_consent"]
