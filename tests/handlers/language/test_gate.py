"""Whatever reads an order, one gate judges its mood: every order in every frame of talk writes nothing, in every polite frame it writes."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.language.gate import GATED

# (role, intent, order) over what is read by rules, by readers of whole sentences and by turns.
ORDERS = [
    ("adviser", "client.update", "把王芳的电话改成13912345678"), ("adviser", "tag.add", "给李雷打上高净值标签"), ("adviser", "tag.remove", "把李雷的高净值标签去掉"),
    ("adviser", "tier.set", "把张敏升到A类"), ("adviser", "policy.add", "给王芳加一张百万医疗年交899"), ("adviser", "holding.add", "给张敏录20万理财"),
    ("adviser", "ticket.create", "给王芳建个投诉工单"), ("adviser", "client.delete", "把李雷从名单里删掉"), ("adviser", "client.create", "新增客户贾思琪13800001111"),
    ("adviser", "opportunity.create", "给李雷建个商机年金险50万"), ("adviser", "claim.create", "给陈静报个意外险理赔"), ("adviser", "client.merge", "把王芳和李雷合并"),
    ("adviser", "reminder.cancel", "取消明天给王芳打电话的提醒"), ("adviser", "privacy.delete", "按个保法删除李雷的个人信息"), ("adviser", "journey.join", "把王芳加入新客旅程"),
    ("adviser", "care.cancel", "取消发送 王芳"), ("adviser", "contact.unlink", "解绑微信 王芳"), ("adviser", "kf.unbind", "解除绑定 王芳"),
    ("ops", "rules.stop", "停用 R12"), ("ops", "rules.start", "启用 R12"),
]
TALK = [
    "昨天小李说要{}", "要不要{}", "该不该{}", "能不能不{}", "本来想{}", "差点{}", "忘了{}", "先别{}", "不用{}", "千万不要{}", "不敢{}", "懒得{}", "我考虑要不{}",
    "假如{}会怎样", "要是能{}就好了", "万一{}怎么办", "我梦见{}", "刚想{}，领导来电话了", "领导要求{}", "客户问能不能{}", "怎么{}", "为什么要{}", "“{}”这样写对吗",
    "{}吗", "{}了没", "{}会怎样", "{}，开玩笑的", "{}，先不急", "{}，等等再说", "{}，没这回事", "{}，我才不干", "{}合适吗",
]
POLITE = ["{}", "请{}", "麻烦{}", "{}吧", "帮我{}", "能不能帮我{}", "{}，谢谢"]


@pytest.mark.parametrize("talk", TALK)
def test_an_order_that_is_only_talked_of_writes_nothing(read: Any, talk: str) -> None:
    written = {}
    for role, _intent, order in ORDERS:
        meaning = read(talk.format(order), role=role)
        if {meaning.intent, *(part.intent for part in meaning.parts)} & GATED:
            written[order] = meaning.rule
    assert not written


@pytest.mark.parametrize(("role", "intent", "order"), ORDERS)
def test_the_same_order_given_plainly_is_one(read: Any, role: str, intent: str, order: str) -> None:
    in_words_of_its_own = intent == "journey.join" or " " in order
    polite = POLITE[:1] if in_words_of_its_own else POLITE
    assert {read(each.format(order), role=role).intent for each in polite} == {intent}
