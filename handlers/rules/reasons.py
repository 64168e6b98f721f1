"""为什么 2: why a reminder came. 为什么没有提醒 王芳 续保: what stopped the rules that might have reminded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from config.pack import AT, ENDING, ENTERED, SILENCE, STEP, Complaint, Condition, Movement, ReminderRule, Surplus
from handlers.context import Context
from handlers.language import Meaning
from handlers.reminder_items import STATE_WORDS, numbered, own_client, title_of
from handlers.router import READERS, REMINDED, command
from handlers.rule_words import (
    CATEGORY_WORDS,
    RECEIVERS,
    WITHHELD,
    account_kinds,
    asked_text,
    may_read,
    offsets_text,
    source_text,
    spoken_text,
)
from handlers.rules.at_the_gate import at_the_gate
from handlers.rules.receivers import nobody_for
from handlers.segment_reasons import MARKS
from reminders.calendar import DAY
from reminders.events import event_words, is_fresh, recent_months
from reminders.reasons import Matter, Verdict, days_of, judge, matters
from reminders.rules import BIRTHDAYS, BadRule
from storage.conditions import Clause
from storage.model.errors import Invalid
from storage.model.people import Client
from storage.model.values import money_text
from storage.model.versions import Version
from storage.model.work import Reminder

MOST_RULES, MOST_MATTERS = 8, 3
NOT_SEEN = "您看不到这位客户的资料，条件是否满足请问顾问。"
WHICH = "请带上清单里的序号，例如先发送「今日待办」，再发送「为什么 2」。"
# ---------------------------------------------------------------- why it came


@command("reminder.why", group="待办", help="看为什么有这条提醒", example="为什么 2", roles=REMINDED)
def why(ctx: Context, meaning: Meaning) -> None:
    """The rule, its version and author, the date, and what it asks of the record, as it holds now."""
    reminder = _meant(ctx, meaning)
    head = f"为什么提醒：{title_of(reminder)}"
    line = ctx.uow.rules.in_force().find(reminder.rule)
    if reminder.rule == "manual":
        ctx.say(f"{head}\n这是自己设的提醒，不是规则产生的。要取消请发送「取消提醒」。")
    elif line is None:
        ctx.say(f"{head}\n产生它的规则已经不在用了。")
    else:
        ctx.uow.audit.read("reminder", reminder.id, client_id=reminder.client_id, section="reasons")
        parts = _parts(ctx, line, reminder.object_id) if own_client(ctx, reminder.client_id) else [NOT_SEEN]
        ctx.say("\n".join([head, *_of_rule(ctx, reminder, line), *parts]))


def _meant(ctx: Context, meaning: Meaning) -> Reminder:
    if meaning.get("index") is not None:
        found = numbered(ctx, meaning)[0].reminder
        if found is None:
            raise Invalid("这一项不是提醒。" + WHICH)
        return found
    listing, focus = ctx.conversation.listing, ctx.conversation.focus
    shown = [item["reminder"] for item in listing.items if item.get("reminder")] if listing else []
    if len(shown) == 1:
        return ctx.uow.reminders.get(shown[0])
    of_client = ctx.uow.reminders.of_client(int(focus.id)) if focus else []
    if len(of_client) != 1:
        raise Invalid(WHICH)
    return of_client[0]


def _of_rule(ctx: Context, reminder: Reminder, line: ReminderRule) -> list[str]:
    receiver = ctx.uow.users.find(reminder.receiver_id)
    step = "" if line.source == SILENCE else f"，{offsets_text([reminder.offset_days])}"
    on = "" if line.source == SILENCE else f" {reminder.due_on}"
    whom = f"{RECEIVERS[line.to]} {receiver.name if receiver else ''}".strip()
    return [
        _origin(ctx, reminder, line),
        f"{'事件' if line.event else '日期'}：{source_text(line, ctx.packs)}{on}{step}",
        f"提醒：{ctx.local(reminder.remind_at):%Y-%m-%d %H:%M} 起，{whom}",
    ]


def _origin(ctx: Context, reminder: Reminder, line: ReminderRule) -> str:
    """The rule with its number and version, or the journey of which it is a step."""
    if line.source == ENTERED:
        return f"旅程：{line.label}（{_version(ctx, None)}）"
    rule_id = reminder.rule.partition(AT)[0]
    number, history = ctx.uow.rules.numbers()[rule_id], ctx.uow.rules.history(rule_id)
    made_at = ctx.uow.reminders.made_at(reminder)
    counted = [version for version in history if version.state in ("in_force", "retired")]
    version = next((v for v in counted if (v.decided_at or made_at) <= made_at), None)
    return f"规则：R{number} {line.label}（{_version(ctx, version)}）"


def _version(ctx: Context, version: Version | None) -> str:
    if version is None:
        return "业务包原样"
    names = [user.name for who in (version.author_id, version.decided_by) if who and (user := ctx.uow.users.find(who))]
    words = ("提交", "批准")[: len(names)]
    return f"v{version.version}，" + "，".join(f"{name} {word}" for name, word in zip(names, words, strict=True))


def _parts(ctx: Context, line: ReminderRule, object_id: int | None) -> list[str]:
    try:
        found = judge(ctx.uow, line, object_id or 0, ctx.today, ctx.zone)
    except BadRule:
        return ["条件：现在的业务包读不懂这条规则的条件，已停用。"]
    shown = [verdict for verdict in found if _may_read(ctx, line, verdict)]
    kept = [f"另有{WITHHELD}。"] if len(shown) < len(found) else []
    return ["条件（现在）：", *(_judged(ctx, verdict) for verdict in shown), *kept] if found else []


def _may_read(ctx: Context, line: ReminderRule, verdict: Verdict) -> bool:
    """Whether the reader's role may see all that a thing asked is about; spoken conditions are shown whole or not."""
    dictionary, role = ctx.uow.dictionary, ctx.user.role
    match verdict.asked:
        case Clause():
            return spoken_text(line.when, dictionary, role) == line.when
        case Condition():
            return may_read(verdict.asked, dictionary, role)
    return True


