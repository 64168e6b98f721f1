from datetime import timedelta

import pytest
import structlog
from aiohttp import web

from bot.sandbox.faults import CodeForCalls
from bot.wecom.pacing import MemberPacer
from bot.wecom.sender import WeComSender
from reminders.sending import Call, Outgoing, build_body
from storage.model.messages import Button, Card, CardUpdate, Message, Text, requests_for
from tests.bot.gateway.scripted import CORP, error, ok


def an_outgoing(message: Message, recipient: str = "LiGuWen", id: int = 1) -> Outgoing:
    call, request = requests_for(message)[0]
    kind: Call = "update_card" if call == "update_card" else "send"
    return Outgoing(id, recipient, kind, build_body(kind, request, recipient, CORP.agent_id, id))


def a_card(task_id: str = "t1") -> Card:
    return Card("button_interaction", "续保提醒", task_id=task_id, buttons=[Button("完成", "done")])


@pytest.fixture
def sender(client, clock) -> WeComSender:
    return WeComSender(client, clock)


@pytest.fixture
def scripted_sender(scripted_client, clock) -> WeComSender:
    return WeComSender(scripted_client, clock)


# ---------------------------------------------------------------- sent


async def test_a_text_is_sent_and_seen(sender, fake):
    outcome = await sender.send(an_outgoing(Text("早上好")))
    assert (outcome.state, outcome.errcode) == ("sent", 0)
    assert outcome.msgid
    assert [seen.text for seen in fake.seen_by("LiGuWen")] == ["早上好"]


async def test_a_card_is_sent_and_redrawn_by_its_response_code(sender, fake):
    sent = await sender.send(an_outgoing(a_card()))
    assert sent.response_code
    done = Card("button_interaction", "已完成", task_id="t1", replace_text="已完成")
    changed = await sender.send(an_outgoing(CardUpdate(sent.response_code, done), id=2))
    assert changed.state == "sent"
    assert fake.seen_by("LiGuWen")[0].body["main_title"]["title"] == "已完成"


async def test_a_message_whose_answer_was_lost_is_seen_once_after_the_retry(sender, fake):
    fake.faults.lost_answers = 1
    outgoing = an_outgoing(Text("早上好"))
    assert (await sender.send(outgoing)).state == "retry"
    assert (await sender.send(outgoing)).state == "sent"
    assert len(fake.seen_by("LiGuWen")) == 1
    assert len(fake.duplicates_swallowed) == 1


async def test_two_equal_answers_are_both_seen(sender, fake):
    for id in (1, 2):
        await sender.send(an_outgoing(Text("没有待办。"), id=id))
    assert len(fake.seen_by("LiGuWen")) == 2


# ---------------------------------------------------------------- refused


async def test_a_receiver_who_does_not_exist_is_refused(sender):
    outcome = await sender.send(an_outgoing(Text("早"), "nobody"))
    assert (outcome.state, outcome.errcode, outcome.reason) == ("refused", 81013, "no_valid_receiver")


@pytest.mark.parametrize("field", ["invaliduser", "unlicenseduser"])
async def test_a_receiver_left_out_of_a_success_is_refused(scripted_sender, scripted, field):
    scripted.script["message/send"] = [ok(msgid="m", **{field: "someone|liguwen"})]
    outcome = await scripted_sender.send(an_outgoing(Text("早")))
    assert outcome.state == "refused"
    assert outcome.reason == {"invaliduser": "invalid_user", "unlicenseduser": "unlicensed_user"}[field]


async def test_another_persons_name_in_the_list_does_not_concern_us(scripted_sender, scripted):
    scripted.script["message/send"] = [ok(msgid="m", invaliduser="li|liguwen2")]
    assert (await scripted_sender.send(an_outgoing(Text("早")))).state == "sent"


async def test_a_card_update_may_name_receivers_as_a_list(scripted_sender, scripted):
    scripted.script["message/update_template_card"] = [ok(invaliduser=["liguwen"])]
    outcome = await scripted_sender.send(an_outgoing(CardUpdate("rc", a_card())))
    assert (outcome.state, outcome.reason) == ("refused", "invalid_user")


async def test_a_response_code_works_once(sender, fake):
    sent = await sender.send(an_outgoing(a_card()))
    update = an_outgoing(CardUpdate(sent.response_code, replace_name="已完成"), id=2)
    assert (await sender.send(update)).state == "sent"
    again = await sender.send(update)
    assert (again.state, again.errcode) == ("refused", 60140)


async def test_a_used_task_id_is_refused(sender):
    await sender.send(an_outgoing(a_card("t9"), id=1))
    outcome = await sender.send(an_outgoing(a_card("t9"), id=2))
    assert (outcome.state, outcome.errcode, outcome.reason) == ("refused", 42014, "task_id_used")


@pytest.mark.parametrize(("errcode", "reason"), [(85002, "content_blocked"), (60021, "user_out_of_range"),
                                                 (43012, "card_needs_callback"), (42045, "card_field"),
                                                 (987654, "request_wrong")])  # fmt: skip
async def test_what_no_repetition_can_mend_is_refused(scripted_sender, scripted, errcode, reason):
    scripted.script["message/send"] = [error(errcode)]
    outcome = await scripted_sender.send(an_outgoing(Text("早")))
    assert (outcome.state, outcome.errcode, outcome.reason) == ("refused", errcode, reason)


