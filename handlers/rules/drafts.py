"""A rule that is being written: what was said of it, what the packs' own rules suggest, and what is still missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from config.pack import BIRTHDAYS, EVENT, SILENCE, Packs, ReminderRule, rule_problems
from config.pack_text import VARIABLES_OF
from handlers.context import Context
from handlers.rule_words import date_words, event_text, offsets_text, silence_words
from handlers.rules.reading import care_texts
from storage.model.errors import Invalid
from storage.model.ids import new_token
from storage.rules import problems_of

ASKS: Mapping[str, str] = {
    "source": (
        "从哪个日期算？例如：保单到期、缴费日、生日、证件到期、下次跟进日、久未联系（按等级）、90天未联系；"
        "也可以是发生的事，现有四种：客户投诉（投诉后第1天），账户上连续几个月结余（工资卡连续3个月结余超2万）、一次转入、"
        "一次转出（单笔转出50万以上）；别的事还不能作为起点。"
    ),
    "offsets": "提前或过后几天提醒？例如「提前 30/7 天」「当天」「过后 10 天」。",
    "template": "用哪个审定过的模板？回复「模板 名称」，可用：{templates}。",
}
_CATEGORY_OF = {"client": "follow_up", "contract": "maturity", "instalment": "repayment"}
_DAY = re.compile(r"(?<![生念])日$")  # 到期日 as 到期, but 生日 and 纪念日
_OF_ITS_DATE = frozenset({
    "source", "yearly", "event", "silent_days", "kinds", "category", "template", "care_template", "where", "label",
    "suggests",
})
_SAID_OF_A_DATE = ("source", "event", "silent_days", "kinds", "yearly")
_WRONG = {
    "offsets": "天数请写 1 到 24 个整数，前后各不超过 3660 天", "weight": "权重请写 0 到 100 的整数",
    "label": "名称请用 1 到 20 个字", "hour": "时刻请写例如 09:00", "when": "条件最多 500 个字",
    "receivers": "接收人只能是顾问、主管、合规、风控、理赔、运营，不能重复", "valid_until": "有效期的起止日期写反了",
}


@dataclass
class Draft:
    """`said` holds parts by their names in `ReminderRule`; `base` is the version it changes, None for a new rule."""

    rule_id: str
    said: dict[str, Any] = field(default_factory=dict)
    base: Mapping[str, Any] | None = None

    @classmethod
    def new(cls) -> Draft:
        return cls(f"ops_{new_token()[:12]}")

    def to_json(self) -> dict[str, Any]:
        return {"rule_id": self.rule_id, "said": self.said, "base": self.base}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Draft:
        return cls(data["rule_id"], dict(data["said"]), data["base"])

    def with_parts(self, parts: Mapping[str, Any]) -> Draft:
        """With what was said now over what was said before; another date or event replaces the first as a whole."""
        kept = {n: v for n, v in self.said.items() if "source" not in parts or n not in _SAID_OF_A_DATE}
        return Draft(self.rule_id, {**kept, **parts}, self.base)

    def missing(self, ctx: Context) -> str | None:
        """The first part that must be asked for."""
        parts = self.parts(ctx)
        return next((name for name in ASKS if not parts.get(name)), None)

    def parts(self, ctx: Context) -> dict[str, Any]:
        """What was said over what it changes, over what is usual for its date."""
        base = dict(self.base or {})
        if base and self.said.get("source", base["source"]) != base["source"]:
            base = {name: value for name, value in base.items() if name not in _OF_ITS_DATE}
        parts = {**base, **self.said}
        if parts.get("source"):
            if parts["source"] in BIRTHDAYS:
                parts["yearly"] = False  # they come again by themselves
            parts = {**_usual(ctx, parts), **parts}
            parts.setdefault("label", _label(parts, ctx.packs))
        return {"id": self.rule_id, **parts}

    def question(self, ctx: Context, name: str) -> str:
        """What to ask for a missing part."""
        if name != "template":
            return ASKS[name]
        return ASKS[name].format(templates="、".join(_templates(self.parts(ctx), ctx.packs)))

    def rule(self, ctx: Context) -> ReminderRule:
        """The rule as it stands, checked. Raises Invalid with everything that is wrong with it."""
        try:
            rule = ReminderRule.model_validate(self.parts(ctx))
        except ValidationError as error:
            raise Invalid("；".join(dict.fromkeys(map(_reason, error.errors()))) + "。") from None
        if problems := problems_of(rule, ctx.uow.dictionary, ctx.user.role):
            raise Invalid("；".join(problems))
        return rule


def _reason(detail: Mapping[str, Any]) -> str:
    name = str(detail["loc"][0]) if detail["loc"] else ""
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    return _WRONG.get(name, f"「{name}」的值不对")


def _usual(ctx: Context, said: Mapping[str, Any]) -> dict[str, Any]:
    """The parts that a rule in force over the same date has: its template, weight and what it is limited to."""
    kinds, offsets = set(said.get("kinds") or ()), said.get("offsets") or ()
    alike = [
        rule for rule in ctx.uow.rules.in_force().rules
        if rule.source == said["source"] and rule.yearly == bool(said.get("yearly"))
        and not rule.id.startswith("ops_") and (not kinds or kinds & set(rule.kinds))
    ]
    if not alike and str(said["source"]).startswith(EVENT):
        return {"category": "event", "where": _of_clients(ctx)}
    if not alike:
        if said["source"] == SILENCE:
            return {"category": "silence"}
        record = str(said["source"]).partition(".")[0]
        return {"category": "anniversary" if said.get("yearly") else _CATEGORY_OF[record]}
    best = max(alike, key=lambda rule: sum(min(rule.offsets) <= n <= max(rule.offsets) for n in offsets))
    usual = best.as_json()
    return {name: usual[name] for name in ("category", "template", "care_template", "weight", "where", "suggests")}


def _of_clients(ctx: Context) -> list[dict[str, Any]]:
    """Of which clients the packs' own rules over events are: not of those who are not to be called."""
    known = (c for rule in ctx.packs.rules if rule.event is not None for c in rule.as_json()["where"])
    return list({str(c): c for c in known if c["field"].startswith("client.")}.values())


