"""给刘洋推荐理财: at most three products inside the client's risk class, each with its reasons, and one hint beside."""

from __future__ import annotations

from config.pack import Product
from handlers.accounts import score_text
from handlers.context import Context
from handlers.contracts.shelf import HOLDINGS, kinds_meant, products_named
from handlers.language import Meaning
from handlers.router import READERS, command
from handlers.whose import number_mark
from reminders.gate_checks import opted_out
from reminders.recommending import Offer, class_missing, hint, objection, offers, too_risky
from reminders.scoring import seen
from storage.model.errors import Invalid
from storage.model.people import Client

KINDS = (*HOLDINGS, "policy")  # what is offered where no sort was named
STEADY = ("R1", "R2")
_STEADY_WORDS = ("稳健", "低风险", "保守", "稳一点", "安全")
AFTERWARDS = "联系以后回复结果，例如「已联系 有兴趣 周五签」。"


@command(
    "product.recommend", group="客户", help="推荐适合客户的产品", example="给刘洋推荐理财", client=True, roles=READERS,
)
def recommend(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Products of the sort that was named, or of the adviser's line; refused where nothing may be sold."""
    if refused := objection(ctx.uow, client):
        raise Invalid(refused)
    said = str(meaning.get("product") or "").strip()
    shelf = _shelf(ctx, client, said)
    if any(product.risk_class for product in shelf) and (missing := class_missing(client, ctx.today)):
        raise Invalid(missing)
    found = offers(ctx.uow, client, shelf, ctx.today)
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="advice")
    ctx.uow.audit.record(
        "recommend", "client", client.id, client_id=client.id, products=[o.product.code for o in found],
        risk_class=client.risk_class,
    )
    what = said or "产品"
    beyond = too_risky(client, shelf, ctx.today)
    if not found:
        raise Invalid(f"货架上的{what}都高于「{client.name}」的承受等级 {client.risk_class}，没有可以推荐的。")
    lines = [f"给「{client.name}」推荐{what}{class_words(client)}："]
    lines += [f"{number_mark(n)} {_line(offer)}" for n, offer in enumerate(found, 1)]
    lines += [f"另有 {beyond} 款高于承受等级，没有列出。"] if beyond else []
    lines += _beside(ctx, client)
    ctx.say("\n".join([*lines, AFTERWARDS]))


def _shelf(ctx: Context, client: Client, said: str) -> list[Product]:
    """Raises Invalid when nothing on the shelf answers to the words."""
    steady = any(word in ctx.text for word in _STEADY_WORDS)
    if said:
        kinds = kinds_meant(ctx.packs, said, tuple(kind.name for kind in ctx.packs.kinds))
        found = products_named(ctx.packs, said) or [p for p in ctx.packs.products if p.kind in kinds]
    else:
        line = ctx.uow.users.get(client.owner_id).line
        of_line = [p for p in ctx.packs.products if not line or p.line == line]
        found = [p for p in of_line if p.kind in KINDS] or of_line
    found = [p for p in found if p.risk_class in STEADY] if steady else found
    if not found:
        families = dict.fromkeys(p.family for p in ctx.packs.products)
        what = f"{'稳健的' if steady else ''}{said or '产品'}"
        raise Invalid(f"货架上没有「{what}」，可以说：{'、'.join(families)}。")
    return found


def class_words(client: Client) -> str:
    if client.risk_class is None:
        return ""
    until = f"，测评有效期至 {client.risk_class_expires_on}" if client.risk_class_expires_on else ""
    return f"（承受等级 {client.risk_class}{until}）"


def _line(offer: Offer) -> str:
    product = offer.product
    about = [product.risk_class or "", f"{product.term_days} 天" if product.term_days else ""]
    about += ["需双录"] if product.needs_recording else []
    shown = "，".join(filter(None, about))
    return f"{product.name}{f'（{shown}）' if shown else ''}：{'；'.join(offer.reasons)}"


def _beside(ctx: Context, client: Client) -> list[str]:
    """The hint, the credit grade, the score, and a word to who must not be written to."""
    lines = [f"交叉销售：{text}。"] if (text := hint(ctx.uow, client, ctx.today)) else []
    if grade := seen(ctx.uow, client, "credit_grade"):
        lines.append(f"信用等级 {grade}")
    lines.append(score_text(ctx, client))
    if opted_out(ctx.uow, client.id, "marketing"):
        lines.append("客户已退订营销消息：不能群发，可以在客户来访或来电时说明。")
    return lines
