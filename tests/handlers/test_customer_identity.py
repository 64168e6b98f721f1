"""Who is asking? Nothing personal is said before it is known, and nobody can find out by asking who is a client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from storage.database import Database
from storage.model.clock import MovableClock
from storage.repositories.bindings import BindingRepository
from storage.tables import audit, binding_codes, kf_messages
from tests.builders import Cast, a_client, a_policy, an_id_number
from tests.handlers.asking import Desk
from tests.handlers.customers import STRANGER, Customers
from tests.reminders.test_kf_reading import FANG

BORN = date(1985, 6, 15)
NUMBER = an_id_number(BORN, 7)
ASKED, WRONG_CODE, WRONG_FACTS = "我的保单什么时候到期", "验证码 000000", f"9999 {BORN:%Y%m%d}"


@pytest.fixture
def firm(database: Database, clock: MovableClock, cast: Cast) -> Customers:
    firm = Customers(database, clock)
    firm.writes(lambda uow: uow.clients.update(uow.clients.get(firm.fang.id), id_number=NUMBER, birthday=BORN))
    firm.writes(lambda uow: a_policy(uow, uow.clients.get(firm.fang.id), number="P20250001", state="active"))
    return firm


def is_bound(firm: Customers, who: str = FANG) -> bool:
    return firm.writes(lambda uow: BindingRepository(uow).of(who)) is not None


# ---------------------------------------------------------------- proving


@pytest.mark.parametrize("said", [
    f"{NUMBER[-4:]} 19850615", f"{NUMBER[-4:].lower()}，1985-06-15", f"后四位{NUMBER[-4:]} 生日1985年6月15日",
    f"{NUMBER[-4:]} １９８５.6.15",
])  # fmt: skip
async def test_the_tail_and_the_birthday_prove_who_it_is(firm: Customers, said: str) -> None:
    await firm.asks(ASKED)
    answered = await firm.asks(said)
    assert "核实通过" in answered
    assert "康佑重疾险（尾号 0001）" in answered
    assert is_bound(firm)


@pytest.mark.parametrize("said", [
    f"{NUMBER[-4:]} 19850616", "1111 19850615", f"{NUMBER[-4:]} 19851315", WRONG_CODE,
])  # fmt: skip
async def test_what_is_wrong_proves_nothing(firm: Customers, said: str) -> None:
    await firm.asks("验证码")
    assert "没有对上" in await firm.asks(said)
    assert not is_bound(firm)


async def test_a_code_is_good_once_and_for_ten_minutes(firm: Customers) -> None:
    await firm.asks("验证码")
    old = firm.sms.code(firm.phone_of(firm.fang))
    firm.clock.advance(timedelta(minutes=10))
    assert "没有对上" in await firm.asks(f"验证码 {old}")
    assert "核实通过" in await firm.proves()
    spent = firm.sms.code(firm.phone_of(firm.fang))
    firm.writes(lambda uow: BindingRepository(uow).revoke(uow.clients.get(firm.fang.id)))
    assert "没有对上" in await firm.asks(f"验证码 {spent}")


@pytest.mark.parametrize("said", ["发个验证码给我", "验证码给我发一下", "我没收到验证码", "能发个短信验证码到我手机吗"])
async def test_a_code_is_asked_for_in_many_words(firm: Customers, said: str) -> None:
    await firm.asks(said)
    assert "核实通过" in await firm.asks(f"验证码 {firm.sms.code(firm.phone_of(firm.fang))}")


@pytest.mark.parametrize("said", ["有人找我要验证码", "他让我把验证码发给他", "验证码是什么"])
async def test_who_speaks_of_a_code_asks_for_none(firm: Customers, said: str) -> None:
    assert "验证码已发到" not in await firm.asks(said)


@pytest.mark.parametrize("said", ["验证码" + "发" * 2000, "验证码" + "给我发" * 600 + "x", "发给我" * 600, "我" * 2000])
async def test_hostile_words_about_a_code_are_answered(firm: Customers, said: str) -> None:
    assert await firm.asks(said)  # some of these once took for ever


async def test_only_the_last_code_counts(firm: Customers) -> None:
    await firm.asks("验证码")
    first = firm.sms.code(firm.phone_of(firm.fang))
    await firm.asks("再发验证码")
    assert "没有对上" in await firm.asks(f"验证码 {first}")


async def test_the_code_is_kept_nowhere(firm: Customers) -> None:
    await firm.asks("验证码")
    code = firm.sms.code(firm.phone_of(firm.fang))
    await firm.asks(code)
    with firm.database.engine.connect() as conn:
        kept = [str(row._mapping) for row in conn.execute(select(binding_codes))]
        heard = [row.kind for row in conn.execute(select(kf_messages.c.kind).order_by(kf_messages.c.id))]
    assert not any(code in row for row in kept)
    assert heard[-1] == "private"
    assert code not in firm.heard()
    assert not any(code in line for line in firm.timeline())


async def test_a_network_that_is_away_is_tried_again(firm: Customers) -> None:
    firm.sms.away = True
    await firm.asks("验证码")
    firm.sms.away = False
    firm.clock.advance(timedelta(minutes=1))
    await firm.sends()
    assert "核实通过" in await firm.asks(f"验证码 {firm.sms.code(firm.phone_of(firm.fang))}")


async def test_a_firm_without_text_messages_offers_the_other_way(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    firm = Customers(database, clock, sends_codes=False)
    assert "验证码" not in await firm.asks(ASKED)
    assert "证件号后四位和生日" in await firm.asks("验证码")


# ---------------------------------------------------------------- the end of it


async def test_a_binding_ends_after_thirty_days(firm: Customers) -> None:
    await firm.proves()
    firm.clock.advance(timedelta(days=29))
    assert "康佑" in await firm.asks(ASKED)
    firm.clock.advance(timedelta(days=1))
    assert "核实身份" in await firm.asks(ASKED)


async def test_the_adviser_takes_it_back(firm: Customers) -> None:
    await firm.proves()
    li = Desk(firm.database, firm.clock, "lixiang")
    assert "已解除「王芳」的身份核实（手机验证码" in li.says("解除绑定 王芳")
    assert "核实身份" in await firm.asks(ASKED)
    assert "没有有效的身份核实" in li.says("解除绑定 王芳")
    with firm.database.engine.connect() as conn:
        acts = [(row.action, row.actor) for row in conn.execute(select(audit).where(audit.c.object_type == "binding"))]
    assert ("bind", "system") in acts
    assert ("revoke", "lixiang") in acts


async def test_nobody_else_s_adviser_can(firm: Customers) -> None:
    await firm.proves()
    assert "没有找到" in Desk(firm.database, firm.clock, "chenmo").says("解除绑定 王芳")
    assert is_bound(firm)


async def test_an_answer_under_way_does_not_leave_after_it_was_taken_back(firm: Customers) -> None:
    await firm.proves()
    firm.rings(firm.wecom.says(FANG, ASKED))
    await firm.reads()
    firm.writes(lambda uow: BindingRepository(uow).revoke(uow.clients.get(firm.fang.id)))
    before = len(firm.wecom.phones[FANG])
    await firm.sends()
    assert len(firm.wecom.phones[FANG]) == before
    assert "没有发出" in firm.heard()


async def test_a_link_that_was_mended_ends_it(firm: Customers) -> None:
    await firm.proves()
    firm.links(FANG, firm.writes(lambda uow: a_client(uow, "方姨")))
    answered = await firm.asks(ASKED)
    assert "核实身份" in answered
    assert "康佑" not in answered


# ---------------------------------------------------------------- those who answer for minors


async def test_a_parent_reads_of_a_minor_and_the_minor_does_not(firm: Customers) -> None:
    son = firm.writes(lambda uow: a_client(uow, "王小明", birthday=date(2015, 3, 1)))
    firm.writes(lambda uow: uow.clients.relate(uow.clients.get(firm.fang.id), uow.clients.get(son.id), "child"))
    firm.writes(lambda uow: a_policy(uow, uow.clients.get(son.id), number="P20259999", product_name="少儿医疗"))
    await firm.proves()
    assert "少儿医疗（尾号 9999）" in await firm.asks("我孩子的保单")
    firm.links("wm_son", son)
    await firm.asks("验证码", "wm_son")
    await firm.asks(f"验证码 {firm.sms.code(firm.phone_of(son))}", "wm_son")
    refused = await firm.asks(ASKED, "wm_son")
    assert "只答复监护人" in refused
    assert "少儿" not in refused


async def test_a_grown_up_child_s_affairs_are_its_own(firm: Customers) -> None:
    son = firm.writes(lambda uow: a_client(uow, "王大明", birthday=date(2007, 6, 9)))
    firm.writes(lambda uow: uow.clients.relate(uow.clients.get(firm.fang.id), uow.clients.get(son.id), "child"))
    firm.writes(lambda uow: a_policy(uow, uow.clients.get(son.id), product_name="少儿医疗"))
    await firm.proves()
    assert "少儿医疗" not in await firm.asks("我孩子的保单")


# ---------------------------------------------------------------- finding out who is a client


PROBES = (
    ASKED, "验证码", WRONG_CODE, WRONG_FACTS, "我买的理财怎么样了", "下个月要还多少钱", "转人工", "查一下王芳的保单", "我要投诉",
    "别再给我发消息了", "约周三下午三点见面", "把我的资料删掉", "你们有我哪些资料", "退保能退多少", "理赔进度", "在吗", "换手机号 13900000009",
)


@pytest.mark.parametrize("probe", PROBES)
async def test_a_client_and_nobody_read_the_same_bytes(firm: Customers, probe: str) -> None:
    known, unknown = await firm.asks(probe, FANG), await firm.asks(probe, STRANGER)
    assert known.encode() == unknown.encode()
    assert known


async def test_many_probes_tell_nothing_and_the_quota_trips(firm: Customers) -> None:
    said: dict[str, list[str]] = {FANG: [], STRANGER: []}
    for n in range(40):
        for who, answers in said.items():
            answers.append(await firm.asks(f"{n:04d} 19850615" if n % 2 else f"验证码 {n:06d}", who))
    assert said[FANG] == said[STRANGER]
    assert Counter("没有对上" in answer for answer in said[FANG]) == {True: 5, False: 35}
    assert "已暂停" in said[FANG][-1]
    assert "已暂停" in await firm.asks(f"{NUMBER[-4:]} 19850615")  # the right ones say no more than the wrong
    assert not is_bound(firm)


async def test_who_was_locked_out_may_try_again_later(firm: Customers) -> None:
    for _ in range(6):
        await firm.asks(WRONG_FACTS)
    firm.clock.advance(timedelta(hours=2, minutes=1))
    assert "核实通过" in await firm.asks(f"{NUMBER[-4:]} 19850615")


async def test_codes_are_sent_five_times_at_most(firm: Customers) -> None:
    answers = [await firm.asks("验证码") for _ in range(7)]
    assert ["已暂停" in answer for answer in answers] == [False] * 5 + [True] * 2
    assert len(firm.sms.texts[firm.phone_of(firm.fang)]) == 5


async def test_when_all_together_fail_too_often_all_must_wait_and_operations_hear(firm: Customers) -> None:
    def fail(times: int) -> None:
        firm.writes(lambda uow: [BindingRepository(uow).note_try(f"wm{n}", "failed") for n in range(times)])

    fail(199)
    firm.heard("hexin")
    assert "没有对上" in await firm.asks(WRONG_FACTS, STRANGER)
    assert "200 次核实身份没有对上" in firm.heard("hexin")
    assert "已暂停" in await firm.asks(f"{NUMBER[-4:]} 19850615")
    firm.clock.advance(timedelta(hours=1, minutes=1))
    assert "核实通过" in await firm.asks(f"{NUMBER[-4:]} 19850615")


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The statements about bindings and clients' records that run meanwhile."""
    ran: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        if "binding" in statement or "customer_states" in statement or "clients.secrets" in statement:
            ran.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield ran
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("probe", ["验证码", WRONG_CODE, WRONG_FACTS])
async def test_the_same_is_asked_of_the_database(firm: Customers, probe: str) -> None:
    with statements(firm.database) as of_known:
        await firm.asks(probe, FANG)
    with statements(firm.database) as of_unknown:
        await firm.asks(probe, STRANGER)
    assert of_known == of_unknown
    assert of_known


async def test_another_client_learns_nothing_of_somebody_else(firm: Customers) -> None:
    other = firm.writes(lambda uow: a_client(uow, "方姨"))
    firm.links("wm_other", other)
    await firm.asks("验证码", "wm_other")
    await firm.asks(f"验证码 {firm.sms.code(firm.phone_of(other))}", "wm_other")
    for probe in ("查一下王芳的保单", "王芳的电话", "保单 P20250001 什么时候到期", ASKED):
        answered = await firm.asks(probe, "wm_other")
        assert "康佑" not in answered
        assert "王芳" not in answered
