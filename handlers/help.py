"""Help by role with examples, and polite answers to what is no command.

What is shown is read from the registry of commands, so a new command explains itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from handlers.clients import FULL_PHONE, WHY_MASKED
from handlers.context import Context
from handlers.language import Meaning
from handlers.puzzles import keep
from handlers.router import COMMANDS, EVERYBODY, Command, command
from storage.model.messages import Text, cut
from storage.model.people import Role
from storage.model.values import mask_free_text

ROLE_WORDS: dict[Role, str] = {
    "adviser": "顾问", "manager": "主管", "ops": "运营", "compliance": "合规", "claims": "理赔", "risk": "风控",
    "admin": "管理员", "system": "系统",
}
# What a person of a role does most; the first ten minutes begin with these.
_FIRST: dict[Role, tuple[str, ...]] = {
    "adviser": ("agenda.today", "client.lookup", "client.create", "note.add", "reminder.create", "renewal.list"),
    "manager": ("stats.digest", "stats.unfold", "agenda.today", "client.lookup", "stats.team", "handover.create",
                "renewal.list"),
    "compliance": ("audit.lookup", "audit.verify", "client.lookup", "rules.list", "system.status"),
    "ops": ("rules.create", "rules.list", "rules.history", "standard.show", "system.status", "puzzles.list"),
    "admin": ("system.status", "rules.list"),
}
_GROUP_ORDER = ("客户", "合同", "跟进", "待办", "续保", "到期", "关怀", "旅程", "团队", "分层", "合规", "运营", "通用")


def allowed(ctx: Context) -> list[Command]:
    """The commands with an example that the member's role may use, each function once."""
    found: dict[object, Command] = {}
    for known in COMMANDS.values():
        if known.example and ctx.user.role in known.roles:
            found.setdefault(known.run, known)
    return list(found.values())


@command("help", group="通用", help="帮助，可带主题", example="帮助 客户", roles=EVERYBODY)
def show_help(ctx: Context, meaning: Meaning) -> None:
    """All groups in short, or one topic in full."""
    topic = str(meaning.get("topic") or "").strip()
    guessed = topic or _topic_in(ctx.text)
    if guessed in ("标签", "可用标签"):
        _tags(ctx)
    elif not (guessed and _topic(ctx, guessed)):
        if topic:
            ctx.say(f"没有「{topic}」这个主题。")
        _overview(ctx)


_FILLER = re.compile(
    r"我?[想要]|请问|怎么(?:打|用|说|写|弄|操作)?|如何|帮助|help|使用说明|菜单|[？?！!。，,吗呢啊\s]", re.IGNORECASE
)


def _topic_in(text: str) -> str:
    """What is left of 「我要查客户怎么打」: 查客户."""
    topic = _FILLER.sub("", text)
    return topic if 2 <= len(topic) <= 10 else ""


def _overview(ctx: Context) -> None:
    usable = allowed(ctx)
    first = [COMMANDS[name] for name in _FIRST.get(ctx.user.role, ()) if COMMANDS.get(name) in usable]
    lines = [f"{ctx.user.name}（{ROLE_WORDS[ctx.user.role]}），直接打字就行，不用记格式。常用的："]
    lines += [f"· {known.help}：{known.example}" for known in first]
    groups = [group for group in _groups(usable) if group]
    lines.append(f"更多：发送「帮助 {'」「帮助 '.join(groups)}」。")
    lines.append("说错了也没关系：改动 5 分钟内发送「撤销」可撤回。")
    ctx.say("\n".join(lines))


def _groups(usable: Iterable[Command]) -> list[str]:
    present = {known.group for known in usable}
    return [g for g in _GROUP_ORDER if g in present] + sorted(g for g in present if g not in _GROUP_ORDER)


def _topic(ctx: Context, topic: str) -> bool:
    """Show how a topic is said; False when nothing here is like it."""
    usable = allowed(ctx)
    in_group = [known for known in usable if known.group == topic]
    found = in_group or nearest(usable, topic, 4)
    if not found:
        return False
    head = f"「{topic}」可以这样说：" if in_group else f"关于「{topic}」，可以这样说："
    lines = [f"· {known.help}：{known.example}" for known in found]
    ctx.say("\n".join([head, *lines]))
    return True


def _tags(ctx: Context) -> None:
    groups: dict[str, list[str]] = {}
    for tag in ctx.packs.tags:
        groups.setdefault(tag.group, []).append(tag.name)
    lines = [f"{group}：{'、'.join(names)}" for group, names in groups.items()]
    ctx.say("\n".join(["可用的标签：", *lines, "例如「王芳 加标签 重疾意向」。"]))


def nearest(usable: Iterable[Command], text: str, most: int) -> list[Command]:
    """The commands whose words are most like `text`, best first; those unlike it are left out."""
    scored = [(_likeness(text, known), known) for known in usable]
    close = [pair for pair in scored if pair[0] >= 0.2]
    return [known for _, known in sorted(close, key=lambda pair: -pair[0])[:most]]


def _likeness(text: str, known: Command) -> float:
    words = f"{known.help} {known.example}"
    shared = {text[i : i + 2] for i in range(len(text) - 1)} & {words[i : i + 2] for i in range(len(words) - 1)}
    share = len(shared) / max(1, len(text) - 1)
    return max(share, *(SequenceMatcher(None, text, said).ratio() for said in (known.example, known.help)))


# ---------------------------------------------------------------- what is no command


