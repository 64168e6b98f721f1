"""One sentence about a new client → its fields, under the names of the field dictionary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from handlers.language import when as times
from handlers.language.intents import fills, relatives
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.meaning import When
from handlers.language.numerals import small
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import CITIES

_MONEY_FIELDS = ("monthly_income", "annual_income", "registered_capital", "aum")
_LEAD = lazy(
    r"(?:帮我|帮忙|请|麻烦)?(?>新增|新建|新加|新开|新添|新录|新来|添加|录入|录一?个?|建一?个?|建立|登记|登一?个?|存一?个|加一?个?|添一?个?|建档|新客户?|开一?个?(?=档|户|客)|收个|来了?个|(?:(?:create|add|new)(?:\s(?=[a-z]))?(?:a\s)?)+)+\s?(?:一?下|一?个|一?位|一?名|了|入)?"
    r"(?:新的?|潜在|潜|意向|准|重点|高净值|优质|vip)?(?:企业|公司|对公|个人)?(?:客户|新客户?|客|人|档案?|clients?|customers?)?(?:建?档案?|资料|信息)?(?:,|:|-|叫做?|名叫|客户|姓名是?|名字是?|是|\s)*+"
)
_STOP = (
    r"(?=$|[^\u4e00-\u9fff·]|手机|电话|身份证|今年|男|女(?!娃|\s+[男女])|职业|微信|住|做|是|在|月入|年入|月收|年收|已婚|未婚|离异|生日|介绍|属|想|统一|法人|建|的|号码|先生|小姐|女士|,|[A-Z])"
)
_DOTTED = r"[\u4e00-\u9fff]{1,8}(?:·[\u4e00-\u9fff]{1,10}?)+"
_NAME = lazy(rf"({_DOTTED}|(?![进到入成为的要姓])[\u4e00-\u9fff]{{2,4}}?)" + _STOP + r"|([a-z]+(?: [a-z]+)?)(?=$|[\s,A-Z])")
_PUT = lazy(r"把(?:[^,。]{0,12}?(?:闺蜜|同学|邻居|好友|朋友|同事|老乡|战友|亲戚|表[哥姐弟妹]|客户|大姐|大哥|阿姨))?([CS]|[\u4e00-\u9fff]{2,4}?)(?:加|录|存|建|登记)(?:到|进|成|为|入|个|一下|下)|^\W*(?:把|将)?客户([CS]|[\u4e00-\u9fff]{2,4}?)\s*(?:新增|添加|加|录|存|建|登记)(?:到|进|入|一下|下)|(?:帮|给|为|替)[^,。]{0,8}?([CS])(?:建|开|录|登)(?:一?个|一?下)?(?:档|客户|户)")
_LATIN_NAME = lazy(r"[a-z]+ [a-z]+(?=$|[\s,\d])")
_NAMED = lazy(rf"(?:名字|姓名|(?<!\S)名(?=:)|叫做?|名叫|叫作)(?:是|:|叫|\s)*([CS]|{_DOTTED}{_STOP}|[\u4e00-\u9fff]{{2,4}}?{_STOP}|[a-z]+(?: [a-z]+)?(?=$|[\s,A-Z]))")
_FIRM = lazy(r"[\u4e00-\u9fffa-z0-9()]{2,26}?(?:有限责任公司|股份有限公司|有限公司|合伙企业|事务所|合作社|集团|工厂|公司|商行|经营部)")
_FIRM_WORDS = lazy(r"企业客户|公司客户|对公|统一(?:社会)?(?:信用)?代码|注册资本|法人")

_OCCUPATIONS = (
    "老师 教师 医生 护士 律师 工程师 会计 会计师 司机 公务员 经理 程序员 设计师 老板 个体户 个体 销售 店主 厨师 警察 军人 退休 退休教师 全职妈妈 全职太太 家庭主妇 自由职业 学生 教授 "
    "主管 总监 总经理 厂长 校长 企业主 快递员 外卖员 主播 教练 摄影师 导游 空姐 飞行员 编辑 记者 翻译 HR 人事 行政 财务 出纳 文员 前台 客服 保安 保洁 工人 技工 电工 木工 瓦工 农民 牧民 渔民 "
    "药师 牙医 兽医 法官 检察官 研究员 科员 科长 处长 院长 主任 店长 导购 美容师 理发师 化妆师 健身教练 幼师 班主任 辅导员 博主 演员 歌手 画家 作家 音乐人 创业者 合伙人 股东 高管 董事长 白领 "
    "职员 员工 店员 营业员 包工头 工头 老板娘 师傅 专员 助理 干部 民警 交警 消防员 护工 月嫂 保姆 骑手 裁缝 船员 焊工 电焊工 钳工 瓦匠 木匠 油漆工 果农 茶农 商人 生意人 养殖户 种植户 网红 技师 药剂师 "
    "打工 上班族 退役军人 村干部 物业 房产中介 中介 采购 产品经理 运营 市场 分析师 交易员 精算师 建筑师 造价师 园丁 司仪 收银员 服务员 调酒师 厨师长"
).split()
_OCCUPATION = lazy(
    r"(?:职业|职位|工作)(?:是|为|:|\s)+(?P<said>[^\s,A-Z]{2,12})|(?:职业)(?P<glued>[^\s,A-Z]{2,12})"
    r"|(?P<does>(?:做|搞|干|开(?!户|个|一|发)|跑|经营|养(?!老)|卖|种|(?<![\u4e00-\u9fff])教)[\u4e00-\u9fff]{1,8}?)(?:的|$)"
    r"|(?:是|当|一名|一个|个)?(?P<word>[\u4e00-\u9fff]{0,5}?(?:" + "|".join(sorted(map(re.escape, _OCCUPATIONS), key=len, reverse=True)) + r"))(?:了|的)?$",
    re.IGNORECASE,
)
_EMPLOYER = lazy(r"(?:工作单位|单位|就职于|任职于|供职于)(?:是|为|:|\s)*(?P<a>[^\s,A-Z]{2,20})|(?:现?在|就职)(?P<b>[^\s,A-Z]{2,16}?)(?:上班|工作|任职|供职|担任|任|当|做|坐|跑|管|干|搞|教|开)(?P<rest>[\u4e00-\u9fff]*)|^(?P<c>[^\s,A-Z在]{2,14}?)(?:里|那边)?(?:上班|工作)(?:的)?$")
_MARITAL = {"未婚": "未婚", "单身": "未婚", "没结婚": "未婚", "已婚": "已婚", "结婚了": "已婚", "离异": "离异", "离婚": "离异", "离了": "离异", "丧偶": "丧偶"}
_MARITAL_RE = lazy("|".join(_MARITAL))
_CHILDREN = lazy(
    r"(?P<pair>[一两二三12]儿[一两二三12]女|儿女双全)|(?P<none>无孩|没孩子|没有孩子|没小孩|丁克|无子女)"
    r"|(?:有|生了|带)?(?P<n>[一两二俩三四五\d])(?:个|名)?(?:孩子?|娃|小孩|宝宝?|子女|儿子|女儿|儿(?!童)|女(?!士|性))|(?:有)(?:个)(?P<one>儿子|女儿|孩子|娃|宝宝)|(?P<second>二胎|二孩)"
)
_REFERRER = lazy(
    r"(?:介绍人|推荐人|转介绍人)(?:是|为|:|\s)*(?P<a>[CS]|[\u4e00-\u9fff·]{2,4})|(?:是|由|经|通过)?(?P<b>[CS]|[\u4e00-\u9fff·]{2,4}?)(?:给|转)?(?:介绍|推荐|引荐)(?:过?来)?(?:的|认识的?)?"
)
_INTEREST = lazy(r"(?:想|打算|准备|计划|有意)(?:要|给\S{1,4})?(?:看看?|买|了解|咨询|配置?|投保?|办|做|上|加|存|贷|问问?)?(?:一下|下|一份|份|点|个)?(?P<a>[^\s,。;]{2,16})"
                       r"|(?:意向|感兴趣|关注|对)(?:产品)?(?:是|为|:|\s)*(?P<b>[^\s,。;]{2,12}?)(?:感兴趣|有兴趣|$)")
_ADDRESS = lazy(r"(?:家庭|居住|联系|公司|办公)?(?:住址|地址|住在|家住|住)(?:是|为|:|在|\s)*(?P<a>[^\s,。;A-Z][^\s,。;]{1,40})")
_PLACE = lazy(r"^(?P<a>[\u4e00-\u9fff\d]{2,}(?:省|市|区|县|镇|路|街|小区|花园|大厦|苑|村|号)[^\s,]*)$")
_CITY = lazy(rf"^(?:{CITIES.replace(' ', '|')})[\u4e00-\u9fff\d]{{0,16}}$")
_AGE = lazy(r"(?:今年)?(\d{1,3}|[一二三四五六七八九十]{1,3})(?:周)?岁|(?:年龄)(?:是|:|\s)*(\d{1,3})|(?<=[男女][\s,])([2-8]\d)(?=[\s,]|$)|(?<=[\s,])([2-8]\d)(?=[\s,][男女])")
_BARE_AGE = lazy(r"(?:今年)?(?P<n>\d{2}|[二三四五六七八九]?十[一二三四五六七八九]?)(?:了|多|出头|来岁|周岁)?")  # 41, 六十二了 between commas
_NOT_SO = lazy(r"不是[男女](?:的|士|性|生)?")
_GENDER = lazy(r"(?:(?<![子\u4e00-\u9fff])|(?<=岁))(男|女)(?:的(?=\W|$)|(?![\u4e00-\u9fff]))|(男士|女士|先生|小姐|男性|女性|男客户|女客户|小伙|姑娘|大姐|阿姨|大叔)|性别(?:是|:|\s)*(男|女)")
_WECHAT = lazy(r"微信(?:号)?(?:是|为|:|\s)*([a-z][a-z0-9_-]{4,20})")
_INDUSTRY = lazy(r"行业(?:是|为|:|\s)*([^\s,。;A-Z]{2,12})|从事([^\s,。;A-Z]{2,12}?)(?:行业|业务|$)")
_LEGAL = lazy(r"(?:法人代表|法定代表人|法人|法代)(?:是|为|叫|:|\s)*([CS]|[\u4e00-\u9fff·]{2,4})")
_SOURCE = lazy(r"(?:客户)?来源(?:是|为|:|\s)*([^\s,。;A-Z]{2,10})")
_REMARK = lazy(r"备注(?:是|为|:|\s)*([^。;]+)$")


def fields_of(s: Sentence) -> Slots:
    """Every field that can be read from the sentence; no name, no commands. What is told of relatives is not the client's."""
    own, family = relatives.told(s)
    found: Slots = {}
    _protected(own, found)
    _amounts(own, found)
    _dates(own, found)
    _words(own, found)
    return fills.merged(found, family)


