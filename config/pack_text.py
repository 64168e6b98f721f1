"""Message templates: `${name}` from a whitelist, nothing else. No attributes, calls or loops."""

from __future__ import annotations

import re
from collections.abc import Mapping

VARIABLES: Mapping[str, str] = {
    "client_name": "客户姓名或企业名",
    "salutation": "客户称呼，例如 王女士",
    "adviser_name": "顾问姓名",
    "company_name": "本公司名称",
    "tier": "客户等级",
    "kind_label": "合同类别，例如 保单",
    "contract_name": "合同：产品名和尾号，没有产品名就是类别",
    "product_name": "产品名称",
    "number_tail": "合同号后四位",
    "due_on": "到期或应缴日期",
    "days_left": "还有几天（已过则为 0）",
    "days_over": "已过几天（未到则为 0）",
    "amount": "金额，已带单位",
    "instalment_number": "第几期",
    "grace_ends_on": "宽限期最后一天",
    "birthday": "生日，农历生日写农历",
    "last_contact_on": "上次联系日期",
    "silent_days": "多少天没有联系",
    "account_name": "账户：类别和尾号，例如 工资卡（尾号 6688）",
    "event": "发生了什么，例如 连续 3 个月结余超过 2 万元",
}

# What is known where a reminder comes from: a client's date says nothing of any one contract.
_OF_CLIENT = frozenset({
    "client_name", "salutation", "adviser_name", "company_name", "tier", "due_on", "days_left", "days_over",
    "birthday", "last_contact_on", "silent_days",
})
_OF_CONTRACT = _OF_CLIENT | {"contract_name", "kind_label", "product_name", "number_tail", "amount"}
VARIABLES_OF: Mapping[str, frozenset[str]] = {
    "client": _OF_CLIENT,
    "contract": _OF_CONTRACT,
    "instalment": _OF_CONTRACT | {"instalment_number", "grace_ends_on"},
    "journey": _OF_CLIENT - {"due_on", "days_left"},
    "account": _OF_CLIENT | {"account_name", "event"},
    "transaction": _OF_CLIENT | {"account_name", "event", "amount"},
    "interaction": _OF_CLIENT | {"event"},
}

_SLOT = re.compile(r"\$\{([^{}]*)\}")
_STRAY = re.compile(r"\$.{0,12}", re.DOTALL)


class MissingVariable(Exception):
    """A template needs a value that is not there. The message must not be sent (R147)."""

    def __init__(self, names: list[str]) -> None:
        super().__init__("template variables without a value: " + ", ".join(names))
        self.names = names


def variables_in(text: str) -> list[str]:
    """The names between `${` and `}`, in order, each once."""
    return list(dict.fromkeys(_SLOT.findall(text)))


def check_text(text: str) -> None:
    """Raise ValueError, with a Chinese reason, for a stray `$` or a variable outside the whitelist."""
    if unknown := [name for name in variables_in(text) if name not in VARIABLES]:
        raise ValueError(f"没有变量「{unknown[0] or '${}'}」，可用：{'、'.join(VARIABLES)}")
    if stray := _STRAY.search(_SLOT.sub("", text)):
        raise ValueError(f"变量要写成 ${{名称}}，检查「{stray[0]}」这里的 $ 和括号")


def render(text: str, values: Mapping[str, str]) -> str:
    """Put the values in place, once: a value that looks like a variable stays as it is.

    Raises MissingVariable when one is absent or empty."""
    if missing := [name for name in variables_in(text) if not values.get(name)]:
        raise MissingVariable(missing)
    return _SLOT.sub(lambda slot: values[slot[1]], text)
