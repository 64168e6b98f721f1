"""What WeCom's errcodes mean for us, as data, and the exceptions that carry them.

    Error
    └── CallFailed           WeCom answered with an errcode other than 0
        ├── Misconfigured    set-up is wrong (secret, trusted IP, permission); only a person can mend it
        └── ApiBlocked       this call is closed for a while (45009); nothing was sent if it was closed before
    └── Unreachable          no usable answer: time-out, connection, 5xx, not JSON. The outcome is unknown

Codes: developer.work.weixin.qq.com/document/path/90313. Branch on the code, never on errmsg: it changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from storage.model.errors import Error


class Do(StrEnum):
    """What an errcode asks of us."""

    RETRY = "retry"  # later, with back-off
    TOKEN = "token"  # fetch a new token and try once more
    CONFIG = "config"  # stop, alert an administrator, never loop
    RATE = "rate"  # close this API for its window, keep the queue
    SLOW = "slow"  # fewer calls at a time, then again
    DROP_RECEIVER = "drop_receiver"  # this member or customer cannot be reached
    RELATION_LOST = "relation_lost"  # adviser and customer are no longer connected
    CONTENT = "content"  # blocked by a filter: back to a human, never again as it is
    MEDIA = "media"  # upload again, then once more
    LOGIN = "login"  # start the login again
    STOP = "stop"  # too late or used up; nothing to mend
    CLOSE = "close"  # the task is over on WeCom's side
    DONE = "done"  # it was done before: count it as sent
    TOMORROW = "tomorrow"  # a daily allowance is used up
    LIMIT = "limit"  # a limit of the corp or of a service window
    REFUSED = "refused"  # a refusal to show to a person
    LICENCE = "licence"  # vendor apps only
    BUG = "bug"  # our request is wrong; it must not go again


@dataclass(frozen=True, slots=True)
class Rule:
    """`reason` is a short code for rows and logs; `page` names the console page that mends it, in Chinese."""

    do: Do
    reason: str
    page: str = ""


APP = "应用管理 → 应用 → 自建 → 本应用"
CONTACT = "客户与上下游 → 客户联系 → 权限配置"
CORP = "我的企业 → 企业信息"

_NUMBERED: dict[int, Rule] = {
    -1: Rule(Do.RETRY, "system_busy"),
    6000: Rule(Do.RETRY, "version_conflict"),
    40001: Rule(Do.CONFIG, "secret_wrong", f"{APP} → Secret"),
    40013: Rule(Do.CONFIG, "corp_id_wrong", f"{CORP} → 企业 ID"),
    40056: Rule(Do.CONFIG, "agent_id_wrong", f"{APP} → AgentId"),
    40014: Rule(Do.TOKEN, "token_invalid"),
    42001: Rule(Do.TOKEN, "token_expired"),
    40003: Rule(Do.DROP_RECEIVER, "user_unknown"),
    46004: Rule(Do.DROP_RECEIVER, "user_unknown"),
    60111: Rule(Do.DROP_RECEIVER, "user_unknown"),
    60011: Rule(Do.DROP_RECEIVER, "user_out_of_range", f"{APP} → 可见范围"),
    60021: Rule(Do.DROP_RECEIVER, "user_out_of_range", f"{APP} → 可见范围"),
    40096: Rule(Do.DROP_RECEIVER, "customer_unknown"),
    81013: Rule(Do.DROP_RECEIVER, "no_valid_receiver"),
    82102: Rule(Do.DROP_RECEIVER, "not_a_receiver_of_the_card"),
    84061: Rule(Do.RELATION_LOST, "not_a_contact"),
    84084: Rule(Do.RELATION_LOST, "contact_not_confirmed"),
    40029: Rule(Do.LOGIN, "code_wrong"),
    42003: Rule(Do.LOGIN, "code_late"),
    42022: Rule(Do.LOGIN, "code_used"),
    40007: Rule(Do.MEDIA, "media_unknown"),
    40145: Rule(Do.MEDIA, "media_expired"),
    40201: Rule(Do.CONTENT, "content_blocked"),
    40204: Rule(Do.CONTENT, "content_blocked"),
    85002: Rule(Do.CONTENT, "content_blocked"),
    41001: Rule(Do.BUG, "token_missing"),
    41046: Rule(Do.BUG, "group_message_missing"),
    41047: Rule(Do.BUG, "group_message_unknown"),
    41048: Rule(Do.CLOSE, "nobody_to_send_to"),
    41050: Rule(Do.STOP, "welcome_late"),
    41051: Rule(Do.STOP, "welcome_done"),
    41096: Rule(Do.RETRY, "welcome_in_progress"),
    41063: Rule(Do.RETRY, "being_dispatched"),
    41079: Rule(Do.RETRY, "being_dispatched"),
    41064: Rule(Do.BUG, "attachments"),
    41065: Rule(Do.BUG, "attachments"),
    41093: Rule(Do.CLOSE, "task_cancelled"),
    41094: Rule(Do.TOMORROW, "too_many_reminders"),
    40126: Rule(Do.CONFIG, "tag_limit", f"{CONTACT} → 企业客户标签"),
    40144: Rule(Do.CONFIG, "tag_limit", f"{CONTACT} → 企业客户标签"),
    40143: Rule(Do.REFUSED, "hand_over_refused"),
    41303: Rule(Do.LIMIT, "group_message_too_many_receivers"),
    42014: Rule(Do.REFUSED, "task_id_used"),
    42052: Rule(Do.STOP, "recall_late"),
    43012: Rule(Do.REFUSED, "card_needs_callback", f"{APP} → 接收消息 → 设置 API 接收"),
    45009: Rule(Do.RATE, "rate_limit"),
    45033: Rule(Do.SLOW, "too_many_at_once"),
    45035: Rule(Do.SLOW, "edited_at_once"),
    45036: Rule(Do.RATE, "abnormal_traffic"),
    46003: Rule(Do.CONFIG, "no_menu", f"{APP} → 自定义菜单"),
    48001: Rule(Do.CONFIG, "api_not_permitted", f"{APP} → 权限"),
    48002: Rule(Do.CONFIG, "api_not_permitted", f"{CONTACT} → 可调用接口的应用"),
    48006: Rule(Do.CONFIG, "low_activity", APP),
    48007: Rule(Do.CONFIG, "api_not_permitted", APP),
    48011: Rule(Do.CONFIG, "low_activity", APP),
    50001: Rule(Do.CONFIG, "redirect_domain", f"{APP} → 网页授权及 JS-SDK → 可信域名"),
    50002: Rule(Do.CONFIG, "not_permitted", APP),
    50003: Rule(Do.CONFIG, "app_disabled", f"{APP} → 启用应用"),
    60020: Rule(Do.CONFIG, "ip_not_trusted", f"{APP} → 企业可信 IP"),
    60030: Rule(Do.CONFIG, "not_permitted", f"{APP} → 可见范围"),
    60031: Rule(Do.CONFIG, "not_permitted", f"{APP} → 可见范围"),
    301042: Rule(Do.CONFIG, "ip_not_trusted", f"{APP} → 企业可信 IP"),
    301002: Rule(Do.CONFIG, "token_of_another_app", f"{APP} → AgentId 与 Secret"),
    60140: Rule(Do.STOP, "response_code_used_or_late"),
    82001: Rule(Do.BUG, "receivers_empty"),
    82101: Rule(Do.BUG, "receivers_empty"),
    93000: Rule(Do.CONFIG, "webhook_gone"),
    93001: Rule(Do.CONFIG, "webhook_refused"),
    93004: Rule(Do.CONFIG, "webhook_stopped"),
    95000: Rule(Do.CONFIG, "kf_account", "微信客服 → API"),
    95004: Rule(Do.CONFIG, "kf_account", "微信客服 → API"),
    95001: Rule(Do.LIMIT, "kf_count"),
    95002: Rule(Do.LIMIT, "kf_48_hours"),
    95018: Rule(Do.LIMIT, "kf_state"),
    95031: Rule(Do.LIMIT, "kf_state"),
    95007: Rule(Do.STOP, "kf_token_late"),
    95013: Rule(Do.STOP, "kf_session_ended"),
    95014: Rule(Do.STOP, "kf_off_duty"),
    95016: Rule(Do.STOP, "kf_move_not_allowed"),
    95019: Rule(Do.STOP, "kf_off_duty"),
    95033: Rule(Do.DONE, "sent_before"),
    701008: Rule(Do.LICENCE, "licence"),
    701099: Rule(Do.LICENCE, "licence"),
}

_RANGES: tuple[tuple[range, Rule], ...] = (
    (range(40097, 40101), Rule(Do.REFUSED, "hand_over_refused")),
    (range(40128, 40132), Rule(Do.REFUSED, "hand_over_refused")),
    (range(41300, 41306), Rule(Do.CONFIG, "group_message_template", CONTACT)),
    (range(42027, 42052), Rule(Do.BUG, "card_field")),
    (range(846600, 846610), Rule(Do.REFUSED, "ai_bot")),
)
# Codes without a line of their own name a fault in the request nearly always; repeating it cannot help.
_OTHER = Rule(Do.BUG, "request_wrong")


def rule_for(errcode: int) -> Rule:
    """What to do about an errcode; an unknown one counts as a fault of our request."""
    if errcode in _NUMBERED:
        return _NUMBERED[errcode]
    return next((rule for codes, rule in _RANGES if errcode in codes), _OTHER)


class CallFailed(Error):
    """WeCom answered with an errcode. `detail` is its errmsg, shortened and without credentials."""

    def __init__(self, api: str, errcode: int, detail: str = "") -> None:
        self.api = api
        self.errcode = errcode
        self.rule = rule_for(errcode)
        self.detail = redact(detail)
        super().__init__(f"{api}: errcode {errcode} ({self.rule.reason}) {self.detail}".rstrip())


class Misconfigured(CallFailed):
    """Set-up is wrong; `retry_after` seconds pass before the same call is allowed to try again."""

    def __init__(self, api: str, errcode: int, detail: str = "", retry_after: float = 60.0) -> None:
        super().__init__(api, errcode, detail)
        self.retry_after = retry_after


class ApiBlocked(CallFailed):
    """The call is closed for `retry_after` more seconds."""

    def __init__(self, api: str, errcode: int, retry_after: float, detail: str = "") -> None:
        super().__init__(api, errcode, detail)
        self.retry_after = retry_after


class Unreachable(Error):
    """No usable answer; whether WeCom acted is unknown. `reason` is a short code."""

    def __init__(self, api: str, reason: str) -> None:
        super().__init__(f"{api}: {reason}")
        self.api = api
        self.reason = reason


_CREDENTIAL = re.compile(r"(access_token|corpsecret|secret|token|key)=[^&\s\"']+", re.IGNORECASE)
_LONG_WORD = re.compile(r"[A-Za-z0-9_-]{40,}")


def redact(text: str) -> str:
    """At most 300 characters without anything that looks like a credential. Hints and addresses stay."""
    return _LONG_WORD.sub("***", _CREDENTIAL.sub(r"\1=***", text))[:300]
