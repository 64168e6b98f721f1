"""What is said about messages to clients and their WeChat in the words of a command: 取消发送 王芳, 绑定微信 王芳, 群发 …."""

from __future__ import annotations

from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

# Of one client, named before or after the words.
_ABOUT_A_CLIENT = (
    ("care.cancel", lazy(r"取消发送|撤回发送|取消群发任务")),
    ("care.by_hand", lazy(r"手动发送|手工发送|改为手动发?")),
    ("care.history", lazy(r"(?:发送|群发|关怀)记录")),
    ("care.may", lazy(r"(?:(?:现在)?能发吗|能不能发|(?:为什么|为啥)(?:不能|没|没有)发)\W*$|^\W*(?:为什么|为啥)(?:不能|没|没有)发(?=\W)")),
    ("contact.unlink", lazy(r"(?:解绑|解除绑定|取消绑定)(?:企业)?微信|(?:企业)?微信解绑")),
    ("contact.link", lazy(r"绑定(?:企业)?微信|(?:企业)?微信绑定")),
)
_PROGRESS = lazy(r"^\W*(?:查?看?)?(?:发送进度|群发进度|待确认的?群发|待发任务|关怀进度)\W*$")
_CONTACTS = lazy(r"^\W*(?:查?看?)?(?:我的)?(?:微信客户|未绑定(?:的)?微信(?:客户)?|没绑定(?:的)?微信(?:客户)?|微信绑定(?:情况)?)\W*$")
_CAMPAIGN = lazy(
    r"^\W*群发\s*[:：]?\s*(?P<segment>.{1,60}?)\s+(?:用)?模板\s*[:：]?\s*(?P<template>\S{1,30}?)"
    r"(?:[\s,，]+(?:并?加入\s*(?:旅程)?|旅程)\s*[:：]?\s*(?P<journey>\S{1,20}?))?\W*$"
)
_RESULT = lazy(r"^\W*(?:活动|群发)(?:效果|结果|情况)\s*[:：]?\s*(?P<name>\S{0,30}?)\W*$")


def sending(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots), or None for any other sentence."""
    if s.role == "customer":
        return None
    said = s.normal.said.strip()
    if match := _CAMPAIGN.match(said):
        journey = {"journey": match["journey"]} if match["journey"] else {}
        return "campaign.start", {"segment": match["segment"].strip(), "template": match["template"], **journey}
    if match := _RESULT.match(said):
        return "campaign.result", {"name": match["name"]}
    if _PROGRESS.match(said):
        return "care.progress", {}
    if _CONTACTS.match(said):
        return "contact.list", {}
    return _of_a_client(s, said)


def _of_a_client(s: Sentence, said: str) -> tuple[str, Slots] | None:
    for intent, words in _ABOUT_A_CLIENT:
        if (found := words.search(said)) is None:
            continue
        rest = (said[: found.start()] + said[found.end():]).strip(" ，,。！!？?：:的给把请一下")
        if len(rest) <= 16:  # a name, and nothing that wants more
            return intent, fills.client(s, needed=False)
    return None
