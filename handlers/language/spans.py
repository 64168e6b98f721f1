"""Protected spans: numbers that name something. Found first, so that nobody reads ticket 2048 as a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.language.numerals import DIGITS


@dataclass(frozen=True, slots=True)
class Protected:
    """A protected stretch of the normalised text. kind: id_number, licence_code, phone, phone_tail, policy_no,
    ticket_no, card_no, email, url, quote."""

    start: int
    end: int
    kind: str
    value: str


_FREE = r"(?<![0-9a-z])"
_END = r"(?![0-9a-z])"
# Order matters: the first that matches at a place wins.
_PATTERNS = re.compile(
    "|".join((
        r"(?P<url>https?://[^\s\u4e00-\u9fff]+)",
        r"(?P<email>[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)",
        r"(?:统一社会信用代码|社会信用代码|统一代码|信用代码|税号|执照号码?)(?:改成|改为|是|为|:)?\s*(?P<licence_said>[0-9a-z]{12,20})"
        + _END,
        r"(?:身份证号码?|身份证|证件号码?)(?:改成|改为|应该是|是|为|:)?\s*(?P<id_said>\d{6}[ -]?\d{8}[ -]?\d{2,4}x?|\d{12,19}x?)"
        + _END,
        _FREE + r"(?P<id_number>[1-9]\d{5}(?:18|19|20)\d{9}[\dx])" + _END,
        _FREE + r"(?P<licence_code>[159ny][1239][0-9]{6}[0-9a-hj-npqrtuwxy]{10})" + _END,
        _FREE + r"(?:\+?86[ -]?)?(?P<phone>1[3-9]\d(?:[ -]?\d{4}){2})(?!\d)",
        r"(?:手机号码?|手机|电话号码?|电话)(?:改成|改为|换成|是|为|:)?\s*(?P<phone_said>1\d{7,12})(?!\d)",
        _FREE + r"(?P<landline>0\d{2,3}-?\d{7,8})(?!\d)",
        r"(?:保单号|保单|合同号|合同编号|借据号|单号|账号)(?:是|为|:)?\s*(?P<policy_said>[a-z]{0,5}-?\d[0-9a-z-]{5,25}|[a-z]{1,5}-?\d{4,5})" + _END,
        _FREE + r"(?P<claim_code>cl-?\d{3,}[0-9-]*)" + _END,
        _FREE + r"(?P<policy_no>[a-z]{1,5}-?\d{6,}[0-9a-z-]*)" + _END,
        r"(?:尾号|尾数|后四位|末四位|后4位|末4位)(?:是|为|:)?\s*(?P<phone_tail>\d{3,4}|\d{3}x)(?!\d)",
        r"(?:#|工单号?|投诉单|案件号|单子|编号)\s*(?P<ticket_no>#?t?\d{2,12})(?![\d点年月号日:])",
        _FREE + r"(?P<ticket_before>\d{2,12})(?=号?(?:工单|投诉单|单子))",
        _FREE + r"(?P<ticket_code>t\d{2,8})" + _END,
        _FREE + r"(?P<card_no>\d{15,19})(?!\d)",
        _FREE + r"(?P<number>\d{9,14})(?!\d)",
    ))
)
_KINDS = {"claim_code": "policy_no", "licence_said": "licence_code", "id_said": "id_number", "phone_said": "phone", "landline": "phone",
          "policy_said": "policy_no", "ticket_code": "ticket_no", "ticket_before": "ticket_no"}
_SPOKEN = re.compile(r"[零一二两三四五六七八九幺\d][零一二两三四五六七八九幺\d\s-]{9,20}[零一二两三四五六七八九幺\d]")
_QUOTE = re.compile(r"「[^「」]*」|\"[^\"]*\"|《[^《》]*》")
_NEEDED = re.compile(r"[\d@幺]|[零一二三四五六七八九]{7}|http")


def protect(text: str) -> list[Protected]:
    """Every protected span of normalised text, left to right, without overlaps."""
    if _NEEDED.search(text) is None:
        return []
    return list(_written(_spoken_digits(text)))


def quotes(text: str) -> list[Protected]:
    """What stands between quotation marks: somebody's words, not an order."""
    if "「" not in text and '"' not in text and "《" not in text:
        return []
    return [Protected(m.start(), m.end(), "quote", m.group()[1:-1]) for m in _QUOTE.finditer(text)]


def _written(text: str) -> Iterator[Protected]:
    for match in _PATTERNS.finditer(text):
        name = match.lastgroup or ""
        start, end = match.span(name)
        kind = _KINDS.get(name, name)
        yield Protected(start, end, kind, _clean(kind, match.group(name)))


def _clean(kind: str, raw: str) -> str:
    if kind in {"phone", "id_number"}:
        return re.sub(r"[ -]", "", raw).upper() if not raw.startswith("0") else raw
    if kind in {"licence_code", "policy_no"}:
        return raw.upper()
    return raw.lstrip("#t").upper() if kind == "ticket_no" else raw


def _spoken_digits(text: str) -> str:
    """一三八零零幺… as digits, length kept, where a run is long enough to be a number that was read out."""
    if "幺" not in text and _SPOKEN.search(text) is None:
        return text
    return _SPOKEN.sub(lambda m: "".join(str(DIGITS.get(c, c)) for c in m.group()), text)
