"""What the simulation of a flow says is what happens, for every shipped flow; and what nobody could do is told."""

from __future__ import annotations

import random

import pytest

from config.pack import Flow, Move, load_packs
from config.pack_flows import FlowState
from handlers.tickets.simulating import COUNTED, Way, told, ways, why_nobody
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.people import Actor, Client, User
from tests.builders import Cast, a_client, the_cast
from tests.handlers.asking import Desk
from tests.handlers.tickets.people import moved_by_somebody, opened, the_others

FLOWS = load_packs(["common", "bank", "insurance", "securities", "lending"]).flows
LONGEST = 12  # ways that are walked of one flow


def _li(uow: UnitOfWork) -> Actor:
    return Actor.of(uow.users.get("lixiang"))


@pytest.fixture
def client(sqlite_database: Database, clock: MovableClock) -> Client:
    with sqlite_database.system(clock.now()) as uow:
        the_cast(uow)
        the_others(uow)
        return a_client(uow, "王芳", address="旧址", owner_id="lixiang")


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.id)
def test_every_way_that_is_told_can_be_walked_to_its_end(sqlite_database: Database, clock: MovableClock, client: Client, flow: Flow):
    for way in list(ways(flow))[:LONGEST]:
        with sqlite_database.system(clock.now()) as uow:
            uow.act_as(_li(uow))
            ticket = opened(uow, flow, client)
            for move in way.moves:
                assert ticket.is_open
                ticket = moved_by_somebody(uow, flow, ticket, move)
            assert not ticket.is_open


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.id)
def test_every_way_that_is_walked_was_told(sqlite_database: Database, clock: MovableClock, client: Client, flow: Flow):
    told, picks = {tuple(move.name for move in way.moves) for way in ways(flow)}, random.Random(7)
    for _ in range(5):
        with sqlite_database.system(clock.now()) as uow:
            uow.act_as(_li(uow))
            ticket, seen, made = opened(uow, flow, client), {flow.first.name}, []
            while ticket.is_open:
                onward = [move for move in flow.moves_from(ticket.state) if move.to not in seen]
                if not onward:
                    break  # it could only go back from here
                move = picks.choice(onward)
                ticket = moved_by_somebody(uow, flow, ticket, move)
                seen.add(ticket.state)
                made.append(move.name)
            assert not onward or tuple(made) in told


def test_operations_read_the_ways_and_who_may_do_what(database: Database, clock: MovableClock, cast: Cast):
    he = Desk(database, clock, "hexin")
    heard = he.says("模拟 流程 投诉")
    assert "待处理 →接单→ 处理中 →答复→ 已答复 →办结→ 已办结" in heard
    assert "· 办结：经办人（要有答复、结果、原因、已告知客户）" in heard
    assert "每一步现在都有人能做" in heard
    assert "没有「外星」这种流程" in he.says("模拟 流程 外星")
    assert "您的角色不能" in Desk(database, clock, "lixiang").asks("flow.simulate", type="投诉")


def test_what_nobody_can_do_with_the_members_of_now_is_told(database: Database, clock: MovableClock, cast: Cast):
    heard = Desk(database, clock, "hexin").says("模拟流程 理赔")
    assert "现在没有人能做：「接单」没有理赔" in heard


def test_two_pairs_of_eyes_need_two_people():
    flow = next(flow for flow in FLOWS if flow.id == "key_change")
    alone = [User("boss", "老板", "manager", None, "/boss/")]
    assert why_nobody(flow, flow.move("approve"), alone) == "要由另一个人做，但只有一位成员"
    assert why_nobody(flow, flow.move("approve"), [*alone, User("li", "李", "compliance")]) == ""


def test_a_way_goes_through_no_state_twice():
    flow = next(flow for flow in FLOWS if flow.id == "claim")
    for way in ways(flow):
        assert isinstance(way, Way)
        places = [flow.first.name, *(move.to for move in way.moves)]
        assert len(places) == len(set(places))
        assert flow.state(places[-1]).ends


def test_a_flow_with_more_ways_than_can_be_counted_is_told_all_the_same():
    """Of fourteen states that all lead to one another there are more than 12! ways."""
    states = [FlowState(name=f"s{n}", label=f"状态{n}") for n in range(14)]
    moves = [
        Move(name=f"m{a}_{b}", label="走", states=(f"s{a}",), to=f"s{b}" if b < 14 else "end", by=("handler",))
        for a in range(14) for b in range(15) if a != b
    ]
    wide = Flow.model_construct(**{name: getattr(FLOWS[0], name) for name in Flow.model_fields} | {
        "states": (*states, FlowState(name="end", label="完", ends=True)), "moves": tuple(moves), "limits": (),
    })  # fmt: skip
    assert f"有 {COUNTED} 种以上走法" in told(wide, [])[0]
