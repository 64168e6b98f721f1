"""The lists behind the lines of a digest. Names of clients appear here only, and nothing above level 2: no phone, no
document number, no single amount."""

from __future__ import annotations

from datetime import timedelta

from reminders.rules import silence
from reminders.team_day import OVERDUE_AFTER, TeamDay
from reminders.wording import category_word
from storage.model.clock import local_date
from storage.model.versions import ACTS
from storage.repositories.assets import AssetRepository
from storage.repositories.rules import RuleRepository

RULE = RuleRepository.noun
MOST = 15  # lines of a drill-down

Section = tuple[str, list[str]]


def overdue(day: TeamDay) -> Section:
    lines = [
        f"{day.name_of(r.receiver_id)}：{r.client_name or '本人'} {category_word(r.category)}，"
        f"已等 {(day.day - local_date(r.waits_since, day.zone)).days} 天"
        for r in day.overdue
    ]
    return f"超过 {OVERDUE_AFTER} 天没办的事项", _cut_off(lines)


def new(day: TeamDay) -> Section:
    found = day.lists.new_client_lines(*day.bounds, MOST + 1, day.owner)
    lines = [f"{day.name_of(c.owner_id)}：{' '.join(filter(None, [c.name, c.tier, c.source]))}" for c in found]
    return "今天新增的客户", _cut_off(lines)


def contact(day: TeamDay) -> Section:
    ranked = sorted(day.contacts.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [(user_id, count) for user_id, count in ranked if day.owner in ("", user_id)]
    return "今天的跟进", [f"{day.name_of(user_id)} {count} 次" for user_id, count in shown]


def renewal(day: TeamDay) -> Section:
    """The policies that end today, and those that somebody renewed today."""
    label = day.uow.packs.kind("policy").state_label if _has_policies(day) else str
    found = [(c, label(c.state)) for c in day.lists.ending_lines(day.day, MOST + 1, day.owner)]
    found += [(c, "续上") for c in day.lists.renewed_lines(*day.bounds, MOST + 1, day.owner)]
    lines = [f"{day.name_of(c.owner_id)}：{c.client_name} {c.product_name}（{word}）" for c, word in found]
    return "今天到期和续上的保单", _cut_off(lines)


def _has_policies(day: TeamDay) -> bool:
    return any(kind.name == "policy" for kind in day.uow.packs.kinds)


def unpaid(day: TeamDay) -> Section:
    lines = [
        f"{day.name_of(c.owner_id)}：{c.client_name} {c.product_name} 第 {c.number} 期，逾期 {(day.day - c.on).days} 天"
        for c in day.lists.unpaid_lines(day.day, day.in_force, MOST + 1, day.owner)
    ]
    return "逾期未缴", _cut_off(lines)


def silent(day: TeamDay) -> Section:
    found = day.lists.silent_lines(silence(day.uow.packs, day.day, day.zone), MOST + 1, day.owner)
    lines = [
        f"{day.name_of(c.owner_id)}：{c.name} {c.tier}，{(day.day - local_date(c.since, day.zone)).days} 天没联系"
        for c in found
    ]
    return "久未联系的客户", _cut_off(lines)


def idle(day: TeamDay) -> Section:
    return "今天没有动作的同事", [name for name in day.idle if day.member is None or name == day.member.name]


def risk(day: TeamDay) -> Section:
    shown = day.risks[: MOST + 1]
    day.uow.audit.listed("client", [(w.client.id, w.client.id) for w in shown], section="churn")
    lines = [
        f"{day.name_of(w.client.owner_id)}：{w.client.name} {w.client.tier}（{'，'.join(w.reasons)}）" for w in shown
    ]
    return "流失预警", _cut_off(lines)


def missed(day: TeamDay) -> Section:
    lines = [f"{day.name_of(r.receiver_id)}：{r.client_name or '本人'} {category_word(r.category)}" for r in day.missed]
    return "漏办的关怀", _cut_off(lines)


def assets(day: TeamDay) -> Section:
    """Who moved today, in percent: single amounts have no place in a digest."""
    found = AssetRepository(day.uow).movers(day.day, day.bounds[0], MOST + 1, day.owner)
    lines = [
        f"{day.name_of(m.owner_id)}：{m.name} {m.tier} {'新登记' if m.percent is None else f'{m.percent:+d}%'}"
        for m in found
    ]
    return "今天管理资产有变动的客户", _cut_off(lines)


def due(day: TeamDay) -> Section:
    """What came up and what was dealt with, by member."""
    ids = [member.id for member in (*day.team, day.manager)]
    shown = [i for i in ids if (i in day.due or i in day.done) and day.owner in ("", i)]
    lines = [f"{day.name_of(i)}：今天到期 {day.due.get(i, 0)} 件，办结 {day.done.get(i, 0)} 件" for i in shown]
    return "今天的提醒", lines


def paid(day: TeamDay) -> Section:
    lines = [
        f"{day.name_of(c.owner_id)}：{c.client_name} {c.product_name} 第 {c.number} 期"
        for c in day.lists.paid_lines(day.day, MOST + 1, day.owner)
    ]
    return "今天登记的缴费和还款", _cut_off(lines)


def lost(day: TeamDay) -> Section:
    found = day.lists.lost_lines(*day.bounds, MOST + 1, day.owner)
    lines = [
        f"{day.name_of(c.owner_id)}：{c.name} {c.tier}{f'（{c.reason}）' if c.reason else ''}".replace(" （", "（")
        for c in found
    ]
    return "今天流失的客户", _cut_off(lines)


def away(day: TeamDay) -> Section:
    lines = []
    for cover in day.away:
        first, last = (local_date(at, day.zone) for at in (cover.begins_at, cover.ends_at - timedelta.resolution))
        away, cover_name = day.anybodys_name(cover.away_id), day.anybodys_name(cover.cover_id)
        lines.append(f"{away}：{first:%m-%d} 至 {last:%m-%d}，{cover_name}代班")
    return "请假的同事", lines


def approvals(day: TeamDay) -> Section:
    """What waits for the manager's decision; who asks for it may be of another team."""
    numbers = day.uow.rules.numbers() if day.approvals else {}
    lines = []
    for waiting in day.approvals:
        version = waiting.version
        name = f"R{numbers[version.subject]}" if waiting.noun == RULE and version.subject in numbers else waiting.noun
        handed_in = version.created_at.astimezone(day.zone)
        author = day.anybodys_name(version.author_id)
        lines.append(f"{name} v{version.version} {ACTS[version.act]}，{author} {handed_in:%m-%d %H:%M} 提交")
    shown = _cut_off(lines)
    return "等您审批的", [*shown, "发送「待我审批」看全文和按钮。"] if shown else shown


def _cut_off(lines: list[str]) -> list[str]:
    numbered = [f"{number}. {line}" for number, line in enumerate(lines[:MOST], 1)]
    return [*numbered, f"只列出前 {MOST} 项。"] if len(lines) > MOST else numbered