@command("home", roles=EVERYBODY)
def home(ctx: Context, meaning: Meaning) -> None:
    """Back to the start: an open question is put aside, a draft is kept."""
    ctx.conversation.move_on()
    _overview(ctx)


# A question for a figure that was not understood gets no invented number (S29).
_FIGURES = re.compile(r"多少|占比|比例|排名|平均|(?:哪个|谁).{0,12}最")
_AN_ANSWER = re.compile(r"\W*(?:确认|确定|提交)\W*$")
# Understood, but nothing here does it yet: better said than mistaken for nonsense.
_NOT_YET = {
    "ticket": "工单", "data": "导入导出", "privacy": "个人信息权利请求",
    "self": "客户自助",
}


_INSTEAD = {
    "client.delete": "客户资料不能直接删除，没有做任何改动。"
                     "不再跟进的客户请发送「王芳 阶段改成已流失」；"
                     "客户本人要求删除个人信息的，请发送「王芳 要求删除资料」登记。",
    "client.merge": "客户不能自动合并，没有做任何改动。"
                    "请把要留的资料补到其中一位名下，另一位发送「王芳 阶段改成已流失」。",
    "handover.cancel": "没有做任何改动。刚做的移交 5 分钟内发送「撤销」可以收回；"
                       "过后请主管移交回来，例如「把王芳移交给小李」。",
}  # fmt: skip


def not_open(ctx: Context, meaning: Meaning) -> None:
    """Say that what was understood cannot be done here yet, and what can be done instead."""
    if (instead := _INSTEAD.get(meaning.intent)) is not None:
        ctx.say(instead)
        return
    what = _NOT_YET.get(meaning.intent.partition(".")[0])
    subject = f"「{what}」功能" if what else "这个功能"
    ctx.say(f"{subject}还没有开通，这次没有做任何改动。发送「帮助」看看现在能做什么。")


@command("none", roles=EVERYBODY)
def not_understood(ctx: Context, meaning: Meaning) -> None:
    """Say so, and offer the two nearest things that can be done."""
    if meaning.intent not in ("none", ""):
        not_open(ctx, meaning)
        return
    if meaning.clarify == "parts":
        ctx.say("这句话里有几件事，后面的没看懂，所以都没有做。请分成两句再说一次。")
        return
    if FULL_PHONE.search(ctx.text):
        ctx.say(WHY_MASKED)
        return
    if _AN_ANSWER.match(ctx.text):
        done = ctx.uow.conversations.last_label()
        head = f"刚才的「{done}」已经办好了，没有再做一次。" if done else ""
        ctx.say(f"{head}现在没有等您确认的事，没有做任何改动。要做什么请直接说，例如「今日待办」。")
        return
    if _FIGURES.search(ctx.text):
        ctx.say("这个数现在算不了，不猜。可以问例如「我这个月新增客户多少」「团队本月跟进次数排名」。")
        return
    keep(ctx, meaning)
    usable = allowed(ctx)
    guessed = [COMMANDS[name] for name in meaning.alternatives if COMMANDS.get(name) in usable]
    offers = list({known.run: known for known in [*guessed, *nearest(usable, ctx.text, 2)]}.values())[:2]
    said = f"「{cut(mask_free_text(ctx.text), 20)}」" if ctx.text else "这句话"
    lines = [f"没听懂{said}。" + ("您是不是想：" if offers else "发送「帮助」看看可以怎么说。")]
    lines += [f"· {known.help}：{known.example}" for known in offers]
    lines += ["都不是的话，发送「帮助」看看可以怎么说。"] if offers else []
    ctx.say("\n".join(lines))


_SMALL_TALK: tuple[tuple[tuple[str, ...], str], ...] = (
    (("谢", "辛苦", "感谢", "多谢"), "不客气，有事随时说。"),
    (("机器人", "你是谁", "你叫什么", "你是什么"),
     "我是您的客户助手机器人，会记客户、看保单、设提醒。发送「帮助」看看怎么用。"),
    (("早", "午安", "晚上好", "你好", "您好", "嗨", "hi", "hello"), "您好！发送「今日待办」看看今天先做什么。"),
    (("在吗", "在不", "在么"), "在的，请说。"),
    (("再见", "拜拜", "晚安"), "好的，回头见。"),
)


@command("chitchat", roles=EVERYBODY)
def small_talk(ctx: Context, meaning: Meaning) -> None:
    """A short friendly answer that leads back to work."""
    text = ctx.text.lower()
    answer = next((answer for words, answer in _SMALL_TALK if any(word in text for word in words)), None)
    ctx.say(answer or "好的。需要我做什么，直接说就行，例如「今日待办」。")


@command("feedback", group="通用", help="提建议给运营", example="反馈 希望能导出日程", roles=EVERYBODY)
def feedback(ctx: Context, meaning: Meaning) -> None:
    """Pass a suggestion on to operations."""
    content = mask_free_text(str(meaning.get("content") or "").strip())
    if not content:
        ctx.say("请把建议写在「反馈」后面，例如「反馈 希望能导出日程」。")
        return
    receivers = [user for user in ctx.uow.users.all("ops") if user.id != ctx.user.id]
    for user in receivers:
        ctx.tell(user.id, Text(f"收到 {ctx.user.name} 的反馈：{cut(content, 500)}"))
    ctx.uow.audit.record("feedback", "user", ctx.user.id, told=len(receivers))
    told = "已转给运营同事。" if receivers else "目前还没有设置运营人员，请直接联系管理员。"
    ctx.say(f"谢谢您的反馈，{told}")
