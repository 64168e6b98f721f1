"""From a churn warning to action (S30): who may leave and why, tasks for their advisers, why those left who did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from handlers.context import Context
from handlers.figure_words import owner_said, whose_said
from handlers.figures import span_of
from handlers.language import Meaning, When
from handlers.paging import show_lines
from handlers.router import FRONT, command
from handlers.tasks import how_to_give
from reminders.churn import Warned, silent_clients, silent_words, warnings
from reminders.questions import TEAM, period_of
from storage.model.charts import MOST, Chart
from storage.model.messages import Picture
from storage.repositories.churn import ChurnRepository, Loss

MOST_LISTED = 50
UNKNOWN = "未登记"


@command("churn.list", group="团队", help="可能流失的客户和原因", example="流失预警", roles=FRONT)
def show_warnings(ctx: Context, meaning: Meaning) -> None:
    """Who may leave, ranked, with the reasons: of the team, of one member, or of the own book."""
    owner = owner_said(ctx, meaning)
    found = warnings(ctx.uow, ctx.zone, owner or "")
    if not found:
        ctx.say("现在没有流失预警：没有久未联系、资产下降、逾期、保单没续的客户。")
        return
    names = {user.id: user.name for user in ctx.uow.users.team()} if owner is None else {}
    most = min(MOST_LISTED, max(1, int(meaning.get("count") or MOST_LISTED)))
    shown = found[:most]
    first = f"，列前 {most} 位" if len(found) > most else ""
    ctx.uow.audit.listed("client", [(w.client.id, w.client.id) for w in shown], section="churn")
    show_lines(ctx, "churn", f"流失预警 {len(found)} 位{first}，分数高的在前。{how_to_give(ctx)}", [
        {
            "client_id": w.client.id, "name": w.client.name, "why": "，".join(w.reasons),
            "line": _line(w, names.get(w.client.owner_id, "")),
        }
        for w in shown
    ])


@command("client.silent", group="客户", help="很久没联系的客户", example="久未联系", roles=FRONT)
def show_silent(ctx: Context, meaning: Meaning) -> None:
    """Who was not met for longer than the tier allows, the longest first."""
    found = silent_clients(ctx.uow, ctx.zone)
    if not found:
        ctx.say("没有久未联系的客户：都在等级规定的天数内联系过。")
        return
    names = {user.id: user.name for user in ctx.uow.users.team()} if whose_said(ctx) == TEAM else {}
    shown = found[:MOST_LISTED]
    first = f"，列前 {MOST_LISTED} 位" if len(found) > MOST_LISTED else ""
    ctx.uow.audit.listed("client", [(client.id, client.id) for client in shown], section="silent")
    show_lines(ctx, "churn", f"久未联系 {len(found)} 位{first}，最久的在前。{how_to_give(ctx)}", [
        {
            "client_id": client.id, "name": client.name, "why": silent_words(client, ctx.uow, ctx.zone),
            "line": f"{' '.join(filter(None, [client.name, client.tier, names.get(client.owner_id, '')]))}："
                    f"{silent_words(client, ctx.uow, ctx.zone)}",
        }
        for client in shown
    ])


def _line(warned: Warned, owner: str) -> str:
    client = warned.client
    who = " ".join(filter(None, [client.name, client.tier, owner]))
    return f"{who}（{warned.score} 分）：{'，'.join(warned.reasons)}"


@command("churn.reasons", group="团队", help="客户为什么流失", example="流失原因 本季度", roles=FRONT)
def show_reasons(ctx: Context, meaning: Meaning) -> None:
    """Those who were lost in a span, by reason, adviser and tier; this quarter when none was said."""
    span = span_of(ctx, meaning.get("range"))
    if not isinstance(meaning.get("range"), When):
        span = replace(period_of(ctx.today, "quarter"), words="本季度")
    losses = ChurnRepository(ctx.uow).losses(*span.instants(ctx.zone))
    if whose_said(ctx) != TEAM:
        losses = [loss for loss in losses if loss.owner_id == ctx.user.id]
    total = sum(loss.count for loss in losses)
    if not total:
        ctx.say(f"{span.words}没有登记流失的客户。")
        return
    names = {user.id: user.name for user in ctx.uow.users.team()}
    by_reason = _counted(losses, "reason")
    lines = [
        f"流失原因（{span.words}），共 {total} 位",
        *(f"{n}. {reason} {count} 位（{count / total:.0%}）" for n, (reason, count) in enumerate(by_reason, 1)),
        f"按顾问：{_joined(losses, names)}",
        f"按等级：{'，'.join(f'{tier} {count}' for tier, count in _counted(losses, 'tier'))}",
        "口径：期间内登记流失、现在仍是已流失的客户，按登记的原因分。",
    ]
    ctx.say("\n".join(lines))
    rows = by_reason[:MOST]
    chart = Chart(
        "bars", f"流失原因（{span.words}）", tuple(reason for reason, _ in rows),
        tuple(float(count) for _, count in rows), tuple(f"{count} 位" for _, count in rows),
    )
    ctx.show(Picture(chart, f"「{chart.title}」的图没能发出，数字以上面的文字为准。"))


def _counted(losses: Iterable[Loss], by: str) -> list[tuple[str, int]]:
    counts = Counter[str]()
    for loss in losses:
        value = str(getattr(loss, by))
        counts[value or UNKNOWN] += loss.count
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _joined(losses: Sequence[Loss], names: Mapping[str, str]) -> str:
    """李想 3（价格太高 2，转投同业 1）；周敏 1（…）"""
    parts = []
    for owner, count in _counted(losses, "owner_id"):
        reasons = _counted([loss for loss in losses if loss.owner_id == owner], "reason")
        parts.append(f"{names.get(owner, owner)} {count}（{'，'.join(f'{r} {n}' for r, n in reasons)}）")
    return "；".join(parts)
