"""Words about sending to clients and their WeChat, and what only sounds like them."""

from __future__ import annotations

import pytest

from tests.handlers.language.conftest import Reader


@pytest.mark.parametrize(("said", "intent"), [
    ("取消发送 王芳", "care.cancel"), ("王芳 取消发送", "care.cancel"), ("手动发送 王芳", "care.by_hand"),
    ("王芳 发送记录", "care.history"), ("王芳 能发吗", "care.may"), ("为什么不能发 王芳", "care.may"),
    ("绑定微信 王芳", "contact.link"), ("王芳 解绑微信", "contact.unlink"),
])
def test_what_is_said_of_a_client_names_the_client(read: Reader, said: str, intent: str) -> None:
    meaning = read(said)
    assert (meaning.intent, meaning.get("client")) == (intent, "王芳")


@pytest.mark.parametrize(("said", "intent", "slots"), [
    ("发送进度", "care.progress", {}), ("微信客户", "contact.list", {}),
    ("群发 沉默贵宾 模板 季度回顾", "campaign.start", {"segment": "沉默贵宾", "template": "季度回顾"}),
    ("群发 贵宾 且 30天未联系 模板 季度回顾", "campaign.start", {"segment": "贵宾 且 30天未联系", "template": "季度回顾"}),
    ("活动效果 季度回顾", "campaign.result", {"name": "季度回顾"}),
])
def test_what_is_about_many(read: Reader, said: str, intent: str, slots: dict[str, str]) -> None:
    meaning = read(said)
    assert meaning.intent == intent
    assert {name: meaning.get(name) for name in slots} == slots


@pytest.mark.parametrize("said", [
    "给我所有客户群发中秋祝福", "除夕上午十点提醒我群发拜年", "记 王芳 问能不能发一份合同给她看看", "王芳说以后别群发短信给她", "你能不能发个截图",
])
def test_what_only_sounds_like_it(read: Reader, said: str) -> None:
    assert read(said).intent.partition(".")[0] not in ("campaign", "contact")
    assert read(said).intent not in ("care.may", "care.history", "care.cancel", "care.by_hand", "care.progress")
