"""Care texts before they stand: proposing from approved templates, rewriting, checking the words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.care_texts import (
    CareText,
    is_unasked,
    judged,
    keep,
    kept_texts,
    purpose_word,
    text_for_client,
    text_for_reminder,
)
from handlers.context import Context
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.reminder_items import Item, numbered
from handlers.router import FRONT, action, command
from handlers.whose import resolve
from reminders.bans import check
from reminders.briefs import due_today
from reminders.cards import care_card
from reminders.gate import Verdict
from storage.model.errors import Invalid
from storage.model.ids import new_token
from storage.model.messages import Button, Card, Text, cut
from storage.model.work import Reminder

LONGEST = 600
_OF_A_CLIENT = re.compile(r"[她他]|客户|文案|祝|话术|起草|拟|短信|消息|微信|提醒|问候|[写编来发]一?[条段句份]")
_BY_NUMBER = re.compile(r"\W*第?\s*(\d{1,2})\s*[条个项号]?\s*(?:起草|拟稿|拟一条|写文案|文案)\W*")
_OF_TEXTS = ("care", "birthdays")  # lists whose numbers mean texts
NOTHING_IN_HAND = "现在没有待处理的文案。例如发送「给王芳写生日祝福」可起草一份。"


# ---------------------------------------------------------------- drafting


@command("draft.message", group="关怀", help="起草祝福、续保等文案", example="给王芳写生日祝福", roles=FRONT)
def draft(ctx: Context, meaning: Meaning) -> None:
    """The approved text for an occasion, as a card; without a client, for those who have a birthday today."""
    if by_number := _BY_NUMBER.fullmatch(ctx.text):
        item = numbered(ctx, replace(meaning, slots={**meaning.slots, "index": int(by_number[1])}))[0]
        offer(ctx, _in_list(ctx, item))
        return
    if not meaning.get("occasion") and (meaning.get("client") is not None or meaning.get("client_id") is not None):
        _open_matter(ctx, meaning)
        return
    occasion = str(meaning.get("occasion") or "birthday")
    if not ctx.uow.templates.in_force().for_occasion(occasion):
        _no_template(ctx)
        return
    if meaning.get("client") is None and meaning.get("client_id") is None and occasion == "birthday":
        _todays_birthdays(ctx)
        return
    if client := resolve(ctx, meaning):
        text = text_for_client(ctx, client, occasion)
        reminder = _reminder_about(ctx, client.id, occasion)
        offer(ctx, replace(text, reminder=reminder.id if reminder else None) if text else None)


def _open_matter(ctx: Context, meaning: Meaning) -> None:
    """The text for what is open with the client, where no occasion was said: never a birthday on another day."""
    if meaning.get("pronoun") and not _OF_A_CLIENT.search(ctx.text):
        ctx.say(f"只能起草发给客户的文案。请带上客户和场合，例如「{meaning.get('client')} 生日祝福」。")
        return
    client = resolve(ctx, meaning)
    if client is None:
        return
    found = [r for r in due_today(ctx.uow, ctx.user, ctx.zone) if r.client_id == client.id]
    texts = [text for r in found if (text := text_for_reminder(ctx, r)) is not None]
    if len({text.key for text in texts}) == 1:
        offer(ctx, texts[0])
        return
    examples = "、".join(f"「{client.name} {t.label}」" for t in {t.key: t for t in texts}.values())
    why = "有几件可以写的事" if texts else "现在没有要写文案的事"
    ctx.say(f"「{client.name}」{why}，请带上场合，例如{examples or f'「{client.name} 生日祝福」'}。")


def _no_template(ctx: Context) -> None:
    used = {t.occasion for t in ctx.packs.templates if t.purpose == "care" and t.state == "approved"}
    known = [o.label for o in ctx.packs.occasions if o.name in used and o.name != "welcome"]
    ctx.say(f"这个场合还没有已审批的文案，不能代拟。现有：{'、'.join(known)}。需要新文案请联系运营。")


def _todays_birthdays(ctx: Context) -> None:
    found = birthday_reminders(ctx)
    if not found:
        ctx.say("今天没有客户过生日。给某位客户起草请带上姓名，例如「给王芳写生日祝福」。")
    elif len(found) == 1:
        offer(ctx, text_for_reminder(ctx, found[0]))
    else:
        items = [{"reminder": r.id, "client_id": r.client_id, "name": r.client_name,
                  "line": f"{r.client_name}：{_first_words(ctx, r)}"} for r in found]
        head = f"今天有 {len(found)} 位客户过生日，回复「1 发送」「1 改写 新文案」或「1 跳过」："
        show_lines(ctx, "care", head, items)


def _first_words(ctx: Context, reminder: Reminder) -> str:
    text = text_for_reminder(ctx, reminder)
    return cut(text.text or text.problem, 60) if text else "没有文案"


def birthday_reminders(ctx: Context) -> list[Reminder]:
    """Open birthdays of today, less those who opted out of care messages."""
    found = due_today(ctx.uow, ctx.user, ctx.zone)
    return [r for r in found if r.category == "birthday" and r.due_on == ctx.today and r.client_id]


def _reminder_about(ctx: Context, client_id: int, category: str) -> Reminder | None:
    found = [r for r in ctx.uow.reminders.of_client(client_id) if r.category == category and r.rule != "manual"]
    return next((r for r in found if ctx.uow.reminders.is_to_do(r)), None)


def offer(ctx: Context, text: CareText | None) -> None:
    """Show a text as a card and keep it; say and report why there is none."""
    if text is None:
        raise Invalid("这一项没有建议文案。发送「给王芳写生日祝福」可起草。")
    if text.problem:
        keep(ctx, text)  # what is rewritten next is this one, and not a text for somebody else
        for member in ctx.uow.users.all("ops") if text.template else ():
            ctx.tell(member.id, Text(f"有一条关怀文案没能生成：{text.problem}（顾问 {ctx.user.name}）"))
        ctx.say(f"「{text.name}」的{text.label}没有生成：{text.problem}")
        return
    verdict = judged(ctx, text, ctx.uow.clients.get(text.client_id))
    keep(ctx, text)
    if verdict.refused and not is_unasked(verdict):
        ctx.say(verdict.words)
        return
    ctx.show(text_card(ctx, text))
    if is_unasked(verdict):
        what = purpose_word(ctx, text.occasion)
        ctx.say(f"注意：「{text.name}」还没有登记{what}授权，发送前请先征得同意。")
    for question in verdict.questions:
        ctx.say(f"注意：{question.words}发送前会再请您确认。")


def text_card(ctx: Context, text: CareText) -> Card:
    """The text with 发送, 改写 and 跳过."""
    if text.reminder:
        reminder = ctx.uow.reminders.get(text.reminder)
        return care_card(ctx.uow, reminder, ctx.user, ctx.zone, text=text.text, company=ctx.company)
    task_id = f"care-{new_token()}"

    def button(words: str, act: str, style: int) -> Button:
        key = ctx.uow.cards.bind(task_id, ctx.user.id, act, client_id=text.client_id, occasion=text.occasion)
        return Button(words, key, style)

    return Card(
        "button_interaction", title=cut(f"{text.label}：{text.name}", 36), task_id=task_id,
        quote_title="您改写的文案" if text.own else "建议文案", quote_text=text.text,
        buttons=[button("发送", "care.send", 1), button("改写", "care.rewrite", 2), button("跳过", "care.skip", 4)],
    )


@action("care.draft")
def tapped_draft(ctx: Context, args: Mapping[str, Any]) -> None:
    """The text for what a reminder's card is about."""
    reminder = ctx.uow.reminders.get(args["reminder"])
    offer(ctx, text_for_reminder(ctx, reminder))


