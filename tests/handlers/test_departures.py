"""A member leaves: access, the proposal, what moves, who is told (S31, R249, R250, R252)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from config.pack import AssignmentRule
from handlers.departures.sharing import share_out
from reminders.assigning import pick
from reminders.gate_reasons import Asked
from reminders.ledger import enter
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.offers import Prospect
from storage.model.people import Client, User
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.departures import DepartureRepository
from storage.repositories.journeys import JourneyRepository
from storage.tables import outbox
from tests.builders import Cast, a_client, a_policy, a_user
from tests.handlers.asking import SHANGHAI, Desk, on, words_of


@pytest.fixture
def wang(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, "wangke")


@pytest.fixture
def team(database: Database, cast: Cast, clock: MovableClock) -> list[Client]:
    """李顾问 has six clients, two of them married; 王小强 has two, 周敏 none; all of one line."""
    with database.system(clock.now()) as uow:
        a_user(uow, "xiaoqiang", name="王小强", manager_id="wangke", line="insurance")
        a_user(uow, "zhoumin", name="周敏", manager_id="wangke", line="insurance")
        for name in ("钱一", "钱二"):
            a_client(uow, name, owner_id="xiaoqiang")
        names = ("王芳", "钱伟", "孙丽", "郑娜", "冯强", "吴静")
        book = [a_client(uow, name, aum=Decimal(100 - n)) for n, name in enumerate(names)]
        uow.clients.relate(book[0], book[5], "spouse")
    return book


def owners(desk: Desk, clients: list[Client]) -> list[str]:
    return desk.sees(lambda uow: [uow.clients.get(client.id).owner_id for client in clients])


def test_access_is_cut_with_the_order_and_the_book_waits_for_a_yes(wang: Desk, team: list[Client]):
    heard = wang.says("离职交接 李顾问")
    assert "李顾问 的账号已停用" in heard
    assert "李顾问 名下的 6 位客户" in heard
    assert "· 王小强 2 位（现有 2 位）" in heard
    assert "· 周敏 4 位（现有 0 位）" in heard
    assert not wang.sees(lambda uow: uow.users.get("lixiang").active)
    assert set(owners(wang, team)) == {"lixiang"}


def test_after_the_yes_every_client_has_an_adviser_and_spouses_the_same(wang: Desk, team: list[Client]):
    wang.says("离职交接 李顾问")
    heard = wang.confirms()
    assert "已完成 李顾问 的离职交接" in heard
    now = owners(wang, team)
    assert sorted(now) == ["xiaoqiang"] * 2 + ["zhoumin"] * 4
    assert now[0] == now[5]
    assert wang.sees(lambda uow: uow.clients.count(owner_id="lixiang")) == 0


def test_each_new_adviser_gets_one_message_and_a_task_for_each_client(wang: Desk, team: list[Client], clock: MovableClock):
    wang.says("离职交接 李顾问")
    wang.confirms()
    assert sorted(receiver for receiver, _ in wang.letters) == ["xiaoqiang", "zhoumin"]
    min_ = Desk(wang.database, clock, "zhoumin")
    far = clock.now() + timedelta(days=30)
    tasks = min_.sees(lambda uow: uow.reminders.open_between("zhoumin", clock.now() - timedelta(days=1), far))
    assert sorted(task.client_name for task in tasks) == sorted(
        client.name for client, owner in zip(team, owners(wang, team), strict=True) if owner == "zhoumin"
    )
    assert all(task.text.startswith("向客户介绍自己（原顾问 李顾问）") for task in tasks)


def test_ten_introductions_a_working_day_those_with_the_most_assets_first(wang: Desk, database: Database, clock: MovableClock, team: list[Client]):
    with database.system(clock.now()) as uow:
        for n in range(25):
            a_client(uow, f"大客户{n}", aum=Decimal(1_000_000 + n))
    wang.says("离职交接 李顾问 给 周敏")
    wang.confirms()
    far = clock.now() + timedelta(days=60)
    tasks = wang.sees(lambda uow: uow.reminders.open_between("zhoumin", clock.now() - timedelta(days=1), far))
    by_day = {day: sum(task.remind_at.astimezone(SHANGHAI).date() == day for task in tasks)
              for day in {task.remind_at.astimezone(SHANGHAI).date() for task in tasks}}
    assert sorted(by_day.items()) == [
        (date(2025, 6, 9), 10), (date(2025, 6, 10), 10), (date(2025, 6, 11), 10), (date(2025, 6, 12), 1),
    ]
    first = min(tasks, key=lambda task: (task.remind_at, task.id))
    assert first.client_name == "大客户24"


def test_everything_about_a_client_goes_along_and_the_rest_to_the_manager(
    wang: Desk, database: Database, clock: MovableClock, cast: Cast, team: list[Client]
):
    li, one = Desk(database, clock, "lixiang"), team[0]
    li.asks("reminder.create", client=one.name, client_id=one.id, content="见面", when=on("2025-06-11T10:00"))
    li.asks("reminder.create", content="交周报", when=on("2025-06-12T10:00"))
    li.says(f"需求 {one.name} 想把房贷转组合贷")
    with database.transaction(cast.li, clock.now()) as uow:
        client = uow.clients.get(one.id)
        a_policy(uow, client, number="P20250001")
        assert JourneyRepository(uow).enter(client, "follow_up", date(2025, 6, 6)) is not None
        uow.opportunities.add(client, "理财", "contacted")
        asked = Asked.about(uow.packs, client, "birthday", "生日快乐", "hand")
        enter(uow, asked, SHANGHAI, state="drafted", sender_id="lixiang", not_before=clock.now())
    wang.says("离职交接 李顾问 给 周敏")
    heard = wang.confirms()
    assert "· 周敏：客户 6 位，待办 1 条，工单 1 张，未发文案 1 条，进行中的旅程 1 个，商机 1 个" in heard
    assert "· 王珂：待办 1 条（不属于移交客户的）" in heard
    min_ = Desk(database, clock, "zhoumin")
    assert [t.handler_id for t in min_.sees(lambda uow: uow.tickets.in_hand(9))] == ["zhoumin"]
    assert len(min_.sees(lambda uow: uow.contracts.of_client(one.id))) == 1
    assert len(min_.sees(lambda uow: ClientMessageRepository(uow).of_sender("zhoumin", ("drafted",)))) == 1
    mine = wang.sees(lambda uow: uow.reminders.open_between("wangke", clock.now(), clock.now() + timedelta(days=9)))
    assert [reminder.text for reminder in mine] == ["交周报"]


def test_what_would_have_left_in_his_name_waits_for_the_next_ones_hand(
    wang: Desk, database: Database, clock: MovableClock, cast: Cast, team: list[Client]
):
    with database.transaction(cast.li, clock.now()) as uow:
        asked = Asked.about(uow.packs, uow.clients.get(team[0].id), "birthday", "生日快乐", "task")
        enter(uow, asked, SHANGHAI, state="queued", sender_id="lixiang", not_before=clock.now(), external_userid="wm1")
    wang.says("离职交接 李顾问 给 周敏")
    wang.confirms()
    (text,) = wang.sees(lambda uow: ClientMessageRepository(uow).of_client(team[0].id))
    assert (text.state, text.route, text.sender_id, text.external_userid) == ("by_hand", "hand", "zhoumin", None)


def test_who_left_is_sent_nothing_that_still_waited(wang: Desk, database: Database, clock: MovableClock, team: list[Client]):
    with database.system(clock.now()) as uow:
        uow.outbox.put("k1", "lixiang", "message", b"{}", row_id=uow.outbox.new_row_id(), priority=1)
    wang.says("离职交接 李顾问")
    states = wang.sees(lambda uow: list(uow.conn.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))))
    assert [tuple(row) for row in states] == [("expired", 1)]


def test_it_cannot_be_taken_back_by_undo_but_the_account_by_a_word(wang: Desk, team: list[Client]):
    wang.says("离职交接 李顾问 给 周敏")
    wang.confirms()
    assert "不能自动撤销" in wang.undoes()
    assert "已恢复 李顾问 的账号，名下有 0 位客户" in wang.says("恢复账号 李顾问")
    assert wang.sees(lambda uow: uow.users.get("lixiang").active)
    assert "没有停用的账号" in wang.says("恢复账号 李顾问")


def test_no_leaves_the_clients_where_they_are(wang: Desk, team: list[Client]):
    wang.says("离职交接 李顾问")
    wang.says("取消")
    assert set(owners(wang, team)) == {"lixiang"}
    assert "6 位客户" in wang.says("离职交接 李顾问")


def test_a_proposal_that_is_behind_is_made_anew(wang: Desk, database: Database, clock: MovableClock, team: list[Client]):
    wang.says("离职交接 李顾问")
    with database.system(clock.now()) as uow:
        a_client(uow, "刚来的")
    heard = wang.confirms()
    assert "情况有变化，没有移交" in heard
    assert "7 位客户" in heard
    assert "已完成" in wang.confirms()


def test_a_whole_book_may_go_without_its_member(wang: Desk, team: list[Client]):
    heard = wang.says("把李顾问的客户全部移交给周敏")
    assert "已停用" not in heard
    assert "把 李顾问 名下的 6 位客户全部移交给 周敏" in heard
    assert "整本移交" in wang.confirms()
    assert wang.sees(lambda uow: uow.users.get("lixiang").active)


def test_said_in_passing_it_cuts_nobody_off_before_the_yes(wang: Desk, team: list[Client]):
    assert "确认后马上停用 李顾问 的账号" in wang.says("李顾问离职了，客户都给周敏")
    assert wang.sees(lambda uow: uow.users.get("lixiang").active)
    wang.confirms()
    assert not wang.sees(lambda uow: uow.users.get("lixiang").active)


@pytest.mark.parametrize(("user", "said", "answer"), [
    ("lixiang", "离职交接 周敏", "需要主管操作"),
    ("zhouning", "离职交接 李顾问", "团队里没有「李顾问」"),
    ("wangke", "离职交接 陈默", "团队里没有「陈默」"),
    ("wangke", "离职交接", "请写明是谁"),
    ("wangke", "离职交接 李顾问 给 陈默", "团队里没有「陈默」"),
])
def test_only_his_own_manager_may(database: Database, clock: MovableClock, team: list[Client], user: str, said: str, answer: str):
    assert answer in Desk(database, clock, user).says(said)
    with database.system(clock.now()) as uow:
        assert all(uow.users.get(member).active for member in ("lixiang", "zhoumin", "chenmo"))


def test_who_has_people_below_him_cannot_be_left_without(database: Database, clock: MovableClock, wang: Desk, team: list[Client]):
    with database.system(clock.now()) as uow:
        a_user(uow, "xinren", name="新人", manager_id="zhoumin")
    assert "周敏 还有下属：新人" in wang.says("离职交接 周敏")


def test_the_letter_names_a_few_however_many_there_are(wang: Desk, database: Database, clock: MovableClock, team: list[Client]):
    with database.system(clock.now()) as uow:
        for n in range(700):
            a_client(uow, f"散户{n}")
    wang.says("离职交接 李顾问 给 周敏")
    assert "客户 706 位" in wang.confirms()
    (letter,) = [words_of(message) for _, message in wang.letters]
    assert "等 706 位" in letter
    assert len(letter) < 300


def test_nobody_outside_the_line_of_command_gives_a_book_away(database: Database, clock: MovableClock, cast: Cast, team: list[Client]):
    from storage.model.errors import NotAllowed

    with database.transaction(cast.zhou, clock.now()) as uow, pytest.raises(NotAllowed):
        DepartureRepository(uow).give(cast.lixiang, cast.chenmo, [client.id for client in team])


# ---------------------------------------------------------------- the rule


def _member(user_id: str, manager: str = "m", line: str = "bank", role: str = "adviser") -> User:
    return User(user_id, user_id, role, manager, f"/{manager}/{user_id}/", line)


ANY = AssignmentRule(id="any", label="其他客户")


@pytest.mark.parametrize(("team", "away", "expected"), [
    ([_member("a"), _member("b", line="insurance"), _member("c", manager="n")], (), "a"),
    ([_member("b", line="insurance"), _member("c", manager="n")], (), "c"),
    ([_member("b", line="insurance")], (), "b"),
    ([_member("a"), _member("d")], ("a",), "d"),
    ([_member("a")], ("a",), "a"),
    ([_member("boss", role="manager")], (), None),
])
def test_of_his_line_and_his_manager_first(team: list[User], away: tuple[str, ...], expected: str | None):
    chosen = pick([ANY], Prospect(1, line="bank", near="m"), team, {}, away)
    assert (chosen[0].id if chosen else None) == expected


def test_whoever_has_fewer_gets_more_and_nobody_is_dealt_twice():
    people, loads = [_member("a"), _member("b"), _member("c")], {"a": 40, "b": 0, "c": 10}
    book = [Prospect(n) for n in range(100)]
    shares = share_out([ANY], book, [(0, 1), (1, 2), (50, 60)], people, loads, (), otherwise=_member("boss"))
    assert sorted(client for found in shares.values() for client in found) == list(range(100))
    assert {user: len(found) for user, found in shares.items()} == {"a": 10, "b": 50, "c": 40}
    assert any({0, 1, 2} <= set(found) for found in shares.values())
    assert all(list(found) == sorted(found) for found in shares.values())


def test_a_rule_names_whom_a_leaver_s_clients_go_to_and_whom_it_names_nobody_the_manager_has():
    people, boss = [_member("a"), _member("b", line="insurance")], _member("boss", role="manager")
    rules = [AssignmentRule(id="top", label="贵宾", tiers=("贵宾",), lines=("insurance",), most=2)]
    book = [Prospect(n, tiers=frozenset({"贵宾"} if n < 3 else ())) for n in range(5)]
    shares = share_out(rules, book, [], people, {"a": 0, "b": 0}, (), otherwise=boss)
    assert shares == {"b": [0, 1], "boss": [2, 3, 4]}


def test_the_rules_that_operations_set_hold_for_a_departure_as_well(wang: Desk, team: list[Client], database: Database, clock: MovableClock):
    he = Desk(database, clock, "hexin")
    he.says("客户分配 所有客户 分给 王小强")
    he.says("提交")
    Desk(database, clock, "shenyue").says("同意 客户分配 v1")
    assert "· 王小强 6 位（现有 2 位）" in wang.says("离职交接 李顾问")
