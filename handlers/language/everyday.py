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
    "平时 平均 开心 高净 高潜 高意 快乐 方向 方法 方案 常规 程序 马路 牛奶 贺岁 祝福 祝贺 祝愿 喜欢 严格 严重 任务 任何 余额 余地 应该 连续 简单 简直 容易 容量 明天 元旦 冬至 "
    "立春 秋天 春天 冬天 宝贝 小姐 老师 老板 经理 客户 朋友 同事 阿姨 天天 国庆 中秋 商量 计划 宣传 管理 温度 温馨 顾客 顾问 雷达 包括 包子 车子 车险 车贷 路上 路过 "
    "金融 金额 年金 万岁 千万 党员 全部 全家 全年 水果 水平 季度 庄重 光明 文明 安排 高考 高价 高低 高手 常用 常常 单位 单独 余下 方式 马甲 黄色 白色 元宝 上官 成长 成本 "
    "成为 成交 成员 成绩 向来 于是 关于 关系 关键 关注 关怀 关闭 关掉 关机 关单 项目 项链 景气 习惯 年轻 年龄 年底 年初".split()
)
COMMON = RARE | FREQUENT
# Given names that are words as well; as the whole name of somebody (建设, 国庆) they hardly occur.
GIVEN_WORDS = frozenset(
    "建设 建国 国庆 胜利 解放 红军 自强 志愿 思想 美好 永远 文化 学习 学会 进步 发展 建军 明月 清明 重阳 端午 保险 信用 工资 全球 国际 国内 天天 小小 大大 一一 "
    "团结 友好 民生 兴业 光大 招商 平安 太平 新华 人民 中信 浦发 阳光 泰康 华夏 富国 易方 南方 广发 永明 友邦 建行 国债 理想 创新 未来 希望 天使 宝宝 先锋 英雄 主任 "
    "电话 名字 生日 周年 金额 冠军 银行 同意 如意 称心 大海 青山 绿水 东升 长城 长青 永久 永安 安定 稳定 稳盈 长春 济南 西安 海南 云南 东海 上海 北京 天津 广州".split()
)

