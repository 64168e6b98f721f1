"""Calls to WeCom's server API over aiohttp: token, one retry, limits, and errors as exceptions."""

from __future__ import annotations

import asyncio
import json as jsonlib
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import structlog

from bot.wecom.customers import NO_CUSTOMERS, Customer, Followed, customer, followed
from bot.wecom.errors import ApiBlocked, CallFailed, Do, Misconfigured, Unreachable, rule_for
from bot.wecom.http import download, exchange, with_token
from bot.wecom.media import MediaKind, Upload
from bot.wecom.members import Department, Member, department, member
from bot.wecom.pacing import ApiBlocks, Gate
from bot.wecom.token import LONGEST_PAUSE, TokenKeeper, TokenStore
from config.settings import Settings
from storage.model.clock import Clock

log = structlog.get_logger(__name__)

TIMEOUT = 10.0
UPLOAD_TIMEOUT = 30.0  # below the time that delivery gives a message, so that its failure is seen
READ_TRIES = 3
_SECRET_OR_CORP = (40001, 40013)

Observe = Callable[[str, int | None, float], None]


@dataclass(frozen=True, slots=True)
class CorpApp:
    """The app that speaks: where the API lives, and as whom. The secret does not show when printed."""

    api: str
    corp_id: str
    agent_id: int
    secret: str = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> CorpApp:
        secret = settings.agent_secret.get_secret_value()
        return cls(settings.wecom_api, settings.corp_id, settings.agent_id, secret)

    def url(self, path: str) -> str:
        return f"{self.api.rstrip('/')}/cgi-bin/{path}"


def token_keeper(
    session: aiohttp.ClientSession, app: CorpApp, store: TokenStore, clock: Clock
) -> TokenKeeper:
    """The keeper of this app's token, asking `gettoken`."""

    url = app.url("gettoken")

    async def fetch() -> tuple[str, int]:
        params = {"corpid": app.corp_id, "corpsecret": app.secret}
        answer = await exchange(session, "GET", url, "gettoken", params=params, timeout=TIMEOUT)
        errcode, detail = answer["errcode"], str(answer.get("errmsg", ""))
        if rule_for(errcode).do is Do.RATE:
            # Here 45009 is the ban that follows repeated wrong secrets, and it lasts an hour.
            raise Misconfigured("gettoken", errcode, detail, LONGEST_PAUSE)
        if errcode != 0:
            raise _failure("gettoken", errcode, detail)
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(seconds, int) or seconds <= 0:
            raise Unreachable("gettoken", "no_token")
        return token, seconds

    return TokenKeeper(f"{app.corp_id}:{app.agent_id}", fetch, store, clock)


