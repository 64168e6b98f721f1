"""Those who send in the contest of delivery: the product's own way out, and a loop that posts and remembers nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import structlog

from bench.children import end_with_parent, ready
from bench.load import HOST
from bench.messages import CORP
from bot.service import spare_collector
from bot.wecom.client import CorpApp, WeComClient, token_keeper
from bot.wecom.sender import WeComSender
from bot.wecom.token import MemoryTokenStore
from config.settings import Settings
from reminders.delivery import Delivery
from reminders.sending import build_body
from storage.model.clock import SystemClock
from storage.model.messages import Text, requests_for

AT_A_TIME = 40  # as many as the product has under way: two lanes of a batch


def deliver(*, url: str, keys: str, wecom_port: int) -> None:
    """Send whatever the outbox has, as `bot.app` composes it and `bot.service` runs it."""
    from bench.product import open_database

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    database, clock = open_database(url, Path(keys)), SystemClock()
    corp = CorpApp(f"http://{HOST}:{wecom_port}", CORP.corp_id, CORP.agent_id, CORP.secret)

    spare_collector()

    async def run(session: aiohttp.ClientSession) -> None:
        client = WeComClient(session, corp, token_keeper(session, corp, MemoryTokenStore(), clock), clock)
        await Delivery(database, WeComSender(client, clock), clock, Settings().zone).run()

    _serve(run)


def post(*, count: int, wecom_port: int) -> None:
    """Post so many texts, as many at a time as the product does."""
    from bench.delivery import messages

    bodies = [
        build_body("send", requests_for(Text(text))[0][1], member, CORP.agent_id, n)
        for n, (member, _, text) in enumerate(sorted(messages(count), key=lambda message: message[1]))
    ]
    url = f"http://{HOST}:{wecom_port}/cgi-bin/message/send"

    async def run(session: aiohttp.ClientSession) -> None:
        left = iter(bodies)

        async def lane() -> None:
            for body in left:
                async with session.post(url, params={"access_token": "t"}, data=body) as answer:
                    await answer.json()

        await asyncio.gather(*(lane() for _ in range(AT_A_TIME)))
        await asyncio.Event().wait()

    _serve(run)


def _serve(run: Callable[[aiohttp.ClientSession], Awaitable[None]]) -> None:
    async def main() -> None:
        async with aiohttp.ClientSession() as session:
            ready(0)
            await run(session)

    end_with_parent()
    asyncio.run(main())
