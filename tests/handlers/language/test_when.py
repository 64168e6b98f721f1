"""How times are read: the rules at the top of `handlers.language.when`, with Monday 2025-06-09 09:00 as now."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.language import When
from handlers.language.when import DUE, LOOK_BACK, REMIND, Policy, find, repeating, when
from storage.model.normal import normalise

NOW = datetime.fromisoformat("2025-06-09T09:00")
ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str, policy: Policy = REMIND, now: datetime = NOW) -> When:
    expressions = find(normalise(text).text)
    assert len(expressions) == 1, expressions
    return when(expressions[0], now, policy)


POINTS = [
    ("今天", "2025-06-09"), ("明天", "2025-06-10"), ("後天", "2025-06-11"), ("大后天", "2025-06-12"), ("大后儿", "2025-06-12"), ("昨天", "2025-06-08"),
    ("明儿下午", "2025-06-10"), ("tmr", "2025-06-10"), ("次日", "2025-06-10"),
    ("下周三", "2025-06-18"), ("下周三下午", "2025-06-18"), ("下礼拜五", "2025-06-20"), ("这周五", "2025-06-13"), ("本周日", "2025-06-15"), ("下下周二", "2025-06-24"),
    ("周三", "2025-06-11"), ("周一", "2025-06-09"), ("周日", "2025-06-15"), ("next friday", "2025-06-20"), ("周末", "2025-06-14"), ("下周末", "2025-06-21"),
    ("12号", "2025-06-12"), ("十二号", "2025-06-12"), ("5号", "2025-07-05"), ("6月18日", "2025-06-18"), ("3月15", "2026-03-15"), ("3.15", "2026-03-15"), ("12/3", "2025-12-03"),
    ("六月十八号", "2025-06-18"), ("2026-06-18", "2026-06-18"), ("2026年6月18日", "2026-06-18"), ("20260618", "2026-06-18"), ("明年3月4号", "2026-03-04"), ("下个月8号", "2025-07-08"),
    ("月底", "2025-06-30"), ("下月底", "2025-07-31"), ("3月底", "2026-03-31"), ("年底", "2025-12-31"), ("本季度末", "2025-06-30"), ("月初", "2025-06-01"),
    ("三天后", "2025-06-12"), ("半个月后", "2025-06-24"), ("一个月后", "2025-07-09"), ("两周后", "2025-06-23"), ("一个半月后", "2025-07-24"), ("过两天", "2025-06-11"), ("两周后的周三", "2025-06-25"),
    ("农历八月初三", "2025-09-24"), ("闰六月十五", "2025-08-08"), ("腊月二十三", "2026-02-10"), ("正月初五", "2026-02-21"), ("初八", "2025-07-02"), ("下个月初八", "2025-07-02"),
    ("中秋节", "2025-10-06"), ("除夕", "2026-02-16"), ("春节", "2026-02-17"), ("小年", "2026-02-10"), ("端午", "2026-06-19"), ("冬至", "2025-12-21"), ("清明", "2026-04-05"),
    ("母亲节", "2026-05-10"), ("元旦", "2026-01-01"), ("春节前三天", "2026-02-14"), ("国庆后第一个工作日", "2025-10-09"), ("月底前最后一个工作日", "2025-06-27"),
    ("98年3月2日", "1998-03-02"), ("零八年六月一号", "2008-06-01"), ("26.11.30", "2026-11-30"), ("7/15/2026", "2026-07-15"), ("12·3", "2025-12-03"), ("周六,六月十四号", "2025-06-14"),
    ("明天的后天", "2025-06-12"), ("一年前的今天", "2024-06-09"), ("圣诞节前一天", "2025-12-24"), ("下一个中秋", "2025-10-06"), ("两年后8月3号", "2027-08-03"), ("琴日", "2025-06-08"),
    ("下周周四", "2025-06-19"), ("今年除夕", "2026-02-16"), ("大年初六", "2026-02-22"), ("农历2026年三月初三", "2026-04-19"), ("四月初八农历", "2026-05-24"), ("廿五", "2025-06-20"),
    ("俩礼拜之前", "2025-05-26"), ("两年零三个月后", "2027-09-09"), ("月尾", "2025-06-30"), ("年尾", "2025-12-31"), ("七月的第二个星期五", "2025-07-11"), ("消费者权益日", "2026-03-15"),
    ("国庆第二天", "2025-10-02"), ("第二天", "2025-06-10"), ("2023年腊八", "2024-01-18"), ("下个月第一个周一", "2025-07-07"), ("本月最后一个工作日", "2025-06-30"), ("下个工作日", "2025-06-10"), ("三个工作日后", "2025-06-12"),
]
CLOCKS = [
    ("后天上午十点", "2025-06-11T10:00"), ("明天下午3点", "2025-06-10T15:00"), ("３点", "2025-06-09T15:00"), ("8点", "2025-06-09T20:00"), ("明天五点半", "2025-06-10T17:30"),
    ("明天8点", "2025-06-10T08:00"), ("今晚8点半", "2025-06-09T20:30"), ("三点一刻", "2025-06-09T15:15"), ("差十分五点", "2025-06-09T16:50"), ("20:30", "2025-06-09T20:30"),
    ("明早9:30", "2025-06-10T09:30"), ("９：３０", "2025-06-09T09:30"), ("tmr 3pm", "2025-06-10T15:00"), ("半小时后", "2025-06-09T09:30"), ("两个半小时后", "2025-06-09T11:30"),
    ("周五晚七点", "2025-06-13T19:00"), ("明晚八点正", "2025-06-10T20:00"), ("下午5点多钟", "2025-06-09T17:00"), ("下午两三点", "2025-06-09T14:00"), ("3点pm", "2025-06-09T15:00"),
    ("今晚7 点30分20秒", "2025-06-09T19:30"), ("两个钟后", "2025-06-09T11:00"), ("听晚八点", "2025-06-10T20:00"), ("周三上昼九点半", "2025-06-11T09:30"), ("周五pm2:30", "2025-06-13T14:30"), ("明儿头晌十点", "2025-06-10T10:00"), ("昨天9点20", "2025-06-08T09:20"),
    ("一刻钟后", "2025-06-09T09:15"), ("三天后下午3点", "2025-06-12T15:00"), ("晚上12点", "2025-06-10T00:00"), ("凌晨2点", "2025-06-10T02:00"), ("中午1点", "2025-06-09T13:00"),
    ("周一早上8点", "2025-06-16T08:00"), ("周五下班前", "2025-06-13T18:00"), ("除夕晚上8点", "2026-02-16T20:00"), ("下周一就是早上十点钟", "2025-06-16T10:00"),
]
PERIODS = [
    ("下周", "2025-06-16", "2025-06-23"), ("本月", "2025-06-01", "2025-07-01"), ("第二季度", "2025-04-01", "2025-07-01"), ("Q3", "2025-07-01", "2025-10-01"),
    ("今年", "2025-01-01", "2026-01-01"), ("上半年", "2025-01-01", "2025-07-01"), ("30天内", "2025-06-09", "2025-07-10"), ("三个月内", "2025-06-09", "2025-09-10"),
    ("未来一周", "2025-06-09", "2025-06-17"), ("上旬", "2025-06-01", "2025-06-11"), ("下旬", "2025-06-21", "2025-07-01"), ("本周内", "2025-06-09", "2025-06-16"),
    ("下周一到周三", "2025-06-16", "2025-06-19"), ("6月10号到15号", "2025-06-10", "2025-06-16"), ("从周一到周五", "2025-06-09", "2025-06-14"),
    ("15-18号", "2025-06-15", "2025-06-19"), ("7月8到12日", "2025-07-08", "2025-07-13"), ("六月十二到十五", "2025-06-12", "2025-06-16"), ("周一到五", "2025-06-09", "2025-06-14"),
    ("周三四", "2025-06-11", "2025-06-13"), ("下周日至周三", "2025-06-22", "2025-06-26"), ("3到5月", "2026-03-01", "2026-06-01"), ("5月到7月", "2025-05-01", "2025-08-01"), ("2023-2024年", "2023-01-01", "2025-01-01"),
    ("8月和10月之间", "2025-08-01", "2025-11-01"), ("上两个月", "2025-04-01", "2025-06-01"), ("后两天", "2025-06-10", "2025-06-12"), ("过去一年", "2024-06-09", "2025-06-10"),
    ("今年前两个季度", "2025-01-01", "2025-07-01"), ("去年后三个月", "2024-10-01", "2025-01-01"), ("七月第一周", "2025-06-30", "2025-07-07"), ("今明两天", "2025-06-09", "2025-06-11"), ("七月的头三天", "2025-07-01", "2025-07-04"), ("本月最后两天", "2025-06-29", "2025-07-01"), ("80年代", "1980-01-01", "1990-01-01"),
    ("暑假", "2025-07-01", "2025-09-01"), ("上午10-11点", "2025-06-09T10:00", "2025-06-09T11:00"), ("今晚到明天上午", "2025-06-09", "2025-06-10T12:00"),
    ("明天下午2点到4点", "2025-06-10T14:00", "2025-06-10T16:00"), ("下午3点半到5点", "2025-06-09T15:30", "2025-06-09T17:00"), ("农历八月", "2025-09-22", "2025-10-21"),
]
RULES = [
    ("每天早上9点", "FREQ=DAILY", "2025-06-10T09:00"), ("每周一三五早上9点", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "2025-06-11T09:00"),
    ("每周一到周五", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2025-06-09"), ("每月最后一天晚上8点", "FREQ=MONTHLY;BYMONTHDAY=-1", "2025-06-30T20:00"),
    ("每月1号和15号", "FREQ=MONTHLY;BYMONTHDAY=1,15", "2025-06-15"), ("每季度末", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "2025-06-30"),
    ("每个月第一个周一", "FREQ=MONTHLY;BYDAY=1MO", "2025-07-07"), ("每年3月15号", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15", "2026-03-15"),
    ("每年农历八月初三", "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=3", "2025-09-24"), ("每月初一十五", "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15", "2025-06-10"),
    ("每年母亲节", "FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", "2026-05-10"), ("每年除夕", "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1", "2026-02-16"),
    ("每两周周四", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "2025-06-12"), ("隔周五", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "2025-06-13"), ("每个交易日", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;X-WORKDAY=CN", "2025-06-09"),
    ("每逢中秋", "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15", "2025-10-06"), ("每到月底", "FREQ=MONTHLY;BYMONTHDAY=-1", "2025-06-30"), ("每月倒数第二天", "FREQ=MONTHLY;BYMONTHDAY=-2", "2025-06-29"),
    ("每两周", "FREQ=WEEKLY;INTERVAL=2", "2025-06-09"), ("隔天", "FREQ=DAILY;INTERVAL=2", "2025-06-09"), ("每隔三天", "FREQ=DAILY;INTERVAL=3", "2025-06-09"), ("每半小时", "FREQ=MINUTELY;INTERVAL=30", None),
    ("工作日早上9点", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;X-WORKDAY=CN", "2025-06-10T09:00"), ("每周末", "FREQ=WEEKLY;BYDAY=SA,SU", "2025-06-14"), ("每晚", "FREQ=DAILY", "2025-06-09"),
]


@pytest.mark.parametrize(("text", "start"), POINTS)
def test_a_day_is_read(text: str, start: str) -> None:
    found = at(text)
    assert (found.start, found.has_clock) == (start, False)


@pytest.mark.parametrize(("text", "start"), CLOCKS)
def test_a_clock_time_is_read(text: str, start: str) -> None:
    assert at(text).start == start


@pytest.mark.parametrize(("text", "start", "end"), PERIODS)
def test_a_period_is_read_with_an_exclusive_end(text: str, start: str, end: str) -> None:
    found = at(text)
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize(("text", "rrule", "start"), RULES)
def test_a_repeating_time_becomes_a_rule_with_its_first_occurrence(text: str, rrule: str, start: str | None) -> None:
    found = repeating(find(text)[0], NOW)
    assert found is not None
    assert found.rrule == rrule
    assert start is None or found.start == start


@pytest.mark.parametrize("text", ["2月30日", "6月31号", "2月29号", "13月1号后", "2025年2月29日"])
def test_a_day_that_does_not_exist_is_refused_not_rolled(text: str) -> None:
    assert all(when(e, NOW, REMIND).problem == "impossible" for e in find(text) if "md" in e.slots or "ymd" in e.slots)


@pytest.mark.parametrize("text", ["昨天下午三点", "上周三", "3天前", "今天早上8点", "去年3月"])
def test_a_time_that_is_over_is_a_problem_for_orders_only(text: str) -> None:
    assert at(text).problem == "past"
    assert at(text, LOOK_BACK).problem is None


def test_a_month_and_day_is_the_next_one_in_orders_and_the_last_one_in_reports() -> None:
    assert at("2月27号").start == "2026-02-27"
    assert at("2月27号", LOOK_BACK).start == "2025-02-27"


def test_recent_days_look_back_in_reports_and_ahead_in_due_lists() -> None:
    assert (at("最近7天", LOOK_BACK).start, at("最近7天", LOOK_BACK).end) == ("2025-06-03", "2025-06-10")
    assert (at("最近7天", DUE).start, at("最近7天", DUE).end) == ("2025-06-09", "2025-06-17")


def test_a_deadline_is_marked_and_keeps_its_day() -> None:
    for text, start in (("周五前", "2025-06-13"), ("月底之前", "2025-06-30"), ("春节前", "2026-02-17")):
        assert (at(text).start, at(text).deadline) == (start, True)


@pytest.mark.parametrize(("text", "reason"), [
    ("8点", "没说上下午，取 7:00–22:00 里最近的一个；没说哪天，今天还没到"), ("明天下午", "只说了时段，只定日期"), ("3月15号", "没说年份，取下一个"), ("12号", "没说月份，取下一个 12 号"),
    ("周三", "没说哪一周，取下一个周三"), ("下周三", "一周从周一算起"), ("农历八月初三", "按农历，没说年份，取下一个"), ("初八", "按农历，没说月份，取下一个"), ("月底", "“底”按最后一天，6月30日"),
    ("半个月后", "半个月按 15 天"), ("三个月后", "按日历推，月底对齐"), ("30天内", "“内”含今天和最后一天"), ("下个工作日", "工作日按国务院放假安排数"), ("晚上12点", "没说哪天，今天的已过；夜里 12 点是第二天 0 点"),
    ("6月18号周三", "没说年份，取下一个；说了几号，星期只作核对"), ("2026年6月18日下午3点", "说得完整，照字面"), ("2月30日", "没有这一天"),
])
def test_every_reading_says_why_it_was_chosen(text: str, reason: str) -> None:
    assert at(text).why == reason


def test_a_reading_looks_the_other_way_in_reports() -> None:
    assert (at("2月27号", LOOK_BACK).why, at("最近7天", LOOK_BACK).why) == ("没说年份，取上一个", "“最近”在统计里往回看")
    assert at("昨天下午三点").why == "说得完整，照字面；时间已经过去"


def test_a_weekday_that_is_today_may_also_be_the_next() -> None:
    assert [(other.start, other.why) for other in at("周一").alts] == [("2025-06-16", "也可指下一周的")]


def test_what_opens_or_closes_a_time_on_one_side_is_marked() -> None:
    for text, mod in (("最迟后天", "before"), ("截止到月底", "before"), ("自6月20日起", "after"), ("去年10月至今", "after"), ("2019年以来", "after")):
        assert at(text, LOOK_BACK).mod == mod


def test_days_of_one_month_share_it() -> None:
    assert [when(e, NOW, REMIND).start for e in find("9月3号、8号")] == ["2025-09-03", "2025-09-08"]


def test_the_other_reading_of_a_bare_hour_is_kept() -> None:
    assert [(other.start, other.why) for other in at("明天8点").alts] == [("2025-06-10T20:00", "也可指晚上")]
    assert at("明天下午3点").alts == ()


def test_a_bare_hour_in_the_evening_means_the_evening_while_it_is_to_come() -> None:
    assert at("8点", now=datetime.fromisoformat("2025-06-09T17:30")).start == "2025-06-09T20:00"
    assert at("9点", now=datetime.fromisoformat("2025-06-09T07:30")).start == "2025-06-09T09:00"
    assert at("8点", now=datetime.fromisoformat("2025-06-09T21:00")).start == "2025-06-10T08:00"


def test_the_day_after_next_years_leap_day_has_two_readings() -> None:
    found = at("后年今天", now=datetime.fromisoformat("2024-02-29T09:05"))
    assert (found.start, [other.start for other in found.alts]) == ("2026-02-28", ["2026-03-01"])


def test_a_day_of_a_month_that_is_over_moves_to_a_month_that_has_it() -> None:
    assert at("31号", now=datetime.fromisoformat("2025-01-31T09:00")).start == "2025-01-31"
    assert at("30号", now=datetime.fromisoformat("2025-01-31T09:00")).start == "2025-03-30"


def test_a_said_part_of_day_fixes_the_date_and_suggests_an_hour() -> None:
    found = at("下周三下午")
    assert (found.date, found.part, found.at(ZONE)) == (date(2025, 6, 18), "afternoon", None)
    assert found.suggested_at(ZONE) == datetime(2025, 6, 18, 14, 0, tzinfo=ZONE)
    assert at("明天下午3点").at(ZONE) == datetime(2025, 6, 10, 15, 0, tzinfo=ZONE)


def test_the_last_day_of_a_period_is_within_it() -> None:
    assert at("下周").last_date == date(2025, 6, 22)
    assert at("明天").last_date == date(2025, 6, 10)


@pytest.mark.parametrize("text", [
    "万一不行", "五万一千", "1、3、4都做完了", "百万医疗", "保费5200", "便宜一点", "两点水", "一号员工", "五号电池", "百年人寿", "十月花园", "说三点建议", "三点五", "一点也不急", "五月天", "天天基金", "目前没有", "现在忙吗", "三周年庆", "第三期", "12378", "晚一点", "两点意见", "三年级", "周年庆", "周敏", "一号线", "十分满意", "第一", "C类", "利率3.15%", "涨了3.5", "星期几都行吗",
    "月供多少", "年薪50万", "晚点再说", "早点休息", "日报", "天天向上的精神"[4:], "3幢2单元", "身份证110105199003071234"[:3], "点赞", "半途而废", "前台", "后台", "平时", "时间线",
])
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert [e for e in find(normalise(text).text) if not e.is_duration] == []