# ---------------------------------------------------------------- which text


def meant(ctx: Context, meaning: Meaning) -> CareText | None:
    """The text that a number, a client or nothing but the turn of the talk points to; None after asking which.

    Raises Invalid when there is none."""
    if isinstance(meaning.get("client_id"), int):
        client = ctx.uow.clients.get(meaning.slots["client_id"])
        return need(text_for_client(ctx, client, str(meaning.get("occasion") or "birthday")))
    in_hand = kept_texts(ctx)
    if meaning.get("index") is not None:
        return _by_number(ctx, meaning, in_hand[-1] if in_hand else None)
    if in_hand:
        return in_hand[-1]
    birthdays = birthday_reminders(ctx)
    if len(birthdays) == 1:
        return need(text_for_reminder(ctx, birthdays[0]))
    if not birthdays:
        raise Invalid(NOTHING_IN_HAND)
    _todays_birthdays(ctx)
    return None


def _by_number(ctx: Context, meaning: Meaning, in_hand: CareText | None) -> CareText:
    """The text of a numbered line; with one in hand and a list of other things before, it is said which is which."""
    listing = ctx.conversation.listing
    item = numbered(ctx, meaning)[0]
    of_texts = listing is not None and listing.kind in _OF_TEXTS
    if in_hand is None or of_texts or item.client_id == in_hand.client_id:
        return _in_list(ctx, item)
    raise Invalid(
        f"清单第 {item.number} 项是「{item.name}」，刚才的{in_hand.label}是给「{in_hand.name}」的，没有发送。"
        f"发刚才这条请回复「发送」；给「{item.name}」起草请回复「{item.number} 起草」。"
    )


