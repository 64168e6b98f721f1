"""What /metrics shows about the calls to WeCom."""

from __future__ import annotations

import pytest

from bot.metrics import Metrics
from bot.wecom.client import WeComClient, token_keeper
from bot.wecom.errors import CallFailed
from bot.wecom.token import MemoryTokenStore
from tests.bot.gateway.scripted import CORP


async def test_calls_are_counted_by_api_and_errcode(fake, client, session, clock):
    metrics = Metrics()
    keeper = token_keeper(session, client.app, MemoryTokenStore(), clock)
    watched = WeComClient(session, client.app, keeper, clock, observe=metrics.observe_call)
    await watched.get_user("wang")
    with pytest.raises(CallFailed):
        await watched.get_user("stranger")
    shown = metrics.text().decode()
    assert 'bot_wecom_calls_total{api="user/get",errcode="0"} 1.0' in shown
    assert 'bot_wecom_calls_total{api="user/get",errcode="60111"} 1.0' in shown
    assert "bot_wecom_seconds_count 2.0" in shown
    assert CORP.secret not in shown


def test_a_call_without_an_answer_is_counted_as_such():
    metrics = Metrics()
    metrics.observe_call("message/send", None, 10.0)
    assert 'bot_wecom_calls_total{api="message/send",errcode="none"} 1.0' in metrics.text().decode()