def is_told(s: Sentence) -> int:
    """How many facts of a client the sentence tells beside a number."""
    return len({"gender", "age", "birth_year", "occupation", "employer", "annual_income", "monthly_income", "marital_status", "interest", "birthday", "id_number"} & fields_of(s).keys())


def new_client(s: Sentence) -> Slots:
    """The slots of client.create."""
    found = fields_of(s)
    s, _family = relatives.told(s)
    firm = _firm_name(s)
    is_firm = firm is not None or _FIRM_WORDS.search(s.text) is not None
    found["kind"] = "enterprise" if is_firm else "individual"
    name = firm or _name(s, found)
    if name:
        found["name"] = found["client"] = name
    if is_firm:
        found.pop("employer", None)
        found.pop("occupation", None)
    if not name:
        found["clarify"] = "content"
    return found


def _protected(s: Sentence, found: Slots) -> None:
    for span in s.protected:
        if span.kind in {"phone", "id_number", "licence_code", "email"}:
            found.setdefault(span.kind, span.value)


def _amounts(s: Sentence, found: Slots) -> None:
    for amount in s.amounts:
        if amount.role in _MONEY_FIELDS and amount.unit == "yuan":
            found.setdefault(amount.role, fills.whole(amount.value))


def _dates(s: Sentence, found: Slots) -> None:
    born = _BORN_IN.search(s.text)
    if born is not None:
        digits = "".join(str(_DIGITS.index(c)) if c in _DIGITS else c for c in born[1].replace("零", "〇"))
        if int(digits) >= 40 or int(digits) <= 12:  # not 做了20年的生意
            found["birth_year"] = int(digits) + (2000 if int(digits) <= 12 else 1900)
    for expression in s.points:
        around = s.text[max(0, expression.start - 5):expression.end + 3]
        slots = expression.slots
        if "lunar" in slots and ("生" in around or slots["lunar"][3]):
            found.update(lunar_birthday(slots["lunar"]))
        elif set(slots) == {"year"} and slots["year"][0] == "abs":
            found["birth_year"] = slots["year"][1]
        elif set(slots) <= {"year", "month"} and "year" in slots and slots["year"][0] == "abs" and "生" in around:
            found["birth_year"] = slots["year"][1]  # 1990年7月生 names no day
        elif ("生" in around or "ymd" in slots) and slots.keys() & {"ymd", "md", "month"}:
            found.update(_solar_birthday(s, expression))