def need(text: CareText | None) -> CareText:
    if text is None:
        raise Invalid(NOTHING_IN_HAND)
    return text


def _in_list(ctx: Context, item: Item) -> CareText:
    """The text for a numbered line. Raises Invalid for a line without one: never somebody else's text instead."""
    listing = ctx.conversation.listing
    text = None
    if item.reminder is not None:
        text = text_for_reminder(ctx, item.reminder)
    elif item.client_id and listing is not None and listing.kind == "birthdays":
        text = text_for_client(ctx, ctx.uow.clients.get(item.client_id), "birthday")
    if text is None:
        raise Invalid(f"第 {item.number} 项没有建议文案，没有改动。起草请带上客户姓名，例如「给王芳写生日祝福」。")
    return text


# ---------------------------------------------------------------- rewriting


@command("care.rewrite", group="关怀", help="改写祝福文案", example="改写 祝王老师生日快乐，注意休息", roles=FRONT)
def rewrite(ctx: Context, meaning: Meaning) -> None:
    """Put the adviser's own words in place of the text; forbidden ones are marked and nothing changes."""
    words = str(meaning.get("content") or "").strip()
    text = meant(ctx, meaning)
    if text is None:
        return
    if not words:
        keep(ctx, text)
        ctx.say(f"请把新文案写在「改写」后面。现在的{text.label}：\n{text.text or '（还没有）'}")
        return
    if len(words) > LONGEST:
        raise Invalid(f"文案太长，最多 {LONGEST} 个字，现在 {len(words)} 个字。")
    new = replace(text, text=words, own=True, problem="")
    verdict = judged(ctx, new, ctx.uow.clients.get(new.client_id))
    if verdict.refused and not is_unasked(verdict):
        refuse(ctx, text, verdict, words)
        return
    keep(ctx, new)
    if (read := check(words)).hits:
        ctx.say(f"请留意：{read.marked}\n{read.advice}")
    ctx.show(text_card(ctx, new))
    # 确认 does what the button does.
    ctx.conversation.ask("confirm", "care.send", client_id=new.client_id, occasion=new.occasion, reminder=new.reminder)


def refuse(ctx: Context, text: CareText, verdict: Verdict, said: str) -> None:
    """Say why not and what can be done; the text in hand stays as it was. That forbidden words were `said` stands on
    the trail."""
    if "wording" in verdict.codes:
        hits = check(said).hits
        ctx.uow.audit.record(
            "block_wording", "client", text.client_id, client_id=text.client_id, outcome="denied",
            words=[hit.ban.why for hit in hits],
        )
        keep(ctx, text)
        ctx.say(f"没有保存。{verdict.words}")
    else:
        ctx.say(verdict.words)


@action("care.rewrite")
def tapped_rewrite(ctx: Context, args: Mapping[str, Any]) -> None:
    """Words cannot be typed on a card: say how."""
    text = of_button(ctx, args)
    keep(ctx, text)
    example = f"请直接发送「改写 新的文案」，例如「改写 祝{text.name}生日快乐，注意休息」。"
    ctx.say(f"{example}现在的文案：\n{text.text or '（还没有）'}")


def of_button(ctx: Context, args: Mapping[str, Any]) -> CareText:
    """The text that a card's button was bound to."""
    if args.get("reminder"):
        return need(text_for_reminder(ctx, ctx.uow.reminders.get(args["reminder"])))
    client = ctx.uow.clients.get(args["client_id"])
    return need(text_for_client(ctx, client, args["occasion"]))
