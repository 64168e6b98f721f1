from __future__ import annotations

import json

from sqlalchemy import select

from reminders.outgoing import Post
from storage.model.messages import Card, CardUpdate, Text
from storage.model.work import DUE
from storage.tables import outbox
from tests.reminders.conftest import System

post = Post(1000002)


def test_a_long_text_goes_in_pieces_in_order(system: System) -> None:
    with system() as uow:
        post.put(uow, "lixiang", Text("\n".join(f"第 {n} 行 {'字' * 60}" for n in range(40))), key="k", priority=DUE)
        keys = uow.conn.execute(select(outbox.c.key).order_by(outbox.c.id)).scalars().all()
        rows = uow.outbox.claim("me", 10)
    assert keys == ["k#0", "k#1", "k#2", "k#3"]
    assert [row.key for row in rows] == ["k#0"]
    assert json.loads(rows[0].body)["text"]["content"].startswith("第 0 行")


def test_the_first_message_under_a_key_stands(system: System) -> None:
    with system() as uow:
        assert post.put(uow, "lixiang", Text("一"), key="k", priority=DUE)
        assert not post.put(uow, "lixiang", Text("二"), key="k", priority=DUE)
        (row,) = uow.outbox.claim("me", 10)
    assert json.loads(row.body)["text"]["content"] == "一"


def test_a_card_and_its_update_carry_agent_and_receiver(system: System) -> None:
    card = Card("button_interaction", title="提醒", task_id="t1", replace_text="已完成")
    with system() as uow:
        post.put(uow, "lixiang", card, key="card", priority=DUE)
        post.put(uow, "wangke", CardUpdate("code", replace_name="已完成"), key="update", priority=DUE)
        sent, updated = (json.loads(row.body) for row in uow.outbox.claim("me", 10))
    assert (sent["touser"], sent["agentid"], sent["msgtype"]) == ("lixiang", 1000002, "template_card")
    assert (updated["userids"], updated["response_code"]) == (["wangke"], "code")
