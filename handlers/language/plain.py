"""The commonest sentence, read at a glance: 查 王芳, 看看 李敏, 王芳. Nothing but an ordinary name of the book, and what to do.

It comes to exactly what the long way comes to (the tests compare the two); whatever is not as plain as that is left to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import fields
from types import MappingProxyType

from handlers.language.everyday import COMMON
from handlers.language.lexicon import Lexicon
from handlers.language.meaning import Book, ClientRef, Dialogue, Meaning, Span
from handlers.language.words import concepts_of

SURNAMES = "王李张刘陈杨赵吴徐孙朱胡郭林梁郑罗宋唐韩曹许邓冯蔡彭潘袁董吕魏蒋杜沈姜范傅卢汪戴崔陆廖姚邱谭贾邹熊孟秦阎薛侯郝邵"
# Characters that stand in names far more often than in anything that is said of a client.
GIVEN = (
    "芳伟敏娜丽强静军洋杰娟涛超霞刚桂英华玲婷琳雪倩宇浩轩涵怡佳慧莉萍波俊志峰博文昊然晨思雨诗琪妍璐珊珍琴云莲洁素梅兰竹荣磊勇艳秀辉斌鹏梓欣颖燕凯嘉雅彤凤菊"
    "睿哲萱菁翠绣虹娥潇鸿鹤豪智贤坤彦毅熙珏琛琦瑜璇甜皓睛祺禹翔翰聪芊芮茹荷莎菱葵蓓蔚蕾薇菲蓉媛娇婉嫣彩妮姗妹晶莹露霜泉源润沛渊龙虎冬恒悠慕朋松柏桐炎炜烨煜玮瑾"
)
_LEADS = {
    # before the name: what else of it the book is asked for, which rule takes it, and how sure it is
    "": ((), "bare name", 0.44),
    "查 ": ((), "look up a client", 0.49),
    "看 ": ((), "look up a client", 0.49),
    "找 ": ((), "look up a client", 0.49),
    "看看 ": (("看看",), "look up a client", 0.49),
    "查询 ": (("查询",), "look up a client", 0.49),
    "查客户 ": (("查客", "查客户", "客户"), "look up a client", 0.49),
    "查一下 ": (("查一", "查一下", "一下"), "look up a client", 0.49),
}
_PLAIN = re.compile(rf"(?P<lead>{'|'.join(sorted(_LEADS, key=len, reverse=True))})(?P<name>[{SURNAMES}][{GIVEN}]{{1,2}})")


class Asked:
    """A book that was asked once already, and does not ask for the same again."""

    def __init__(self, book: Book, keys: Collection[str], known: Mapping[str, tuple[ClientRef, ...]]) -> None:
        self._book, self._keys, self._known = book, frozenset(keys), known

    def named(self, keys: Collection[str]) -> Mapping[str, tuple[ClientRef, ...]]:
        return self._known if self._keys == set(keys) else self._book.named(keys)


def at_a_glance(
    text: str, role: str, book: Book, dialogue: Dialogue, lexicon: Lexicon
) -> tuple[Meaning | None, Book]:
    """(the meaning of a plain sentence, or None; the book for the long way, which knows what was asked of it here)."""
    asked = names_asked(text, lexicon)
    if asked is None or role == "customer" or dialogue.pending not in {"none", "list"}:
        return None, book
    lead, name, keys = asked
    _others, rule, confidence = _LEADS[lead]
    known = book.named(keys)
    refs = known.get(name, ())
    if not known.keys() <= {name, name[1:]} or len(refs) != 1 or refs[0].name != name:  # 芳婷 in 王芳婷 is nobody else
        return None, Asked(book, keys, known)
    span = Span(len(lead), len(text), "client", name, (refs[0].id,))
    slots = MappingProxyType({"client": name, "client_id": refs[0].id})
    return Meaning("client.lookup", slots, (span,), rule, confidence), book


def names_asked(text: str, lexicon: Lexicon) -> tuple[str, str, list[str]] | None:
    """(what stands before the name, the name, what the book is asked for) of a plain sentence; None for any other."""
    found = _PLAIN.fullmatch(text)
    if found is None:
        return None
    pieces = _pieces(found["name"])
    if not _vocabulary(lexicon).isdisjoint(pieces):
        return None
    others = _LEADS[found["lead"]][0]
    return found["lead"], found["name"], [*others, *(piece for piece in pieces if len(piece) > 1)]


def _pieces(name: str) -> tuple[str, ...]:
    """Every stretch of a name of two or three characters."""
    if len(name) == 2:
        return name[0], name[1], name
    return name[0], name[1], name[2], name[:2], name[1:], name


def _vocabulary(lexicon: Lexicon) -> frozenset[str]:
    """The words that mean something by themselves, made once for each lexicon."""
    made: frozenset[str] | None = lexicon.__dict__.get("_vocabulary")
    if made is None:
        tables = (getattr(lexicon, each.name) for each in fields(lexicon))
        made = COMMON.union(concepts_of(lexicon).meanings, *tables)
        lexicon.__dict__["_vocabulary"] = made
    return made
