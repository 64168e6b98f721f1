"""A contract being entered: from what was said to values that can be written, with what was assumed on the way.

What was said is kept as typed; the values are worked out anew after every correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from config.pack import ContractKind, Product
from handlers.client_forms import as_typed
from handlers.context import Context
from handlers.contracts.people import Person, person_named
from handlers.contracts.shelf import HOLDINGS, ends_after, kinds_meant, product_said, products_named
from handlers.language import Meaning
from storage.model.errors import Invalid
from storage.model.people import Client
from storage.model.plans import MONTHS_APART, add_months, terms_between

KINDS: Mapping[str, tuple[str, ...]] = {
    "policy.add": ("policy",), "holding.add": HOLDINGS, "loan.add": ("loan",),
    "credit.add": ("credit_line",), "lease.add": ("lease",),
}
# What the language layer calls a value → the dictionary's name for it.
_SLOTS: Mapping[str, str] = {
    "product": "product_name", "insurer": "insurer", "policy_no": "number", "sum_insured": "amount",
    "amount": "amount", "premium": "premium", "pay_mode": "pay_mode", "pay_years": "pay_years",
    "rate_percent": "rate_percent", "effective": "starts_on", "date": "starts_on", "start": "starts_on",
    "due": "ends_on", "repay_day": "repay_day", "terms": "term_months", "term_years": "term_years",
    "status": "state", "used_amount": "used_amount", "repay_amount": "premium", "repay_mode": "repay_mode",
    "balance": "balance",
}
_DATES = ("starts_on", "ends_on")
_ROLES = ("insured", "beneficiary", "guarantor", "co_borrower")


@dataclass
class Draft:
    """`typed` by dictionary name (and `term_years`), `people` by role, all as the user said them."""

    intent: str
    client_id: int
    kind: str = ""
    typed: dict[str, Any] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("intent", "client_id", "kind", "typed", "people")}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Draft:
        return cls(data["intent"], data["client_id"], data["kind"], dict(data["typed"]), dict(data["people"]))

    def take(self, said: Mapping[str, Any]) -> None:
        """Add slots of a meaning; later words stand in place of earlier ones."""
        for slot, value in said.items():
            if value in (None, ""):
                continue
            if slot in _ROLES:
                self.people[slot] = str(value)
            elif slot == "kind" and value in KINDS[self.intent]:
                self.kind = str(value)
            elif slot in _SLOTS:
                self.typed[_SLOTS[slot]] = as_typed(value)


@dataclass
class Finished:
    """What would be written, and what the user should know before."""

    kind: ContractKind | None
    values: dict[str, Any] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    product: Product | None = None
    problems: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    unusual: list[str] = field(default_factory=list)


def draft_of(ctx: Context, meaning: Meaning, client: Client) -> Draft:
    """A new draft from a sentence."""
    kinds = KINDS[meaning.intent]
    draft = Draft(meaning.intent, client.id, kinds[0] if len(kinds) == 1 else "")
    draft.take(meaning.slots)
    if said := draft.typed.get("product_name"):
        draft.typed["product_name"] = product_said(ctx.packs, str(said), ctx.text)
    return draft


def finish(ctx: Context, draft: Draft, client: Client) -> Finished:
    """Check and complete a draft; nothing is written."""
    done = Finished(_kind(ctx, draft))
    if done.kind is None:
        done.missing.append("是存款、理财还是基金")
        return done
    _read(ctx, draft, done)
    _find_product(ctx, draft, done)
    _require(draft, done)
    if done.problems.keys().isdisjoint(_DATES):  # nothing is worked out from a day that does not exist
        _date(ctx, draft, done)
        _COMPLETE.get(done.kind.name, lambda _done: None)(done)
        _look_for_the_unusual(ctx, done)
    _seat(ctx, draft, done, client)
    return done


def _kind(ctx: Context, draft: Draft) -> ContractKind | None:
    if not draft.kind:
        meant = kinds_meant(ctx.packs, str(draft.typed.get("product_name", "")), KINDS[draft.intent])
        draft.kind = meant[0] if len(meant) == 1 else ""
    return ctx.packs.kind(draft.kind) if draft.kind else None


def _read(ctx: Context, draft: Draft, done: Finished) -> None:
    for name, typed in draft.typed.items():
        if name in ("term_years", "state"):
            continue
        try:
            spec = ctx.uow.dictionary.field("contract", name)
            if not ctx.uow.dictionary.may(ctx.user.role, "edit", spec):
                done.problems[name] = f"您的角色不能填写「{spec.label}」，请去掉这一项。"
                continue
            done.values[name] = ctx.uow.dictionary.normalise(spec, typed, ctx.today)
        except KeyError:  # a field of a pack that is not loaded
            continue
        except Invalid as error:
            done.problems[name] = f"{spec.label}：{error}"
    assert done.kind is not None
    done.values |= {"kind": done.kind.name, "line": done.kind.line, "state": done.kind.initial}
    if said := draft.typed.get("state"):
        state = next((s for s in done.kind.states if said in (s.name, s.label)), None)
        done.values["state"] = state.name if state else done.kind.initial


def _find_product(ctx: Context, draft: Draft, done: Finished) -> None:
    """One product → its code and name; a sort with several → the word as it was said, and nothing invented."""
    assert done.kind is not None
    said = done.values.get("product_name")
    if not said:
        return
    found = products_named(ctx.packs, said, (done.kind.name,), str(draft.typed.get("insurer", "")))
    if len(found) == 1:
        done.product = found[0]
        done.values |= {"product_name": found[0].name, "product_code": found[0].code}
        if found[0].line != "common":
            done.values["line"] = found[0].line
        if done.kind.name == "policy":
            done.values.setdefault("insurer", found[0].provider)
        if said not in (found[0].name, found[0].code):
            done.assumed.append(f"「{said}」按「{found[0].name}」登记")
    elif said in (done.kind.label, *done.kind.synonyms):
        return
    elif found:
        names = "、".join(p.name for p in found[:4])
        done.assumed.append(f"「{said}」有 {len(found)} 款（{names}），先只记险种或品类，可说「产品改成 …」")
    else:
        done.assumed.append(f"产品目录里没有「{said}」，按原话登记")


def _require(draft: Draft, done: Finished) -> None:
    assert done.kind is not None
    values, policy = done.values, done.kind.name == "policy"
    if (policy or draft.intent == "holding.add") and not values.get("product_name"):
        done.missing.append("产品")
    if policy and not values.get("premium") and not values.get("amount"):
        done.missing.append("保费或保额")
    rented = done.kind.name == "lease" and values.get("premium") and values.get("term_months")
    if not policy and not rented and not values.get("amount"):
        done.missing.append(done.kind.amount_label)


# ---------------------------------------------------------------- dates


def _date(ctx: Context, draft: Draft, done: Finished) -> None:
    assert done.kind is not None
    values = done.values
    months = _term_months(draft, done)
    if "starts_on" not in values:
        end = values.get("ends_on")
        back = months or (12 if done.kind.name == "policy" and _is_short(done) else 0)
        values["starts_on"] = add_months(end, -back) if end and back else ctx.today
        how = "按到期日倒推" if end and back else "没有说，按今天"
        done.assumed.append(f"起始日 {values['starts_on']}（{how}）")
    if "ends_on" not in values:
        _derive_end(done, months)
    elif values["ends_on"] <= values["starts_on"]:
        done.problems["ends_on"] = "到期日应晚于起始日，请核对。"


def _term_months(draft: Draft, done: Finished) -> int:
    years = draft.typed.get("term_years")
    if years and "term_months" not in done.values:
        done.values["term_months"] = int(Decimal(str(years)) * 12)
    months = int(done.values.get("term_months") or 0)
    if done.kind is not None and "term_months" not in done.kind.fields:
        done.values.pop("term_months", None)
    return months


def _derive_end(done: Finished, months: int) -> None:
    starts_on: date = done.values["starts_on"]
    if months:
        end, how = add_months(starts_on, months), f"按期限 {_span(months)}"
    elif done.product and done.product.term_days:
        end, how = ends_after(starts_on, done.product.term_days), f"按产品期限 {done.product.term_days} 天"
    else:
        return
    done.values["ends_on"] = end
    done.assumed.append(f"到期日 {end}（{how}推算）")


def _span(months: int) -> str:
    return f"{months // 12} 年" if months % 12 == 0 else f"{months} 个月"


def _is_short(done: Finished) -> bool:
    return done.product is not None and bool(done.product.term_days) and (done.product.term_days or 0) <= 366


# ---------------------------------------------------------------- what belongs to the kind


def _complete_policy(done: Finished) -> None:
    values = done.values
    if not values.get("premium"):
        return
    if "pay_mode" not in values:
        values["pay_mode"] = "annual"
        done.assumed.append("缴费方式 年缴（没有说）")
    end = values.get("ends_on")
    years = terms_between(values["starts_on"], end) // 12 if end and end > values["starts_on"] else 0
    if values["pay_mode"] != "single" and "pay_years" not in values:
        if years == 1:
            values["pay_years"] = 1
        else:
            done.assumed.append("缴费年限没有说，先只排一年的保费，补充后可重新生成缴费计划")
    if MONTHS_APART.get(values["pay_mode"]) is None:
        done.problems["pay_mode"] = "缴费方式看不懂，可选：年缴、半年缴、季缴、月缴、趸缴。"


def _complete_loan(done: Finished) -> None:
    values = done.values
    if not values.get("term_months") and values.get("ends_on") and values["ends_on"] > values["starts_on"]:
        values["term_months"] = terms_between(values["starts_on"], values["ends_on"])
    has_method = done.kind is not None and "repay_mode" in done.kind.fields
    known = values.get("amount") and values.get("term_months") and values.get("rate_percent") is not None
    if known and has_method and "repay_mode" not in values:
        values["repay_mode"] = "equal_instalment"
        done.assumed.append("还款方式 等额本息（没有说）")
    if values.get("amount"):
        values.setdefault("balance", values["amount"])


def _complete_credit(done: Finished) -> None:
    amount, used = done.values.get("amount"), done.values.get("used_amount")
    if amount is None:
        return
    if used is not None and used > amount:
        done.problems["used_amount"] = "已用额度不能超过授信额度，请核对。"
    done.values.setdefault("balance", amount - (used or 0))


_COMPLETE = {
    "policy": _complete_policy, "loan": _complete_loan, "lease": _complete_loan, "credit_line": _complete_credit,
}


# ---------------------------------------------------------------- people, and what should be looked at twice


def _seat(ctx: Context, draft: Draft, done: Finished, client: Client) -> None:
    assert done.kind is not None
    if done.kind.roles:
        done.people.append(Person(done.kind.roles[0].name, client.name, client.id))
    for role, said in draft.people.items():
        if done.kind.role(role):
            done.people.append(person_named(ctx, client, role, said))
    if done.kind.name == "policy" and "insured" not in draft.people and client.kind == "individual":
        done.people.append(Person("insured", client.name, client.id))
        done.assumed.append(f"被保险人 {client.name}（没有说，按本人）")


def _look_for_the_unusual(ctx: Context, done: Finished) -> None:
    values = done.values
    amount, premium = values.get("amount"), values.get("premium")
    if done.kind and done.kind.name == "policy":
        if premium and amount and premium > amount:
            done.unusual.append("保费比保额还高")
        if premium and premium > 1_000_000:
            done.unusual.append("保费超过 100 万元")
    if amount and amount > 1_000_000_000:
        done.unusual.append("金额超过 10 亿元")
    if amount and amount < 100:
        done.unusual.append("金额不到 100 元，是不是少写了「万」")
    rate = values.get("rate_percent")
    if rate is not None and rate > 24:
        done.unusual.append(f"年利率 {rate}% 偏高")
    if values["starts_on"] > add_months(ctx.today, 24):
        done.unusual.append("起始日在两年以后")
    number = values.get("number")
    if number and ctx.uow.contracts.with_number(number):
        done.problems["number"] = "这个号码已经登记过，请核对。"