_BEFORE = lazy(
    r"(?:\]|跟进|维护|call|meet|see|visit|with|约了|全名|大名|接|问候|探望|看望|慰问|催|送走|陪|拒了|关于|移除|谁介绍|介绍的|介绍了|名叫|开厂的|给|跟|和|与|同|找|约|查|看|瞅|瞧|眼|把|让|叫|问|替|为|向|对|帮|下|见|客户|联系|拜访|回访|通知|陪|请|送|去|到|是|叫做?|姓名|一下|(?:拜访|回访|走访|家访|联系|见|约|陪|找|催|请|送|通知|探望|看望|碰到|遇到|接待|告诉)(?:了|过|完|到)|提醒|新增|录入|,|、|,|:|：)\s?$"
)
# What only people have, and what days have as well (周一的保单).
_OWN = (
    r"资料|档案|信息|电话(?!联系|沟通|回访|通知|会议|里|访)|手机|号码|邮箱|邮件地址|住址|地址|联系方式|身份证|证件|微信|年龄|职业|职务|工作单位|单位|年收入|月收入|年入|月入|收入|年薪|月薪|工资|风险等级|风险测评|风评|资产|等级|婚姻|性别|爱好|"
    r"介绍人|全名|姓名|原话|生日(?=是?[几哪什啥改])"
)
_OWNED = rf"{_OWN}|保单|保险|贷款|持仓|理财|情况|详情|标签|续保|理赔|家庭|时间线|养老|重疾|意外|医疗|车险|年金|房贷|信用贷|经营贷|车贷|抵押贷|消费贷|按揭|私募|商机|授权|单子|案子|工单|投诉|保费|存单|基金|定投|余额|月供"
_AFTER = lazy(
    rf"\s?(?:的(?:客户|{_OWNED}|联系|生日|面签|面谈|合同|签约)"
    r"|客户|先生|女士|小姐|那边|这边|那里|说(?!明)|那儿|今天|昨天|刚刚|上周|买了|买的|续保|续费|已续|不续|已缴|保费|保单|详情|时间线|家庭|生日|电话|手机|有(?:哪些|几|没有)"
    r"|持有|介绍|报的?案|报了|出险|理赔|和|、|改|换|加|打|升|降|确诊|投诉|要(?:退|改|买|投)|同意|撤|资产|来|想|名下|到期|老公|老婆|太太|儿子|女儿|[,。?!]?$)"
)
_WEAK_AFTER = lazy(r"\s?(?:[,。?!]?$|说(?!明)|和|、|来|想|加|有|生日|改|打|要)")
# Behind a word, these make a person of it wherever it stands, inside a time too.
_PERSONAL = lazy(
    rf"\s?(?:(?:啊|呀|嘛|呢)?[,\s]?(?:这个|那个|这位|那位|该|这|那)(?:老|大|新)?(?:客户|人(?!民|寿|保)|女士|先生)|(?:先生|女士|本人|同志)"
    rf"|(?:的|嘅|家|那)?(?:{_OWN}|家里|家人|老公|老婆|太太|爱人|配偶|儿子|女儿|闺女|孩子|媳妇)"
    r"|是?(?:哪|几|什么)(?:一|个)?(?:年|月|天|时候|号)(?:出生|过?生日|生(?!效))|(?:今年|现在)?(?:多大|几岁|多少岁|岁数|属(?:什么|啥))|(?:现在)?住(?:哪|在|址)|是(?:谁|干|做)|结(?:了?婚|没)|有没有?(?:买|办|做|投|贷|配)?过?\S{0,4}(?:险|贷|理财|基金|存单|年金|重疾|医疗|意外)(?!.*(?:到期|要续|的客户|还款))|(?:是)?谁介绍|是[^,。\s]{1,6}(?:介绍|推荐|引荐)|(?:一|每|全)(?:年|个月)(?:能|大概)?(?:挣|赚|收入)|手[里上](?:还|都|现在)?有|(?:的)?名下(?:都|还)?有|在我们?(?:这|行)|屋(?:里|企)|标签(?!的)|最近(?:续|买|有没有|联系)|[他她](?:说|想|爸|妈|老公|老婆|家|那个|女儿|儿子|孩子)|可以上|的?备注(?=改|写)|(?:在)?哪里?(?:上班|工作)|在哪家"
    r"|(?:今天|明天|后天|昨天|大后天|下周.?|这周.?|月底|\d{1,2}号)(?:就|要)?过?生日(?!的)"
    r"|(?:可以|能|该|应该|要)?(?:升|降|调|定|提)(?:级|档)?(?:到|为|成|至)?\s?[a-ds](?![a-z])|(?:打|贴)(?:上)?(?:一?个)?.{1,8}标签|身上)"
)
# What only people have or live through, directly behind the word. An adverb (马上, 万一) may stand before what is lived through.
_HAS = lazy(
    r"\s?(?:(?:的)?(?:妈妈|爸爸|爸(?=\W|做|住|过|生|叫)|妈(?=\W|做|住|过|生|叫)|父亲|母亲|父母|哥哥|弟弟|姐姐|妹妹|岳父|岳母|公公|婆婆|[大小]儿子|[大小]女儿)|那(?:个|笔|条|单|张|份)\S{0,4}(?:险|贷|单|理财|基金|定投|商机|投诉|案|保)"
    r"|手[里上](?:的|有)?\S{0,6}(?:存单|理财|基金|保单)|(?:的)?(?:案子|案件|商机|客诉|需求单|隐私协议|征信)|有没有(?:买过|办过|理赔|男朋友|女朋友|对象|孩子|出险)|属于?几级|以后不接受|(?:短信|电话|营销)+退订|退订|挂个|打标"
    r"|那边\S{0,6}(?:险|贷|率|款|商机)|家(?=[里的水房着被漏])|那儿|今年贵庚|贵庚|的?姓名|的?(?:VIP|vip)?标签|啥星座|屋企|住边度|收回了|最近(?:有没有|买了)|退保(?:能|可以|会)|爱吃|不吃|喜欢)"
)
_LIVES = lazy(
    r"\s?(?:(?>刚刚?|又|已经|昨天|今天|前天|上周|下周|下礼拜|最近|突然|不小心)*(?:生了?(?:个|对|娃|孩|女|儿)|住院|出院|骨折|摔|确诊|查出|做(?:了|完)?(?:个)?\S{0,5}手术|车(?:被|让|给)|车(?:被)?撞|撞车|追尾|出车祸|被撞|离婚|结婚|怀孕|退休|跳槽|升职|搬家|去世|过世|病了|搞定了)"
    r"|(?:今天|明天|后天|下周.|\d{1,2}号)(?:上午|下午|晚上|中午)?\S{0,4}(?:过?来|签字|到店|开户|面谈|见面|有空|回电)|\S{0,5}(?:险|贷)(?:的|下月|下个?月|这个?月|月底|\d{1,2}月)?\S{0,4}(?:到期|月供|保额|受益人|缴费方式|利率|余额|还款|批了|批没|状态|还剩|调了))"
)
_MODAL = frozenset("马上 万一 方便 平时 应该 连续 简直 平均 天天 明天 常常 向来 于是 关于 今年".split())
# 周一那笔房贷几号还款: a sentence that opens with a day's name and goes on with somebody's thing, of no group of people.
_OPENS = lazy(r"\W*(?:嗯|呃|额|那个|查一?下|看一?下|帮我|麻烦|请|把|给我?)*")
_THEIRS = lazy(
    r"\s?(?:(?:的|那(?:个|笔|张|份|边|单|条)?)?(?!开始|推|卖|培训|讲)\S{0,4}?(?:险|[房车]贷|贷款|经营贷|信用贷|抵押贷|消费贷|定投|私募|理财|存单|教育金|年金|商机|授权|理赔|案子|赔款)(?!.{0,5}(?:到期|要续|续保|的人|提醒|会|培训|课|资料|合同|面签|签))"
    r"|打标|收回了|投诉一?[笔个张]|的?姓名|(?:今年)?贵庚|这期要还|最近买|做了个|的保单(?:受益|保额|保费|几时|几号|哪天|什么时候|啥时候)|让我们|要求我们|刚做完|吐槽|那单|那个投诉)"
)
_MANY = lazy(r"哪些(?!资料|材料|险|理财|产品|保)|谁(?!介绍|写)|名单|清单|客户|大家|有几|多少[个位张]|提醒|开会|安排|日程")
# 给周一, 找周一: one deals with people, unless the day goes on (找周一下午有空的, 给周一过生日的客户).
_DEALT_WITH = lazy(r"(?:给|跟|找|问|陪|拜访|回访|帮|替|催|同|call|约了|(?<![\d日一二三四五六天])和)$")
_OF_A_DAY = lazy(r"\s?(?:[上下中晚早凌傍]|到(?!访)|过生日|的(?:客户|会|课|时|晚|早|上|下)|续|之?[前后]|\d|[一二三四五六七八九十]点|开|起|有|要|一样|那(?:份|场|天|个会|个提醒)|和周|、|至|生日|过期)")
# 给马上打电话: an adverb has no 给 before it, when what follows can be done to people.
_DONE_TO = lazy(r"(?:出方案|做方案|出计划|出个|打|发|写|回|寄|送|联系|办|设|建|加|说|聊|签|做|提醒|拜|把|有关|开|视频|见|约|吃|去标签|去掉|乔迁|生日|新婚|早日)")
# 周一明天来签字: no sentence names two days in a row, so the first is a person.
_OTHER_DAY = lazy(r"\s?(?:(?:他|她)?(?:说|那)?(?:大?后天|明天|今天|昨天|前天|明儿|今儿|明早|今晚|明晚|今早|下个?(?:周|月|星期|礼拜)|上个?(?:周|月)|\d{1,2}[号月]))")
# What people do; only counted where the sentence needs a client and has no other.
_DOES = lazy(r"\s?(?:说(?!明)|想|不(?!是)|买|投了|续|退|缴|交了|升|降|报案|出险|住院|同意|撤|搬|跳槽|结婚|离婚|生了|乔迁|录音|要存|改|换|加|打|[,\s:](?!$))")
_SPOKEN_OF = lazy(r"(?:^|瞅|瞧|眼|下|[\s,。!?:]|嗯|呃|额|诶|哎|那个|这个|就是)$")
_NOT_IN_CONTEXT = lazy(
    r"(?:方便(?:的话|的时候|时|吗|不(?=方便|[,。?!\s]|$)|么|面|一下|一点|快)|高兴(?:的是|地(?!址)|坏|极)|谢谢(?:你|您|啦|了|哈|啊|呀|哦|!|,|。|~|$)|马上(?:就|要|到|去(?!年|标)|来|给|办|联系|打|回|退休|提醒|过(?!生日)|有(?!没有)|可以|把|帮|开|用|查|发)"
    r"|万一(?:[他她](?!老公|老婆|爱人|太太|的?电话|的?手机|的?微信|的?地址|儿子|女儿|家)|客户|没|有|要|不|我|忘|哪(?!个?月|年|天)|是(?!做什|干什|哪年|什么工)|下|出)|成功(?:了|率|签|办|续|人士|案例|缴|扣|的案例|的经验)|(?:平安|阳光)(?:承保|投保的|家的保单|保险|人寿|银行|夜|健康|好医生|福|产险|车险|养老|重疾|意外|医疗|年金|寿险|到|无事)"
    r"|黄金(?:客户|期|价|周|投资|会员|积存|基金|理财|定投|等级|级|首饰|(?:今天|现在|昨天|最近|今年|这周)?(?:收盘|什么价|多少钱|价格|行情|涨|跌|一克))|健康(?:险|告知|状况|情况)|安全(?:吗|性)|夏天(?:适合|推|卖|\S{0,4}好卖|一(?:到|来|过)|到|来(?!着)|了|很|太|热)|白雪(?:皑|公主|纷|茫)|田野(?:调查|里|上)|江河(?:湖|日下)"
    r"|叶子(?:板|黄|落|茶)|安宁(?:疗|病房|医院)|文静(?:的|点|型)|温柔(?:的|点|型)|石头剪|常乐安康|毛病(?:多|不|很)|欢喜(?:了|得)"
    r"|..(?:路|街|区|山|市|县|镇|村|馆|证券|集团|公司|大厦|广场|小区|花园|酒店|银行|医院|公园)(?!里|上班|叫|要|投|面谈|名))"
)
_OF_A_GROUP = lazy(r"(?!的|从)(?:(?!介绍|推荐|名下|手|这|那|不是)[^,。\s]){1,8}?的(?:客户|人)(?:有|都|筛|名单|列|是谁|准备|$|\W)")  # 马上结婚的客户有哪些
_WHAT_IF = lazy(r"怎么|咋|如何|该|要不要|呢\W*$|的话")
_IDIOM_BEFORE = lazy(r"(?:知足|不得|一路|岁岁|祝[您你他她]|让客户|祝大家).$|(?:送|买|带|吃|寄|拿|盒|包|袋|些|点|份|颗)糖$|(?:树|茶|片)叶$")  # up to the word's first character
_TO_THANKS = re.compile(r"(?:给|跟|和|约|见|联系|拜访|找|是)$")  # 贴给谢谢
_LOOK_FOR = re.compile(r"\W*(?:我想?要?|帮我|请|麻烦)*(?:找|搜|查找)(?:一?下|一找)?\s?")  # 找下谢谢: whom else?
_LOOKED_UP = re.compile(r"(?:查|找|查一下|查询|客户)\s?$")
ADVERBS = frozenset("马上 万一 平时 应该 连续 简直 谢谢 成功 方便 平均 天天 明天 常常 向来 于是 关于".split())


