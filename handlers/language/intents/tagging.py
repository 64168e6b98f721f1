"""Which tags are put on a client or taken away, in whatever words; and the reason that was given."""

from __future__ import annotations

import re

from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import Lazy, lazy
from handlers.language.lexicon import plain
from handlers.language.sentence import Sentence, take_apart

_TAG_AFTER = lazy(
    r"是(?P<d>[^,。;!?]{2,10}?)了?[,\s]+(?:帮我|请)?(?:标|打标|贴标|打个标)(?:一?下|上)?$|(?:标签|标记)(?:是|为|:|上|叫|改成)*\s*(?P<a>[^,。;!?]+)$|(?:打上?|贴上?|加上?|标为|标成|标记为|归为|归到|设为|添加)(?:一?个)?(?P<b>[^,。;!?]+?)(?:的)?(?:这个)?(?:标签|标)(?:吧|了|一下)?$"
    r"|(?:标为|标成|标记为|标记成|标注为|标注成|标一?个|归类[到为成]|归入|划[到入]|归为|归到|打上|贴上|挂上|打个标(?!签))(?P<c>[^,。;!?]+?)(?:类|吧|了)?$"
)
_TAGGED = lazy(r"(?<!加个)(?<!打个)(?<!贴个)(?<!一个)(?<!加上)标签(?:是|为|有|含|叫).*(?:客户|人|有哪些|名单)\W*$|(?:打了?|有|带).*标签的?(?:客户|人|有哪些|名单|都|给我|捞|拉|列|筛|找|有几)")  # a filter, not an order
_TAG_DROP = lazy(
    r"(?:去掉|去除|删掉|删除|移除|取消|摘掉|撤掉|拿掉|不要|清除|把)+(?P<b>[^,。;!?]+?)(?:的)?(?:这个)?(?:标签|标记?)(?:去掉|删掉|删了|去了|取消|拿掉|撤了|摘掉|移除|删除)?(?:吧|了|一下)?$"
    r"|(?:标签)(?>去掉|删掉|删除|移除|取消|拿掉|里?去掉)*\s*(?P<a>[^,。;!?]+?)(?:去掉|删掉|删了|取消|拿掉|移除|删除)?$"
)


