"""What a digest says of tickets: how many came and went, how fast the first answers were, and what stands behind its
red line, each of these by name."""

from __future__ import annotations

from datetime import timedelta
from statistics import median

from reminders.team_day import TeamDay
from reminders.working_hours import WorkingHours
from storage.repositories.ticket_figures import TicketFigureRepository

MOST = 50
_AIMED, _PROMISED = timedelta(hours=1), timedelta(hours=2)
_MINUTE = timedelta(minutes=1)


def moved(day: TeamDay) -> str:
    """工单：新登记 3 张（投诉 1），办结 2 张"""
    figures, (start, end) = TicketFigureRepository(day.uow), day.bounds
    opened, ended = figures.opened(start, end), sum(figures.ended(start, end).values())
    if not opened and not ended:
        return ""
    labels = {flow.id: flow.label for flow in day.uow.packs.flows}
    sorts = "、".join(f"{labels.get(flow, flow)} {count}" for flow, count in sorted(opened.items()))
    return f"工单：新登记 {sum(opened.values())} 张{f'（{sorts}）' if sorts else ''}，办结 {ended} 张"


def first_answers(day: TeamDay) -> str:
    """首次答复 5 次：中位 42 分钟，1 小时内 3，2 小时内 4"""
    taken = _taken(day)
    if not taken:
        return ""
    aimed, promised = (sum(each <= limit for each in taken) for limit in (_AIMED, _PROMISED))
    middle = _length(_MINUTE * median(each / _MINUTE for each in taken))
    return f"首次答复 {len(taken)} 次：中位 {middle}，1 小时内 {aimed}，2 小时内 {promised}"


def behind(day: TeamDay) -> str:
    """红线外的工单 2 张"""
    count = _count_late(day)
    return f"红线外的工单 {count} 张" if count else ""


def late_lines(day: TeamDay) -> tuple[str, list[str]]:
    """The list behind the line; those that waited the longest."""
    labels = {flow.id: flow.label for flow in day.uow.packs.flows}
    found = TicketFigureRepository(day.uow).behind_the_red_line(day.uow.now, MOST, day.owner)
    more = _count_late(day) - len(found)
    return "超过红线还没处理的工单", [
        *(
            f"{day.anybodys_name(each.handler_id) if each.handler_id else '还没有人接'}："
            f"T{each.number} {labels.get(each.flow, each.flow)} {each.client_name}，"
            f"红线 {each.red_at.astimezone(day.zone):%m-%d %H:%M}"
            for each in found
        ),
        *([f"还有 {more} 张，请先处理上面的。"] if more > 0 else []),
    ]


def _count_late(day: TeamDay) -> int:
    return TicketFigureRepository(day.uow).count_behind_the_red_line(day.uow.now, day.owner)


def opened_lines(day: TeamDay) -> tuple[str, list[str]]:
    """How many of each sort came and went today."""
    figures, (start, end) = TicketFigureRepository(day.uow), day.bounds
    opened, ended = figures.opened(start, end), figures.ended(start, end)
    return "今天的工单", [
        f"{flow.label}：新登记 {opened.get(flow.id, 0)} 张，办结 {ended.get(flow.id, 0)} 张"
        for flow in day.uow.packs.flows if flow.id in opened or flow.id in ended
    ]


def answer_lines(day: TeamDay) -> tuple[str, list[str]]:
    """How long the first answers took."""
    return "今天的首次答复（按工作时间）", [_length(each) for each in sorted(_taken(day), reverse=True)[:15]]


def _taken(day: TeamDay) -> list[timedelta]:
    """How long each first answer of the day took, in working time."""
    hours = WorkingHours.of(day.uow.packs, day.zone)
    return [hours.between(*each) for each in TicketFigureRepository(day.uow).first_answers(*day.bounds)]


def _length(time: timedelta) -> str:
    minutes = round(time / _MINUTE)
    return f"{minutes} 分钟" if minutes < 60 else f"{minutes / 60:.1f} 小时"