_DIGITS = "〇一二三四五六七八九"
_BORN_IN = lazy(r"(?<![\d〇零一二三四五六七八九])([〇零一二三四五六七八九]{2}|\d{2})年(?:的|嘅|生|出生|人|$|[\s,])(?!期|限)")


def _solar_birthday(s: Sentence, expression: times.Expression) -> Slots:
    """`birthday` as an ISO date; as MM-DD when no year was said, so that the form can ask for it. A day that does not exist
    stays as it was said, so that it is shown and not lost."""
    read = s.when(expression, times.LOOK_BACK)
    if not read.start:
        return {"birthday": read.text}
    with_year = expression.slots.keys() & {"ymd", "year"}
    return {"birthday": read.start[:10] if with_year else read.start[5:10]}


def lunar_birthday(lunar: Sequence[Any]) -> Slots:
    """`birthday_lunar` as MM-DD and whether the month is a leap month."""
    leap, month, day = lunar[:3]
    if month is None or day is None:
        return {}
    return {"birthday_lunar": f"{month:02d}-{day:02d}", **({"birthday_leap": True} if leap else {})}


def _words(s: Sentence, found: Slots) -> None:
    text = s.text
    _demography(s, text, found)
    if (match := _WECHAT.search(text)) is not None:
        found["wechat"] = match[1]
    if (match := _ADDRESS.search(text)) is not None:
        found["address"] = s.said(*match.span("a"))
    if (match := _INDUSTRY.search(text)) is not None:
        found["industry"] = match[1] or match[2]
    if (match := _LEGAL.search(s.shape)) is not None:
        found["legal_representative"] = s.cut(*match.span(1))
    _people(s, found)
    _work(s, found)


