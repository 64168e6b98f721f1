"""Creating a client from one sentence: parse, echo field by field, correct, check for duplicates, confirm.

The draft is kept with the conversation, so it survives a wrong digit, a pause and a restart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from config.pack import FieldSpec
from handlers.assignment.entering import enter_for_rules
from handlers.consents import consent_card
from handlers.context import Context
from handlers.drafts_aside import put_aside
from handlers.form_words import emptied, part_of_number
from handlers.keywords import keywords_of
from handlers.language import Meaning, When
from handlers.router import FRONT, command, confirmed, form
from handlers.stray_numbers import gist, looks_like_id, looks_like_phone, stray_numbers
from storage.model.errors import Invalid
from storage.model.people import Client, ClientRow

FORM = "client.create"
BASICS = ("phone", "birthday", "occupation")
BASICS_FIRM = ("phone", "licence_code", "legal_representative")
_KEPT = ("kind", "typed", "tags", "referrer", "referrer_id", "unread", "numbers_of_others")
_NOT_FIELDS = frozenset(
    "client client_id client_ids kind referrer referrer_id interest rest tier tags birthday_lunar birthday_leap "
    "birth_year age fuzzy pronoun field value fields text skip withheld_family".split()
)


@dataclass
class Draft:
    """A client that is being entered: `typed` is what was said per field, `problems` what is wrong with it."""

    kind: str = "individual"
    typed: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    referrer: str = ""
    referrer_id: int | None = None
    withheld: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    numbers_of_others: bool = False  # a relative's number was said: it is not the client's, and is not kept

    def to_json(self) -> dict[str, Any]:
        """What is kept; problems are found again each time."""
        return {name: getattr(self, name) for name in _KEPT}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Draft:
        return cls(**{name: data[name] for name in _KEPT if name in data})


@command(
    "client.create", group="客户", help="新增客户，一句话即可", example="新增客户 李强 13800000001 中学老师 月入2万",
    roles=(*FRONT, "ops"),
)
def create(ctx: Context, meaning: Meaning) -> None:
    """Start a draft from what was said."""
    draft = Draft(kind=meaning.get("kind") or "individual")
    name = meaning.get("name") or meaning.get("client")
    if not name:
        raise Invalid("请带上姓名，例如「新增客户 李强 13800000001」。")
    draft.typed["name"] = name
    _take(draft, {**meaning.slots, "name": name})
    _take_birthday(draft, meaning)
    _take_referrer(ctx, draft, meaning)
    _propose_tags(ctx, draft, meaning)
    take_strays(draft, ctx.text, meaning.slots)
    begin_draft(ctx, draft)


def begin_draft(ctx: Context, draft: Draft) -> None:
    """Echo a new draft; an older one of something else is put aside, and that is said."""
    put_aside(ctx, FORM, draft.to_json())
    start_draft(ctx, draft)


def echo_kept(ctx: Context, data: Mapping[str, Any]) -> None:
    """Show the draft again."""
    start_draft(ctx, Draft.from_json(data))


def title(ctx: Context, data: Mapping[str, Any]) -> str:
    return f"新客户「{data['typed'].get('name', '')}」"


@form(FORM, echo=echo_kept, title=title)
def correct(ctx: Context, meaning: Meaning) -> None:
    """Take a correction such as 「身份证改成 110…」, or further fields in free words."""
    assert ctx.conversation.draft is not None
    draft = Draft.from_json(ctx.conversation.draft.data)
    if _empty(ctx, draft):
        start_draft(ctx, draft)
        return
    given = dict(meaning.get("fields") or {})
    if meaning.get("field"):
        given[meaning.slots["field"]] = meaning.get("value")
    if partly := part_of_number(given):
        ctx.say(partly)
        return
    draft.unread = []
    strays = take_strays(draft, ctx.text, {**meaning.slots, **given})
    if not given and not strays:
        ctx.say("没看懂要改哪一项。例如「手机改成 13900000009」；没有问题请回复「确认」，放弃回复「取消」。")
        return
    _take(draft, given)
    if "birthday_lunar" in meaning.slots:
        _take_birthday(draft, meaning)
    start_draft(ctx, draft)


def _empty(ctx: Context, draft: Draft) -> bool:
    """Leave out of the draft what 身份证号去掉 names; False when the sentence is about something else."""
    if not (word := emptied(ctx.text)):
        return False
    spec = ctx.uow.dictionary.find("client", word, applies_to=draft.kind)
    if "标签" in word:
        draft.tags = []
    elif "介绍人" in word:
        draft.referrer, draft.referrer_id = "", None
    elif spec is None or spec.name == "name":
        return False
    else:
        draft.typed.pop(spec.name, None)
    draft.unread = []
    return True


def _take(draft: Draft, said: Mapping[str, Any]) -> None:
    draft.numbers_of_others = bool(said.get("withheld_family"))
    for name, value in said.items():
        if name == "family_told" and value:  # what is told of one relative stays beside what was told of another
            told = [*filter(None, str(draft.typed.get("family_notes", "")).split("；")), as_typed(value)]
            draft.typed["family_notes"] = "；".join(dict.fromkeys(told))
        elif name not in _NOT_FIELDS and value not in (None, ""):
            draft.typed[name] = as_typed(value)


def take_strays(draft: Draft, text: str, said: Mapping[str, Any] | None = None) -> list[str]:
    """Long numbers that were read as nothing: one like a phone or an identity number goes where it is checked, so
    that what is wrong with it is said; the others are shown as not understood."""
    values = [*draft.typed.values(), *(v for k, v in (said or {}).items() if k not in ("rest", "text"))]
    strays = stray_numbers(text, values)
    for number in strays:
        if looks_like_phone(number) and "phone" not in draft.typed:
            draft.typed["phone"] = number
        elif looks_like_id(number) and "id_number" not in draft.typed:
            draft.typed["id_number"] = number
        else:
            draft.unread.append(number)
    return strays


def as_typed(value: Any) -> Any:
    """A slot's value as text that the dictionary reads and JSON keeps."""
    match value:
        case When():
            return value.start[:10] or value.text  # a day that does not exist is shown as it was said
        case bool() | str() | int():
            return value
        case float() | Decimal():
            return str(value)
        case list() | tuple():
            return "、".join(str(v) for v in value)
    return str(value)


