"""Names that are everyday words: when 周一 is a person, and when 江河 is not.

Rarely used words (江河, 田野, 糖果) are people unless an idiom says otherwise. Frequent ones (马上, 方便, 周一) need evidence beside
them; without it they are only doubtful, and are read as people when the sentence needs a client and names nobody else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.language.lazy import lazy

# People unless an idiom says otherwise.
RARE = frozenset(
    "田野 江河 常乐 叶子 白雪 安宁 糖果 文静 温柔 欢喜 高原 白云 向阳 黄河 长江 安康 石头 龙虾 花生 雷电 江山 海洋 马虎 毛病 团圆 陶瓷 伍佰 文强 强哥 红姐 "
    "方圆 牛仔 温泉 石油 马力 马达 黎明 高歌 江南 金鱼 明亮 林海 雪花 云朵 春雨 秋月 星星 月亮 雨露 茉莉 玫瑰 贝贝 豆豆".split()
)
# People only with evidence.
FREQUENT = frozenset(
    "高兴 黄金 平安 马上 万一 周一 周二 周三 周四 周五 周六 周日 成功 方便 谢谢 夏天 安静 健康 幸福 和平 阳光 明白 关心 满意 时间 高峰 高级 白天 金钱 钱包 安全 安心 "
    "平时 平均 开心 高净 快乐 方向 方法 方案 常规 程序 马路 牛奶 贺岁 祝福 祝贺 祝愿 喜欢 严格 严重 任务 任何 余额 余地 应该 连续 简单 简直 容易 容量 明天 元旦 冬至 "
    "立春 秋天 春天 冬天 宝贝 小姐 老师 老板 经理 客户 朋友 同事 阿姨 天天 国庆 中秋 商量 计划 宣传 管理 温度 温馨 顾客 顾问 雷达 包括 包子 车子 车险 车贷 路上 路过 "
    "金融 金额 年金 万岁 千万 党员 全部 全家 全年 水果 水平 季度 庄重 光明 文明 安排 高考 高价 高低 高手 常用 常常 单位 单独 余下 方式 马甲 黄色 白色 元宝 上官 成长 成本 "
    "成为 成交 成员 成绩 向来 于是 关于 关系 关键 关注 关闭 关掉 关单 项目 项链 景气 习惯 年轻 年龄 年底 年初".split()
)
COMMON = RARE | FREQUENT

_BEFORE = lazy(
    r"(?:给|跟|和|与|同|找|约|查|看|瞅|瞧|眼|把|让|叫|问|替|为|向|对|帮|下|见|客户|联系|拜访|回访|通知|陪|请|送|去|到|是|叫做?|姓名|一下|提醒|新增|录入|,|、|,|:|：)\s?$"
)
# What only people have, and what days have as well (周一的保单).
_OWN = (
    r"资料|档案|信息|电话(?!联系|沟通|回访|通知|会议|里|访)|手机|号码|邮箱|邮件地址|住址|地址|联系方式|身份证|证件|微信|年龄|职业|职务|工作单位|单位|年收入|月收入|年入|月入|收入|年薪|月薪|工资|风险等级|风险测评|风评|资产|等级|婚姻|性别|爱好|"
    r"介绍人|生日(?=是?[几哪什啥改])"
)
_OWNED = rf"{_OWN}|保单|保险|贷款|持仓|理财|情况|详情|标签|续保|理赔|家庭|时间线|养老|重疾|意外|医疗|车险|年金|房贷|信用贷|经营贷|车贷|抵押贷|消费贷|按揭|私募|商机|授权|单子|案子|工单|投诉|保费|存单|基金|定投|余额|月供"
_AFTER = lazy(
    rf"\s?(?:的(?:客户|{_OWNED}|联系|生日)"
    r"|客户|先生|女士|小姐|那边|这边|那里|说(?!明)|今天|昨天|刚刚|上周|买了|买的|续保|续费|已续|不续|已缴|保费|保单|详情|时间线|家庭|生日|电话|手机|有(?:哪些|几|没有)"
    r"|持有|介绍|报的?案|报了|出险|理赔|和|、|改|换|加|打|升|降|确诊|投诉|要(?:退|改|买|投)|同意|撤|资产|来|想|名下|到期|老公|老婆|太太|儿子|女儿|[,。?!]?$)"
)
_WEAK_AFTER = lazy(r"\s?(?:[,。?!]?$|说(?!明)|和|、|来|想|加|有|生日|改|打|要)")
# Behind a word, these make a person of it wherever it stands, inside a time too.
_PERSONAL = lazy(
    rf"\s?(?:(?:啊|呀|嘛|呢)?[,\s]?(?:这个|那个|这位|那位|该|这|那)(?:老|大|新)?(?:客户|人(?!民|寿|保)|女士|先生)|(?:先生|女士|本人)"
    rf"|(?:的|嘅|家|那)?(?:{_OWN}|家里|家人|老公|老婆|太太|爱人|配偶|儿子|女儿|闺女|孩子|媳妇)"
    r"|是?(?:哪|几|什么)(?:一|个)?(?:年|月|天|时候|号)(?:出生|过?生日|生(?!效))|(?:今年|现在)?(?:多大|几岁|多少岁|岁数|属(?:什么|啥))|(?:现在)?住(?:哪|在|址)|是(?:谁|干|做)|结(?:了?婚|没)|有没有?(?:买|办|做|投|贷|配)?过?\S{0,4}(?:险|贷|理财|基金|存单|年金)(?!.*(?:到期|要续|的客户|还款))|(?:是)?谁介绍|(?:在)?哪里?(?:上班|工作)|在哪家"
    r"|(?:今天|明天|后天|昨天|大后天|下周.?|这周.?|月底|\d{1,2}号)(?:就|要)?过?生日(?!的)"
    r"|(?:可以|能|该|应该|要)?(?:升|降|调|定|提)(?:级|档)?(?:到|为|成|至)?\s?[a-ds](?![a-z])|(?:打|贴)(?:上)?(?:一?个)?.{1,8}标签|身上)"
)
# 给周一, 找周一: one deals with people, unless the day goes on (找周一下午有空的, 给周一过生日的客户).
_DEALT_WITH = lazy(r"(?:给|跟|找|陪|拜访|回访|帮|替|(?<![\d日一二三四五六天])和)$")
_OF_A_DAY = lazy(r"\s?(?:[上下中晚早凌傍]|到(?!访)|过生日|的(?:客户|会|课|时|晚|早|上|下)|续|之?[前后]|\d|[一二三四五六七八九十]点|开|起|有|要|和周|、|至|生日|过期)")
# 给马上打电话: an adverb has no 给 before it, when what follows can be done to people.
_DONE_TO = lazy(r"(?:打|发|写|回|寄|送|联系|办|设|建|加|说|聊|签|做|提醒|拜)")
# 周一明天来签字: no sentence names two days in a row, so the first is a person.
_OTHER_DAY = lazy(r"\s?(?:(?:他|她)?(?:说|那)?(?:大?后天|明天|今天|昨天|前天|明儿|今儿|明早|今晚|明晚|今早|下个?(?:周|月|星期|礼拜)|上个?(?:周|月)|\d{1,2}[号月]))")
# What people do; only counted where the sentence needs a client and has no other.
_DOES = lazy(r"\s?(?:说(?!明)|想|不(?!是)|买|投了|续|退|缴|交了|升|降|报案|出险|住院|同意|撤|搬|跳槽|结婚|离婚|生了|改|换|加|打|[,\s:](?!$))")
_SPOKEN_OF = lazy(r"(?:^|瞅|瞧|眼|下|[\s,。!?:]|嗯|呃|额|诶|哎|那个|这个|就是)$")
_NOT_IN_CONTEXT = lazy(
    r"(?:方便(?:的话|的时候|时|吗|不(?=方便|[,。?!\s]|$)|么|面|一下|一点|快)|高兴(?:的是|地|坏|极)|谢谢(?:你|您|啦|了|哈|啊|呀|哦|!|,|。|~|$)|马上(?:就|要|到|去|来|给|办|联系|打|回|退休|提醒|过|有|可以|把|帮|开|用|查|发)"
    r"|万一(?:[他她](?!老公|老婆|爱人|太太|的?电话|的?手机|的?微信|的?地址|儿子|女儿|家)|客户|没|有|要|不|我|忘|哪|是|下|出)|成功(?:了|率|签|办|续|人士|案例|缴|扣|的案例|的经验)|(?:平安|阳光)(?:保险|人寿|银行|夜|健康|好医生|福|产险|车险|养老|重疾|意外|医疗|年金|寿险|到|无事)"
    r"|黄金(?:客户|期|价|周|投资|会员|积存|基金|理财|定投|等级|级|首饰|(?:今天|现在|昨天|最近|今年|这周)?(?:收盘|什么价|多少钱|价格|行情|涨|跌|一克))|健康(?:险|告知|状况|情况)|安全(?:吗|性)|夏天(?:一(?:到|来|过)|到|来|了|很|太|热)|白雪(?:皑|公主|纷|茫)|田野(?:调查|里|上)|江河(?:湖|日下)"
    r"|叶子(?:板|黄|落|茶)|安宁(?:疗|病房|医院)|文静(?:的|点|型)|温柔(?:的|点|型)|石头剪|毛病(?:多|不|很)|欢喜(?:了|得)"
    r"|..(?:路|街|区|山|市|县|镇|村|馆|证券|集团|公司|大厦|广场|小区|花园|酒店|银行|医院|公园)(?!里|上班))"
)
_IDIOM_BEFORE = lazy(r"(?:知足|不得|一路|岁岁|祝您?|生日|(?:送|买|带|吃|寄|拿|盒|包|袋|些|点|份|颗)(?=糖)|(?:树|茶|片)(?=叶))$")
_TO_THANKS = re.compile(r"(?:给|跟|和|约|见|联系|拜访|找|是)$")  # 贴给谢谢
_LOOKED_UP = re.compile(r"(?:查|找|查一下|查询|客户)\s?$")
_ADVERBS = frozenset("马上 万一 平时 应该 连续 简直 谢谢 成功 方便 平均 天天 明天 常常 向来 于是 关于".split())


def is_person(text: str, start: int, end: int, times: Sequence[tuple[int, int]]) -> bool | None:
    """Does the everyday word `text[start:end]` stand for a person? None: only if nobody else is named and somebody must be."""
    if _is_idiom(text, start):
        return False
    if _PERSONAL.match(text, end) is not None:
        return True
    within = any(a <= start and end <= b for a, b in times)
    if within and text[start - 1:start] == "约" and any(b == start - 1 for _a, b in times) and _OF_A_DAY.match(text, end) is None:
        return True  # 周三约周一喝茶
    if within and _DEALT_WITH.search(text[max(0, start - 3):start]) is not None and _OF_A_DAY.match(text, end) is None:
        return True
    if within and _OTHER_DAY.match(text, end) is not None:
        return True
    if text[start:end] in RARE and not within:
        return True
    return True if _has_evidence(text, start, end, within) else None


def needed_person(text: str, start: int, end: int, times: Sequence[tuple[int, int]]) -> bool:
    """May a doubtful word be the client that the sentence needs? It must be spoken of, or do what people do."""
    opens = _SPOKEN_OF.search(text[max(0, start - 2):start]) is not None or _BEFORE.search(text[max(0, start - 4):start]) is not None
    if not opens:
        return False
    if any(start < b and a < end for a, b in times):
        return _DOES.match(text, end) is not None or _BEFORE.search(text[max(0, start - 4):start]) is not None
    return True


def _is_idiom(text: str, start: int) -> bool:
    if text.startswith("谢谢", start) and _TO_THANKS.search(text[max(0, start - 2):start]) and text[start + 2:start + 3] not in {"你", "您"}:
        return False
    if re.search(r"[给跟和替帮找]$", text[max(0, start - 1):start]) and _DONE_TO.match(text, start + 2):
        return False
    return _NOT_IN_CONTEXT.match(text, start) is not None or _IDIOM_BEFORE.search(text[max(0, start - 2):start + 1]) is not None


def _has_evidence(text: str, start: int, end: int, within_time: bool) -> bool:
    if start == 0 and end == len(text.rstrip(" ,。!?")):
        return not within_time
    before = _BEFORE.search(text[max(0, start - 4):start]) is not None
    if before and text[start:end] in _ADVERBS and text[start - 1] in " ,、:":
        before = False  # ", 马上" goes on with the sentence
    after = _AFTER.match(text, end) is not None
    if within_time:  # 周一: the day unless both sides speak for a person
        if end == len(text) and _LOOKED_UP.search(text[:start]):
            return True
        return before and after and text[end:end + 1] not in {"", "和", "、", ","}
    weak = _WEAK_AFTER.match(text, end) is not None
    return before or (after and not weak) or (after and start == 0 and len(text) > end + 1 and text[end] in "说买改升降")
