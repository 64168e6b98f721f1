"""WeCom's side of 微信客服 for tests: the fake's own functions, behind a line that may lose answers or end the process."""

from __future__ import annotations

import random
from typing import Any

from bot.sandbox.errors import ApiError
from bot.sandbox.faults import Faults
from bot.sandbox.kf_api import KfApi
from bot.sandbox.qyapi import Call
from bot.wecom.errors import ApiBlocked, CallFailed, Unreachable
from storage.model.clock import MovableClock
from tests.reminders.clients_wecom import ProcessEnded

ACCOUNT = "wk_firm"


class KfWeCom:
    """The firm's customer service account. `phones` is what each customer was answered; `down` for a WeCom that is
    away, `lost` for that many answers that are lost after the work, `lost_of` for paths whose next answer is, `ends` for
    processes that end then."""

    def __init__(self, clock: MovableClock, chaos: random.Random | None = None) -> None:
        self.clock, self.chaos = clock, chaos
        self.faults = Faults()
        self.phones: dict[str, list[str]] = {}
        self.api = KfApi(self.faults, self._arrived)
        self.api.open_account(ACCOUNT, "青禾客服")
        self.down, self.lost, self.ends = False, 0, 0
        self.lost_of: set[str] = set()
        self.calls: list[dict[str, Any]] = []

    def _arrived(self, account: str, external: str, text: str) -> None:
        self.phones.setdefault(external, []).append(text)

    def says(self, external: str, text: str, kind: str = "text") -> str:
        """A customer writes; the bell's token."""
        return self.api.customer_says(ACCOUNT, external, self.clock.now(), text=text, kind=kind)

    async def call(self, method: str, path: str, *, json: dict[str, Any]) -> dict[str, Any]:
        """As `WeComClient.call`: the answer, or its exceptions."""
        self.calls.append({"path": path, **json})
        if self.down:
            raise Unreachable(path, "timeout")
        if self.chaos is not None:
            self._trouble(path, self.chaos)
        answer = self._answer(path, Call(path, {}, self.clock.now(), body=json))
        if path in self.lost_of:
            self.lost_of.remove(path)
            raise Unreachable(path, "timeout")  # done, and nobody heard
        if self.lost or (self.chaos is not None and self.chaos.random() < 0.12):
            self.lost = max(0, self.lost - 1)
            raise Unreachable(path, "timeout")  # done, and nobody heard
        if self.ends or (self.chaos is not None and self.chaos.random() < 0.06):
            self.ends = max(0, self.ends - 1)
            raise ProcessEnded
        return answer

    def _trouble(self, path: str, chaos: random.Random) -> None:
        luck = chaos.random()
        if luck < 0.08:
            raise Unreachable(path, "timeout")  # it never arrived
        if luck < 0.11:
            raise CallFailed(path, -1)
        if luck < 0.14:
            raise ApiBlocked(path, 45009, 60.0)
        if luck < 0.18:
            raise ProcessEnded

    def _answer(self, path: str, made: Call) -> dict[str, Any]:
        works = {
            "kf/sync_msg": self.api.sync_msg, "kf/send_msg": self.api.send_msg,
            "kf/send_msg_on_event": self.api.send_msg_on_event, "kf/service_state/get": self.api.service_state_get,
            "kf/service_state/trans": self.api.service_state_trans,
        }
        try:
            answer = works[path](made)
        except ApiError as error:
            raise CallFailed(path, error.errcode) from None
        assert isinstance(answer, dict)
        return answer
