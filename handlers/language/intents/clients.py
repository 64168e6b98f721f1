"""Finding, showing, adding, relating and removing clients."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import create, fills, mood, relations, search
from handlers.language.intents.newcomers import newcomer
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import SECTIONS


def lookup(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """A client, several, or whoever has this number; with the field that was asked for."""
    slots: Slots = {p.kind: p.value for p in s.protected if p.kind in {"phone", "phone_tail", "id_number"}}
    if not s.clients and s.stranger is None and not slots:
        if re.search(r"第.{1,2}[个位]", s.text):
            slots = fills.listed(s)
        if not slots:
            slots = fills.client(s)
    elif s.clients or s.stranger:
        slots = {**fills.clients(s), **slots} if s.has("client") else {**slots, **({} if slots else fills.client(s))}
    name = field_asked(s)
    if name in slots:
        return slots  # 这个号码是谁的
    return {**slots, "field": name} if name else slots


# Fields that are asked for in more ways than a list of words can hold.
_ASKED = (
    ("marital_status", lazy(r"[结离]了?婚了?(?:还是|或者)[^,。]{0,2}[没未]|婚没婚|([结离])没\1婚?|[结离]婚?[了过]?没\W*$")),
    ("id_expiry", lazy(r"(?:身份证|证件|证).{0,6}(?:到期|过期|有效|失效)")),
    ("last_note", lazy(r"(?:上一?[次回]|前一次|最近一?次?|最后一?[次回]|多久没|啥时候|什么时候)(?:和|跟|与)?.{0,8}?(?:打的?交道|聊|谈|联系|跟进|沟通|见|拜访|打(?:过)?电话|互动|来往|咨询|问)|[聊谈跟][到了](?:哪|什么|啥)")),
    ("referrer", lazy(r"谁(?:牵|搭)(?:的|了)?(?:线|桥)|谁(?:给我|帮我|给)?(?:介绍|推荐|引荐|带|拉)(?:过?来|的|$)|(?:怎么|哪里?|哪儿)(?:认识|来)的")),
    ("family", lazy(r"家(?:里|中)?(?:有|一共|总共|还有)?(?:几|多少)(?:口|个)人?|(?:爸妈|父母|老人)(?:都)?还在|(?:老公|老婆|太太|先生|丈夫|妻子|爱人|配偶|另一半|儿子|女儿|闺女|孩子|小孩|娃|爸|妈|父母|媳妇|对象)们?(?:都|又)?(?:叫(?!我|他|她)|名字|姓|是谁|多大|几岁|(?:是)?(?:做|干)(?:什么|啥|嘛)|有没有|在哪|上?几年级|上(?:什么|啥|哪)|多大了)|(?:有)?(?:几个|没有?|有没有)(?:孩子|小孩|娃|儿女|子女)|有(?:孩子|小孩|娃|儿女|子女|对象|老公|老婆|儿子|女儿)(?:了)?(?:吗|么|没|不)")),
    ("employer", lazy(r"(?:公司|单位|厂)(?:是|叫|名)(?:什么|啥|哪)|[在搁喺](?:哪|什么|啥|边)(?:里|儿|个|家|间|度)?(?:公司|单位|地方|企业|银行)?(?:上班|工作|做事|高就|任职|返工|打工|就职)|(?:是|在)?(?:哪|边|什么|啥)(?:一?家|一?个|间|所)?(?:公司|单位|企业|银行|医院|学校|机构|部门|局|大学|事务所)的?\W*$")),
    ("address", lazy(r"住(?:在|喺|搁)?(?:哪|什么|啥|边)|家(?:里)?(?:在|住)(?:哪|什么|啥)|在哪[^,。]{0,4}住|住(?:在)?[^,。哪]{2,10}(?:吗|么|\?)\W*$")),
    ("occupation", lazy(r"(?:是|做|干|搞|从事)(?:什么|啥|嘛|咩|乜|哪一?行)(?:的|工作|职业|行业|生意|营生)?(?:\W|$|来着|啊|呀|呢|嘞)")),
    ("birthday", lazy(r"(?:哪|几|什么|啥)(?:一)?(?:年|月|天|日|号|时候?)(?:几[号日])?(?:的)?(?:出生|生的|生日|过生|过寿)|生日(?:是|在)?(?:哪|几|什么|啥)|属(?:什么|啥|咩)|(?:什么|啥|哪个)星座|(?:哪|几)一?几?年的\W*$|几零后|几几年")),
    ("annual_income", lazy(r"(?:一|每|全)年(?:能|大概|大约|可以)?(?:挣|赚|收入|进账|拿|入息)")),
    ("monthly_income", lazy(r"(?:一|每)个?月(?:能|大概|大约|可以)?(?:挣|赚|收入|进账|拿|入息)")),
    ("aum", lazy(r"放(?:在)?(?:我们|我|咱们?)(?:行|这儿?|这里|那儿?)?(?:这边)?(?:了)?(?:总共|一共)?(?:多少|几)|(?:在)?(?:我们|我|咱|行里)(?:行|司|这|这里|这边)?(?:里)?(?:总共|一共)?(?:有|放|存)(?:了)?(?:多少|几多|几)(?:钱|万|资产)?|(?:有|放|存)(?:了)?(?:多少|几多)(?:钱|身家|资产)(?:在|$|\W)|值多少")),
    ("tier", lazy(r"(?:是|算|属于)?(?:几|哪一?|什么|啥)(?:个)?(?:类|级别?|等级?|档次?|层)(?:的?客户|的|了|啊|呀|来着|\W|$)")),
    ("phone", lazy(r"尾号(?:到底)?(?:是|为)?(?:多少|几|\d{4}.{0,3}还是)|(?:怎么|咋|如何|点样)(?:才能)?(?:联系|联络|找)(?:上|到)?")),
)


def field_asked(s: Sentence) -> str | None:
    """The field a question is about; 介绍人 for 谁介绍的."""
    if "介绍" in s.text and s.has("ask", "list"):
        return "referrer"
    special = asked_specially(s)
    if special in {"last_note", "family", "id_expiry", "referrer"}:
        return special  # 老公做什么的 asks about the family, 上次电话里聊了什么 about the talk
    free = [f for f in s.fields if not any(f[1] == c.start for c in s.clients) and not (f[2] in {"family", "remark", "stage"} and s.has("family") and not s.has("ask"))]
    theirs = [f for f in free if s.clients and f[0] >= s.clients[0].end] or free  # 家人们，江总邮箱: the field is the client's
    return theirs[0][2] if theirs else special


def asked_specially(s: Sentence) -> str | None:
    """A field that is asked for in a turn of phrase."""
    said = s.text
    for named in s.clients:  # 高先生在哪 is no question about a husband
        said = said[:named.start] + "□" * (named.end - named.start) + said[named.end:]
    return next((name for name, shape in _ASKED if shape.search(said)), None)


def asks_field(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    return lookup(s, match) if asked_specially(s) else None


_GIVE_ME = r"(?:发|给|推|报|甩|丢|扔|贴|念|传|转|告诉|抄|弄|调|翻|拿|要)(?:给|送|一?下|一份|一个|过)*(?:我|俺|咱|来|出来|下|看看)"
_GIVEN_BEHIND = lazy(rf"\s*(?:报|念|说|发|再报|再念)一?遍|(?:号码?|名片|是多少)?[\s,]*(?:帮忙|麻烦|请|快|都|再|能不能|可以|能)?\s*{_GIVE_ME}(?:一?下|一份|呗|吧|哈|看看?|用用?|吗|么|谢谢|啊|哦|嘛|行不|好吗|\W)*+$")
_GIVEN_BEFORE = lazy(rf"{_GIVE_ME}(?:一?下|一?个)?\s*$")


def wanted(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """白姐的微信发我: the field right behind a client is to be sent to the speaker; no field that something is sent by."""
    if mood.reminding(s) is not None or (not s.clients and s.stranger is None):
        return None
    for named in [*s.clients, *([s.stranger] if s.stranger else [])]:
        own = next((f for f in s.fields if f[0] >= named.end and not s.text[named.end:f[0]].strip(" 的那个新家")), None)
        if own is not None and (_GIVEN_BEHIND.match(s.text, own[1]) or (_GIVEN_BEFORE.search(s.text[:named.start]) and len(s.text) - own[1] < 5)):
            return {**lookup_of(s), "field": own[2]}
    return None


def lookup_of(s: Sentence) -> Slots:
    return fills.clients(s) if s.clients else fills.client(s)


def field_is_asked(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """A question about a field of a client that no finer rule takes (方便的地址有登记吗)."""
    return lookup(s, match) if mood.asks(s) and mood.reminding(s) is None and not mood.supposes(s) and field_asked(s) else None


def last_contact(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """江总最近跟进; 江总明天拜访 is an appointment."""
    return lookup(s, match) if any(f[2] == "last_note" for f in s.fields) else None


def details(s: Sentence, match: re.Match[str] | None) -> Slots:
    section = _section(s)
    return fills.merged(fills.client(s), {"section": section} if section else {})


def _section(s: Sentence) -> str | None:
    """The section named beside 详情, if it is one."""
    rest = re.sub(r"详情|详细|资料|完整|全部|的|信息", " ", s.shape)
    rest = re.sub(r"[A-Z]", lambda m: "保单" if m.group() == "X" else " ", rest)
    found = s.lexicon.scanner("sections").find(rest)
    return found[0][2] if found else None


def timeline(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.merged(fills.client(s), fills.span_of(s, times.LOOK_BACK))


def watched(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """李想今天都查了谁, asked by compliance."""
    return timeline(s, match) if s.role == "compliance" else None


def one(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.client(s)


def several(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.clients(s)


_TWO = lazy(r"俩|两[个位条份]|重复|同一|[建录登]重|两[遍次]")


def pair(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """The two who are one: both named, or one with a word for two."""
    return fills.clients(s) if len({c.mention.text for c in s.clients}) > 1 or s.stranger is not None or _TWO.search(s.text) else None


def new_client(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """None when nobody is named and the sentence speaks of a time or a count: 本月新增客户."""
    found = create.new_client(s)
    if s.has("time") and _A_COUNT.search(s.text) is not None:
        return None  # 王磊本月新增客户
    if s.clients and s.products and s.has("money") and found.get("name") == s.clients[0].mention.text:
        return None  # 录入马超理财20万: what he bought
    if found.get("name") and (_GIVEN_OVER.match(found["name"]) or found["name"] in _PRONOUNS):
        return None  # 新客户归赵倩
    if not found.get("name") and s.dialogue.focus is None and _TO_ADD.fullmatch(s.text) is None and not s.has("phone", "id_number", "licence_code"):
        return None  # 新客户比老客户难搞: neither a name nor an order
    return None if not found.get("name") and (s.has("time") or s.has("list")) else found


_PRONOUNS = frozenset({"总数", "总量", "合计", "人数", "占比", "增量", "排名", "排行", "情况", "数量", "名单", "明细", "统计", "数据", "多少", "功能", "他", "她", "它", "我", "他们", "她们", "我们", "自己"})
_A_COUNT = lazy(r"新(?:增|加)?的?客户?(?:数量?|情况|名单)?\W*$|新(?:增|加)?的?客户?(?:数量?)?(?:环比|同比|比上|增长|涨幅)")
_TO_ADD = lazy(r"(?>\W|请|麻烦|帮|我|给我|要|想|来|先|再|一?个|一?位|一?名|一?下|上|新增|新建|新加|新开|新添|新录|添加|录入|录|建立?|建个?档|开|加|登记?|存|客户|新的?客?|人|档案?|资料|企业|公司|个人|对公|吧|呗|哈|add|new|create|client|customer)+")
_GIVEN_OVER = lazy(r"[归给由转交划分]")


_BECAME = lazy(r"认识|加(?:了|到|上)|也?是我(?:的)?客户|来(?:了|的)|新(?:客|来|加)|名片|名叫|姓名|转介绍|推荐|想(?:买|了解|咨询|存|贷)")


def stranger_with_number(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """昨天认识的洪七公 电话13500005555 先录上: nobody of the book, a number, and the order to write it or how one met."""
    if mood.asks(s) or mood.reminding(s) is not None or (mood.writing(s) is None and _BECAME.search(s.text) is None and create.is_told(s) < 2):
        return None
    return new_client(s, match)


def of_many(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """Conditions on many; with a client in mind 有没有重疾险 is about that one."""
    one = s.dialogue.focus is not None and len(s.text) < 14 and re.search(r"客户|谁|哪些|名单|人", s.text) is None
    return None if one else search.search_strict(s, match)


def listing(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.span_of(s, times.LOOK_BACK)


# 把C的水杯拿走 takes no client off the book: behind the deed stands nobody's thing.
NOTHING_ELSE = r"(?=(?:了|掉|走|出去|到|着|吧|呗|算|[他她])*+(?:C(?!的|这种|那种|这样)|$|[\s,。!~]))"
RULES: tuple[Rule, ...] = (
    # ---- look up
    rule("client.lookup", 40, "client", lookup, shape=r"^\W*C\W*$", name="bare name"),
    rule("client.lookup", 38, "stranger", lookup, shape=r"^\W*S\W*$", name="bare unknown name"),
    rule("client.lookup", 44, "lookup", lookup, need="who", no="remind note create product", name="look up a client"),
    rule("client.lookup", 46, "field", lookup, need="who", no="remind note create update", name="a client's field"),
    rule("client.lookup", 82, "field", lookup, need="who", no="remind create", name="a number in full",
         shape=r"^[^,。]{0,10}C[^,。]{0,10}(?:给我|发我|告诉我|要|看|查|给|把)?[^,。]{0,3}(?<!不)(?:完整|全号|没打码|不打码|明文)(?:的|版|号码|号|一下|看看|给我|发我|吧|谢谢)*\W*$"),
    rule("client.lookup", 48, "field", lookup, need="who ask", no="remind note create update product claim policy", name="a client's field is asked"),
    rule("client.lookup", 48, "who focus", asks_field, no="remind note create update product claim policy loan holding birthday list", name="a field in a turn of phrase"),
    rule("client.lookup", 46, "field", lookup, need="focus", no="remind note create update who list team all", shape=r"^(?!.*(?:没错|不用|不必|别|是对的|错)).{0,16}$", name="the focus client's field"),
    rule("client.lookup", 45, "ask list", lookup, need="client", no="remind note create reminder_thing", shape=r"叫C的", name="a question about a client"),
    rule("client.lookup", 50, "lookup", lookup, need="who", no="remind note create product update", shape=r"[CS]的?(?:基本|详细|个人|客户|\s)*(?:情况|资料|档案|信息)(?:说说|讲讲|看看|看下|介绍|来|给|我|发|调|出来|一下|一份|怎么样|如何|\s)*\W*$", name="tell me of a client"),
    rule("client.lookup", 45, "client", lookup, no="remind note create update", name="show one", shape=r"^\W*(?:请|麻烦|帮我|帮忙|给我|我想|我要|再|先)*(?:调|查|找|搜|翻|看|开|打开|扒|捞)(?>出|一?下|下|看)*C(?:的|这个|那个|一?下|看看|客户|出来|吧|呗|\W)*$|^\W*C(?:这个|那个|的)?(?:客户|人)?(?:,|\s)*(?:给我)?(?:介绍|说|讲|聊|科普|普及)(?:一?下|下|说|讲|介绍)(?:吧|呗|看|\W)*$|^\W*C(?:是?(?:什么|啥)(?:来头|来路|背景|路子)|的底细?|呢|咋样|怎么样)(?:啊|呀|呢|\W)*$|(?:翻|查|摸|看)(?:一?下|翻|查|摸|看)*C的(?:底|老底|底细|底子)\W*$"),
    rule("client.lookup", 45, "who", lookup, no="remind note create", shape=r"[CS](?:这个?人|这位|这户)?在我(?:的)?(?:名下|列表|名单|手上)(?:里|上)?(?:吗|么|没|不)|[CS](?:有没有|在不在|在没在|是不是)(?:在)?我(?:的|这)?(?:客户|名单|列表)|(?:有没有|有无|认识|是否有)(?:一?个|一?位)?(?:叫|姓名是)?(?:做|作)?[CS]|叫(?:做|作)?[CS]的(?:客户|人|客)|有[CS](?:这|那)?(?:个|位)?(?:人|客户)?(?:吗|么|没|不)", name="is there such a client"),
    rule("client.lookup", 64, "stranger", lookup, need="birthday field", no="remind note create update draft", shape=r"S\s?的?(?:出生|生日|生辰)", name="a stranger's birthday"),
    rule("client.lookup", 62, "introduced", lookup, need="client ask", no="phone", name="who introduced"),
    rule("client.lookup", 84, "field", wanted, need="who", no="money number", name="a field is to be sent to me", quiet=True),
    rule("client.lookup", 85, "field", last_contact, need="who", no="remind note create", name="the last contact", shape=r"^\W*(?:查|看|看看|查下|查一下)?C的?(?:T|D|最近|上次|最新)(?:的|一次)*(?:跟进|联系|沟通|拜访|回访)(?:记录|情况|内容)?\W*$"),
    rule("client.lookup", 41, "who", field_is_asked, no="money", name="a field is asked in any words", quiet=True),
    rule("client.lookup", 50, "phone phone_tail id_number", lookup, no="create remind update money introduced who", name="whose number"),
    rule("client.lookup", 86, "phone_tail phone", lookup, no="create remind update client", name="whose number is it", shape=r"P\s?(?:那个|这个|的)?(?:到底)?(?:是|系)(?:谁|哪位|哪个|哪一?个)"),
    rule("client.lookup", 80, "client", asks_field, no="remind money", name="what somebody earns", shape=r"C[^,。]{0,3}(?:D|(?:一|每)个?(?:月|年))[^,。]{0,4}(?:挣|赚|收入)(?:多少|几)"),
    rule("client.lookup", 47, "lookup", lookup, need="focus", no="remind note create product policy list who update", shape=r"(?:资料|档案|信息|情况)", name="the focus client"),
    rule("client.details", 72, "details", details, no="remind create policy_no ask"),
    rule("client.details", 70, "details", details, need="who", no="remind create policy_no"),
    rule("client.timeline", 74, "timeline", timeline, no="remind note create ticket"),
    rule("client.timeline", 87, "who", timeline, no="remind ask", name="the records of a client",
         shape=r"^\W*(?:查看?|看看?|翻|调)?(?:一?下)?[CS]的?\s*(?:全部|所有|历史|最近的?|以前的?|往来|沟通|联系|跟进|拜访|服务|投诉|客诉)*的?\s*记录(?:看看|看一?下|给我)?\W*$"),
    rule("client.family", 64, "family", one, no="remind note create update ask birthday claim draft past T contact_verb time number money",
         shape=r"^\W*(?:查|看|查看|查一下|看一下|看看)?[CS]?的?\W*(?:家庭|家人|家属)(?:成员|情况|关系|结构|信息)?\W*$"),
    rule("client.list", 58, "mine customer_book", listing, shape=r"^(?:查看?|看看?|列出|列一下)?(?:我的|全部|所有|我名下的?)(?:客户|客人)(?:列表|名单|清单|有哪些|都有谁)?$"),
    rule("contract.list", 63, "contract", one, need="who", no="remind note create update money party plan T time", shape=r"C(?:的|名下)?\s?(?:所有|全部|有哪些)?合同"),
    rule("contract.list", 68, "who", one, no="remind note create update money customer_book stats team product", name="what somebody has with us", quiet=True,
         shape=r"[CS]的?(?:名下|手[上里])(?:现在|目前|一共|总共|都|还|到底)*有(?:些)?(?:什么|啥|哪些|几[个样种])(?!客|人|单)"),
    rule("contract.list", 63, "contract", one, need="focus", no="remind note create update money who party plan list", shape=r"^.{0,4}合同"),
    rule("client.list", 58, "any", listing, name="the list of clients", shape=r"^\W*(?:查看?|看看?|列出|打开|给我)?(?:客户|客人)(?:列表|名单|清单)\W*$"),
    rule("audit.lookup", 70, "any", watched, name="what a member did", shape=r"^\W*(?:[CS]|[\u4e00-\u9fff]{2,4}?)T?都?(?:查|看|改|动)(?:过|了)(?:谁|哪些(?:客户|人)|什么|啥)\W*$"),
    rule("audit.lookup", 87, "who", timeline, no="export", name="who looked at somebody",
         shape=r"^\W*(?:T|最近|都|有)*谁(?:T|最近|都|还|曾经?)*(?:看|改|查|翻|动|打开)(?:过|了)[CS](?:的?(?:资料|信息|档案|记录|手机号?|电话|卡片?|合同|保单))?\W*$"),
    rule("audit.lookup", 87, "audit", timeline, no="export", shape=r"^\W*(?:审计|谁看过|谁改过|谁查过)\s?|审计记录"),
    # ---- add
    rule("client.create", 84, "create", new_client, no="remind tag policy_no ask complaint merge",
         shape=r"(?:新增|新建|新加|新开|新添|新录|新来|录入|添加|录一?个|加一?个|添一?个|登一?个|存一?个|登记|建一?个|建立|来了?个|收个|加|add|new)(?:一?个|一?位|一?名|一?下|了)?\s?(?:新的?|潜在?|意向|准)?(?:企业|公司|对公|个人)?(?:客户|客|人|client|customer)|(?:新增|新加|新录|新添|录|加|登)(?:入|一)?(?:位|名)[\s:,]*[CS]|(?:建|入)档|建个档|把(?:[CS]|[\u4e00-\u9fff]{2,4})加(?:到|进)客户|(?:录|存|加|收|建|登记)(?:成|为|进|入|到)(?:我的?|新)?(?:客户|系统|库|通讯录|crm)|(?:认识|加了|碰到|遇到|来)了?一(?:个|位|名|老)?[^,。A-Z]{0,6}叫|^\W*客户[CS]?\s*(?:录入|建档|登记|新增|添加)|开个?档|新客(?!户?[有多数率])|^(?:新增|新建|录入|建档|添加)\W*[CS]|create"),
    rule("client.create", 84, "any", new_client, no="client remind ask policy_no product tag", name="somebody new, in short",
         shape=r"^\W*(?:建|录|新客|登|收)\s+(?:S|[\u4e00-\u9fff]{2,4})[\s,]+(?:[男女](?=[\s,]|$)|P|\d{2}(?:岁|后)|[\u4e00-\u9fff]{2,5}[\s,]+(?:[男女](?=[\s,]|$)|P|\d{2}岁|月入|年入))"),
    rule("client.create", 70, "create", new_client, need="phone", no="remind ask list policy money update"),
    rule("client.create", 69, "create", new_client, need="stranger", no="remind ask list policy product tag time ticket reminder_thing", shape=r"(?:新增|新建|录入|录个|录一个|添加|建个|登记)\W*S"),
    rule("client.create", 85, "phone", stranger_with_number, no="client remind ask policy_no update ticket", name="somebody new with a number", quiet=True),
    rule("client.create", 86, "any", newcomer, no="remind ask policy_no ticket", name="somebody new by what is told", quiet=True),
    rule("client.create", 69, "any", new_client, no="client remind ask policy_no ticket", name="somebody new was met",
         shape=r"(?:加|来|认识|拓展?|谈|拉|聊|碰|遇|开发|收|接触|约)(?:了|到|来|上|过来){0,4}+(?:一?个|一?位|一?名)(?:新|准|意向|潜在|老乡)?的?(?:客户|客|准客|潜客|大姐|大哥|老板|阿姨|老师|女士|先生|朋友|老总)?[\s,]*(?:,|\s)*(?:叫做?|名叫|姓名是?|名字是?)"),
    # ---- relate
    rule("client.relate", 80, "introduced", relations.introduced, no="create ask remind", name="an introduction"),
    rule("client.relate", 73, "relation", relations.relate, need="client", no="ask remind create", shape=r"[CS].*[CS]", name="two clients are related"),
    rule("client.family_add", 66, "family", relations.family_add, need="client", no="ask remind draft claim lookup policy loan holding search happened contact_verb product",
         shape=r"C的?(?:有个?|新增|添加|家庭成员)?\W*(?:大|小|二)?(?:儿子|女儿|闺女|老公|老婆|丈夫|妻子|太太|爱人|父亲|母亲|爸爸|妈妈|孩子|媳妇|弟弟|妹妹|配偶).{2,}"),
    rule("client.family_add", 83, "family relation", relations.family_told, no="remind draft claim search", name="into the family",
         shape=r"(?:加|记|录|补|登记|添|写|存|放|归|列)(?:到|进|入|在|个|一个|上|一下|下)?.{0,8}(?:家庭|家人|家属|家里人|亲属)|(?:家庭成员|家庭|家人|家属|亲属|成员)(?:里|信息|关系|档案|资料)*.{0,6}(?:加|新增|添|补|录|登记|多)"),
    rule("client.family_add", 82, "family relation", relations.family_told, need="client", no="remind draft claim search ask", name="a relative is to be added",
         shape=r"[,。\s](?:请|麻烦|也|都|帮我|你|给我|把[她他]|顺便)*(?:加|录|记|登记|登|添|补|存)(?:进去|进来|进|上去|上|入|一?下|到档案里?|进档案)(?:吧|哈|谢谢)?\W*$"),
    rule("client.family_add", 82, "family relation", relations.family_told, need="client", no="remind draft claim search ask", name="a relative behind the order",
         shape=rf"^\W*(?:请|麻烦|帮我?|给|替)*C?(?:的|\s|家里?|名下|档案里?)*(?:加|登记|录入?|补|添|记|新增|多)(?>一?个|一?位|上|下|一?下|入|了)*(?:{relations.KIN})(?!生日)[^,。]|^\W*C\s*(?:的)?(?:家属|家人|家庭成员)\s*[:,]?\s*(?:{relations.KIN})[\s,:]*[\u4e00-\u9fffS]|把[S\u4e00-\u9fff]{{1,4}}(?:加为|加成|设为|登记为|登记成|录为|作为)C的?(?:{relations.KIN})"),
    rule("client.family_add", 88, "client focus", relations.family_told, no="ask remind search list draft", name="put into the family", quiet=True,
         shape=rf"^(?=.*(?:{relations.KIN})).*(?:家庭(?:成员|信息|关系|情况)?|家里人|亲属(?:关系)?|家属|家人)(?:里|那|上|栏|度|名单)*+[^,。]{{0,3}}(?:加|挂|补|记|录|添|放|写|填)|(?:加|挂|补|记|录|添|放|写|填)[^,。]{{0,6}}(?:家庭(?:成员|信息|关系|情况)?|家里人|亲属|家属|家人)"),
    rule("client.family_add", 87, "client", relations.family_told, no="ask remind search list draft claim", name="a relative by name, to be put in", quiet=True,
         shape=rf"C(?:家|的|屋里)?[^,。A-Z]{{0,3}}(?:{relations.KIN})[^,。]{{0,2}}(?:大名|小名)?叫(?!他|她|它|我|你|外|车|人|上|大家|快)[^,。A-Z\s]{{2,4}}.{{0,16}}(?:加|挂|补|记|录|添|登)(?:上|进|到|去|一?下|埋|落)*+\W*$|^\W*(?:补|加|录|登|记)(?:一?下|上|个|记)?[\s,]*C(?:他|她|的)?(?:{relations.KIN})[^。]{{0,6}}叫(?!他|她|它|我|你|外|车|人|上|大家|快)[^,。A-Z\s]{{2,4}}\W*$"),
    rule("client.merge", 80, "merge", pair, need="client", no="ask", shape=r"^(?!.*(?:(?:不是|并非|没有?|别|不要|不用|不能)(?:同?一个|重复|合)|合了?(?:影|照|伙)|合到一起(?:拍|吃|玩)|并了?购|的(?:账户|保单|贷款|业务|资金|钱)合)).*"),
    # ---- remove
    rule("client.delete", 89, "client focus", one, no="tag reminder_thing remind ask create", name="out of the list",
         shape=r"(?:移出|移除|移走|删除?|删掉|踢|剔除?|清|拿掉|拿走|去掉|挪)(?:了|掉|出去?)?(?:从)?(?:我的?)?(?:客户)?(?:名单|列表|客户里|客户名单|库|名下|手里)(?:里)?(?!的)|(?:从|在)(?:我的?)?(?:客户)?(?:名单|列表|客户|库|名下|手上)(?:里面?|中|上|库)?(?:移|删|踢|剔|清|拿|去)"),
    rule("client.delete", 88, "client", one, no="tag reminder_thing remind policy ask product ticket consent", name="off my book in any words",
         shape=r"(?:从我(?:这|那)(?:儿|里|边)?(?:划走|划掉|移走|移除|移出|删掉?|清走|拿掉)|(?:名单|列表|名下)(?:里|上)?(?:不要|别)(?:再)?(?:让我)?(?:看到|见到|出现|留|有|挂)|别(?:再)?在我(?:名下|这儿?|列表里?)(?:挂|留|待|占))" + NOTHING_ELSE),
    rule("client.delete", 76, "delete", one, need="client", no="tag reminder_thing remind policy ask", shape=r"^(?!.*(?:移除|删除?|删掉|拿掉|剔除)了?C(?:的|身上)[^,。\s]).*?(?:删除?|移除|剔除|拿掉|不是我(?:的)?客户)"),
    rule("privacy.delete", 86, "privacy", one, need="who", no="ask", shape=r"^(?!.*(?:副本|查阅|复制|导出|调取|携带|提供|给[CS他她本]|发给|看看)).*"),
    rule("privacy.export", 84, "portability", one, need="who"),
    rule("privacy.export", 84, "who focus", one, no="ask remind", name="a client asks for the data", quiet=True,
         shape=r"^(?!.*(?:删|抹|清|注销|销毁)).*[CS](?:本人|自己|来|说|打电话|他|她)*(?:想|要|申请|要求|索要|问我要|依法|向我们)+.{0,6}(?:一份|拿|调|导|索取|复制|副本|取).{0,14}(?:数据|个人信息|全部信息|所有信息)"),
    # ---- filter
    rule("client.search", 60, "search list", search.search, no="who remind birthday reminder_thing ticket", need="customer_book", name="filter clients"),
    rule("client.search", 66, "search list ask customer_book create", search.search_strict, no="who remind note draft", need="time", name="clients who came",
         shape=r"(?:加|新增|录入?|建|来)的(?:新)?客"),
    rule("client.search", 83, "any", search.search_people, no="who focus remind note draft create update complaint handover birthday claim renewal maturity repayment export import repeating", name="people by what they are",
         shape=r"的\W*$|客户|客人|谁|哪些|名单|单子|(?:以[上下]|岁|后)的[^,。]{1,5}\W*$"),
    rule("client.search", 86, "any", search.search_people, no="who focus remind note draft create update complaint handover birthday claim renewal maturity repayment export", name="a list of people", shape=r"单子|名单"),
    rule("client.search", 87, "money", search.search_by_money, no="who focus remind note draft update complaint handover claim renewal repayment", name="by an amount with its direction",
         shape=r"M[^,。]{0,8}(?:客户|客人|人|户|谁|哪些|名单|几位|几个)|M(?:以上|以下|以内|之间)的?\W*$|M(?:以上|以下|以内|之间)的[^,。]{2,5}\W*$"),
    rule("client.search", 55, "any", search.search_those, no="who focus remind note draft create update reminder_thing complaint handover birthday stats claim tag",
         shape=r"的(?:人|客户|客|男|女|老|新|个|有|都|拉|列|筛|找|捞|挑|给|帮|,|，|\s)*(?:谁|哪些|哪几|几个|几位|多少|名单|清单|单子|表|出来|一下|我|看看|看下|吧|找|筛|列|拉|捞|挑|拎|揪|扒拉|翻|单独|\W)*$|^(?:\W|帮我|麻烦|请|给我)*(?:找|筛|列|拉|捞|挑|搜|过滤|圈)", name="those who"),
    rule("client.search", 56, "search list customer_book", of_many, no="who remind note draft reminder_thing ticket handover", name="conditions"),
)
__all__ = ["RULES", "SECTIONS"]
