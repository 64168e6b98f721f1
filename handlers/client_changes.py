"""Changing clients: fields, tiers, relations. Every change is echoed and can be taken back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from config.pack import FieldSpec, TierScheme
from handlers.assessing import refuse_by_hand
from handlers.birthday_words import BIRTHDAYS, birthday_lines, with_its_day
from handlers.client_forms import Draft, as_typed, begin_draft, lunar_code, note_foreign_duplicate, take_strays
from handlers.context import Context
from handlers.follow_ups import kind_of, log_contact, tag_proposals
from handlers.language import Meaning
from handlers.router import command, confirmed
from handlers.tickets.engine import refuse_to_unmark
from handlers.tickets.key_changes import ask_for, guarded
from handlers.whose import number_mark
from storage.model.errors import Invalid, NotAllowed
from storage.model.messages import cut
from storage.model.people import Client

_RELATIVE = re.compile(
    "老公|老婆|丈夫|妻子|爱人|配偶|妈妈|母亲|爸爸|父亲|儿子|女儿|孩子|弟弟|妹妹|哥哥|姐姐|婆婆|岳父|岳母|公公"
)
OVER_CONDITIONS = "等级由您手工定，不再随条件变；要改回发送「{name} 分层 按条件」。"
BY_HAND = "等级由您手工定，不再随资产和分层标准变；要改回发送「{name} 分层 按资产」。"
_OF_THE_FAMILY = frozenset({"marital_status", "children", "family_notes"})


@command("client.update", group="客户", help="改客户资料", example="王芳 职业 教师", client=True)
def update(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Change one field or several; a phone or document that another client has is asked about first."""
    said = _said(ctx, client, meaning)
    if meaning.clarify == "when" and (day := next((v for v in said.values() if v), None)):
        raise Invalid(f"没有「{as_typed(day)}」这一天，没有改动。请核对日期再说一次。")
    if meaning.clarify == "value" or not said or None in said.values():
        raise Invalid(f"请说明要改成什么，例如「{client.name} 职业 教师」。")
    values = with_its_day(client, _checked(ctx, client, _tiers_by_their_scheme(ctx, said)))
    numbers = {name: value for name, value in values.items() if name in ("phone", "id_number", "licence_code")}
    found = ctx.uow.clients.duplicates(numbers, ignoring=client.id)
    typed = {name: as_typed(value) for name, value in said.items()}
    rest = str(meaning.get("rest") or "")
    if _RELATIVE.search(ctx.text.removesuffix(rest)) and not values.keys() <= _OF_THE_FAMILY:
        labels = "、".join(field_named(ctx, name).label for name in values if name != "birthday_calendar")
        ctx.ask_to_confirm(
            f"这句话提到了家人。确定要修改「{client.name}」本人的{labels}吗？", "client.update",
            client_id=client.id, said=typed, rest=rest,
        )
        return
    question = ""
    if found.elsewhere or found.same_person or found.alike:
        question = "这个号码已登记在另一位客户名下。确定要改吗？"
    elif meaning.get("pronoun") and (label := _replaced(ctx, client, numbers)):
        question = f"「{client.name}」已登记{label}，要换成这个号码吗？"
    if found.elsewhere:
        note_foreign_duplicate(ctx)  # the question tells that the number is known: probing must leave a trace
    if question:
        ctx.ask_to_confirm(question, "client.update", client_id=client.id, said=typed, rest=rest)
        return
    _write(ctx, client, values, rest)


def _said(ctx: Context, client: Client, meaning: Meaning) -> dict[str, Any]:
    """The fields that were said, by name."""
    said = dict(meaning.get("fields") or {})
    if name := meaning.get("field"):
        said[name] = meaning.get("value")
    said = _city_or_address(ctx, said)
    if meaning.get("birthday_lunar"):
        code = lunar_code(meaning.slots["birthday_lunar"], leap=bool(meaning.get("birthday_leap")))
        said.pop("birthday", None)
        said |= {"birthday_calendar": "lunar", "lunar_birthday": code}
    elif "birthday" in said:
        said |= {"birthday": _with_its_year(client, said["birthday"]), "birthday_calendar": "solar"}
    elif said.get("lunar_birthday"):
        said.setdefault("birthday_calendar", "lunar")  # whoever gives it keeps it
    return said


