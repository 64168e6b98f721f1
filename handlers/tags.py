"""Tags of clients: put on by people, or following from the records; each says why it is there (R124)."""

from __future__ import annotations

from difflib import get_close_matches

from config.pack import Counted, Tag
from handlers.context import Context
from handlers.language import Meaning
from handlers.router import READERS, command
from storage.conditions import describe, read
from storage.model.errors import Invalid
from storage.model.messages import cut
from storage.model.people import Client
from storage.model.values import mask_free_text
from storage.repositories.earned_tags import Earned, EarnedTagRepository

FROM_RECORDS = "按记录算的"
BY_CONDITION = "每天早上按资料算"


@command("tag.list", group="客户", help="看客户的标签和原因", example="王芳 标签", client=True, roles=READERS)
def show_tags(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Each tag of the client with its reason."""
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="tags")
    glance = ctx.uow.glances.of_client(client.id, ctx.today, ctx.zone)
    lines = [
        f"· {_told(tag, tag.counted, glance.counted[tag.name])}" for tag in ctx.packs.counted_tags
        if tag.counted and tag.name in glance.counted
    ]
    lines += [f"· {_earned(earned)}" for earned in glance.earned]
    lines += [f"· {said}" for said in _given(ctx, client).values()]
    if not lines:
        ctx.say(f"「{client.name}」还没有标签。例如发送「{client.name} 加标签 重疾意向」。")
        return
    ctx.say("\n".join([f"「{client.name}」的标签", *lines]))


@command(
    "tag.why", group="客户", help="看客户为什么有这个标签", example="为什么 王芳 常投诉", client=True, roles=READERS
)
def why(ctx: Context, meaning: Meaning, client: Client) -> None:
    """What speaks for one tag of the client, or what is missing for it."""
    tag = _tag(ctx, str(meaning.get("tag") or ""))
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="tags")
    given = _given(ctx, client).get(tag.name)
    if tag.when is not None:
        ctx.say(_why_earned(ctx, client, tag.name, tag.when, given))
        return
    if tag.counted is None:
        ctx.say(f"「{client.name}」的标签 {given}" if given else f"「{client.name}」没有标签「{tag.name}」。")
        return
    many = ctx.uow.clients.counted(client.id, tag.counted, ctx.today, ctx.zone)
    lines = [given] if given else []
    if many >= tag.counted.at_least:
        lines.insert(0, _told(tag, tag.counted, many))
    head = f"「{client.name}」有标签「{tag.name}」" if lines else f"「{client.name}」没有标签「{tag.name}」"
    rule = f"口径：{tag.counted.told(tag.counted.at_least)}就有，现在是 {many}。"
    ctx.say("\n".join([head, *(f"· {line}" for line in lines), rule]))


def _told(tag: Tag, counted: Counted, many: int) -> str:
    return f"{tag.name}：{counted.told(many)}，{FROM_RECORDS}"


def _earned(earned: Earned) -> str:
    return f"{earned.tag}：{earned.reason}，{earned.since} 起有，{BY_CONDITION}"


def _why_earned(ctx: Context, client: Client, tag: str, when: str, given: str | None) -> str:
    """What speaks for a tag with a condition: that one as it was this morning, and what people put on."""
    found = [_earned(one) for one in EarnedTagRepository(ctx.uow).of_client(client.id) if one.tag == tag]
    lines = [f"· {line}" for line in (*found, *([given] if given else []))]
    said = describe(read(when, ctx.uow.dictionary, ctx.user.role, ctx.today))
    head = f"「{client.name}」{'有' if lines else '没有'}标签「{tag}」"
    now = f"口径：{said}就有，{BY_CONDITION}。看现在符不符合，请发送「筛选说明 {client.name} {said}」。"
    return "\n".join([head, *lines, now])


def _given(ctx: Context, client: Client) -> dict[str, str]:
    """What people put on, told by tag."""
    return {
        given.tag: f"{given.tag}：{ctx.local(given.at):%Y-%m-%d} 手工加的{f'，{given.reason}' if given.reason else ''}"
        for given in ctx.uow.clients.given_tags(client.id)
    }


# ---------------------------------------------------------------- put on, taken away


@command("tag.add", group="客户", help="加标签", example="王芳 加标签 重疾意向", client=True)
def add_tag(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Only tags of the dictionary; synonyms map to their tag, unknown ones get the nearest offered."""
    reason = mask_free_text(cut(str(meaning.get("reason") or ""), 100))
    wanted = [_tag(ctx, word).name for word in _tags_said(meaning)]
    added = [tag for tag in wanted if ctx.uow.clients.add_tag(client, tag, reason)]
    if not added:
        kept = "原因没有改动；要换原因，请先去掉标签再加。" if reason else ""
        ctx.say(f"「{client.name}」已经有这个标签了。{kept}")
        return
    why = f"（原因：{reason}）" if reason else ""
    ctx.wrote(f"已给「{client.name}」加标签：{'、'.join(added)}{why}。", f"给「{client.name}」加标签")


@command("tag.remove", group="客户", help="去掉标签", example="王芳 去掉标签 重疾意向", client=True)
def remove_tag(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Take tags away."""
    said = [_tag(ctx, word) for word in _tags_said(meaning)]
    removed = [tag.name for tag in said if ctx.uow.clients.remove_tag(client, tag.name)]
    stays = _stays(ctx, client, said)
    if not removed:
        ctx.say(stays or f"「{client.name}」没有这个标签。")
        return
    unkept = f"去掉的原因不单独保存，要留下请发送「记 {client.name} ……」。" if meaning.get("reason") else ""
    ctx.wrote(f"已去掉「{client.name}」的标签：{'、'.join(removed)}。{stays}{unkept}", f"去掉「{client.name}」的标签")


def _stays(ctx: Context, client: Client, said: list[Tag]) -> str:
    """That tags which follow from the records cannot be taken away; "" where none does."""
    glance = ctx.uow.glances.of_client(client.id, ctx.today, ctx.zone)
    counted, earned = glance.counted, {one.tag: one.reason for one in glance.earned}
    return "".join(
        f"「{tag.name}」是{BY_CONDITION}的：{earned[tag.name]}，不符合了第二天早上才没有。"
        for tag in said if tag.name in earned
    ) + "".join(
        f"「{tag.name}」是{FROM_RECORDS}：{tag.counted.told(counted[tag.name])}，少于 {tag.counted.at_least} 才没有。"
        for tag in said if tag.counted and tag.name in counted
    )


def _tags_said(meaning: Meaning) -> list[str]:
    said = list(meaning.get("tags") or ([meaning.slots["tag"]] if meaning.get("tag") else []))
    if not said:
        raise Invalid("请说明标签，例如「王芳 加标签 重疾意向」。")
    return said


def _tag(ctx: Context, word: str) -> Tag:
    """The tag of this name. Raises Invalid with those that come nearest."""
    for tag in ctx.packs.tags:
        if word == tag.name or word in tag.synonyms:
            return tag
    names = [tag.name for tag in ctx.packs.tags]
    near = get_close_matches(word, names, 3, 0.3) or [n for n in names if set(word) & set(n)][:3]
    hint = f"相近的有：{'、'.join(near)}。" if near else "发送「帮助 标签」查看可用的标签。"
    raise Invalid(f"标签字典里没有「{word}」。{hint}")
