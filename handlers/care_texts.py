"""Texts for clients: from approved templates, or in the adviser's own words; kept with the conversation until
they are sent or given up. Whether one may go is asked of the gate alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace

from config.pack import VARIABLES, MissingVariable, Packs, Template
from handlers.context import Context
from reminders.cards import care_text
from reminders.gate import Asked, Verdict, may_send
from reminders.wording import Suggestion, client_values
from storage.model.care import Contact, Route
from storage.model.people import Client
from storage.model.values import money_text
from storage.model.work import Reminder
from storage.repositories.contacts import ContactRepository

_ABOUT_A_CONTRACT = {"renewal": ("policy",), "maturity": ("deposit", "wealth", "fund", "policy", "loan")}


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
    if known := kept_text(ctx, client.id, occasion):
        return known
    found = _from_template(ctx, client, occasion)
    return made_from(ctx, CareText(client.id, client.name, occasion, found.text), found) if found else None


def _from_template(ctx: Context, client: Client, occasion: str) -> Suggestion | None:
    template = next(iter(ctx.uow.templates.in_force().for_occasion(occasion)), None)
    return filled(ctx, template, client, occasion) if template else None


def filled(ctx: Context, template: Template, client: Client, occasion: str) -> Suggestion:
    """The template's words for the client, in the wording of his tier; `problem` says what is missing."""
    values = _values(ctx, client, occasion)
    missing: list[str] = []
    for tiers in ((client.bank_tier, client.insurance_tier), ()):
        try:
            return Suggestion(template.id, template.render(values, *tiers))
        except MissingVariable as error:
            missing = error.names
    lacking = "、".join(VARIABLES[name] for name in missing)
    return Suggestion(template.id, "", f"模板「{template.label}」缺少：{lacking}。请补全资料，或用「改写」自己写。")


def _values(ctx: Context, client: Client, occasion: str) -> dict[str, str]:
    values = client_values(client, ctx.user.name, ctx.company)
    return values | _contract_values(ctx, client, _ABOUT_A_CONTRACT.get(occasion, ()))


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
    tail = f"（尾号 {contract.number_tail}）" if contract.number_tail else ""
    label = ctx.packs.kind(contract.kind).label
    values = {
        "kind_label": label, "product_name": contract.product_name, "number_tail": contract.number_tail,
        "contract_name": f"{contract.product_name or label}{tail}",
        "due_on": f"{contract.ends_on.month} 月 {contract.ends_on.day} 日",
        "days_left": str((contract.ends_on - ctx.today).days),
    }
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