_NEVER_BETWEEN = frozenset("马上 谢谢 平时 应该 连续 天天 明天 常常 国庆 中秋 元旦 冬至".split())
_MET = lazy(r" (?:吃饭|喝茶|见面|面谈|面签|签字|签约|拜访|回访|回电|送|取|来|上门|体检|续保|打|约)")


def is_person(text: str, start: int, end: int, times: Sequence[tuple[int, int]]) -> bool | None:
    """Does the everyday word `text[start:end]` stand for a person? None: only if nobody else is named and somebody must be."""
    if _is_idiom(text, start) or _OF_A_GROUP.match(text, end) is not None:
        return False
    if _PERSONAL.match(text, end) is not None:
        return True
    if text.startswith("万一", start) and _WHAT_IF.search(text) is not None:
        return None
    within = any(a <= start and end <= b for a, b in times)
    if within and _more_than_a_day(text, start, end, times):
        return True
    if text[start:end] in RARE and not within:
        return True
    return True if _has_evidence(text, start, end, within) else None


def _more_than_a_day(text: str, start: int, end: int, times: Sequence[tuple[int, int]]) -> bool:
    """Is 周一 somebody: owning what follows, dealt with, or standing beside another day?"""
    if _OPENS.fullmatch(text[:start]) and _THEIRS.match(text, end) and not _MANY.search(text):
        return True
    if _OTHER_DAY.match(text, end) is not None:
        return True
    invited = text[start - 1:start] == "约" and any(b == start - 1 for _a, b in times)  # 周三约周一喝茶
    dealt = _DEALT_WITH.search(text[max(0, start - 4):start].rstrip()) is not None
    return (invited or dealt) and _OF_A_DAY.match(text, end) is None