_CITY_ALONE = re.compile(r"(?!.*(?:路|街|巷|弄|区|镇|村|号|楼|栋|苑|园|大厦|小区|附近|对面|那边))[\u4e00-\u9fff]{2,5}")


def _city_or_address(ctx: Context, said: Mapping[str, Any]) -> dict[str, Any]:
    """陈静搬到上海了 tells the city; the address that is there, which is not shown, is not written over with it."""
    value = said.get("address")
    typed = re.search(r"地址|住址|住在?", ctx.text) is not None
    if typed or not isinstance(value, str) or not _CITY_ALONE.fullmatch(value) or "client.city" not in ctx.packs.paths:
        return dict(said)
    ctx.note("地址没有改动；知道新地址后请发送「地址 新地址」。")
    return {name: v for name, v in said.items() if name != "address"} | {"city": value}


_NO_YEAR = re.compile(r"\d\d-\d\d")


def _with_its_year(client: Client, said: Any) -> Any:
    """陈静 生日 8月8号 corrects the day: the year is the one that stands there. Raises Invalid where there is none."""
    if not isinstance(said, str) or not _NO_YEAR.fullmatch(said):
        return said
    month, day = said.split("-")
    if client.birthday is None:
        raise Invalid(f"{int(month)} 月 {int(day)} 日还缺年份，没有改动。"
                      f"请带上年份再说一次，例如「{client.name} 生日 1990-{said}」。")
    try:
        return client.birthday.replace(month=int(month), day=int(day)).isoformat()
    except ValueError:
        raise Invalid(
            f"{client.birthday.year} 年没有 {int(month)} 月 {int(day)} 日，没有改动。请带上年份再说一次。"
        ) from None


def _tiers_by_their_scheme(ctx: Context, said: Mapping[str, Any]) -> dict[str, Any]:
    """等级 names the field of one scheme; the word that was said may be a tier of another."""
    schemes = {scheme.name: scheme for scheme in ctx.packs.tiers}
    placed: dict[str, Any] = {}
    for name, value in said.items():
        knows = [s.name for s in schemes.values() if any(value == t.name or value in t.synonyms for t in s.tiers)]
        placed[name if name not in schemes or name in knows or not knows else knows[0]] = value
    return placed


def _replaced(ctx: Context, client: Client, numbers: Mapping[str, Any]) -> str:
    """The number that would be replaced although no word of a change was said: 手机 139… may look for somebody."""
    other = [name for name, value in numbers.items() if client.value(name) not in (None, value)]
    return field_named(ctx, other[0]).label if other and not re.search(r"改|换|变|更", ctx.text) else ""


@confirmed("client.update")
def update_anyway(ctx: Context, data: Mapping[str, Any]) -> None:
    """The adviser insists on the change."""
    client = ctx.uow.clients.get(data["client_id"])
    _write(ctx, client, with_its_day(client, _checked(ctx, client, data["said"])), data.get("rest", ""))


def _checked(ctx: Context, client: Client, said: Mapping[str, Any]) -> dict[str, Any]:
    refuse_by_hand(ctx, client, {field_named(ctx, name).name: value for name, value in said.items()})
    values = {}
    for name, value in said.items():
        spec = field_named(ctx, name)
        if not ctx.uow.dictionary.may(ctx.user.role, "edit", spec):
            raise NotAllowed(f"您的角色不能修改「{spec.label}」。")
        if spec.level == 4 and spec.type not in ("id_number", "phone"):
            _require_health_consent(ctx, client, spec)
        values[spec.name] = ctx.uow.dictionary.normalise(spec, as_typed(value), ctx.today)
    refuse_to_unmark(ctx.uow, client, values)
    if number := values.get("id_number"):
        for name, value in ctx.uow.dictionary.from_id_number(number).items():
            if client.value(name) is None:
                values.setdefault(name, value)
    return values


