"""周凯 风险测评: a client's questionnaire in the adviser's chat, one question a message, and what came of it (S19).

What was answered is kept at once; whoever breaks off goes on with the same words, days later or after a restart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from config.pack import Questionnaire
from handlers.context import Context
from handlers.language import Dialogue, Meaning
from handlers.router import READERS, command, confirmed, free_answer, read
from reminders.assessing import Sitting, choice, outcome_of, sit_down, take, take_back
from reminders.kf_answers import window_of
from reminders.kf_attending import KEPT_FOR_PEOPLE
from storage.model.assessments import Assessment
from storage.model.errors import Invalid, NotAllowed
from storage.model.messages import Text
from storage.model.people import Client
from storage.repositories.assessments import AssessmentRepository
from storage.repositories.kf import KfRepository
from storage.repositories.kf_replies import KfReplyRepository

ASKED = "assessment"
_SHOWN = 5
_TO_CLIENT = re.compile(r"\W*(?:请|让)?(?:发给(?:客户|他|她|本人)|(?:客户|他|她|本人)自己(?:来)?(?:答|做))\W*")
LEAVES = re.compile(r"\W*(?:取消|暂停|先停|停|不做了|先不做了?|不答了|下次再(?:做|答)|改天|退出|算了|先这样)\W*")
BACK = re.compile(r"\W*(?:上一题|上一步|返回|改上一题|回上一题|重选上一题)\W*")


def refuse_by_hand(ctx: Context, client: Client, names: Mapping[str, Any]) -> None:
    """Raises NotAllowed where a field is set by a questionnaire alone."""
    for name in names:
        if (asked := ctx.packs.questionnaire_of(name)) is not None:
            ctx.uow.audit.record("refuse", "client", client.id, client_id=client.id, outcome="denied", field=name)
            label = ctx.packs.field("client", name).label
            raise NotAllowed(
                f"「{label}」只能由{asked.label}得出，不能手工改，没有改动。"
                f"客户情况变了，请发送「{client.name} {asked.label}」重新测评。"
            )


@command(
    "assessment.start", group="客户", help="风险测评，一次问一题", example="周凯 风险测评", client=True
)
def start(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Begin, or go on where it was broken off."""
    asked = _questionnaire(ctx, meaning)
    if client.kind != "individual":
        raise Invalid(f"{asked.label}只用于个人客户，「{client.name}」是企业客户。")
    sitting = sit_down(ctx.uow, client, asked)
    head = f"「{client.name}」{asked.label}，请照客户本人的回答选。"
    if sitting.anew:
        head = f"{asked.label}的题目更新过，「{client.name}」上次没答完的要从头再答。"
    elif sitting.place:
        head = f"接着「{client.name}」上次的{asked.label}，已答 {sitting.place} 题。"
    _ask(ctx, sitting, head)


def _questionnaire(ctx: Context, meaning: Meaning) -> Questionnaire:
    """The one that was named, else the first. Raises Invalid."""
    found = ctx.packs.find_questionnaire(str(meaning.get("questionnaire") or ""))
    if found is None and not ctx.packs.questionnaires:
        raise Invalid("业务包里没有问卷，请联系运营。")
    return found or ctx.packs.questionnaires[0]


def _ask(ctx: Context, sitting: Sitting, head: str = "") -> None:
    question = sitting.question
    assert question is not None
    labels = [answer.label for answer in question.answers]
    ctx.conversation.ask(
        "choice", ASKED, options=labels, labels=labels, then=ASKED, raw=True, assessment=sitting.assessment.id,
        place=sitting.place,
    )
    how = "回复序号；「上一题」可以重选，随时可以停下；请客户自己答，回复「发给客户」。" if not sitting.place else ""
    ctx.undo_label = ctx.undo_label or f"{sitting.questionnaire.label}的回答"
    ctx.say("\n".join(filter(None, [head, sitting.words, how])))


@free_answer(ASKED)
def said(ctx: Context, text: str) -> Meaning | None:
    """A number, a letter or the words of an answer; anything else is about something else."""
    pending = ctx.conversation.pending
    if pending is None:
        return None
    sitting = _sitting(ctx, pending.data)
    of_question = sitting.question is not None and choice(sitting.question, text) is not None
    if of_question or any(words.fullmatch(text) for words in (LEAVES, BACK, _TO_CLIENT)):
        return Meaning("clarify.answer", {"text": text}, rule="an answer of a questionnaire")
    if read(ctx, text, Dialogue()).intent == "none":
        return Meaning("clarify.answer", {"text": text}, rule="no answer of a questionnaire")
    return None