def _label(parts: Mapping[str, Any], packs: Packs) -> str:
    if parts.get("event"):
        return event_text(parts, packs).replace(" ", "")[:20]
    days_silent = parts.get("silent_days")
    if days_silent and list(parts.get("offsets") or ()) == [0]:
        return silence_words(days_silent).replace(" ", "")
    told = "久未联系" if parts["source"] == SILENCE else date_words(parts["source"], parts.get("kinds") or (), packs)
    days = offsets_text(parts.get("offsets") or ()).replace(" ", "")
    told = f"每年{told}" if parts.get("yearly") else told
    date = _DAY.sub("", told.replace("的", ""))
    signs = {offset > 0 for offset in parts.get("offsets") or ()}
    around = "前后" if len(signs) > 1 else "后" if signs == {True} else "前"  # rather than days cut in the middle
    return f"{date}{days}" if len(date) + len(days) <= 20 else f"{date[:18]}{around}"


def _templates(parts: Mapping[str, Any], packs: Packs) -> list[str]:
    """The templates whose every variable the rule's date can give."""
    return [t.label for t in packs.templates if t.purpose != "care" and _fits(parts, packs, template=t.id)]


def care_labels(rule: ReminderRule, packs: Packs) -> list[str]:
    """The texts to clients whose every variable the rule's date can give, those that speak of its record first."""
    parts, of_client = rule.as_json(), VARIABLES_OF["client"]
    found = [t for t in care_texts(packs) if _fits(parts, packs, template=rule.template, care_template=t.id)]
    return [t.label for t in sorted(found, key=lambda t: of_client.issuperset(t.variables))]


def _fits(parts: Mapping[str, Any], packs: Packs, **chosen: str) -> bool:
    dated = ("id", "source", "event", "silent_days", "kinds", "category")
    known = {name: parts[name] for name in dated if name in parts}
    return not rule_problems(ReminderRule.model_validate({"label": "x", "offsets": [0], **known, **chosen}), packs)
