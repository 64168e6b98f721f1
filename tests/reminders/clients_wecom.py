"""WeCom's side of 企业群发 for tests: the fake's own functions, behind a line that may lose, delay and repeat."""

from __future__ import annotations

import random
from typing import Any

from bot.sandbox.contact_api import ContactApi
from bot.sandbox.corp import Directory, Member
from bot.sandbox.errors import ApiError
from bot.sandbox.faults import Faults
from bot.sandbox.group_send_api import GroupMessage, GroupSendApi
from bot.sandbox.qyapi import Call
from bot.wecom.errors import ApiBlocked, CallFailed, Unreachable
from storage.model.clock import MovableClock


class ProcessEnded(BaseException):
    """The process dies in the middle of a call."""


class ClientsWeCom:
    """Members with customers; what each customer's phone has shown stands in `phones`."""

    def __init__(self, clock: MovableClock, members: list[str], chaos: random.Random | None = None) -> None:
        self.clock, self.chaos = clock, chaos
        self.faults = Faults()
        self.phones: dict[str, list[str]] = {}
        directory = Directory()
        for member in members:
            directory.add(Member(member, member, (1,), "", ""))
        self.contacts = ContactApi(directory)
        self.sends = GroupSendApi(
            self.contacts.audience, self.contacts.is_friend, self.faults, lambda task: None, self._arrived
        )
        self.calls: list[str] = []

    def _arrived(self, task: GroupMessage, external: str) -> None:
        self.phones.setdefault(external, []).append(task.text)

    # ------------------------------------------------------------ what the people do

    def befriend(self, userid: str, external: str, name: str = "客户") -> None:
        self.contacts.befriend(userid, external, name, self.clock.now())

    def waiting(self) -> list[GroupMessage]:
        return [t for t in self.sends.tasks.values() if t.sent_at is None and not t.cancelled]

    def confirm_all(self) -> None:
        for task in self.waiting():
            self.sends.confirm(task.msgid, self.clock.now())

    # ------------------------------------------------------------ the line

    async def call(self, method: str, path: str, *, json: dict[str, Any]) -> dict[str, Any]:
        """As `WeComClient.call`: the answer, or its exceptions."""
        name = path.removeprefix("externalcontact/")
        self.calls.append(name)
        made = Call(path, {}, self.clock.now(), body=json)
        if self.chaos is None:
            return self._answer(name, made)
        return self._troubled(name, made, self.chaos)

    def _troubled(self, name: str, made: Call, chaos: random.Random) -> dict[str, Any]:
        trouble = chaos.random()
        if trouble < 0.08:
            raise Unreachable(name, "timeout")  # it never arrived
        if trouble < 0.11:
            raise CallFailed(name, -1)
        if trouble < 0.14:
            raise ApiBlocked(name, 45009, 60.0)
        if trouble < 0.17:
            raise ProcessEnded  # before it arrived
        if name == "add_msg_template" and trouble < 0.30:
            self.sends.late(made)
            raise Unreachable(name, "timeout")
        if name == "add_msg_template" and trouble < 0.40:
            self.faults.twice = 1
        answer = self._answer(name, made)
        if chaos.random() < 0.10:
            raise Unreachable(name, "timeout")  # done, and nobody heard
        if chaos.random() < 0.04:
            raise ProcessEnded
        return answer

    def _answer(self, name: str, made: Call) -> dict[str, Any]:
        try:
            answer = getattr(self.sends, name)(made)
        except ApiError as error:
            raise CallFailed(name, error.errcode) from None
        assert isinstance(answer, dict)
        return answer
