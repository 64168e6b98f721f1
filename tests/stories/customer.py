"""A customer's side of the stories: writes to the firm's 微信客服, and reads what stands on the phone."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

from bot.sandbox.demo_customers import KF_ACCOUNT
from bot.sandbox.run import Sandbox
from tests.stories.conftest import PATIENCE, papers_are_kept


class CustomerStory:
    def __init__(self, sandbox: Sandbox, external_userid: str) -> None:
        self.sandbox, self.who = sandbox, external_userid

    async def says(self, text: str) -> str:
        """Write, and wait for the next answer of 微信客服. WeCom counts its answers by the second: nobody types faster."""
        self.sandbox.clock.advance(timedelta(seconds=1))
        before = len(self._seen("kf"))
        await self.sandbox.fake.kf_says(KF_ACCOUNT, self.who, text)
        return await self._next("kf", before)

    async def sends_a_photo(self) -> str:
        """Send one, and wait for the answer and until a ticket that it is for has it."""
        before = len(self._seen("kf"))
        await self.sandbox.fake.kf_says(KF_ACCOUNT, self.who, kind="image")
        answer = await self._next("kf", before)
        await papers_are_kept(self.sandbox)
        return answer

    async def enters(self) -> str:
        """Open the talk, and wait for the welcome."""
        before = len(self._seen("kf"))
        await self.sandbox.fake.kf_enters(KF_ACCOUNT, self.who)
        return await self._next("kf", before)

    async def proves(self) -> str:
        """Ask for a code and send the one that comes as a text message."""
        before = len(self._seen("sms"))
        await self.says("验证码")
        code = re.search(r"验证码 (\d{6})", await self._next("sms", before))
        assert code
        return await self.says(f"验证码 {code[1]}")

    async def hears(self, words: str) -> str:
        """Wait for words of the firm that are no answer."""
        for _ in range(int(PATIENCE * 100)):
            if found := [text for text in self._seen("kf") if words in text]:
                return found[-1]
            await asyncio.sleep(0.01)
        raise AssertionError(f"{words} never came to {self.who}; the last was {self._seen('kf')[-1:]}")

    def texts(self, by: str) -> list[str]:
        return self._seen(by)

    def _seen(self, by: str) -> list[str]:
        return [seen.text for seen in self.sandbox.fake.customer_saw(self.who) if seen.by == by]

    async def _next(self, by: str, before: int) -> str:
        for _ in range(int(PATIENCE * 100)):
            if len(found := self._seen(by)) > before:
                return found[-1]
            await asyncio.sleep(0.01)
        raise AssertionError(f"nothing came to {self.who}; the last was {self._seen(by)[-1:]}")
