"""Adding contracts from one sentence: complete, echo field by field, correct, confirm, write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from handlers.book import ScopedBook
from handlers.client_forms import as_typed
from handlers.context import Context
from handlers.contracts.corrections import FIXED, take_spoken
from handlers.contracts.drafts import KINDS, Draft, Finished, draft_of, finish
from handlers.contracts.planning import plan_for, plan_text, rows
from handlers.contracts.shelf import kinds_meant
from handlers.drafts_aside import put_aside
from handlers.language import ClientRef, Meaning, understand
from handlers.router import command, confirmed, form, lexicon_of
from storage.model.contracts import Contract
from storage.model.people import Client
from storage.model.plans import Due

FORM = "contract.add"
_LEFT_OUT = ("kind", "line", "state", "currency", "product_code", "term_years")
_EXAMPLES: Mapping[str, str] = {
    "policy.add": "加保单 安康重疾险 保额50万 年缴5200 缴20年",
    "holding.add": "加理财 稳盈季季开 20万 今天起息",
    "loan.add": "加贷款 经营贷 20万 12期 年化12%",
    "credit.add": "加授信 100万 一年",
    "lease.add": "加租赁 设备直租 80万 36期 年化6%",
}

_SUPPLIED = {"产品": "产品 安康重疾险", "保费或保额": "保费5200", "是存款、理财还是基金": "理财"}
_WORDS = {"policy.add": "保单", "loan.add": "贷款", "credit.add": "授信", "lease.add": "租赁"}


def _adds(intent: str, help: str, who: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return command(intent, group="合同", help=help, example=f"{who} {_EXAMPLES[intent]}", client=True)


@_adds("policy.add", "加保单，一句话即可", "王芳")
@_adds("holding.add", "加存款、理财、基金", "刘洋")
@_adds("loan.add", "加贷款并生成还款计划", "刘洋")
@_adds("credit.add", "加授信额度", "宏达")
@_adds("lease.add", "加租赁合同", "宏达")
def add(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Write at once what was said in full; ask before anything that was assumed or looks unusual."""
    draft = draft_of(ctx, meaning, client)
    done = finish(ctx, draft, client)
    if done.problems or done.missing or done.assumed or done.unusual:
        put_aside(ctx, FORM, draft.to_json())
        _echo(ctx, draft, done, client)
    else:
        _write(ctx, done, client)


def echo_kept(ctx: Context, data: Mapping[str, Any]) -> None:
    """Show the draft again."""
    draft = Draft.from_json(data)
    client = ctx.uow.clients.get(draft.client_id)
    _echo(ctx, draft, finish(ctx, draft, client), client)


def title(ctx: Context, data: Mapping[str, Any]) -> str:
    name = ctx.uow.clients.get(data["client_id"]).name
    return f"「{name}」的新{_WORDS.get(data['intent'], '持有')}"


@form(FORM, echo=echo_kept, title=title)
def correct(ctx: Context, meaning: Meaning) -> None:
    """Take 「保费改成 5300」, or further values in free words."""
    assert ctx.conversation.draft is not None
    draft = Draft.from_json(ctx.conversation.draft.data)
    client = ctx.uow.clients.get(draft.client_id)
    given = dict(meaning.get("fields") or {})
    if meaning.get("field"):
        given[meaning.slots["field"]] = meaning.get("value")
    taken = _take_given(ctx, draft, given)
    text = str(meaning.get("text") or ctx.text)
    taken = taken or take_spoken(ctx, draft, text)
    if not taken and not _take_words(ctx, draft, client, text):
        example = _example(finish(ctx, draft, client))
        ctx.say(f"没看懂要改哪一项。例如「{example} 5300」；没有问题请回复「确认」，放弃回复「取消」。")
        return
    if "product_name" in taken and draft.intent == "holding.add":
        draft.kind = ""
    _echo(ctx, draft, finish(ctx, draft, client), client)


def _take_given(ctx: Context, draft: Draft, given: Mapping[str, Any]) -> set[str]:
    taken = set()
    for said, value in given.items():
        spec = ctx.uow.dictionary.find("contract", said)
        if spec is not None and spec.name not in FIXED and value not in (None, ""):
            draft.typed[spec.name] = as_typed(value)
            taken.add(spec.name)
    return taken


def _take_words(ctx: Context, draft: Draft, client: Client, text: str) -> bool:
    """Read the words as if they stood in a sentence that adds this contract; False when they tell nothing."""
    before = deepcopy(draft.to_json())
    if not draft.kind:
        meant = kinds_meant(ctx.packs, text, KINDS[draft.intent])
        draft.kind = meant[0] if len(meant) == 1 else ""
    word = _WORDS.get(draft.intent, "持有")
    meaning = understand(
        f"{client.name} 加{word} {draft.typed.get('product_name', '')} {text}",
        now=ctx.local(ctx.now), role=ctx.user.role, book=ScopedBook(ctx.uow), lexicon=lexicon_of(ctx.packs),
        dialogue=replace(ctx.conversation.dialogue(), pending="none", form="", focus=ClientRef(client.id, client.name)),
    )
    if meaning.intent == draft.intent:
        draft.take({k: v for k, v in meaning.slots.items() if k != "kind"})
    return draft.to_json() != before


