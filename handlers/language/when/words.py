"""The closed words of time: festivals, solar terms, parts of day."""

from __future__ import annotations

# Solar: ("solar", month, day). Lunar: ("lunar", month, day), day 0 = the eve of the month. nth: ("nth", month, n, weekday).
FESTIVALS: dict[str, tuple[str, int, int] | tuple[str, int, int, int]] = {
    "阳历新年": ("solar", 1, 1), "公历新年": ("solar", 1, 1), "警察节": ("solar", 1, 10), "女生节": ("solar", 3, 7), "国际妇女节": ("solar", 3, 8), "三八国际妇女节": ("solar", 3, 8),
    "国际消费者权益日": ("solar", 3, 15), "消费者权益日": ("solar", 3, 15), "国际劳动节": ("solar", 5, 1), "五一国际劳动节": ("solar", 5, 1), "国际儿童节": ("solar", 6, 1), "61儿童节": ("solar", 6, 1),
    "香港回归纪念日": ("solar", 7, 1), "台湾父亲节": ("solar", 8, 8), "医师节": ("solar", 8, 19), "万圣节": ("solar", 10, 31), "万圣夜": ("solar", 10, 31), "澳门回归纪念日": ("solar", 12, 20),
    "圣瓦伦丁节": ("solar", 2, 14), "老板节": ("solar", 10, 16), "元旦节": ("solar", 1, 1), "元旦": ("solar", 1, 1), "情人节": ("solar", 2, 14), "妇女节": ("solar", 3, 8),
    "三八节": ("solar", 3, 8), "三八妇女节": ("solar", 3, 8), "女神节": ("solar", 3, 8), "植树节": ("solar", 3, 12),
    "愚人节": ("solar", 4, 1), "劳动节": ("solar", 5, 1), "五一节": ("solar", 5, 1), "五一劳动节": ("solar", 5, 1),
    "青年节": ("solar", 5, 4), "护士节": ("solar", 5, 12), "儿童节": ("solar", 6, 1), "六一": ("solar", 6, 1),
    "六一儿童节": ("solar", 6, 1), "建党节": ("solar", 7, 1), "建军节": ("solar", 8, 1), "八一建军节": ("solar", 8, 1),
    "教师节": ("solar", 9, 10), "国庆节": ("solar", 10, 1), "国庆": ("solar", 10, 1), "记者节": ("solar", 11, 8),
    "光棍节": ("solar", 11, 11), "双十一": ("solar", 11, 11), "双11": ("solar", 11, 11), "双十二": ("solar", 12, 12),
    "双12": ("solar", 12, 12), "平安夜": ("solar", 12, 24), "圣诞节": ("solar", 12, 25), "圣诞": ("solar", 12, 25),
    "母亲节": ("nth", 5, 2, 6), "父亲节": ("nth", 6, 3, 6), "感恩节": ("nth", 11, 4, 3),
    "春节": ("lunar", 1, 1), "大年初一": ("lunar", 1, 1), "年初一": ("lunar", 1, 1), "过年": ("lunar", 1, 1),
    "除夕夜": ("lunar", 1, 0), "除夕": ("lunar", 1, 0), "大年三十": ("lunar", 1, 0), "年三十": ("lunar", 1, 0),
    "年夜": ("lunar", 1, 0), "元宵节": ("lunar", 1, 15), "元宵": ("lunar", 1, 15), "龙抬头": ("lunar", 2, 2), "二月二龙抬头": ("lunar", 2, 2),
    "端午节": ("lunar", 5, 5), "端午": ("lunar", 5, 5), "七夕节": ("lunar", 7, 7), "七夕": ("lunar", 7, 7),
    "农历新年": ("lunar", 1, 1), "新春": ("lunar", 1, 1), "大年夜": ("lunar", 1, 0), "上巳节": ("lunar", 3, 3), "七夕情人节": ("lunar", 7, 7), "寒衣节": ("lunar", 10, 1),
    "端阳节": ("lunar", 5, 5), "破五": ("lunar", 1, 5), "中元节": ("lunar", 7, 15), "中秋节": ("lunar", 8, 15), "中秋": ("lunar", 8, 15), "重阳节": ("lunar", 9, 9),
    "重阳": ("lunar", 9, 9), "腊八节": ("lunar", 12, 8), "腊八": ("lunar", 12, 8), "小年夜": ("lunar", 12, 23),
    "小年": ("lunar", 12, 23),
}
# Names that are numbers too: only before or after words that make them a holiday.
NUMBER_FESTIVALS = {"五一": ("solar", 5, 1), "十一": ("solar", 10, 1), "三八": ("solar", 3, 8), "八一": ("solar", 8, 1),
                    "七一": ("solar", 7, 1), "五四": ("solar", 5, 4), "三一五": ("solar", 3, 15)}
