"""Which client a sentence speaks of: found by name or number, asked about when several may be meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.context import Context
from handlers.language import Meaning
from storage.model.errors import NotFound
from storage.model.people import Client, ClientRow
from storage.repositories.clients import NOT_FOUND

_CREATE = ("adviser", "manager")  # who is told how to make a client that is not there


def resolve(ctx: Context, meaning: Meaning) -> Client | None:
    """The client a meaning speaks of, or None after having asked which one is meant."""
    found = find(ctx, meaning)
    if found is None:
        return None
    client = ctx.uow.clients.get(found)
    ctx.look_at(client)
    return client


def find(ctx: Context, meaning: Meaning, **more: Any) -> int | None:
    """The id of the client meant, or None after having asked; `more` is kept with the question.

    Raises NotFound in the same words for a foreign client and for none."""
    found = meaning.get("client_id")
    if found is None:
        return _by_words(ctx, meaning, more)
    if isinstance(found, list | tuple) or meaning.get("fuzzy"):
        rows = ctx.uow.clients.rows(list(found) if isinstance(found, list | tuple) else [found])
        if not rows:
            raise NotFound(NOT_FOUND)
        if (decided := _decided(ctx, rows) or _chosen_before(ctx, meaning, rows)) is not None:
            return decided
        _offer(ctx, meaning, rows, more)
        return None
    return int(found)


_TAIL = re.compile(r"(?:尾号|后四位|末四位|尾数)(?:是|为|[:：\s])*(\d{4})(?!\d)")


def _decided(ctx: Context, rows: list[ClientRow]) -> int | None:
    """王芳尾号0101 已续, 王芳的安行意外险已续: what the sentence says beside the name is true of one of them only."""
    if len(rows) < 2:
        return None
    named = "|".join({re.escape(row.name) for row in rows})
    tail = _TAIL.search(ctx.text) or re.search(rf"(?:{named})[(（]?(0\d{{3}})(?!\d)", ctx.text)
    if tail is not None and (found := [row for row in rows if (row.masked_phone or "").endswith(tail[1])]):
        by = f"尾号 {tail[1]}"
    else:
        holds = {row.id: _held(ctx, row.id) for row in rows}
        found, by = [row for row in rows if holds[row.id]], next((name for name in holds.values() if name), "")
    if len(found) != 1:
        return None
    ctx.note(f"按「{by}」认定是「{found[0].name}」（{found[0].masked_phone or '无手机号'}）。")
    return found[0].id


def _chosen_before(ctx: Context, meaning: Meaning, rows: list[ClientRow]) -> int | None:
    """Of several who bear the very name, the one spoken of right now; whoever only says the name wants to choose."""
    focus, said = ctx.conversation.focus, meaning.get("client")
    if focus is None or meaning.get("fuzzy") or (meaning.intent == "client.lookup" and not meaning.get("field")):
        return None
    found = next((row for row in rows if row.id == focus.id and row.name == said), None)
    if found is None:
        return None
    ctx.note(f"按刚才的「{found.name}」（{found.masked_phone or '无手机号'}）；另一位请带上尾号再说一次。")
    return found.id


def _held(ctx: Context, client_id: int) -> str:
    """A product that the sentence names in full and this client has."""
    names = (contract.product_name for contract in ctx.uow.contracts.of_client(client_id))
    return next((name for name in names if name and name in ctx.text), "")


def of_client(meaning: Meaning, client_id: int) -> Meaning:
    """The same act, for this client."""
    said = {name: value for name, value in meaning.slots.items() if name != "client" or not meaning.get("pronoun")}
    slots = {**said, "client_id": client_id, "fuzzy": False, "pronoun": False}
    asked_for = meaning.clarify in ("client", "client_missing", "not_found")
    return replace(meaning, slots=slots, clarify=None if asked_for else meaning.clarify)


def _by_words(ctx: Context, meaning: Meaning, more: Mapping[str, Any]) -> int | None:
    """Look by phone, tail, document number or a part of the name; nobody found reads like a foreign client."""
    if meaning.get("phone"):
        rows = ctx.uow.clients.with_phone(meaning.slots["phone"])
    elif meaning.get("phone_tail"):
        rows = ctx.uow.clients.with_phone_tail(meaning.slots["phone_tail"])
    elif meaning.get("id_number"):
        rows = ctx.uow.clients.with_id_number(meaning.slots["id_number"])
    elif meaning.get("client") and meaning.clarify != "client_missing" and not meaning.get("pronoun"):
        rows = ctx.uow.clients.containing(meaning.slots["client"])
    else:
        ctx.conversation.ask("text", "client", text=ctx.text, **more)
        ctx.say("请问是哪位客户？请带上姓名再说一次，例如「查客户 王芳」。")
        return None
    if not rows:
        name = meaning.get("client")
        if name and any(user.name == name for user in ctx.uow.users.all()):
            raise NotFound(f"「{name}」是同事，不是您的客户，没有查询也没有改动。请说客户的姓名。")
        create = f"发送「新增客户 {name}」可新建。" if ctx.user.role in _CREATE else "请核对姓名。"
        raise NotFound(f"没有找到客户「{name}」。{create}" if name else NOT_FOUND)
    by_name = meaning.get("client") and not any(meaning.get(k) for k in ("phone", "phone_tail", "id_number"))
    if len(rows) > 1 or by_name:
        _offer(ctx, meaning, rows, more)
        return None
    return rows[0].id


def _offer(ctx: Context, meaning: Meaning, rows: list[ClientRow], more: Mapping[str, Any]) -> None:
    """A numbered choice with masked phone and tier; nothing else is shown before the choice (R306)."""
    said = meaning.get("client") or ""
    exact = all(row.name == said for row in rows)
    focus = ctx.conversation.focus
    ctx.conversation.ask(
        "choice", "client", options=[row.id for row in rows], text=ctx.text,
        focus=[focus.id, focus.name] if focus else None,
        labels=[choice_line(row, exact=False) for row in rows], names=[row.name for row in rows],
        intent=meaning.intent, **more,
    )
    head = f"有 {len(rows)} 位「{said}」" if exact and said else f"没有完全同名的「{said}」，找到相近的 {len(rows)} 位"
    lines = [f"{number_mark(n)} {choice_line(row, exact=exact)}" for n, row in enumerate(rows, 1)]
    ctx.say("\n".join([f"{head}，回复序号选择：" if said else f"找到 {len(rows)} 位，回复序号选择：", *lines]))


def choice_line(row: ClientRow, *, exact: bool) -> str:
    """What tells two clients of one name apart: masked phone and tier."""
    tier = row.bank_tier or row.insurance_tier or "未分层"
    return " ".join(filter(None, ["" if exact else row.name, row.masked_phone or "无手机号", tier]))


def number_mark(number: int) -> str:
    """① … ⑳, plain digits beyond."""
    return chr(0x245F + number) if 1 <= number <= 20 else f"{number}."