# ---------------------------------------------------------------- echoing


def _echo(ctx: Context, draft: Draft, done: Finished, client: Client) -> None:
    ctx.conversation.ask("form", FORM, **draft.to_json())
    label = done.kind.label if done.kind else "持有"
    lines = [f"请核对「{client.name}」的新{label}：", *_values(ctx, done)]
    lines += [f"⚠ {text}" for text in (*done.problems.values(), *(f"{u}，请确认" for u in done.unusual))]
    if done.assumed:
        lines.append(f"（{'；'.join(done.assumed)}）")
    if done.missing:
        example = " ".join(_SUPPLIED.get(what, f"{what}20万") for what in done.missing)
        lines.append(f"还缺：{'、'.join(done.missing)}。请直接补充，例如「{example}」。")
    elif done.problems:
        lines.append("请直接改正，例如「到期日改成 2026-06-30」。草稿已保留。")
    else:
        lines.append(f"没有问题请回复「确认」；改正请直接说，例如「{_example(done)} …」；放弃回复「取消」。")
    ctx.say("\n".join(lines))


def _example(done: Finished) -> str:
    """保费改成, 存款金额改成: a correction of something that stands in this form."""
    if done.kind is None:
        return "金额改成"
    premium = done.kind.name == "policy" or "amount" not in done.values
    return f"{(done.kind.premium_label if premium else '') or done.kind.amount_label}改成"


def _values(ctx: Context, done: Finished) -> list[str]:
    if done.kind is None:
        return []
    labels = {
        "amount": done.kind.amount_label, "premium": done.kind.premium_label or "每期金额",
        "ends_on": done.kind.ends_on_label, "number": done.kind.number_label,
        "balance": "可用额度" if done.kind.name == "credit_line" else "余额",
    }
    same = ("balance",) if done.values.get("balance") == done.values.get("amount") else ()
    lines = []
    for spec in ctx.uow.dictionary.fields("contract"):
        if spec.name in done.values and spec.name not in (*_LEFT_OUT, *same):
            value = done.values[spec.name]
            text = f"尾号 {value[-4:]}" if spec.name == "number" else ctx.uow.dictionary.show(
                spec, value, ctx.user.role)
            lines.append(f"{labels.get(spec.name, spec.label)}：{text}")
    for person in done.people:
        role = done.kind.role(person.role)
        outside = "" if person.client_id else "（不在您的客户中，只记姓名）"
        lines.append(f"{role.label if role else person.role}：{person.name}{outside}")
    plan = plan_for(ctx, done.values, done.product) if not (done.problems or done.missing) else ()
    return lines + ([plan_text(plan, done.kind, ctx.today)] if plan else [])


# ---------------------------------------------------------------- writing


@confirmed(FORM)
def save(ctx: Context, data: Mapping[str, Any]) -> None:
    """Check once more, then write."""
    draft = Draft.from_json(data)
    client = ctx.uow.clients.get(draft.client_id)
    done = finish(ctx, draft, client)
    if done.problems or done.missing:
        _echo(ctx, draft, done, client)
    else:
        _write(ctx, done, client)


def _write(ctx: Context, done: Finished, client: Client) -> None:
    assert done.kind is not None
    plan = plan_for(ctx, done.values, done.product)
    values = {**done.values, **_from_plan(done, plan, ctx)}
    contract = ctx.uow.contracts.add(client, values, [(p.role, p.name, p.client_id) for p in done.people])
    ctx.uow.contracts.add_instalments(contract, rows(plan, ctx.today))
    ctx.conversation.look_at(client.id, client.name)
    lines = [f"已为「{client.name}」登记{done.kind.label}：", *_values(ctx, done)]
    if not plan and done.kind.name in ("loan", "lease"):
        lines.append(f"还没有还款计划：补充利率和期数后发送「{client.name} 生成还款计划」。")
    ctx.wrote("\n".join(lines), f"给「{client.name}」登记{done.kind.label}「{_title(contract)}」")


def _from_plan(done: Finished, plan: tuple[Due, ...], ctx: Context) -> dict[str, Any]:
    """What a loan's plan tells of the loan: its instalment, its end, what is still owed."""
    if not plan or done.kind is None or done.kind.name not in ("loan", "lease"):
        return {}
    values = {"premium": plan[0].amount, "ends_on": done.values.get("ends_on") or plan[-1].due_on}
    if plan[0].principal is not None:
        paid = sum(due.principal or 0 for due in plan if due.due_on < ctx.today)
        values["balance"] = done.values["amount"] - paid
    return values


def _title(contract: Contract) -> str:
    return contract.product_name or contract.number_tail or contract.kind
