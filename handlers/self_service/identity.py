"""Who is asking? A code sent to the phone on record, or the tail of the identity number and the birthday.

Until it is known, everybody is told the same, found or not, linked to a client or to nobody; and the same is asked of
the database. Whoever fails too often must wait, and so must all when all together fail too often."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from handlers.self_service.visit import Visit
from storage.model.self_service import How, Tries
from storage.repositories.binding_codes import CodeRepository
from storage.repositories.bindings import BindingRepository

HOUR = timedelta(hours=1)
_CODE_WANTED = re.compile(
    r"\W*+(?:请|麻烦|你们?|您|可以|能|那就?|我)*+(?:重新|再|给我|帮我|把|想)*+(?:发送?|要|获取|来)?(?:给我)?(?:(?:还|一直)?没有?收到)?(?:一?[个次下条])?(?:短信|手机)?的?验证码"
    r"(?:再|重新|给我|发(?:给我|我|送|一?[个次下])?|我?(?:还|一直)?没有?收到|到?我?的?手机上?|呢|吧|啊|吗)*+\W*"
)
_CODE = re.compile(r"\W*(?:短信|手机)?(?P<word>验证码)?\W*(?P<digits>\d{6})\W*")
_FACTS = re.compile(
    r"\D{0,12}(?P<tail>\d{3}[\dX])\D{0,8}?[\s,;:](?:\D{0,6})"
    r"(?P<year>(?:19|20)\d\d)[-年./]?(?P<month>\d{1,2})[-月./]?(?P<day>\d{1,2})日?\W*"
)


def ask_who(visit: Visit) -> None:
    """Keep the question until it is known who asks."""
    visit.memory.question = visit.text
    visit.memory.asked = "identity"
    visit.say("prove" if visit.sends_codes else "prove_by_facts")


def hears_of_identity(visit: Visit) -> bool:
    """Whether the message is about who he is; if so it is dealt with, and its words are nobody else's business."""
    said = unicodedata.normalize("NFKC", visit.text).upper()
    proving = visit.memory.asked == "identity"
    if _CODE_WANTED.fullmatch(said):
        _send_code(visit)
    elif (code := _CODE.fullmatch(said)) and (code["word"] or proving):
        visit.private.add(visit.heard.id)
        _check_code(visit, code["digits"])
    elif facts := _FACTS.fullmatch(said):
        visit.private.add(visit.heard.id)
        _check_facts(visit, facts)
    else:
        return False
    return True


def _send_code(visit: Visit) -> None:
    rules, bindings = visit.packs.identity, BindingRepository(visit.uow)
    visit.memory.asked = "identity"
    if not visit.sends_codes:
        visit.say("no_codes")
        return
    if _is_locked(visit, codes=True):
        return
    bindings.note_try(visit.who, "code")
    CodeRepository(visit.uow).add(visit.who, visit.known, timedelta(minutes=rules.code_minutes))
    visit.say("code_sent", minutes=str(rules.code_minutes))


def _check_code(visit: Visit, digits: str) -> None:
    if _is_locked(visit):
        return
    code = CodeRepository(visit.uow).use(visit.who, digits)
    right = code is not None and visit.known is not None and code.client_id == visit.known.id
    _outcome(visit, "code", proved=right)


def _check_facts(visit: Visit, said: re.Match[str]) -> None:
    if _is_locked(visit):
        return
    try:
        birthday = date(int(said["year"]), int(said["month"]), int(said["day"]))
    except ValueError:
        birthday = date.max  # nobody's
    right = BindingRepository(visit.uow).facts_hold(visit.known.id if visit.known else None, said["tail"], birthday)
    _outcome(visit, "facts", proved=right)


def _outcome(visit: Visit, how: How, *, proved: bool) -> None:
    rules, bindings = visit.packs.identity, BindingRepository(visit.uow)
    if not proved or visit.known is None:
        bindings.note_try(visit.who, "failed")
        visit.say("not_proved")
        visit.note("客户核实身份没有对上。")
        if _tries(visit).failed_by_all == rules.tries_of_all:
            _tell_operations(visit)
        return
    visit.binding = bindings.bind(visit.known, visit.who, how, timedelta(days=rules.binding_days))
    visit.memory.asked = ""
    visit.say("proved", days=str(rules.binding_days))
    visit.note(f"客户已核实身份，{rules.binding_days} 天内有效；要作废请发送「解除绑定 {visit.name}」。")


def _is_locked(visit: Visit, *, codes: bool = False) -> bool:
    """Whether he, or everybody, failed too often; says so."""
    rules, tries = visit.packs.identity, _tries(visit)
    locked = tries.failed >= rules.tries or tries.failed_by_all >= rules.tries_of_all
    if not locked and not (codes and tries.codes >= rules.codes):
        return False
    visit.say("locked", hours=str(rules.lock_hours))
    visit.note("客户核实身份的次数太多，已暂停。")
    return True


def _tries(visit: Visit) -> Tries:
    since = visit.now - visit.packs.identity.lock_hours * HOUR
    return BindingRepository(visit.uow).tries(visit.who, since, visit.now - HOUR)


def _tell_operations(visit: Visit) -> None:
    words = (
        f"微信客服里一小时内有 {visit.packs.identity.tries_of_all} 次核实身份没有对上，已对所有人暂停核实。"
        "可能有人在试探，请看一下微信客服的会话。"
    )
    for user in visit.uow.users.all("ops"):
        visit.write_to(user.id, words)