def field_named(ctx: Context, name: str) -> FieldSpec:
    """The client field of this name or word. Raises Invalid."""
    spec = next((s for s in ctx.uow.dictionary.fields("client") if s.name == name), None)
    spec = spec or ctx.uow.dictionary.find("client", name)
    if spec is None and name == "age":
        raise Invalid("年龄是按生日算的，不单独登记。请告诉我生日，例如「王芳 生日 1980年5月1日」。")
    if spec is None:
        raise Invalid(f"没有「{name}」这个资料项。发送「详情」可查看已有的资料项。")
    return spec


def _require_health_consent(ctx: Context, client: Client, spec: FieldSpec) -> None:
    """Health data need the client's separate consent (PIPL art. 28-29)."""
    if "health" not in ctx.uow.consents.granted(client.id):
        raise NotAllowed(
            f"「{spec.label}」是健康信息，需要客户单独同意才能保存，这次没有保存。"
            f"取得同意后请先发送「{client.name} 同意健康信息」登记。"
        )


def _write(ctx: Context, client: Client, values: Mapping[str, Any], rest: str = "", after: str = "") -> None:
    """Change what differs; `rest` is what else the sentence told, which goes on the time line; `after` is said then."""
    before = {name: client.value(name) for name in values}
    changes = ctx.uow.dictionary.differences("client", before, values)
    same = f"「{client.name}」的资料本来就是这样，没有改动。"
    if not changes and not rest:
        ctx.say(same)
        return
    waiting = guarded(ctx, client, values)
    asked = ask_for(ctx, client, waiting, rest)
    labels = [c.label for c in changes]
    changes = [c for c in changes if c.name not in waiting]
    values = {name: value for name, value in values.items() if name not in waiting}
    updated = ctx.uow.clients.update(client, **values) if changes else client
    lines = [f"已更新「{updated.name}」："] if changes else [] if asked else [same]
    lines += [f"{c.label}：{c.old or '（空）'} → {c.new}" for c in changes]
    lines += birthday_lines(updated, ctx.today) if any(c.name in BIRTHDAYS for c in changes) else []
    lines += [*asked, *([after] if after else [])]
    if rest and (changes or not asked):  # else it is the reason of the change, and stands there
        written = log_contact(ctx, updated, kind_of(rest), rest)
        lines += [f"其余已记为跟进：{cut(written.text, 80)}", *tag_proposals(ctx, updated, rest)]
    ctx.conversation.look_at(updated.id, updated.name)
    ctx.wrote("\n".join(lines), f"修改「{updated.name}」的{'、'.join(labels) or '跟进记录'}")


# ---------------------------------------------------------------- tiers