def _demography(s: Sentence, text: str, found: Slots) -> None:
    if (match := _GENDER.search(_NOT_SO.sub("", text))) is not None:
        word = match[1] or match[3] or match[2]
        found["gender"] = "M" if word[0] in "男先" or word in {"小伙", "大叔"} else "F"
    if (match := _AGE.search(text)) is not None and (age := small(match[match.lastindex or 1])) is not None:
        found["age"] = age
    if (match := _MARITAL_RE.search(text)) is not None:
        found["marital_status"] = _MARITAL[match[0]]
    if (match := _CHILDREN.search(text)) is not None:
        found["children"] = _children(match)
    source = fills.word_in(_SOURCES, text) if (match := _SOURCE.search(text)) is None else match[1]
    if source:
        found["source"] = source
    if (match := _REMARK.search(text)) is not None:
        found["remark"] = s.said(*match.span(1))


_SOURCES = {"自拓": "自己开发 陌拜", "网点": "到店", "线上": "公众号来的 小程序来的", "活动": "沙龙上认识 讲座上认识"}


def _children(match: re.Match[str]) -> int:
    if match["pair"]:
        return 2 if "双" in match["pair"] else sum(small(c) or 0 for c in match["pair"][::2])
    if match["none"]:
        return 0
    if match["second"]:
        return 2
    return 1 if match["one"] else small(match["n"].replace("俩", "两")) or 0