def _take_birthday(draft: Draft, meaning: Meaning) -> None:
    if lunar := meaning.get("birthday_lunar"):
        draft.typed["lunar_birthday"] = lunar_code(lunar, leap=bool(meaning.get("birthday_leap")))
        draft.typed["birthday_calendar"] = "lunar"


def lunar_code(month_day: str, *, leap: bool = False) -> int:
    """"08-03" → 803; negative for a leap month."""
    month, day = (int(part) for part in month_day.split("-"))
    return -(month * 100 + day) if leap else month * 100 + day


def _take_referrer(ctx: Context, draft: Draft, meaning: Meaning) -> None:
    if not (name := meaning.get("referrer")):
        return
    hits = {h.client_id for h in ctx.uow.clients.named([name])}
    draft.referrer, draft.referrer_id = name, hits.pop() if len(hits) == 1 else None
    draft.typed.setdefault("source", "转介绍")


def _propose_tags(ctx: Context, draft: Draft, meaning: Meaning) -> None:
    words = " ".join(str(w) for w in (ctx.text, meaning.get("interest")) if w)
    known = keywords_of(ctx.packs)
    draft.tags += [tag.name for tag in ctx.packs.tags if known.speaks_of(words, tag.keywords)]
    draft.tags += [tag for tag in meaning.get("tags", ()) if tag not in draft.tags]


# ---------------------------------------------------------------- checking and echoing


def _checked(ctx: Context, draft: Draft) -> dict[str, Any]:
    """Normalised values; what fails goes to `draft.problems`, health data without consent to `withheld`."""
    values: dict[str, Any] = {"kind": draft.kind}
    draft.problems.clear()
    draft.withheld.clear()
    for name, typed in draft.typed.items():
        spec = _spec(ctx, name)
        if spec is None:
            continue
        if spec.level == 4 and spec.type not in ("id_number", "phone"):
            draft.withheld.append(spec.label)  # PIPL art. 28-29: separate consent comes first
            continue
        if (asked := ctx.packs.questionnaire_of(spec.name)) is not None:
            ctx.note(f"「{spec.label}」由{asked.label}得出，没有记下；建档后请发送「姓名 {asked.label}」。")
            continue
        try:
            values[name] = ctx.uow.dictionary.normalise(spec, typed, ctx.today)
        except Invalid as error:
            draft.problems[name] = str(error)
    _derive(ctx, values)
    return values


def _derive(ctx: Context, values: dict[str, Any]) -> None:
    """Birthday and sex from the ID number, where they were not said."""
    if number := values.get("id_number"):
        for name, value in ctx.uow.dictionary.from_id_number(number).items():
            if not (name == "birthday" and values.get("lunar_birthday")):
                values.setdefault(name, value)


def _spec(ctx: Context, name: str) -> FieldSpec | None:
    return next((s for s in ctx.uow.dictionary.fields("client") if s.name == name), None)


def start_draft(ctx: Context, draft: Draft) -> None:
    """Echo one field a line, with what is wrong and how to mend it."""
    values = _checked(ctx, draft)
    ctx.conversation.ask("form", FORM, **draft.to_json())
    kind = "企业客户" if draft.kind == "enterprise" else "客户"
    lines = [f"请核对新{kind}：", *_echo(ctx, draft, values)]
    lines += [f"⚠ {gist(number)}没看懂是哪一项，不会保存。请说明，例如「手机改成 …」。" for number in draft.unread]
    if draft.numbers_of_others:
        lines.append("⚠ 家人的证件号、手机号不是客户本人的，没有记录。")
    if draft.withheld:
        lines.append(f"（{'、'.join(draft.withheld)}属于敏感信息，取得客户单独同意前不会保存）")
    if draft.problems:
        label = _label(ctx, next(iter(draft.problems)))
        lines.append(f"有 {len(draft.problems)} 项需要改正，例如发送「{label}改成 …」。草稿已保留。")
    else:
        lines.append("没有问题请回复「确认」；改正请直接说，例如「手机改成 …」；放弃回复「取消」。")
    ctx.say("\n".join(lines))