FESTIVALS.update(NUMBER_FESTIVALS)

TERMS = ("立春 雨水 惊蛰 春分 清明 谷雨 立夏 小满 芒种 夏至 小暑 大暑 立秋 处暑 白露 秋分 寒露 霜降 立冬 小雪 大雪 冬至 小寒 大寒").split()

# word -> (part, from hour, to hour). A clock hour below 12 gets 12 more in parts that begin at noon or later.
PARTS: dict[str, tuple[str, int, int]] = {
    "凌晨": ("dawn", 0, 6), "后半夜": ("dawn", 0, 6), "清晨": ("morning", 5, 9), "清早": ("morning", 5, 9),
    "大清早": ("morning", 5, 9), "一大早": ("morning", 6, 10), "一早": ("morning", 6, 10), "大早上": ("morning", 6, 10),
    "早上": ("morning", 6, 10), "早晨": ("morning", 6, 10), "早间": ("morning", 6, 10), "上午": ("morning", 8, 12),
    "头午": ("morning", 8, 12), "中午": ("noon", 11, 14), "正午": ("noon", 12, 13), "午间": ("noon", 11, 14),
    "下午": ("afternoon", 12, 18), "午后": ("afternoon", 12, 18), "后晌": ("afternoon", 12, 18),
    "上昼": ("morning", 6, 12), "头晌": ("morning", 6, 12), "前晌": ("morning", 6, 12), "大早起": ("morning", 5, 10), "一大清早": ("morning", 5, 10), "朝头早": ("morning", 5, 10),
    "晌午": ("noon", 11, 14), "午饭前": ("morning", 10, 12), "中饭后": ("noon", 12, 14), "晚饭前": ("evening", 16, 18), "擦黑": ("evening", 17, 19), "晚黑": ("evening", 18, 24), "入夜": ("evening", 18, 24),
    "晚么晌": ("evening", 18, 24), "大半夜": ("night", 22, 24), "朝早": ("morning", 5, 10), "晨间": ("morning", 6, 10), "晏昼": ("afternoon", 12, 18), "前半夜": ("night", 20, 24), "傍黑": ("evening", 17, 19), "午休": ("noon", 12, 14),
    "下昼": ("afternoon", 12, 18), "傍晚": ("evening", 17, 19), "黄昏": ("evening", 17, 19), "晚上": ("evening", 18, 24),
    "晚间": ("evening", 18, 24), "夜里": ("night", 20, 24), "夜间": ("night", 20, 24), "夜晚": ("evening", 18, 24),
    "半夜": ("night", 22, 24), "深夜": ("night", 22, 24), "午夜": ("night", 24, 24), "大晚上": ("evening", 18, 24),
    "晚": ("evening", 18, 24), "早": ("morning", 6, 10), "晨": ("morning", 6, 10), "夜": ("night", 20, 24),
    "白天": ("daytime", 8, 18), "午饭后": ("noon", 12, 14), "晚饭后": ("evening", 18, 21),
    "morning": ("morning", 6, 12), "afternoon": ("afternoon", 12, 18), "evening": ("evening", 18, 24),
    "noon": ("noon", 12, 13), "tonight": ("evening", 18, 24),
}
# What `When.part` knows.
PUBLIC_PART = {"dawn": "morning", "morning": "morning", "noon": "noon", "afternoon": "afternoon", "evening": "evening",
               "night": "evening", "daytime": "daytime"}