class WeComClient:
    """The API as methods. All raise the exceptions of `bot.wecom.errors`, and only those.

    observe(api, errcode or None when there was no answer, seconds) is told about every exchange, for metrics.
    back_off: the first pause in seconds between the tries of a reading call."""

    def __init__(
        self, session: aiohttp.ClientSession, app: CorpApp, tokens: TokenKeeper, clock: Clock,
        *, observe: Observe | None = None, back_off: float = 0.5, at_a_time: int = 32,
    ) -> None:  # fmt: skip
        self.app = app
        self._session = session
        self._tokens = tokens
        self._clock = clock
        self._observe = observe
        self._back_off = back_off
        self._blocks = ApiBlocks()
        self._gate = Gate(at_a_time)

    async def call(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        body: bytes | None = None,
        params: Mapping[str, str] | None = None,
        form: Callable[[], aiohttp.FormData] | None = None,
        timeout: float = TIMEOUT,  # noqa: ASYNC109 - the limit of one exchange, given to aiohttp
    ) -> dict[str, Any]:
        """WeCom's answer, errcode 0. `path` is what follows /cgi-bin/, e.g. "externalcontact/get".

        The body is `json`, or `body` as it is, or what `form` builds. A token that WeCom no longer knows is
        replaced and the call repeated once. Raises CallFailed, Misconfigured, ApiBlocked or Unreachable."""
        self._raise_if_blocked(path)
        if json is not None:
            body = jsonlib.dumps(json, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        for attempt in (1, 2):
            token = await self._tokens.get()
            data = form() if form is not None else body
            answer = await self._exchange(method, path, token, params or {}, data, timeout)
            if attempt == 2 or rule_for(answer["errcode"]).do is not Do.TOKEN:
                break
            await self._tokens.drop(token)
        return self._settled(path, answer)

    async def read(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """A GET that changes nothing: tried up to three times when WeCom is busy or does not answer."""
        for attempt in range(1, READ_TRIES + 1):
            try:
                return await self.call("GET", path, params=params)
            except (CallFailed, Unreachable) as error:
                if attempt == READ_TRIES or not _is_passing(error):
                    raise
            await asyncio.sleep(self._back_off * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))
        raise AssertionError("the last try returns or raises")

    # ------------------------------------------------------------ messages

    async def send_message(self, body: bytes) -> dict[str, Any]:
        """message/send with the bytes as they are: the duplicate check compares them."""
        return await self.call("POST", "message/send", body=body)

    async def update_card(self, body: bytes) -> dict[str, Any]:
        return await self.call("POST", "message/update_template_card", body=body)

    async def send_welcome(self, body: bytes) -> dict[str, Any]:
        """externalcontact/send_welcome_msg, once within 20 seconds; 41051 when it was done, 41050 when late."""
        return await self.call("POST", "externalcontact/send_welcome_msg", body=body)

    async def recall(self, msgid: str) -> None:
        """Take a message back within 24 hours; CallFailed 42052 after."""
        await self.call("POST", "message/recall", json={"msgid": msgid})

    async def upload_media(self, kind: MediaKind, filename: str, content: bytes) -> str:
        """A media id that lives for three days. Raises BadMedia for what WeCom would refuse."""
        upload = Upload(kind, filename, content)
        answer = await self.call(
            "POST", "media/upload", params={"type": kind}, form=upload.form, timeout=UPLOAD_TIMEOUT
        )
        return str(answer.get("media_id") or "")

    async def download_media(self, media_id: str, largest: int) -> bytes | None:
        """media/get: a file that was sent within three days; None when it has more than `largest` bytes. Raises
        CallFailed 40007 for one that is gone."""
        path = "media/get"
        self._raise_if_blocked(path)
        answer: dict[str, Any] = {}
        for attempt in (1, 2):
            token = await self._tokens.get()
            params = {"access_token": token, "media_id": media_id}
            got = await download(
                self._session, self.app.url(path), path, params=params, largest=largest, timeout=UPLOAD_TIMEOUT
            )
            if not isinstance(got, dict):
                return got
            answer = got
            if attempt == 2 or rule_for(answer["errcode"]).do is not Do.TOKEN:
                break
            await self._tokens.drop(token)
        self._settled(path, answer)
        raise Unreachable(path, "no_file")

    # ------------------------------------------------------------ the app

    async def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Replace the app's menu: {"button": [...]}, 1 to 3 entries with up to 5 below each."""
        await self.call("POST", "menu/create", params={"agentid": str(self.app.agent_id)}, json=dict(menu))

    async def get_menu(self) -> dict[str, Any]:
        """The app's menu; CallFailed 46003 when there is none."""
        return await self.read("menu/get", {"agentid": str(self.app.agent_id)})

    async def get_agent(self) -> dict[str, Any]:
        """agent/get: name, visible range (allow_userinfos, allow_partys, allow_tags), close."""
        return await self.read("agent/get", {"agentid": str(self.app.agent_id)})

    async def get_callback_ips(self) -> list[str]:
        """Where callbacks come from; entries may hold "*"."""
        answer = await self.read("getcallbackip")
        return [str(ip) for ip in answer.get("ip_list") or []]

    # ------------------------------------------------------------ members

    async def get_user(self, userid: str) -> Member:
        """One member; CallFailed 60111 when there is none in the app's range."""
        return member(await self.read("user/get", {"userid": userid}))

    async def list_users(self, department_id: int = 1) -> list[Member]:
        """The members of one department, not of those below it."""
        answer = await self.read("user/simplelist", {"department_id": str(department_id)})
        return [member(one) for one in answer.get("userlist") or [] if isinstance(one, Mapping)]

    async def list_departments(self) -> list[Department]:
        answer = await self.read("department/list")
        return [department(one) for one in answer.get("department") or [] if isinstance(one, Mapping)]

    async def get_tag(self, tag_id: int) -> tuple[set[str], set[int]]:
        """The userids and the department ids under a tag of the address book."""
        answer = await self.read("tag/get", {"tagid": str(tag_id)})
        users = {member(one).userid for one in answer.get("userlist") or [] if isinstance(one, Mapping)}
        return users, {one for one in answer.get("partylist") or [] if isinstance(one, int)}

    # ------------------------------------------------------------ customers

    async def get_customer(self, external_userid: str) -> Customer:
        """A customer with all members he has added; CallFailed 40096 or 84061 for one nobody has."""
        return customer(await self.read("externalcontact/get", {"external_userid": external_userid}))

    async def customers_of(self, userid: str) -> list[Followed]:
        """All customers of a member as the member knows them; empty when he has none."""
        found: list[Followed] = []
        cursor = ""
        while True:
            body = {"userid_list": [userid], "cursor": cursor, "limit": 100}
            try:
                answer = await self.call("POST", "externalcontact/batch/get_by_user", json=body)
            except CallFailed as error:
                if error.errcode == NO_CUSTOMERS:
                    return found
                raise
            rows = answer.get("external_contact_list") or []
            found += [followed(row) for row in rows if isinstance(row, Mapping)]
            cursor = str(answer.get("next_cursor") or "")
            if not cursor:
                return found

    # ------------------------------------------------------------ inside

    def _raise_if_blocked(self, path: str) -> None:
        if left := self._blocks.remaining(path, self._clock.now()):
            raise ApiBlocked(path, 45009, left)

    async def _exchange(
        self, method: str, path: str, token: str, params: Mapping[str, str],
        data: bytes | aiohttp.FormData | None, seconds: float,
    ) -> dict[str, Any]:  # fmt: skip
        errcode: int | None = None
        async with self._gate:
            started = time.perf_counter()
            try:
                answer = await exchange(
                    self._session, method, with_token(self.app.url(path), token), path,
                    params=params, data=data, timeout=seconds,
                )  # fmt: skip
                errcode = answer["errcode"]
                return answer
            finally:
                if self._observe is not None:
                    self._observe(path, errcode, time.perf_counter() - started)

    def _settled(self, path: str, answer: dict[str, Any]) -> dict[str, Any]:
        errcode = answer["errcode"]
        if errcode == 0:
            self._tokens.call_succeeded()
            self._gate.widen()
            return answer
        error = _failure(path, errcode, str(answer.get("errmsg", "")))
        log.warning("wecom.refused", api=path, errcode=errcode, reason=error.rule.reason)
        if isinstance(error, Misconfigured) and errcode in _SECRET_OR_CORP:
            raise self._tokens.remember(error)
        if error.rule.do is Do.RATE:
            raise ApiBlocked(path, errcode, self._blocks.block(path, self._clock.now()), error.detail)
        if error.rule.do is Do.SLOW:
            self._gate.narrow()
        raise error


def _failure(api: str, errcode: int, detail: str) -> CallFailed:
    kind = Misconfigured if rule_for(errcode).do is Do.CONFIG else CallFailed
    return kind(api, errcode, detail)


def _is_passing(error: CallFailed | Unreachable) -> bool:
    return isinstance(error, Unreachable) or error.rule.do in (Do.RETRY, Do.SLOW)
