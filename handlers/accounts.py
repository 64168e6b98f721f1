"""Accounts of a client (刘洋 账户), what went in and out of them (刘洋 近30天交易), and the score (刘洋 评分).

Numbers are never shown beyond their last four digits; transactions are summed up, the largest few named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from handlers.context import Context
from handlers.language import Meaning, When
from handlers.router import READERS, command
from reminders.calendar import DAY
from reminders.scoring import BASE, score_of
from storage.dictionary import HIDDEN
from storage.model.accounts import KEPT, Account, Flow, Transaction
from storage.model.errors import Invalid
from storage.model.people import Client
from storage.model.values import money_text

LOOK_BACK, MOST_NAMED = 30, 3
HOME = "CNY"
NO_ACCOUNT = "「{name}」名下没有账户资料。账户和流水由行内系统同步，不能在这里录。"


@command(
    "account.list", group="客户", help="一位客户的账户，只显示尾号", example="刘洋 账户", client=True, roles=READERS,
)
def accounts(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Kind, tail, state and balance of each account; what is in them together, in yuan."""
    found = ctx.uow.accounts.of_client(client.id)
    if not found:
        ctx.say(NO_ACCOUNT.format(name=client.name))
        return
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="accounts")
    total = sum((a.balance or Decimal(0) for a in found if a.currency == HOME and a.state == "open"), Decimal(0))
    together = f"，人民币余额合计 {_money(ctx, 'account', 'balance', total)}" if total else ""
    ctx.say("\n".join([f"「{client.name}」账户 {len(found)} 个{together}", *(_account(ctx, a) for a in found)]))


def _account(ctx: Context, account: Account) -> str:
    parts = [f"· {_name(ctx, account)}", _choice(ctx, "account", "state", account.state)]
    if account.currency != HOME:
        parts.append(_choice(ctx, "account", "currency", account.currency))
    if account.balance is not None:
        parts.append(f"余额 {_money(ctx, 'account', 'balance', account.balance, account.currency)}")
    parts += [f"{account.opened_on} 开户"] if account.opened_on else []
    return " · ".join(parts)


def _name(ctx: Context, account: Account) -> str:
    """工资卡（尾号 6688）"""
    return f"{_choice(ctx, 'account', 'kind', account.kind)}（尾号 {account.number_tail}）"


def _choice(ctx: Context, record: str, name: str, value: str) -> str:
    return ctx.uow.dictionary.show(ctx.uow.dictionary.field(record, name), value, ctx.user.role)


def _money(ctx: Context, record: str, name: str, amount: Decimal, currency: str = HOME) -> str:
    """The amount as the reader may see it; of another currency with its name in place of 元."""
    spec = ctx.uow.dictionary.field(record, name)
    if not ctx.uow.dictionary.may(ctx.user.role, "see", spec):
        return HIDDEN
    return money_text(amount) if currency == HOME else f"{amount:,.2f} {_choice(ctx, 'account', 'currency', currency)}"


# ---------------------------------------------------------------- in and out


@command(
    "account.transactions", group="客户", help="一位客户一段时间的收支", example="刘洋 近30天交易", client=True,
    roles=READERS,
)
def transactions(ctx: Context, meaning: Meaning, client: Client) -> None:
    """What came in and went out over the days that were said, by category, and the largest few."""
    own = {account.id: account for account in ctx.uow.accounts.of_client(client.id)}
    if not own:
        ctx.say(NO_ACCOUNT.format(name=client.name))
        return
    first, last, words = _span(ctx, meaning.get("range"))
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="transactions")
    flows = ctx.uow.accounts.flows(client.id, first, last)
    head = f"「{client.name}」{words}交易（{_day(ctx, first)} 至 {_day(ctx, last)}）"
    if not flows:
        ctx.say(f"{head}：没有记录。")
        return
    lines = [f"{head} {sum(flow.count for flow in flows)} 笔"]
    for currency in dict.fromkeys(sorted((flow.currency for flow in flows), key=lambda c: c != HOME)):
        lines += _summed(ctx, currency, [flow for flow in flows if flow.currency == currency])
    largest = ctx.uow.accounts.largest(client.id, first, last, MOST_NAMED)
    lines += [f"最大的 {len(largest)} 笔：", *(f"· {_entry(ctx, t, own[t.account_id])}" for t in largest)]
    ctx.say("\n".join(lines))


def _span(ctx: Context, said: object) -> tuple[date, date, str]:
    """The days that are asked about, and what to call them."""
    if not isinstance(said, When):
        return ctx.today - DAY * (LOOK_BACK - 1), ctx.today, f"近 {LOOK_BACK} 天"
    if said.problem == "impossible":
        raise Invalid(f"没有「{said.text or said.start}」这一天，请换一个日期。")
    first, last = said.date, min(said.last_date, ctx.today)
    if first > ctx.today:
        raise Invalid("还没有到那一天，没有交易可以看。例如发送「刘洋 近30天交易」。")
    if first < ctx.today - KEPT:
        raise Invalid("流水只保留 13 个月，请说近一点的时间，例如「近90天交易」。")
    return first, last, f"{said.text}" if said.text else ""


def _summed(ctx: Context, currency: str, flows: Sequence[Flow]) -> Iterable[str]:
    """Both directions with their categories, and what is left."""
    sums = []
    for incoming, word in ((True, "转入"), (False, "转出")):
        own = [flow for flow in flows if flow.incoming is incoming]
        total = abs(sum((flow.total for flow in own), Decimal(0)))
        sums.append(total)
        kinds = "、".join(
            f"{_choice(ctx, 'transaction', 'category', flow.category)} {_sum(ctx, abs(flow.total), currency)}"
            for flow in own
        )
        yield f"{word} {sum(flow.count for flow in own)} 笔 {_sum(ctx, total, currency)}{f'：{kinds}' if kinds else ''}"
    net = sums[0] - sums[1]
    yield f"净{'流入' if net >= 0 else '流出'} {_sum(ctx, abs(net), currency)}"


def _sum(ctx: Context, amount: Decimal, currency: str) -> str:
    return _money(ctx, "transaction", "amount", amount, currency)


def _day(ctx: Context, day: date) -> str:
    """06-05; with the year when it is another one."""
    return f"{day:%m-%d}" if day.year == ctx.today.year else f"{day}"


def _entry(ctx: Context, entry: Transaction, account: Account) -> str:
    way = "转入" if entry.amount > 0 else "转出"
    kind = _choice(ctx, "transaction", "category", entry.category)
    sum_ = _sum(ctx, abs(entry.amount), account.currency)
    return f"{_day(ctx, entry.happened_on)} {way} {sum_} · {kind} · {_name(ctx, account)}"


# ---------------------------------------------------------------- the score


@command("client.score", group="客户", help="客户评分和原因", example="刘洋 评分", client=True, roles=READERS)
def score(ctx: Context, meaning: Meaning, client: Client) -> None:
    """The score with each part that made it."""
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="score")
    ctx.say(score_text(ctx, client))


def score_text(ctx: Context, client: Client) -> str:
    """刘洋 评分 90 分（60 起）：信用等级 AA +10；没有逾期 +10"""
    found = score_of(ctx.uow, client, ctx.today)
    if not found.reasons:
        return f"「{client.name}」还没有可以评分的资料（信用等级、征信、还款、账户、资产）。"
    parts = "；".join(f"{reason.words} {reason.points:+d}".replace("-", "−") for reason in found.reasons)
    return f"「{client.name}」评分 {found.points} 分（{BASE} 分起，0 到 100）：{parts}"
