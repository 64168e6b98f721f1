"""What the doctor says: one finding for each step, in Chinese, with the admin-console page that mends it.

The console is https://work.weixin.qq.com/wework_admin/."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.wecom.errors import APP, CORP, CallFailed, Unreachable
from config.settings import Settings

RECEIVE = f"{APP} → 接收消息 → 设置 API 接收"
AGENT = f"{APP} → AgentId"
RANGE = f"{APP} → 可见范围"
SECRET = f"{APP} → Secret"
CORP_ID = f"{CORP} → 企业 ID"

_CORP_ID = re.compile(r"w[wx][0-9A-Za-z]{10,30}")
_FROM_IP = re.compile(r"from ip:\s*([0-9A-Fa-f.:]+)")


@dataclass(frozen=True, slots=True)
class Finding:
    """One step: `message` says in Chinese what was seen, and if not `ok` what to do on `console_page`
    (empty when the fault does not lie in the console)."""

    step: str
    ok: bool
    message: str
    console_page: str = ""


# ---------------------------------------------------------------- what is written in the settings


def written_settings(settings: Settings) -> list[Finding]:
    """Shape and presence of what was copied from the console; asks nobody."""
    return [check(settings) for check in (_corp_id, _agent_id, _token, _aes_key)]


def _corp_id(settings: Settings) -> Finding:
    if not settings.corp_id:
        return Finding("企业 ID", False, "还没有填写 BOT_CORP_ID。请从管理后台复制后填入。", CORP_ID)
    if not _CORP_ID.fullmatch(settings.corp_id):
        return Finding(
            "企业 ID", False, "BOT_CORP_ID 的样子不对，应以 ww 开头，后面是字母和数字。请重新复制。", CORP_ID
        )
    return Finding("企业 ID", True, "格式正确。")


def _agent_id(settings: Settings) -> Finding:
    if not settings.agent_id:
        return Finding("应用编号", False, "还没有填写 BOT_AGENT_ID。请从应用详情页复制后填入。", AGENT)
    return Finding("应用编号", True, "已填写。")


def _token(settings: Settings) -> Finding:
    step, token = "回调 Token", settings.callback_token.get_secret_value()
    if not token:
        return Finding(step, False, "还没有填写 BOT_CALLBACK_TOKEN。请从管理后台复制后填入。", RECEIVE)
    if len(token) > 32 or not (token.isascii() and token.isalnum()):
        return Finding(step, False, "Token 只能是最多 32 位的字母和数字。请重新生成并填入。", RECEIVE)
    return Finding(step, True, "格式正确。")


def _aes_key(settings: Settings) -> Finding:
    step, key = "回调密钥", settings.callback_aes_key.get_secret_value()
    if not key:
        return Finding(step, False, "还没有填写 BOT_CALLBACK_AES_KEY。请从管理后台复制后填入。", RECEIVE)
    if len(key) != 43 or not (key.isascii() and key.isalnum()):
        fault = f"EncodingAESKey 必须是 43 位字母或数字，现在是 {len(key)} 位。"
        return Finding(step, False, fault + "请完整复制，前后不要有空格。", RECEIVE)
    return Finding(step, True, "长度和字符正确。")


# ---------------------------------------------------------------- what an errcode means here

_ADVICE: dict[int, str] = {
    40013: "企业 ID 不对。请从管理后台重新复制到 BOT_CORP_ID。",
    40001: (
        "Secret 不对，或应用已停用。请重新查看 Secret 并填入 BOT_AGENT_SECRET；"
        "不要反复重试，否则 IP 会被封。"
    ),
    45009: "调用过于频繁，或因多次使用错误的 Secret 被临时封禁。请等 1 小时后再试。",
    301002: "Secret 属于另一个应用。请让 BOT_AGENT_ID 与 BOT_AGENT_SECRET 来自同一个应用。",
    40056: "应用编号不对。请从应用详情页重新复制到 BOT_AGENT_ID。",
    48002: "应用没有这个接口的权限。请在「客户联系」里把本应用加入可调用接口的应用。",
    50003: "应用已被停用。请在应用详情页启用。",
}


def explain(step: str, error: CallFailed | Unreachable) -> Finding:
    if isinstance(error, Unreachable):
        return Finding(step, False, f"企业微信没有给出可用的回答（{error.reason}）。请检查网络和代理后再试。")
    page = error.rule.page
    if error.rule.reason == "ip_not_trusted":
        return Finding(step, False, _untrusted(error.detail), page)
    if error.errcode == 46003:
        return Finding(step, True, "还没有菜单，可由本程序创建；不影响对话。", page)
    advice = _ADVICE.get(error.errcode, "请按错误码查看企业微信的说明。")
    return Finding(step, False, f"{advice}（错误码 {error.errcode}）", page)


def _untrusted(detail: str) -> str:
    match = _FROM_IP.search(detail)
    address = f" {match[1]} " if match else "本机的出口 IP "
    return f"本机 IP 不在可信名单里。请把{address}加入「企业可信 IP」，约 1 分钟后生效。（错误码 60020）"