def _people(s: Sentence, found: Slots) -> None:
    match = _REFERRER.search(s.shape)
    if match is not None:
        group = "a" if match["a"] else "b"
        said = s.cut(*match.span(group))
        found["referrer"] = said
        known = next((c.mention for c in s.clients if c.mention.text == said or s.said(c.start, c.end) == said), None)
        if known is not None and len(known.refs) == 1:
            found["referrer_id"] = known.refs[0].id
        found.setdefault("source", "转介绍")
    interest = _INTEREST.search(s.text)
    if interest is not None:
        found["interest"] = s.said(*interest.span("a" if interest["a"] else "b"))


def _work(s: Sentence, found: Slots) -> None:
    for start, end in tokens(s):
        token = s.text[start:end]
        if "age" not in found and (aged := _BARE_AGE.fullmatch(token)) is not None and 14 < (small(aged["n"]) or 0) < 100:
            found["age"] = small(aged["n"])
            continue
        if token.startswith("不是"):
            continue  # 不是老师，是医生
        employer = _EMPLOYER.search(token)
        if employer is not None and "employer" not in found:
            found["employer"] = employer["a"] or employer["b"] or employer["c"]
            if employer["rest"]:
                found.setdefault("occupation", employer["rest"])
            continue
        place = _PLACE.match(token)
        if place is not None and "address" not in found and not _FIRM.search(token):
            found["address"] = s.said(start, end)
            continue
        if _CITY.match(token) is not None and "address" not in found:
            found["address"] = s.said(start, end)
            continue
        job = _OCCUPATION.search(token)
        if job is not None and "occupation" not in found and "介绍" not in token and "想" not in token:
            group = job.lastgroup or "word"
            found["occupation"] = s.said(start + job.start(group), start + job.end(group))


def is_occupation(words: str) -> bool:
    """主治医生: does it end in the name of a job?"""
    return words.endswith(tuple(_OCCUPATIONS))


_GAP = lazy(r"[\s,、;。/|]+")


def tokens(s: Sentence) -> list[tuple[int, int]]:
    """The comma or space separated pieces of the sentence (places in `text`) that hold no other span."""
    found: list[tuple[int, int]] = []
    at = 0
    lead = _LEAD.match(s.text)
    first = lead.end() if lead else 0
    for gap in [*_GAP.finditer(s.text), None]:
        start, end = max(at, first), gap.start() if gap else len(s.text)
        if end > start:
            found.append((start, end))
        if gap is None:
            break
        at = gap.end()
    busy = [(p.start, p.end) for p in s.protected]
    found = [t for t in found if not any(t[0] < b and a < t[1] for a, b in busy)]
    named = [(c.start, c.end) for c in (*s.clients, *([s.stranger] if s.stranger else []))]
    return [t for t in found if t not in named]


def _firm_name(s: Sentence) -> str | None:
    lead = _LEAD.search(s.text)
    match = _FIRM.search(s.text, lead.end() if lead and lead.end() < len(s.text) else 0)
    if match is None or s.text[max(0, match.start() - 1):match.start()] in {"在"} or "在" in match.group()[:3]:
        return None
    told_firm = _FIRM_WORDS.search(s.text) is not None or (lead is not None and s.text[lead.end():].startswith(match.group()))
    return s.said(*match.span()) if told_firm else None


def _name(s: Sentence, found: Slots) -> str | None:
    """The name right behind 新增, 叫 or 姓名; else the first name that is not the referrer's."""
    shape = s.shape
    named = _NAMED.search(shape)
    if named is not None and named[1] not in _NO_NAMES:
        return name_said(s, *named.span(1))
    put = _PUT.search(shape)
    if put is not None and (said := name_said(s, *put.span(put.lastindex or 1))) not in _NO_NAMES:
        return said
    for lead in _LEAD.finditer(shape):
        rest = shape[lead.end():lead.end() + 1]
        if rest and rest in "CS":
            longer = _LATIN_NAME.match(s.text, s.place(lead.end()))  # Tom Lee, although a Tom is known
            return s.said(*longer.span()) if longer else name_said(s, lead.end(), lead.end() + 1)
        match = _NAME.match(shape, lead.end())
        if match is not None and match.group() not in _NO_NAMES:
            return name_said(s, *match.span())
    brought = _BROUGHT.search(shape)
    if brought is not None:
        return name_said(s, *brought.span(1))
    for pattern in (_PUT_IN, _MET):
        if (behind := pattern.search(shape)) is not None and behind[1] not in _NO_NAMES:
            return name_said(s, *behind.span(1))
    people = [c.mention.text for c in (*s.clients, *([s.stranger] if s.stranger else []))]
    return next((p for p in people if p != found.get("referrer")), None)


