"""The keys under which a client is found by name: in full, by alias, short firm name, pinyin and initials.

pypinyin's phrase table costs 50 MB and is not needed for names, so only its character table is loaded; it
reads 单 as dan and 曾 as ceng, so surnames have a table of their own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")

from pypinyin import Style, pinyin  # noqa: E402  (the variable must be set first)

_SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "尉迟": "yuchi", "查": "zha", "任": "ren", "区": "ou",
    "朴": "piao", "盖": "ge", "乐": "yue", "翟": "zhai", "缪": "miao", "员": "yun", "冼": "xian", "洗": "xian",
    "折": "she", "黑": "he", "秘": "bi", "繁": "po", "逄": "pang", "万俟": "moqi", "长孙": "zhangsun", "召": "shao",
    "都": "du", "费": "fei", "贾": "jia", "薄": "bo", "葛": "ge", "燕": "yan", "应": "ying", "宁": "ning",
    "令狐": "linghu", "澹台": "tantai", "宿": "su", "车": "che", "石": "shi", "种": "chong", "晁": "chao", "柏": "bai",
}
_FIRM_TAIL = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司|集团公司|分公司|公司|合伙企业|事务所|（.*?）|\(.*?\))$"
)
_FIRM_KIND = re.compile(r"(?:科技|贸易|商贸|实业|集团|餐饮|制造|物流|建设|建筑|工程|投资|控股|电子|机械|食品|服饰)+$")
_PLACE = re.compile(r"^(?:北京|上海|天津|重庆|广州|深圳|杭州|南京|苏州|成都|武汉|西安|[一-鿿]{2}[省市])")


def name_keys(name: str, aliases: Iterable[str] = (), *, enterprise: bool = False) -> set[tuple[str, str]]:
    """(how, key) pairs for the name index; keys are lower-case."""
    keys = {("name", name.lower())}
    keys.update(("alias", alias.strip().lower()) for alias in aliases if alias.strip())
    if enterprise:
        keys.update(("short", short) for short in _short_names(name) if short != name)
    if re.fullmatch(r"[一-鿿·]{2,8}", name):
        syllables = _syllables(name)
        keys.add(("pinyin", "".join(syllables)))
        keys.add(("initials", "".join(s[0] for s in syllables)))
    return keys


def _short_names(name: str) -> Iterator[str]:
    previous, core = "", name.lower()
    while core != previous:
        previous, core = core, _FIRM_TAIL.sub("", core)
    for form in (core, _PLACE.sub("", core)):
        for short in (form, _FIRM_KIND.sub("", form)):
            if len(short) >= 2:
                yield short


def _syllables(name: str) -> list[str]:
    name = name.replace("·", "")
    for length in (2, 1):
        if surname := _SURNAMES.get(name[:length]):
            return [surname, *_read(name[length:])]
    return _read(name)


def _read(text: str) -> list[str]:
    return [syllables[0] for syllables in pinyin(text, style=Style.NORMAL)] if text else []