async def test_what_was_sent_before_counts_as_sent(scripted_sender, scripted):
    scripted.script["message/send"] = [error(95033)]
    assert (await scripted_sender.send(an_outgoing(Text("早")))).state == "sent"


# ---------------------------------------------------------------- retry and blocked


async def test_busy_means_again_later(scripted_sender, scripted):
    scripted.script["message/send"] = [error(-1), error(45033), ok(msgid="m")]
    busy, crowded, sent = [await scripted_sender.send(an_outgoing(Text("早"))) for _ in range(3)]
    assert (busy.state, busy.errcode, busy.retry_after) == ("retry", -1, None)
    assert (crowded.state, crowded.errcode) == ("retry", 45033)
    assert 1 <= crowded.retry_after <= 3
    assert sent.state == "sent"


async def test_a_dead_token_that_stays_dead_means_again_later(scripted_sender, scripted):
    scripted.script["message/send"] = [error(42001)]
    assert (await scripted_sender.send(an_outgoing(Text("早")))).state == "retry"


@pytest.mark.parametrize(("errcode", "seconds"), [(45009, 60), (40001, 60), (60020, 60), (301002, 60)])
async def test_limits_and_set_up_faults_hold_the_queue(scripted_sender, scripted, errcode, seconds):
    scripted.script["message/send"] = [error(errcode)]
    outcome = await scripted_sender.send(an_outgoing(Text("早")))
    assert (outcome.state, outcome.errcode, outcome.retry_after) == ("blocked", errcode, seconds)


async def test_the_rate_limit_counts_down_and_the_messages_go_afterwards(sender, fake, clock):
    fake.faults.code = CodeForCalls(45009, calls=1)
    assert (await sender.send(an_outgoing(Text("一")))).retry_after == 60
    clock.advance(timedelta(seconds=40))
    outcome = await sender.send(an_outgoing(Text("一")))
    assert (outcome.state, outcome.retry_after) == ("blocked", 20)
    clock.advance(timedelta(seconds=20))
    assert (await sender.send(an_outgoing(Text("一")))).state == "sent"


async def test_an_outage_causes_no_storm_and_ends_by_itself(sender, fake, clock):
    fake.faults.down = True
    outgoing = an_outgoing(Text("早"))
    attempts = 0
    for _ in range(3600):  # one hour, a try every second
        outcome = await sender.send(outgoing)
        attempts += outcome.state == "retry"
        assert outcome.state in ("retry", "blocked")
        clock.advance(timedelta(seconds=1))
    assert attempts < 200
    fake.faults.down = False
    clock.advance(timedelta(seconds=30))
    assert (await sender.send(outgoing)).state == "sent"
    assert (await sender.send(an_outgoing(Text("又"), id=2))).state == "sent"


async def test_an_error_page_of_a_proxy_is_no_success(scripted_sender, scripted):
    scripted.script["message/send"] = [web.Response(status=200, text="<html>ok</html>")]
    outcome = await scripted_sender.send(an_outgoing(Text("早")))
    assert (outcome.state, outcome.reason) == ("retry", "not_json")


# ---------------------------------------------------------------- pace


async def test_a_hundred_messages_to_one_member_all_arrive(sender, fake, clock):
    waiting = [an_outgoing(Text(f"第 {i} 条"), id=i) for i in range(100)]
    while waiting:
        outcome = await sender.send(waiting[0])
        if outcome.state == "sent":
            waiting.pop(0)
        else:
            assert (outcome.state, outcome.reason) == ("retry", "paced")
            clock.advance(timedelta(seconds=outcome.retry_after))
    assert fake.dropped == []
    assert [seen.text for seen in fake.seen_by("LiGuWen")] == [f"第 {i} 条" for i in range(100)]


async def test_card_updates_do_not_use_up_the_members_minute(client, fake, clock):
    sender = WeComSender(client, clock, MemberPacer(per_minute=1))
    sent = await sender.send(an_outgoing(a_card()))
    assert (await sender.send(an_outgoing(Text("早"), id=2))).reason == "paced"
    update = an_outgoing(CardUpdate(sent.response_code, replace_name="已完成"), id=3)
    assert (await sender.send(update)).state == "sent"


async def test_a_paced_message_does_not_use_up_the_probe_after_an_outage(client, fake, clock):
    sender = WeComSender(client, clock, MemberPacer(per_minute=3))
    fake.faults.down = True
    for i in range(3):
        await sender.send(an_outgoing(Text("早"), id=i))
    fake.faults.down = False
    clock.advance(timedelta(seconds=2))
    assert (await sender.send(an_outgoing(Text("早"), id=0))).reason == "paced"
    assert (await sender.send(an_outgoing(Text("早"), "wang", id=5))).state == "sent"


async def test_a_log_line_names_the_row_and_not_the_person_or_the_words(scripted_sender, scripted):
    scripted.script["message/send"] = [error(-1)]
    with structlog.testing.capture_logs() as logs:
        await scripted_sender.send(an_outgoing(Text("王芳 13800000000"), id=812))
    line = next(line for line in logs if line["event"] == "wecom.not_sent")
    assert line["id"] == 812
    assert "LiGuWen" not in str(logs)
    assert "王芳" not in str(logs)