@command("tier.set", group="客户", help="调整分层", example="王芳 改为 贵宾", client=True)
def set_tier(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Put the client into a tier of the scheme that knows the word."""
    word = meaning.get("tier") or ""
    for scheme in ctx.packs.tiers:
        for tier in scheme.tiers:
            if word == tier.name or word in tier.synonyms:
                _set_tier(ctx, client, scheme, tier.name)
                return
    names = "、".join(tier.name for scheme in ctx.packs.tiers for tier in scheme.tiers)
    raise Invalid(f"没有「{word}」这一层，可选：{names}。")


def _set_tier(ctx: Context, client: Client, scheme: TierScheme, tier: str) -> None:
    """A tier that is computed stays from now on where it was put, also where it was already."""
    if scheme.by_condition:
        _set_over_conditions(ctx, client, scheme, tier)
        return
    if scheme != ctx.packs.asset_scheme:
        _write(ctx, client, {scheme.name: tier})
        return
    if client.value(scheme.name) != tier:
        _write(ctx, client, {scheme.name: tier}, after=BY_HAND.format(name=client.name))
    elif ctx.uow.tiers.set_by(client.id) is None:
        ctx.uow.tiers.keep(client, scheme.name)
        said = f"「{client.name}」本来就是{tier}。{BY_HAND.format(name=client.name)}"
        ctx.wrote(said, f"「{client.name}」的手工等级")
    else:
        ctx.say(f"「{client.name}」本来就是手工定的{tier}，没有改动。")


def _set_over_conditions(ctx: Context, client: Client, scheme: TierScheme, tier: str) -> None:
    said = OVER_CONDITIONS.format(name=client.name)
    if client.value(scheme.name) != tier:
        _write(ctx, client, {scheme.name: tier}, after=said)
    elif ctx.uow.tiers.is_computed(client.id, scheme.name):
        ctx.uow.tiers.keep_from_conditions(client, scheme.name)
        ctx.wrote(f"「{client.name}」本来就是{tier}。{said}", f"「{client.name}」的手工等级")
    else:
        ctx.say(f"「{client.name}」本来就是手工定的{tier}，没有改动。")


# ---------------------------------------------------------------- relations


@command("client.relate", group="客户", help="记关系或转介绍", example="张敏介绍了陈静 13700000003")
def relate(ctx: Context, meaning: Meaning) -> None:
    """Tie two clients together; an introduced person who is new becomes a draft with the referrer filled in."""
    other = _one(ctx, meaning.get("other_id"), meaning.get("other"))
    kind = ctx.packs.find_relation(meaning.get("relation") or "")
    if kind is None:
        raise Invalid("没有这种关系。可以说「张敏 是 王芳 的 配偶」或「张敏介绍了陈静」。")
    known = meaning.get("client_id")
    if isinstance(known, int) and _other_number(ctx, known, meaning):
        _ask_who(ctx, ctx.uow.clients.get(known), other, meaning)
        return
    if not isinstance(known, int):
        if kind.name != "referrer" or not meaning.get("client"):
            raise Invalid(f"没有找到客户「{meaning.get('client')}」。请先建档。")
        _introduce(ctx, other, meaning.slots["client"], meaning.get("phone"))
        return
    client = ctx.uow.clients.get(known)
    _relate(ctx, client, other, kind.name, kind.label)


def _introduce(ctx: Context, referrer: Client, name: str, phone: str | None) -> None:
    """A draft for the person who was introduced."""
    draft = Draft(referrer=referrer.name, referrer_id=referrer.id)
    draft.typed = {"name": name, "source": "转介绍", **({"phone": phone} if phone else {})}
    take_strays(draft, ctx.text)
    begin_draft(ctx, draft)


def _other_number(ctx: Context, client_id: int, meaning: Meaning) -> bool:
    """Was a phone said that is not the one on file? Then it may be somebody else of that name."""
    on_file = ctx.uow.clients.get(client_id).value("phone")
    return bool(meaning.get("phone") and on_file and on_file != meaning.slots["phone"])


def _ask_who(ctx: Context, client: Client, other: Client, meaning: Meaning) -> None:
    row = ctx.uow.clients.rows([client.id])[0]
    labels = [f"就是这位「{client.name}」，只记介绍关系，不改手机号", f"是另一位「{client.name}」，新建客户"]
    ctx.conversation.ask(
        "choice", "relate", then="client.relate", options=["known", "new"], labels=labels, client_id=client.id,
        other_id=other.id, relation=meaning.get("relation"), name=client.name, phone=meaning.slots["phone"],
    )
    ctx.say(
        f"名下的「{client.name}」登记的手机是 {row.masked_phone}，和您说的不一样。是同一位吗？回复序号选择：\n"
        + "\n".join(f"{number_mark(n)} {label}" for n, label in enumerate(labels, 1))
    )


@confirmed("client.relate")
def relate_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """It was said whether the one on file is meant."""
    other = ctx.uow.clients.get(data["other_id"])
    if data["chosen"] == "new":
        _introduce(ctx, other, data["name"], data["phone"])
        return
    kind = ctx.packs.find_relation(data["relation"])
    assert kind is not None
    _relate(ctx, ctx.uow.clients.get(data["client_id"]), other, kind.name, kind.label)


def _relate(ctx: Context, client: Client, other: Client, kind: str, label: str) -> None:
    ctx.uow.clients.relate(client, other, kind)
    ctx.wrote(f"已记录：{client.name} 的{label}是 {other.name}。", f"关系「{client.name}—{other.name}」")


def _one(ctx: Context, found: Any, said: str | None) -> Client:
    if isinstance(found, int):
        return ctx.uow.clients.get(found)
    if isinstance(found, list | tuple):
        raise Invalid(f"有 {len(found)} 位「{said}」，请用手机尾号说明是哪一位。")
    raise Invalid(f"没有找到客户「{said}」。请先建档。")
