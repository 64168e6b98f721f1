"""The keys under which a client is found by name: in full, by given name, alias, short firm name, pinyin and initials.

Characters are read one by one, 单 as dan and 曾 as ceng, so surnames have a table of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from storage import pinyin
from storage.model.surnames import COMPOUND_SURNAMES

# Where a surname is read otherwise than the character; a slash parts readings that both occur.
_SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "任": "ren", "区": "ou", "朴": "piao",
    "盖": "ge/gai", "乐": "yue/le", "翟": "zhai/di", "覃": "qin/tan", "缪": "miao", "员": "yun", "冼": "xian",
    "洗": "xian", "折": "she", "黑": "he", "秘": "bi", "繁": "po", "逄": "pang", "召": "shao", "都": "du",
    "费": "fei", "贾": "jia", "薄": "bo", "葛": "ge", "燕": "yan", "应": "ying", "宁": "ning", "宿": "su",
    "车": "che", "石": "shi", "种": "chong", "晁": "chao", "柏": "bai", "尉迟": "yu chi", "万俟": "mo qi",
    "长孙": "zhang sun", "令狐": "ling hu", "澹台": "tan tai", "单于": "chan yu",
}
_FIRM_TAIL = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|集团公司|分公司|公司|合伙企业|事务所)$")
_FIRM_KIND = re.compile(
    r"(?:科技|贸易|商贸|实业|集团|餐饮|制造|物流|建设|建筑|工程|投资|控股|电子|机械|食品|服饰)+$"
)
_PLACE = re.compile(
    r"^(?:北京|上海|天津|重庆|广州|深圳|杭州|南京|苏州|成都|武汉|西安|[一-鿿]{2,3}[省市])(?:市)?"
)
_BRACKETS = re.compile(r"（.*?）|\(.*?\)")
_CHINESE = re.compile(r"[㐀-䶿一-鿿𠀀-𿿿·]+")


def name_keys(name: str, aliases: Iterable[str] = (), *, enterprise: bool = False) -> set[tuple[str, str]]:
    """(how, key) pairs for the name index; keys are lower-case."""
    keys = {("name", name.lower())}
    keys.update(("alias", alias.strip().lower()) for alias in aliases if alias.strip())
    if enterprise:
        shorts = set(_short_names(name)) - {name.lower()}
        keys.update(("short", short) for short in shorts)
        return keys.union(*(_sounds([_read(form)]) for form in (name, *shorts) if _is_read(form, 12)))
    if "·" in name and len(given := name.partition("·")[0]) > 1:
        keys.add(("short", given.lower()))  # 阿依古丽·买买提 is called 阿依古丽
    if given := _given(name):
        keys.add(("given", given))  # 赵铁柱 is called 铁柱
    return keys | _sounds(_person(name)) if _is_read(name, 20) else keys


def _given(name: str) -> str:
    """The given name of two characters or more, "" where there is none."""
    surname = 2 if name[:2] in (*COMPOUND_SURNAMES, "单于") else 1
    given = name[surname:]
    return given if len(given) == 2 and "·" not in name and _is_read(name, 4) else ""


def _is_read(name: str, longest: int) -> bool:
    return 2 <= len(name) <= longest and _CHINESE.fullmatch(name) is not None


def _sounds(readings: Iterable[list[str]]) -> set[tuple[str, str]]:
    keys = set()
    for syllables in readings:
        keys.add(("pinyin", "".join(syllables)))
        keys.add(("initials", "".join(s[0] for s in syllables)))
    return keys


def _short_names(name: str) -> Iterator[str]:
    previous, core = "", _BRACKETS.sub("", name.lower())
    while core != previous:
        previous, core = core, _FIRM_TAIL.sub("", core)
    for form in (core, _PLACE.sub("", core)):
        for short in (form, _FIRM_KIND.sub("", form)):
            if len(short) >= 2:
                yield short


def _person(name: str) -> Iterator[list[str]]:
    """The ways to read a person's name."""
    for length in (2, 1):
        if surname := _SURNAMES.get(name[:length]):
            for reading in surname.split("/"):
                yield [*reading.split(), *_read(name[length:])]
            return
    yield _read(name)


def _read(text: str) -> list[str]:
    return pinyin.read(text.replace("·", ""))