_MET = lazy(rf"(?:新|刚|才|T)*认识(?:了|的)?(?:一?个|一?位)?(?:新?客户|朋友|老板|老师)?[\s,]*([CS]|[\u4e00-\u9fff]{{2,4}}?{_STOP})")  # 今天新认识韩东君
_PUT_IN = lazy(rf"(?:录|加|存|建|登)(?:进来|进去|进系统|起来|一?下|上)[\s,:]+([CS]|[\u4e00-\u9fff]{{2,4}}?{_STOP})")  # 录进来：郝建
# 蔡老师介绍了一位朋友 祝枝山
_BROUGHT = lazy(rf"(?:介绍|推荐)(?:过?来)?(?:了|的)?(?:一?[个位名])?(?:新?客户?|朋友|同事|同学|邻居|亲戚|闺蜜|老乡|战友)*(?:叫做?|是)?[\s,:]*([\u4e00-\u9fff]{{2,4}}?){_STOP}")


def name_said(s: Sentence, start: int, end: int) -> str:
    """A name at `shape[start:end]`: in simplified characters, Latin letters as typed."""
    plain = s.text[s.place(start):s.place(end)].strip(" ,。、:;")
    return s.cut(start, end) if plain.isascii() else plain


_NO_NAMES = {"什么", "啥", "客户", "一个", "新客", "新客户", "一下", "资料", "档案", "个人", "企业", "信息", "手机", "电话", "这个人", "这位", "此人", "他", "她"}


_NOT_THIS = lazy(r"(?:不是|不再是|而非|之前|原来|原先|以前|先前)(?:[填写记录登报]的?)?(?:是|成|的)?\s*$")  # 应该是十八万 不是八万


def value_for(spec: str, s: Sentence, start: int, end: int) -> Any:
    """What was said for a field in `text[start:end]`: the typed reading where there is one, else the words."""
    inside = [p for p in s.protected if start <= p.start < end and p.kind != "quote"]
    if inside:
        return inside[-1].value  # the old one is said first
    amounts = [a for a in s.amounts if start <= a.start < end] if spec in MONEY_LIKE else []
    amounts = [a for a in amounts if not _NOT_THIS.search(s.text[:a.start])] or amounts
    if amounts:
        stepped = re.search(r"到|改|成|变|->|不对|不是|[说写记打搞]错|错了", s.text[amounts[0].end:amounts[-1].start]) is not None
        return fills.whole(amounts[-1 if stepped else 0].value)  # 从5万涨到8万
    if spec in DATE_LIKE:
        point = next((e for e in s.points if start <= e.start < end or start <= e.end - 1 < end), None)
        if point is not None:
            if spec == "birthday":
                return _solar_birthday(s, point).get("birthday")
            read: When = s.when(point, times.DUE)
            return read.start or read.text or None
    if spec == "gender" and (told := re.findall(r"男|女", s.text[start:end])):
        return "M" if told[-1] == "男" else "F"
    if spec in {"children", "age", "employees"} and (match := re.search(r"\d+|[一二两三四五六七八九十]+", s.text[start:end])) is not None:
        return small(match.group())
    return s.said(start, end).strip(" ,，。、:：;；\"“”「」了吧的啦") or None


MONEY_LIKE = frozenset(
    "aum monthly_income annual_income family_income registered_capital total_assets total_debts outside_assets premium_budget "
    "annual_revenue net_profit annual_tax monthly_inflow monthly_outflow premium sum_insured amount balance".split()
)
DATE_LIKE = frozenset("birthday id_expires_on id_expiry licence_expires_on risk_class_expires_on established_on anniversary due_date "
                      "next_follow_up_on account_opened_on effective".split())
