"""王芳能买R5的基金吗: whether a product may be recommended to a client, by the client's risk class (适当性; the
Measures for the Suitability Management of Securities and Futures Investors, and the rules of the house in `unfit`)."""

from __future__ import annotations

from config.pack import Product
from handlers.context import Context
from handlers.contracts.shelf import products_named
from handlers.language import Meaning
from handlers.recommending import class_words
from handlers.router import READERS, command
from reminders.gate_checks import unfit
from reminders.recommending import class_missing, objection
from storage.model.errors import Invalid
from storage.model.people import Client

MOST = 5


@command(
    "product.suits", group="客户", help="某款产品或风险等级适不适合客户", example="刘洋能买R5的基金吗", client=True,
    roles=READERS,
)
def suits(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Yes or no for a level that was said, else for each product that was named."""
    if refused := objection(ctx.uow, client):
        raise Invalid(refused)
    level, said = str(meaning.get("level") or ""), str(meaning.get("product") or "")
    named = [] if level else [p for p in products_named(ctx.packs, said) if p.risk_class]
    if not level and not named:
        raise Invalid(f"「{said}」没有风险等级，适当性上不限制。看适合客户的产品请发送「给{client.name}推荐{said}」。")
    if missing := class_missing(client, ctx.today):
        raise Invalid(missing)
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="advice")
    verdicts = [_of_level(client, level)] if level else [_of_product(ctx, client, p) for p in named[:MOST]]
    ctx.say("\n".join([f"「{client.name}」{class_words(client)}：", *verdicts]))


def _of_level(client: Client, level: str) -> str:
    most = f"R{str(client.risk_class)[1:]}"
    if level > most:
        return f"不可以：{level} 高于「{client.name}」的承受等级，不能推荐。可以推荐 {most} 和以下的产品。"
    return f"可以：{level} 在「{client.name}」的承受等级以内。看有哪些请发送「给{client.name}推荐理财」。"


def _of_product(ctx: Context, client: Client, product: Product) -> str:
    why = unfit(client, product, ctx.today.isoformat())
    if why:
        return f"不可以：{product.name}（{product.risk_class}），{why}。"
    return f"可以：{product.name}（{product.risk_class}）在「{client.name}」的承受等级以内。"