def add_tag(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    return None if _TAGGED.search(s.text) or _ONLY_MARKED.fullmatch(s.text) else _tag(s, _TAG_AFTER)


_ONLY_MARKED = lazy(r"\W*(?:请|麻烦|帮我?|给我)*标(?:记|注)?(?:一?下|上|好|起来)?(?:吧|哈|\W)*")  # the end of another order


def remove_tag(s: Sentence, match: re.Match[str] | None) -> Slots:
    return _tag(s, _TAG_DROP)


def remove_known_tag(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """去掉 安姐 高净值: nothing stands behind the client but a tag that there is."""
    end = s.clients[-1].end
    known = [t for t in s.lexicon.scanner("tags").find(s.text) if t[0] >= end]
    if len(known) != 1 or s.text[end:known[0][0]].strip(" 的身上,") or s.text[known[0][1]:].strip(" ,。!标签吧了"):
        return None
    tag = s.said(*known[0][:2])
    return fills.merged(fills.clients(s), {"tag": tag, "tags": [tag]})


def add_known_tag(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """李雷跟冯雪都打个 高净值: a tag that there is stands behind the clients, and the verb says to put it on."""
    known = [t for t in s.lexicon.scanner("tags").find(s.text) if t[0] >= s.clients[-1].end]
    if len(known) != 1 or _IS_MORE.match(s.text, known[0][1]) is not None:
        return None
    tag = s.said(*known[0][:2])
    return fills.merged(fills.clients(s), {"tag": tag, "tags": [tag]})


_IS_MORE = lazy(r"(?!标签|客户|吧|了|哈|啊|呗|谢谢|算|去)[\u4e00-\u9fff]")  # 高净值社群, vip病房 are no tags


_WHY = lazy(r"[\s,，。;；(（]{0,3}(?:原因|理由|因为|由于|备注|依据)(?:是|为)?[\s:：,，]{0,3}(?P<reason>[^\s:：].*?)[\s)）。]{0,3}$")


# 标签摘了吧 人家又开始买基金了: what stands behind the deed is the reason.
_AND_SO = lazy(r"(?<=[摘去删拿撤掉消移打贴上撕揭])(?:了|掉|下|走)?(?:吧|哈|呗|啊|了)[\s,，。;；]{1,3}(?P<reason>[^\s,，。].*)$")


def _tag(s: Sentence, pattern: Lazy) -> Slots:
    """Who, which tags, and the `reason` that was given behind them."""
    why = _WHY.search(s.text) or _AND_SO.search(s.text)
    if why is None or why.start() < 3:
        return _tag_alone(s, pattern)
    before = take_apart(s.said(0, why.start()), s.now, s.role, s.book, s.dialogue, s.lexicon)
    return {**_tag_alone(before, pattern), "reason": s.said(*why.span("reason")).strip()}


def _tag_alone(s: Sentence, pattern: Lazy) -> Slots:
    who = fills.clients(s)
    quoted = next((str(p.value) for p in s.protected if p.kind == "quote" and p.value), "")
    if quoted:
        return fills.merged(who, {"tag": quoted, "tags": [quoted]})
    match = pattern.search(s.shape)
    said = s.cut(*match.span(match.lastgroup or 0)) if match is not None and match.lastgroup else ""
    said = re.sub(r"^(?:给|把|帮|的|一个|个|C|加|上)+|(?:的|吧|了|标签)$", "", said.strip()).strip("「」\"“” ")
    for named in s.clients:
        said = said.replace(named.mention.text, "").strip("的 ")
    if not _TAG_TRAIL.sub("", _TAG_LEAD.sub("", said)) or _VERBOSE.search(said):
        said = _beside_verbs(s) or said
    if not said or _NO_TAG.fullmatch(said):
        said = ""
        known = s.lexicon.scanner("tags").find(s.text)
        said = s.said(*known[0][:2]) if known else ""
    tags = [s.lexicon.tags.get(plain(t), t) if plain(t) != t.lower() else t for t in re.split(r"[、,，和]\s*", said.strip("「」\"“” ")) if t]  # 企業主
    if re.search(r"(?:[两俩三四几]个?|这些)标签", s.text) and len(tags) < 2:
        tags = [t for t in _pieces_beside_verbs(s) if t] or tags
    if not tags:
        return fills.merged(who, {"clarify": "content"})
    return fills.merged(who, {"tag": tags[0], "tags": tags})


# What stands about a tag, the longest first: each piece is read one way only.
_TAG_NOISE = (
    r"标签里面|标签里|标签|可以|还是|赶紧|赶快|先|儿|撤掉|撤了|撤(?=$)|[他她它]的|请|麻烦|帮我|帮忙|帮|给|把|将|替|为|再|也|都|一起|就|那个|这个|身上|名下|打上?|贴上?|加上?|添上?|挂上?|标上|标为|标成|标记[为成]?|标注为?|设为|归[为到]|"
    r"去掉|去除|去|删除|删掉|删了|删|移除|取消|摘[掉了]?|撕[掉了]?|拿[掉走]|揭掉|清掉|清除|剔除|不要了?|没用了|两个|三个|几个|这些|的标|标|tag|里面?|上面?|一[个下]|个|下|吧|了|哈|啊|呀|的|谢谢|是|叫|成|:|,|。|!|\s"
)
_NO_TAG = lazy(r"(?:标?签|还是|这个|那个|不要|删|撤|去|拿|摘|取消|错|[了掉吧])+")  # 标签还是拿掉吧 names none
_TAG_LEAD, _TAG_TRAIL = lazy(rf"^(?>{_TAG_NOISE}|客户(?=的|把))+"), lazy(rf"(?>{_TAG_NOISE})+$")
_VERBOSE = lazy(r"去掉|删掉|删了|不要|打上|贴上|身上|那个|标签")


def _beside_verbs(s: Sentence) -> str:
    """The longest stretch of what is left of the sentence beside the clients and the words for tagging."""
    return max(_pieces_beside_verbs(s), key=len, default="")


def _pieces_beside_verbs(s: Sentence) -> list[str]:
    found: list[str] = []
    for piece in re.finditer(r"[^CS]+", s.shape):
        said = s.said(s.place(piece.start()), s.place(piece.end()))
        tidy = _TAG_TRAIL.sub("", _TAG_LEAD.sub("", said))
        found.extend(re.split(r"[\s,，。]+", tidy))
    return [_TAG_TRAIL.sub("", _TAG_LEAD.sub("", f)) for f in found]