def _judged(ctx: Context, verdict: Verdict) -> str:
    depth = verdict.asked.depth if isinstance(verdict.asked, Clause) else 0
    return f"{'　' * depth}{MARKS[verdict.holds]} {asked_text(verdict, ctx.packs)}"


# ---------------------------------------------------------------- why it did not


@command(
    "reminder.why_not", group="待办", help="看为什么没有提醒", example="为什么没有提醒 王芳 续保", client=True,
    roles=READERS,
)
def why_not(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Walk the rules of the kind that was named and then the gate, and say of each what stopped it."""
    about = str(meaning.get("about") or "")
    rules = _rules_about(ctx, about)
    if not rules:
        _not_in_force(ctx, about)
        words = "、".join(dict.fromkeys(CATEGORY_WORDS.values()))
        by_number = f"或规则编号，例如「为什么没有提醒 {client.name} R3」"
        raise Invalid(f"没有「{about}」这一类规则，可以问：{words}，{by_number}。")
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="reasons")
    shown = rules[:MOST_RULES]
    numbers = ctx.uow.rules.numbers()
    lines, broken = [f"「{client.name}」{about}的提醒："], ctx.uow.rules.in_force().broken
    asked: list[tuple[ReminderRule, Matter]] = []
    for rule in shown:
        name = f"R{numbers[rule.id]} {rule.label}" if rule.id in numbers else rule.label
        found = _looked_at(ctx, rule, client)
        lines += [f"{name}：{said}" for said in _stopped_by(ctx, rule, client, found)]
        lines += [f"（新版本用不了，按业务包的算：{broken[rule.id]}）"] if rule.id in broken else []
        asked += [(rule, found[0])] if found else []
    lines += at_the_gate(ctx, asked, client)
    if len(rules) > len(shown):
        lines.append(f"还有 {len(rules) - len(shown)} 条规则，请带上种类，例如「为什么没有提醒 {client.name} 续保」。")
    ctx.say("\n".join(lines))


def _not_in_force(ctx: Context, about: str) -> None:
    """Raises Invalid where a rule was named by its number that nobody has approved yet, or that was taken back."""
    number = int(about[1:]) if about[:1] in ("R", "r") and about[1:].isdigit() else None
    rule_id = ctx.uow.rules.id_of(number) if number is not None else None
    if rule_id is None:
        return
    waits = ctx.uow.rules.waiting(rule_id)
    broken = ctx.uow.rules.in_force().broken.get(rule_id, "")
    why = f"v{waits.version} 在等审批，批准以后才提醒" if waits else "没有生效的版本"
    raise Invalid(f"R{number} {why}。{broken}发送「规则历史 R{number}」查看。")


def _looked_at(ctx: Context, rule: ReminderRule, client: Client) -> list[Matter]:
    """The client's records that a rule looks at, while it is in force."""
    return matters(ctx.uow, rule, client, ctx.today, ctx.zone, MOST_MATTERS) if rule.is_valid_on(ctx.today) else []


def _rules_about(ctx: Context, about: str) -> list[ReminderRule]:
    book, numbers = ctx.uow.rules.in_force(), ctx.uow.rules.numbers()
    if about[:1] in ("R", "r") and about[1:].isdigit():
        return [rule for rule in book.rules if numbers[rule.id] == int(about[1:])]
    words = {category for category, word in CATEGORY_WORDS.items() if word in about or about in word}
    if about == ENDING:
        return list(book.steps)
    journey = ctx.packs.find_journey(about)
    if journey is not None and about.endswith(ENDING):
        return [step for step in book.steps if step.id.partition(STEP)[0] == journey.id]
    by_label = [rule for rule in book.rules if about and (about in rule.label or rule.label in about)]
    return by_label or [rule for rule in book.rules if not about or rule.category in words]


def _stopped_by(ctx: Context, rule: ReminderRule, client: Client, found: Sequence[Matter]) -> Iterable[str]:
    if not rule.enabled:
        return ["规则已停用。"]
    if not rule.is_valid_on(ctx.today):
        return [f"不在有效期内（{rule.valid_from or '即日'} 到 {rule.valid_until or '长期'}）。"]
    if not found and rule.source == ENTERED:
        return ["没有加入过这个旅程。"]
    if not found and rule.event is not None:
        return [_nothing_moved(ctx, rule)]
    if not found:
        kinds = "、".join(ctx.packs.kind(kind).label for kind in rule.kinds) or "合同"
        return [f"名下没有{kinds}。"]
    return [f"{matter.name} {_by_receiver(ctx, rule, client, matter)}".strip() for matter in found]


def _by_receiver(ctx: Context, rule: ReminderRule, client: Client, matter: Matter) -> str:
    """What stopped it; of several receivers, those together whom the same stopped."""
    lines = rule.lines()
    said: dict[str, list[str]] = {}
    for line in lines:
        words = nobody_for(ctx, line, client) or _of_matter(ctx, line, matter)
        said.setdefault(words, []).append(RECEIVERS[line.to])
    if len(lines) == 1:
        return "".join(said)
    return " ".join(f"{'、'.join(whom)}：{words}" for words, whom in said.items())


def _of_matter(ctx: Context, line: ReminderRule, matter: Matter) -> str:
    made = ctx.uow.reminders.made_by(line.id, line.source_record, matter.id)
    if still := [r for r in made if r.state == "open"]:
        found = [ctx.uow.users.find(who) for who in dict.fromkeys(r.receiver_id for r in still)]
        names = "、".join(user.name for user in found if user is not None)
        at = f"{ctx.local(still[0].remind_at):%m-%d %H:%M}"
        if still[0].snoozed and still[0].remind_at > ctx.now:
            return f"提醒过，{names}推迟到 {at} 再看。"
        return f"已经提醒：{at} 起在{names}的待办里。"
    if matter.on is None and line.event is not None:
        return _not_reached(ctx, line, matter)
    if matter.on is None:
        what = "等级没有规定联系天数" if line.source == SILENCE else f"{source_text(line, ctx.packs)}没有登记"
        return f"{what}。"
    try:
        failed = [v for v in judge(ctx.uow, line, matter.id, ctx.today, ctx.zone) if not v.holds]
    except BadRule:
        return "规则的条件在现在的业务包里读不懂，没有执行。"
    if failed:
        told = (asked_text(v, ctx.packs) if _may_read(ctx, line, v) else WITHHELD for v in failed)
        return f"不满足：{'；'.join(dict.fromkeys(told))}。"
    return _by_date(ctx, line, matter, made)


def _nothing_moved(ctx: Context, rule: ReminderRule) -> str:
    if isinstance(rule.event, Complaint):
        return "没有登记过投诉。"
    if isinstance(rule.event, Movement):
        return f"{source_text(rule, ctx.packs)}的交易没有发生过。"
    return f"名下没有{account_kinds(rule.kinds, ctx.packs)}。"


def _not_reached(ctx: Context, line: ReminderRule, matter: Matter) -> str:
    """What was left of the months that count, against what the rule looks for."""
    assert isinstance(line.event, Surplus)
    months = recent_months(ctx.uow, line.event, matter.id, ctx.today)
    told = "，".join(f"{day.month} 月 {money_text(net)}" for day, net in months) or "没有流水"
    return f"没有{event_words(line.event)}。近几个月结余：{told}。"


def _by_date(ctx: Context, line: ReminderRule, matter: Matter, made: list[Reminder]) -> str:
    assert matter.on is not None
    told = next((r for r in made if r.due_on == matter.on or line.source == SILENCE), None)
    past = f"{ctx.local(told.remind_at):%m-%d} 提醒过，{_what_became(told)}。" if told else ""
    coming = next(((day, offset) for day, offset in days_of(line, matter.on) if day > ctx.today), None)
    if coming is not None:
        return f"{past}还没到：{matter.on} 的{_before(line)}，下一次 {coming[0]}（{offsets_text([coming[1]])}）。"
    if told:
        return past
    last = max(day for day, _ in days_of(line, matter.on))
    late = is_fresh(line, last, ctx.today) if line.event is not None else last >= ctx.today - DAY
    if late or line.source == SILENCE:
        return "已到提醒的日子，下一次排程（每天 07:50）会补上。"
    return f"提醒的日子（最后一次 {last}）已经过了，当时没有这条规则或还没有这份资料。"


def _what_became(told: Reminder) -> str:
    return STATE_WORDS.get(told.state, "") + (f"（{told.cause}）" if told.cause else "")


def _before(line: ReminderRule) -> str:
    if line.yearly:
        return "周年"
    if line.event is not None:
        return event_words(line.event)
    return "生日" if line.source in BIRTHDAYS else "期限" if line.source == SILENCE else "日期"
