"""Which of the things offered is meant: by place, by what was shown of it, or by a character of the name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.language.lazy import lazy
from handlers.language.numerals import small

_OPEN = r"^\W*(?:这?(?:[两俩三四]|几|\d)(?:个|位|人)?(?:里面?|里头|当中|之?中|中间)(?:的(?!是))?|嗯|额|呃|哦|那|就|应该|可能|好像|大概|我|是|要|选择?|查|看|说|指|的是|找|点|用|改|给|定|帮我|直接|,|\s)*"
_CLOSE = r"(?:\s|,|。|!|~|\.|吧|的|呢|啊|呀|了|哈|哦|喔|嘛|啦|嘞|咯|哟|好了|就行|就好|就是了|谢谢|谢啦|那个|那位|这个|这位|人|客户)*$"
_WHICH = r"(?:的)?(?:那|这)?[一1]?(?:个|位|条|项|张|份|单|笔|行|名)?"
_NUMBER = lazy(_OPEN + r"(?:第|no\.?|序号|编号|排第?)?\s*(\d{1,2}|[一二两三四五六七八九十]{1,2})\s*(?:个|位|条|项|号|张|份|单|笔|行|人)?" + _CLOSE)
_LAST = lazy(_OPEN + r"(?:最(?:末尾|后|末|尾|底下|下)|末尾|末了|倒数第?[一1]|尾巴?)(?:面|边|头)?" + _WHICH + _CLOSE)
_SECOND_LAST = lazy(_OPEN + r"倒数第?[二2](?:一?个|位|条)?" + _CLOSE)
_FIRST = lazy(_OPEN + r"(?:最?[前上](?:面|边|头)|最先|前者|前一(?=个|位)|头一?(?=[个位条])|头里|打头|开头|为首|上一个|头)" + _WHICH + _CLOSE)
_LATTER = lazy(_OPEN + r"(?:[后下](?:面|边|头)|底下|后者|后一(?=个|位)|下一(?=个)|另外?一?(?=[个位])|另外(?=[那这][个位])|靠后)" + _WHICH + _CLOSE)
_MIDDLE = lazy(_OPEN + r"(?:正中间?|中间|当中)" + _WHICH + _CLOSE)
_CHARACTER = lazy(r"(?P<word>[\u4e00-\u9fff]{2,4})的(?:那个|那)?(?P<one>[\u4e00-\u9fff])(?![\u4e00-\u9fff]{2})")
_NOISE = lazy(r"那个|那位|这个|这位|哪个|我要|我说|我选|就是|的是|应该|选|要|的|是|在|做|干|当|住|姓|叫|带|有|人|客户|吧|呢|啊|呀|了|那|嗯|,|\s|。|!|一个|一位")
_OLD = lazy(r"(?:年纪|年龄|岁数)(?:比较|最|稍微?|要)?大|老一?点|(?:最|比较|更)老|^\W*老的|大一?点|年长")
_YOUNG = lazy(r"年轻|(?:年纪|年龄|岁数)(?:比较|最|稍微?|要)?小|小一?点|(?:最|比较)小的")
_YEARS = lazy(r"(\d{1,3})岁")
_TENS = lazy(r"(?P<tens>[二三四五六七八九]|[2-9])[十0](?:多|来|几|出头)(?:岁)?")
_SEX = (("女", "女她姐妹妈姨太婆娘"), ("男", "男他哥叔伯爷弟爸先"))
# Characters that hardly anybody of the other sex has in the name, where the lines do not say it.
_SEXED = {"女": frozenset("娜婷芳丽娟娥娇妍妮婉姗媛婕嫣莉莎菲蓉薇茜芸芬花琴玲艳霞莲蕾倩淑敏颖妹婵娴姣秀"),
          "男": frozenset("伟强刚勇涛磊雷超鹏飞龙虎彪雄毅峰建辉斌浩军国柱根富贵栋梁明亮")}
# What people do for a living is said in other words than the lines have.
_TRADES = (("写代码|敲代码|码农|搞it|做it|做技术|写程序", "程序|工程师|it|开发"), ("教书|教课|当老师", "教师|老师|教授"), ("看病|大夫|当医生", "医生|医师"),
           ("开店|做生意|做买卖|自己干", "个体|老板|经营|商"), ("开车|跑车|跑运输", "司机|驾驶"), ("退了休|退休", "退休"), ("当兵|部队", "军"), ("坐办公室|上班族", "职员|文员"), ("管账|做账", "会计|财务"))
# The parts of characters by which people tell names apart on the phone.
_PARTS = {
    "三点水": "洋清海波涛江河浩润泽淑洁涵沛渊源淼汐沐汉漫溪滢湘沁淇深", "草字头": "蕾芳芬英莲芸苗萍茜莉菲蓉薇莹蓝萌艺芝蕊荣花茂若苏叶蔡", "木字": "林森柏桂梅松杨柳栋梁楠彬桐枫杰桦樱", "金字": "鑫钢铭锋锐钰钧铁银镇锦",
    "王字": "琳瑶珊珍玲瑞琪琴玥瑾璐珂玮莹", "女字": "娜婷妮婉娟妍姗嫣娇媛婕姣", "耳": "阳陈阿陆陶邓郑郭邱邵", "日字": "明晓晨昊晴旭昕晗映晖昱暖晶昌", "单人": "伟俊仁倩佳依倪侠何任", "火字": "灿炜烨烁煜焕炎", "言字": "诗语谦诚谊许谢",
    "雨字": "雷雪霞雯霖露霏", "宝盖": "宇宁安宏宝定宜容宋", "山字": "峰岩岚岭崇岳", "竖心": "怡悦恺惜慧恒忆", "绞丝": "红丝维绮纯绍经", "竹字": "笑竺筱简筠", "反文": "敏政教敬效敦攸", "走之": "远达进迪逸迈通", "马字": "骏驰腾骁", "心字": "慧惠志忠恩思", "四点": "杰烈熙然照", "广字": "康庆廉", "足字": "路跃", "双人": "德徐得",
    "三个水": "淼", "三个日": "晶", "三个金": "鑫", "三个木": "森",
}


_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖", "一二三四五六七八九")


def by_place(text: str, count: int) -> int | None:
    """第二个, 后面那个, 中间的, 最后一位 → its number."""
    match = _NUMBER.match(text.translate(_FORMAL))
    if match is not None:
        return small(match.group(1))
    if _LAST.match(text):
        return count or -1
    if _SECOND_LAST.match(text):
        return count - 1 if count > 1 else -2
    if _FIRST.match(text):
        return 1
    if _MIDDLE.match(text) and count % 2:
        return count // 2 + 1
    return (2 if count <= 2 else count) if _LATTER.match(text) else None


def by_description(text: str, labels: Sequence[str]) -> int | None:
    """建行那个, 太阳的阳, 草字头的, 女的那个 → the number of the only line that it fits."""
    denied = _NOT_THAT.match(text)
    if denied is not None:
        other = by_description(denied["that"], labels) if len(labels) == 2 else None
        return None if other is None else 3 - other
    for fits in (_by_character, _by_age, _by_words, _by_trade, _by_sex, _by_name):
        number = _only(fits(text, labels))
        if number is not None:
            return number
    return None


_NOT_THAT = lazy(r"^\W*(?:不是|不要|除了|除开)(?P<that>[^,。]{1,8}?)(?:那个|那位|的)*\W*$")
_NOT_THAT_BUT = lazy(r"^\W*(?:不是|不要)(?:[^,。\s]{0,8}[,。\s]+)(?:是|要|我要|而是|应该是)?(?=[^,。]{1,10}$)")


def what_is_meant(text: str) -> str:
    """不是第一个 是第二个: only the last words say who is meant."""
    return _NOT_THAT_BUT.sub("", text)


def spelt(text: str) -> str | None:
    """太阳的阳, 明天的明: the character that is said by a word, whatever that word may mean."""
    match = _CHARACTER.search(text)
    return match["one"] if match is not None and match["one"] in match["word"] else None


def _only(scores: Sequence[int]) -> int | None:
    best = max(scores, default=0)
    return scores.index(best) + 1 if best > 0 and scores.count(best) == 1 else None


def _by_character(text: str, labels: Sequence[str]) -> list[int]:
    match = _CHARACTER.search(text)
    if match is not None and match["one"] in match["word"]:
        return [int(match["one"] in label) for label in labels]
    part = next((characters for name, characters in _PARTS.items() if name in text), "")
    return [len(set(part) & set(label)) for label in labels]


def _by_age(text: str, labels: Sequence[str]) -> list[int]:
    ages = [int(m[1]) if (m := _YEARS.search(label)) else 0 for label in labels]
    if (tens := _TENS.search(text)) is not None:
        return [int(age // 10 == small(tens["tens"])) for age in ages]
    if _OLD.search(text) and all(ages):
        return ages
    return [200 - age for age in ages] if _YOUNG.search(text) and all(ages) else [0] * len(labels)


def _by_words(text: str, labels: Sequence[str]) -> list[int]:
    """Words of two characters or more that a line has too; else single ones that only some lines have."""
    words = [w for w in _NOISE.sub(" ", text).split() if w]
    pairs = {w[i:i + 2] for w in words for i in range(len(w) - 1)}
    scores = [2 * sum(p in label for p in pairs) for label in labels]
    if any(scores):
        return scores
    telling = {c for w in words for c in w if not all(c in label for label in labels)}
    return [sum(c in label for c in telling) for label in labels]


def _by_sex(text: str, labels: Sequence[str]) -> list[int]:
    for sex, words in _SEX:
        if re.search(f"{sex}(?:的|士|生|人|性|客户|那)|^\\W*{sex}\\W*$", text):
            return [int(any(w in label for w in words)) for label in labels]
    return [0] * len(labels)


def _by_trade(text: str, labels: Sequence[str]) -> list[int]:
    wanted = next((line for said, line in _TRADES if re.search(said, text)), None)
    return [int(wanted is not None and re.search(wanted, label) is not None) for label in labels]


_GIVEN = lazy(r"^[\u4e00-\u9fff](?P<given>[\u4e00-\u9fff]{1,2})(?![\u4e00-\u9fff])")


def _by_name(text: str, labels: Sequence[str]) -> list[int]:
    """女的那个 of 赵敏 and 赵明: only where one name can hardly be taken for the other sex, and the other one can."""
    sex = next((sex for sex in _SEXED if re.search(f"{sex}(?:的|士|生|人|性|客户|那)|^\\W*{sex}\\W*$", text)), "")
    given = [set(match["given"]) if (match := _GIVEN.match(label)) else set() for label in labels]
    of_other = _SEXED["男" if sex == "女" else "女"]
    if not sex or sum(bool(name & _SEXED[sex]) and not name & of_other for name in given) != 1 or sum(bool(name & of_other) for name in given) != len(labels) - 1:
        return [0] * len(labels)
    return [int(bool(name & _SEXED[sex])) for name in given]
