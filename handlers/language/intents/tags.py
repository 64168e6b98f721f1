"""What is asked about the tags of a client: 王芳 标签, 为什么 王芳 常投诉, 标签 为什么."""

from __future__ import annotations

from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

_WHY = lazy(r"为什么|为啥|凭什么|怎么(?=是|有|会)|原因")
_FILL = lazy(r"查看|看看?|查查?|现在|目前|是什么|有哪些|有什么|有啥|都有|有|被|打上?了?|贴上?了?|是|算|会|的|这个|标签|客户|[她他它]|[了呢吗啊?？。!！,，:：\s]")
_WORD = "标签"


def tagged(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots), or None: a client and the word 标签, or a client, a tag and 为什么; nothing else."""
    said = s.normal.said.strip()
    asks_why = _WHY.search(said) is not None
    if s.role == "customer" or (_WORD not in said and not asks_why):
        return None
    whom = fills.client(s, needed=False)
    name = "" if whom.get("pronoun") else str(whom.get("client") or "")
    rest = _FILL.sub("", _WHY.sub("", said.replace(name, "", 1)))
    if not rest and _WORD in said and whom:
        return "tag.list", whom
    tag = s.lexicon.tags.get(rest.lower())
    return ("tag.why", {**whom, "tag": tag}) if tag and whom and asks_why else None
