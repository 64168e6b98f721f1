"""Which of the things offered is meant: by place, by what was shown of it, or by a character of the name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.language.lazy import lazy
from handlers.language.numerals import small

_OPEN = r"^\W*(?:(?:这|那)?(?:[两俩三四]|几|\d)(?:个|位|人)?(?:里面?|里头|当中|之?中|中间)(?:的)?|嗯+|额|呃|哦|那|就|应该|可能|好像|大概|我|是|要|选|选择|查|看|说|指|的是|说的是|要的是|是说|找|点|用|改|给|定|帮我|直接|,|\s)*"
_CLOSE = r"(?:\s|,|。|!|~|\.|吧|的|呢|啊|呀|了|哈|哦|喔|就行|就好|就是了|谢谢|谢啦|那个|那位|这个|这位|人|客户)*$"
_NUMBER = lazy(_OPEN + r"(?:第|no\.?|序号|编号)?\s*(\d{1,2}|[一二两三四五六七八九十]{1,2})\s*(?:个|位|条|项|号|张|份|单|笔|行|人)?" + _CLOSE)
_LAST = lazy(_OPEN + r"(?:最后|最下面|最下边|最末|末尾|倒数第?一|尾)(?:的)?(?:一?个|那个|一?位|那位|一?条)?" + _CLOSE)
_SECOND_LAST = lazy(_OPEN + r"倒数第?二(?:一?个|位|条)?" + _CLOSE)
_FIRST = lazy(_OPEN + r"(?:前面|上面|上边|前者|前一(?:个|位)|头一个|头一位|头里|最上面|最前面|打头|开头|前边|上一个|头)(?:的)?(?:一?个|那个|一?位|那位)?" + _CLOSE)
_LATTER = lazy(_OPEN + r"(?:后面|下面|下边|后者|后一(?:个|位)|另一个|另外那个|另外一个|另一位|后边|下一个|靠后)(?:的)?(?:一?个|那个|一?位|那位)?" + _CLOSE)
_MIDDLE = lazy(_OPEN + r"(?:中间|正中|当中)(?:的)?(?:一?个|那个|一?位|那位)?" + _CLOSE)
_CHARACTER = lazy(r"(?P<word>[\u4e00-\u9fff]{2,4})的(?:那个|那)?(?P<one>[\u4e00-\u9fff])(?![\u4e00-\u9fff]{2})")
_NOISE = lazy(r"那个|那位|这个|这位|哪个|我要|我说|我选|就是|的是|应该|选|要|的|是|在|做|干|当|住|姓|叫|带|有|人|客户|吧|呢|啊|呀|了|那|嗯|,|\s|。|!|一个|一位")
_OLD, _YOUNG = lazy(r"年纪大|年龄大|老一?点|大一?点|岁数大|年长"), lazy(r"年轻|年纪小|年龄小|小一?点|岁数小")
_YEARS = lazy(r"(\d{1,3})岁")
_SEX = (("女", "女她姐妹妈姨太婆娘"), ("男", "男他哥叔伯爷弟爸先"))
# The parts of characters by which people tell names apart on the phone.
_PARTS = {
    "三点水": "洋清海波涛江河浩润泽淑洁涵沛渊源淼汐沐汉漫溪滢湘沁淇深", "草字头": "蕾芳芬英莲芸苗萍茜莉菲蓉薇莹蓝萌艺芝蕊荣花茂若苏叶蔡", "木字": "林森柏桂梅松杨柳栋梁楠彬桐枫杰桦樱", "金字": "鑫钢铭锋锐钰钧铁银镇锦",
    "王字": "琳瑶珊珍玲瑞琪琴玥瑾璐珂玮莹", "女字": "娜婷妮婉娟妍姗嫣娇媛婕姣", "耳": "阳陈阿陆陶邓郑郭邱邵", "日字": "明晓晨昊晴旭昕晗映晖昱暖晶昌", "单人": "伟俊仁倩佳依倪侠何任", "火字": "灿炜烨烁煜焕炎", "言字": "诗语谦诚谊许谢",
    "雨字": "雷雪霞雯霖露霏", "宝盖": "宇宁安宏宝定宜容宋", "山字": "峰岩岚岭崇岳", "竖心": "怡悦恺惜慧恒忆", "绞丝": "红丝维绮纯绍经", "竹字": "笑竺筱简筠", "三个水": "淼", "三个日": "晶", "三个金": "鑫", "三个木": "森",
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
    for fits in (_by_character, _by_age, _by_words, _by_sex):
        number = _only(fits(text, labels))
        if number is not None:
            return number
    return None


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
