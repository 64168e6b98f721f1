"""Texts for clients: from approved templates, or in the adviser's own words; kept with the conversation until
they are sent or given up. Nothing here sends: no route to a client exists yet, the adviser sends by hand."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace

from config.pack import VARIABLES, MissingVariable
from handlers.context import Context
from reminders.cards import CARE, care_text, has_opted_out
from reminders.wording import Suggestion, salutation
from storage.model.errors import NotAllowed
from storage.model.people import Client
from storage.model.values import lunar_text, money_text
from storage.model.work import Reminder

OCCASIONS = {
    "birthday": "生日", "festival": "节日", "renewal": "续保", "maturity": "到期", "thanks": "感谢", "weather": "天气",
    "newborn": "添丁", "wedding": "新婚", "apology": "致歉", "invitation": "邀请", "premium": "缴费",
    "repayment": "还款",
}
_ABOUT_A_CONTRACT = {"renewal": ("policy",), "maturity": ("deposit", "wealth", "fund", "policy", "loan")}


@dataclass(frozen=True, slots=True)
class CareText:
    """A text for one client and occasion. `own`: in the adviser's words; `problem`: why there is no text."""

    client_id: int
    name: str
    occasion: str
    text: str
    reminder: int | None = None
    own: bool = False
    problem: str = ""

    @property
    def key(self) -> str:
        return f"{self.client_id}:{self.occasion}"

    @property
    def label(self) -> str:
        """生日文案"""
        return f"{OCCASIONS.get(self.occasion, '')}文案"


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
    if known := kept_text(ctx, reminder.client_id, reminder.category):
        return replace(known, reminder=reminder.id)
    found = care_text(ctx.uow, reminder, ctx.user, ctx.zone, company=ctx.company)
    if found is None:
        return None
    return CareText(
        reminder.client_id, reminder.client_name, reminder.category, found.text, reminder.id, problem=found.problem
    )


def text_for_client(ctx: Context, client: Client, occasion: str) -> CareText | None:
    """The text in hand, else the approved one for the occasion in the wording of the client's tier; None
    when the packs have none."""
    if known := kept_text(ctx, client.id, occasion):
        return known
    found = _from_template(ctx, client, occasion)
    return CareText(client.id, client.name, occasion, found.text, problem=found.problem) if found else None


def _from_template(ctx: Context, client: Client, occasion: str) -> Suggestion | None:
    template = next(iter(ctx.packs.care_templates(occasion)), None)
    if template is None:
        return None
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
    values = {
        "client_name": client.name, "adviser_name": ctx.user.name, "company_name": ctx.company,
        "salutation": salutation(client.name, client.gender, firm=client.kind == "enterprise"),
        "tier": client.bank_tier or client.insurance_tier or "", "birthday": _birthday(client),
    }
    return values | _contract_values(ctx, client, _ABOUT_A_CONTRACT.get(occasion, ()))


def _birthday(client: Client) -> str:
    if client.birthday_calendar == "lunar" and client.lunar_birthday:
        return lunar_text(client.lunar_birthday)
    return f"{client.birthday.month} 月 {client.birthday.day} 日" if client.birthday else ""


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


def is_unasked(ctx: Context, client_id: int) -> bool:
    """Whether the client never answered on care messages."""
    return CARE not in ctx.uow.consents.asked(client_id)


def refuse_withdrawn(ctx: Context, client_id: int, name: str) -> None:
    """Raises NotAllowed for a client who opted out (PIPL art. 15: as easily taken back as given)."""
    if has_opted_out(ctx.uow, client_id):
        raise NotAllowed(f"「{name}」已退订关怀消息，不能再给这位客户准备文案。")
