"""Members, departments, menu, agent and media of the fake WeCom (path/90196, 90200, 90208, 90231, 90253)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.corp import Corp, Department, Directory
from bot.sandbox.errors import ApiError
from bot.sandbox.qyapi import Answer, Call, Upload

Menu = list[dict[str, Any]]
OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
MEDIA_LIFE = timedelta(days=3)
MB = 1024 * 1024
MEDIA_SIZE = {"image": 10 * MB, "voice": 2 * MB, "video": 10 * MB, "file": 20 * MB}
BUTTON_TYPES = {
    "click", "view", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
    "location_select", "view_miniprogram",
}


class DirectoryApi:
    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def user_get(self, call: Call) -> Answer:
        member = self._directory.find(call.need("userid", 41009))
        if member is None:
            raise ApiError(60111)
        return OK | self._directory.describe(member)

    def user_simplelist(self, call: Call) -> Answer:
        members = self._directory.within(self._department(call).id)
        return OK | {
            "userlist": [
                {"userid": m.userid, "name": m.name, "department": list(m.departments)} for m in members
            ]
        }

    def user_list(self, call: Call) -> Answer:
        members = self._directory.within(self._department(call).id)
        return OK | {"userlist": [self._directory.describe(m) for m in members]}

    def department_list(self, call: Call) -> Answer:
        rows = [
            {"id": d.id, "name": d.name, "name_en": "", "department_leader": [], "parentid": d.parent_id,
             "order": 100000 - d.id}
            for d in self._below(call)
        ]
        return OK | {"department": rows}

    def department_simplelist(self, call: Call) -> Answer:
        rows = [{"id": d.id, "parentid": d.parent_id, "order": 100000 - d.id} for d in self._below(call)]
        return OK | {"department_id": rows}

    def _department(self, call: Call) -> Department:
        number = call.need("department_id", 60003)
        if not number.isdigit() or int(number) not in self._directory.departments:
            raise ApiError(60003)
        return self._directory.departments[int(number)]

    def _below(self, call: Call) -> list[Department]:
        root = int(call.query.get("id") or 1)
        if root not in self._directory.departments:
            raise ApiError(60003)
        return [self._directory.departments[i] for i in sorted(self._directory.subtree(root))]


class AppApi:
    """The app itself: its menu and its card in the console. `on_menu` hears of every new menu."""

    def __init__(self, corp: Corp, directory: Directory, on_menu: Callable[[Menu], None]) -> None:
        self.menu: Menu = []
        self._corp = corp
        self._directory = directory
        self._on_menu = on_menu

    def menu_create(self, call: Call) -> Answer:
        self._agent(call)
        buttons = call.body.get("button")
        if not isinstance(buttons, list):
            raise ApiError(40016)
        check_menu(buttons)
        self._set_menu(buttons)
        return dict(OK)

    def menu_get(self, call: Call) -> Answer:
        self._agent(call)
        if not self.menu:
            raise ApiError(46003)
        return OK | {"button": self.menu}

    def menu_delete(self, call: Call) -> Answer:
        self._agent(call)
        self._set_menu([])
        return dict(OK)

    def agent_get(self, call: Call) -> Answer:
        self._agent(call)
        users = [{"userid": m.userid} for m in self._directory.members.values()]
        return OK | {
            "agentid": self._corp.agent_id, "name": "顾问助手", "square_logo_url": "",
            "description": "沙盒应用",
            "allow_userinfos": {"user": users}, "allow_partys": {"partyid": [1]}, "allow_tags": {"tagid": []},
            "close": 0, "redirect_domain": "", "report_location_flag": 0, "isreportenter": 1, "home_url": "",
        }

    def getcallbackip(self, _call: Call) -> Answer:
        return OK | {"ip_list": ["127.0.0.1"]}

    def get_api_domain_ip(self, _call: Call) -> Answer:
        return OK | {"ip_list": ["127.0.0.1"]}

    def _agent(self, call: Call) -> None:
        if call.need("agentid", 41011) != str(self._corp.agent_id):
            raise ApiError(301002)

    def _set_menu(self, buttons: Menu) -> None:
        self.menu = buttons
        self._on_menu(buttons)


def check_menu(buttons: Menu) -> None:
    """1 to 3 top buttons of 16 bytes, 1 to 5 below of 40 bytes, keys of 128 bytes (path/90231)."""
    if not 1 <= len(buttons) <= 3:
        raise ApiError(40016)
    for button in buttons:
        below = button.get("sub_button") or []
        if not 1 <= len(str(button.get("name") or "").encode()) <= 16:
            raise ApiError(40018)
        if len(below) > 5:
            raise ApiError(40023)
        for entry in below:
            if not 1 <= len(str(entry.get("name") or "").encode()) <= 40:
                raise ApiError(40025)
        for entry in below or [button]:
            _check_entry(entry)


def _check_entry(entry: dict[str, Any]) -> None:
    kind = entry.get("type")
    if kind not in BUTTON_TYPES:
        raise ApiError(40017)
    if kind == "view" and not 1 <= len(str(entry.get("url") or "").encode()) <= 1024:
        raise ApiError(40020)
    if kind not in {"view", "view_miniprogram"} and not 1 <= len(str(entry.get("key") or "").encode()) <= 128:
        raise ApiError(40019)


@dataclass(frozen=True)
class _Media:
    upload: Upload
    until: datetime


class MediaApi:
    """Temporary media: three days, shared by all apps of the corp."""

    def __init__(self) -> None:
        self._kept: dict[str, _Media] = {}

    def upload(self, call: Call) -> Answer:
        kind = call.query.get("type", "")
        if kind not in MEDIA_SIZE:
            raise ApiError(40004)
        if call.upload is None:
            raise ApiError(44001)
        if not 5 < len(call.upload.content) <= MEDIA_SIZE[kind]:
            raise ApiError(40006)
        media_id = self.keep(call.upload, call.now)
        created = str(int(call.now.timestamp()))
        return OK | {"type": kind, "media_id": media_id, "created_at": created}

    def get(self, call: Call) -> Answer:
        media_id = call.need("media_id", 41006)
        upload = self.living(media_id, call.now)
        return web.Response(
            body=upload.content, content_type=upload.content_type or "application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{media_id}"'},
        )

    def find(self, media_id: str) -> Upload | None:
        """What was uploaded under an id, for showing it; None for an unknown one."""
        media = self._kept.get(media_id)
        return media.upload if media else None

    def keep(self, upload: Upload, now: datetime) -> str:
        media_id = "3" + secrets.token_urlsafe(40)
        self._kept[media_id] = _Media(upload, now + MEDIA_LIFE)
        return media_id

    def living(self, media_id: str, now: datetime) -> Upload:
        """What was uploaded under an id. Raises 40007 for one that is unknown or older than three days."""
        media = self._kept.get(media_id)
        if media is None or now >= media.until:
            raise ApiError(40007)
        return media.upload