def _sitting(ctx: Context, data: Mapping[str, Any]) -> Sitting:
    """Raises Invalid where the questionnaire is no longer that of the packs."""
    assessment = AssessmentRepository(ctx.uow).get(int(data["assessment"]))
    asked = ctx.packs.find_questionnaire(assessment.questionnaire)
    if asked is None or asked.edition != assessment.edition:
        raise Invalid("题目刚刚更新过，请重新发送「客户姓名 风险测评」从头再答。")
    return Sitting(asked, assessment)


@confirmed(ASKED)
def answered(ctx: Context, data: Mapping[str, Any]) -> None:
    """Take the answer and put the next question, or say what it came to."""
    sitting, text = _sitting(ctx, data), str(data["chosen"])
    client = ctx.uow.clients.get(sitting.assessment.client_id)
    label = sitting.questionnaire.label
    if LEAVES.fullmatch(text):
        ctx.say(f"已停下，答过的 {sitting.place} 题都在。要接着答请发送「{client.name} {label}」。")
        return
    if _TO_CLIENT.fullmatch(text):
        _invite(ctx, client, sitting)
        return
    if sitting.question is None:
        raise Invalid(f"「{client.name}」的这份{label}已经答完。重新测评请发送「{client.name} {label}」。")
    if sitting.place != data["place"]:
        _ask(ctx, sitting, "上一题刚才已经答过。")
    elif BACK.fullmatch(text):
        _ask(ctx, take_back(ctx.uow, sitting))
    elif (place := choice(sitting.question, text)) is None:
        _ask(ctx, sitting, f"请回复 1 到 {len(sitting.question.answers)} 的序号。")
    else:
        _go_on(ctx, take(ctx.uow, ctx.zone, sitting, place), client)


def _invite(ctx: Context, client: Client, sitting: Sitting) -> None:
    """Ask him in 微信客服 to answer by himself, as long as he may be written to there. Raises Invalid."""
    asked = sitting.questionnaire
    by_himself = f"他在微信客服里发送「{asked.label}」，核实身份后就一题一题地答。"
    talk = KfRepository(ctx.uow).talk_of(client.id)
    window = window_of(ctx.uow, talk) if talk is not None else None
    if talk is None or window is None or window.closed(ctx.uow.now) or window.left <= KEPT_FOR_PEOPLE:
        raise Invalid(f"「{client.name}」两天内没有在微信客服说过话，现在不能发给他。请您告诉他：{by_himself}")
    KfReplyRepository(ctx.uow).answer(
        talk, ctx.packs.reply("assessment_invited").render(name=asked.label, count=str(len(asked.questions))),
        key=f"assessment:{sitting.assessment.id}:{sitting.assessment.version}", client=client, binding_id=None,
        to_person=False, look_at=ctx.uow.now,
    )
    ctx.say(f"已在微信客服请「{client.name}」自己答。{by_himself}答完告诉您。")


def _go_on(ctx: Context, sitting: Sitting, client: Client) -> None:
    if sitting.question is not None:
        _ask(ctx, sitting)
        return
    asked = sitting.questionnaire
    told = f"「{client.name}」{asked.label}完成：{_outcome(ctx, asked, sitting.assessment)}。"
    ctx.wrote(told, f"「{client.name}」的{asked.label}")
    if client.owner_id != ctx.user.id:
        ctx.tell(client.owner_id, Text(f"{ctx.user.name}：{told}"))


def _outcome(ctx: Context, asked: Questionnaire, done: Assessment) -> str:
    """56 分，C3 平衡型，有效期至 2026-06-09"""
    return f"{done.points} 分，{outcome_of(ctx.packs, asked, done)}"


@command(
    "assessment.show", group="客户", help="看测评记录", example="周凯 测评记录", client=True, roles=READERS,
)
def show(ctx: Context, meaning: Meaning, client: Client) -> None:
    """What was answered last, under which version, and what came out before."""
    asked = _questionnaire(ctx, meaning)
    found = AssessmentRepository(ctx.uow).done(client.id, asked.id)
    if not found:
        how = f"开始请发送「{client.name} {asked.label}」。" if ctx.user.serves_clients else ""
        ctx.say(f"「{client.name}」没有做过{asked.label}。{how}")
        return
    names = ctx.uow.users.names()
    lines = [f"「{client.name}」{asked.label} {len(found)} 次："]
    lines += [
        f"· {ctx.local(done.ended_at or done.started_at):%Y-%m-%d} {_outcome(ctx, asked, done)}，"
        f"{names[done.asked_by] + ' 询问' if done.asked_by in names else '客户自己作答'}，问卷版本 {done.edition}"
        for done in found[:_SHOWN]
    ]
    lines.append("最近一次的回答：")
    lines += [f"{n}. {one['ask']} {one['answer']}（{one['points']} 分）" for n, one in enumerate(found[0].answers, 1)]
    ctx.say("\n".join(lines))