def _echo(ctx: Context, draft: Draft, values: Mapping[str, Any]) -> list[str]:
    lines = []
    for spec in ctx.uow.dictionary.fields("client", applies_to=draft.kind):
        if spec.name in draft.problems:
            lines.append(f"{spec.label}：⚠ {draft.problems[spec.name]}")
        elif spec.name in values and spec.name not in ("kind", "birthday_calendar"):
            text = ctx.uow.dictionary.show(spec, values[spec.name], ctx.user.role)
            derived = "（由身份证得出）" if spec.name not in draft.typed else ""
            lines.append(f"{spec.label}：{text}{derived}")
    if draft.referrer:
        lines.append(f"介绍人：{draft.referrer}" + ("" if draft.referrer_id else "（不在您的客户中，只记姓名）"))
    if draft.tags:
        lines.append(f"建议标签：{'、'.join(draft.tags)}")
    return lines


def _label(ctx: Context, name: str) -> str:
    spec = _spec(ctx, name)
    return spec.label if spec else name


# ---------------------------------------------------------------- saving


@confirmed(FORM, roles=(*FRONT, "ops"))
def save(ctx: Context, data: Mapping[str, Any]) -> None:
    """Check once more, ask about people who look the same, then write."""
    _save(ctx, data, alike_ok=False)


def _save(ctx: Context, data: Mapping[str, Any], *, alike_ok: bool) -> None:
    draft = Draft.from_json(data)
    values = _checked(ctx, draft)
    if draft.problems:
        start_draft(ctx, draft)
        return
    if not ctx.user.serves_clients:
        enter_for_rules(ctx, values, draft.tags)
        return
    found = ctx.uow.clients.duplicates(values)
    if found.elsewhere:
        note_foreign_duplicate(ctx)
        ctx.say("已有此客户，归属其他顾问，不能重复建档。请联系主管确认归属。")
    elif found.same_person:
        name = ctx.uow.clients.rows(found.same_person)[0].name
        ctx.say(f"已有此客户「{name}」，没有重复建档。发送「查客户 {name}」可查看。")
    elif found.alike and not alike_ok:
        _ask_about_alike(ctx, draft, ctx.uow.clients.rows(found.alike), values)
    else:
        _write(ctx, draft, values)


def note_foreign_duplicate(ctx: Context) -> None:
    """Somebody was told that a colleague has such a client: whoever probes for numbers leaves a trace."""
    ctx.uow.audit.record("duplicate", "client", "elsewhere", outcome="stopped")


def _ask_about_alike(
    ctx: Context, draft: Draft, rows: list[ClientRow], values: Mapping[str, Any]
) -> None:
    listed = "；".join(f"{row.name} {row.masked_phone}" for row in rows[:3])
    ctx.conversation.ask("form", FORM, **draft.to_json())  # typed once, whatever becomes of the question
    ctx.ask_to_confirm(
        f"名下有相似的客户：{listed}。\n如果「{values['name']}」不是同一个人，可以继续新建。",
        "client.create_anyway", **draft.to_json(),
    )


@confirmed("client.create_anyway", roles=(*FRONT, "ops"))
def save_anyway(ctx: Context, data: Mapping[str, Any]) -> None:
    """The adviser says it is somebody else."""
    ctx.conversation.drop_draft()
    _save(ctx, data, alike_ok=True)


def _write(ctx: Context, draft: Draft, values: dict[str, Any]) -> None:
    client = ctx.uow.clients.add(values, owner_id=ctx.user.id)
    for tag in draft.tags:
        ctx.uow.clients.add_tag(client, tag, reason="由建档内容提出")
    if draft.referrer_id:
        referrer = ctx.uow.clients.get(draft.referrer_id)
        ctx.uow.clients.relate(client, referrer, "referrer")
    ctx.conversation.look_at(client.id, client.name)
    ctx.wrote(_saved_text(ctx, draft, client), f"新增客户「{client.name}」")
    ctx.show(consent_card(ctx, client))


def _saved_text(ctx: Context, draft: Draft, client: Client) -> str:
    lines = [f"已新增客户「{client.name}」。"]
    if draft.tags:
        lines.append(f"标签：{'、'.join(draft.tags)}（不需要可发「去掉标签 {draft.tags[0]}」）")
    basics = BASICS_FIRM if client.kind == "enterprise" else BASICS
    known = {n for n in basics if client.value(n)} | ({"birthday"} if client.lunar_birthday else set())
    missing = [_label(ctx, n) for n in basics if n not in known]
    if missing:
        lines.append(f"还可以补充：{'、'.join(missing)}，方便时再说。")
    return "\n".join(lines)