def needed_person(text: str, start: int, end: int, times: Sequence[tuple[int, int]]) -> bool:
    """May a doubtful word be the client that the sentence needs? It must be spoken of, or do what people do."""
    opens = _SPOKEN_OF.search(text[max(0, start - 2):start]) is not None or _BEFORE.search(text[max(0, start - 6):start]) is not None
    if not opens or (text.startswith("万一", start) and _WHAT_IF.search(text) is not None):
        return False
    if any(start < b and a < end for a, b in times):
        return _DOES.match(text, end) is not None or _BEFORE.search(text[max(0, start - 6):start]) is not None
    return True


def _is_idiom(text: str, start: int) -> bool:
    if text.startswith("谢谢", start) and start + 2 == len(text.rstrip(" ,。!")) and _LOOK_FOR.fullmatch(text[:start]):
        return False
    if text.startswith("谢谢", start) and _TO_THANKS.search(text[max(0, start - 2):start]) and text[start + 2:start + 3] not in {"你", "您"}:
        return False
    if re.search(r"[给跟和替帮找约祝]$", text[max(0, start - 1):start]) and _DONE_TO.match(text, start + 2):
        return False
    return _NOT_IN_CONTEXT.match(text, start) is not None or _IDIOM_BEFORE.search(text[max(0, start - 3):start + 1]) is not None


def _has_evidence(text: str, start: int, end: int, within_time: bool) -> bool:
    if start == 0 and end == len(text.rstrip(" ,。!?")):
        return not within_time
    before = _BEFORE.search(text[max(0, start - 6):start]) is not None
    if before and text[start:end] in ADVERBS and text[start - 1] in " ,、:" and not (text[start - 1] == ":" and text[end:end + 1] in {",", "、"}):
        before = False  # ", 马上" goes on with the sentence
    if not within_time and (_HAS.match(text, end) is not None or (text[start:end] not in _MODAL and _LIVES.match(text, end) is not None)):
        return True
    if not within_time and text[start - 1] == " " and text[start:end] not in _NEVER_BETWEEN and _MET.match(text, end) is not None:
        return True  # 后天中午 万一 吃饭: between blanks, and met
    after = _AFTER.match(text, end) is not None
    if within_time:  # 周一: the day unless both sides speak for a person
        if end == len(text) and _LOOKED_UP.search(text[:start]):
            return True
        return before and after and text[end:end + 1] not in {"", "和", "、", ","}
    weak = _WEAK_AFTER.match(text, end) is not None
    return before or (after and not weak) or (after and start == 0 and len(text) > end + 1 and text[end] in "说买改升降")
