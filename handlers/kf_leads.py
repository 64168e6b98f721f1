"""A tap makes a lead of whom nobody knows in 微信客服; the rules of assignment say whose, and he is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zlib import crc32

from handlers.assignment.offers import asked_text, tell_asked
from handlers.context import Context
from handlers.router import FRONT, action
from reminders.kf_leads import MAKE_LEAD
from reminders.offering import enter
from storage.acting import as_system
from storage.model.errors import Invalid
from storage.model.kf import Talk
from storage.model.messages import Text, cut
from storage.model.people import Client
from storage.repositories.contacts import ContactRepository
from storage.repositories.kf import KfRepository

MOST_LINES, LINE = 8, 100
# The sixty pairs of the traditional count: as names go, short, and no word of anything else.
NAMES = tuple(f"微友{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'子丑寅卯辰巳午未申酉戌亥'[n % 12]}" for n in range(60))
_GONE = "这位微信用户已经建档或绑定，或留言已过保存期，没有再建。"
_NOBODY = (
    "没有建档：按现在的客户分配规则没有合适的顾问（都满了，或没有顾问）。"
    "请运营先改规则（客户分配 规则 查看），再点一次。"
)


@action(MAKE_LEAD, roles=FRONT)
def made(ctx: Context, args: Mapping[str, Any]) -> None:
    """Raises Invalid where the rules choose nobody: nothing is written then, and the card stays."""
    talk = _strangers(ctx, int(args["talk"]))
    if talk is None:
        ctx.uow.cards.use(args["card"])
        ctx.grey_out("已处理")
        ctx.say(_GONE)
        return
    entered = enter(ctx.uow, ctx.zone, {"name": _name(ctx, talk)}, "kf", ctx.user.id)
    if entered is None:
        raise Invalid(_NOBODY)
    client, offer = entered
    ctx.uow.cards.use(args["card"])
    ctx.grey_out("已建档")
    tell_asked(ctx, offer)
    ctx.tell(offer.user_id, Text(_take_over(ctx, talk, client)))
    ctx.wrote_for_good("建为潜在客户")
    ctx.say(f"已建为潜在客户，{asked_text(ctx, client.name, offer)}")


def _strangers(ctx: Context, talk_id: int) -> Talk | None:
    """The talk while nobody knows who that is, kept from a second tap until the unit ends."""
    with as_system(ctx.uow):
        talk = KfRepository(ctx.uow).hold(talk_id)
        known = talk is not None and ContactRepository(ctx.uow).client_of(talk.external_userid) is not None
        return None if known else talk


def _name(ctx: Context, talk: Talk) -> str:
    """微信客服 tells no name: until he says his, one that nobody in the firm bears; 微友甲子."""
    first = crc32(talk.external_userid.encode()) % len(NAMES)
    with as_system(ctx.uow):
        free = (name for name in (*NAMES[first:], *NAMES[:first]) if not ctx.uow.clients.containing(name, 1))
        return next(free, NAMES[first])


def _take_over(ctx: Context, talk: Talk, client: Client) -> str:
    """The talk is the client's from now on, and stands on his time line; what he said, for his adviser."""
    with as_system(ctx.uow):
        ContactRepository(ctx.uow).met_in_kf(ctx.user.id, talk.external_userid, client)
        kf = KfRepository(ctx.uow)
        kf.adopt(talk, client)
        said = [heard for heard in reversed(kf.of_client(client.id, MOST_LINES)) if heard.origin == "customer"]
        for heard in said:
            ctx.uow.interactions.add(client, "wechat", f"微信客服留言：{heard.words}", happened_at=heard.said_at)
    lines = [f"· {cut(heard.words, LINE)}" for heard in said]
    how = f"回复他请发送「回复 {client.name} 内容」；问到姓名后发送「{client.name} 姓名 新的姓名」改过来。"
    return "\n".join([f"「{client.name}」在微信客服说：", *lines, how])
