"""Somebody whom nobody knows wrote to 微信客服 and may become a client: who serves strangers is asked, once a day."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from reminders.outgoing import Post
from reminders.quiet import Quiet
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.ids import new_token
from storage.model.kf import Talk
from storage.model.messages import Button, Card
from storage.model.people import User
from storage.model.work import REPLY

MAKE_LEAD = "kf.lead"


def ask_for_lead(uow: UnitOfWork, post: Post, user: User, talk: Talk, zone: ZoneInfo) -> None:
    """Ask a member whether the one of this talk is to become a lead; nothing is written before he taps."""
    key = f"kf:lead:{talk.id}:{local_date(uow.now, zone)}:{user.id}"
    post.put(
        uow, user.id, _card(uow, user, talk), key=key, priority=REPLY,
        not_before=Quiet.of(user).over_at(uow.now, zone),
    )


def _card(uow: UnitOfWork, user: User, talk: Talk) -> Card:
    task_id = f"kf-lead-{new_token()}"
    key = uow.cards.bind(task_id, user.id, MAKE_LEAD, talk=talk.id)
    return Card(
        "button_interaction", title="微信客服的新朋友，建为潜在客户？", desc="刚才留言的人还没有客户资料",
        task_id=task_id,
        sub_title="建好按客户分配规则请一位顾问接受，他看得到留言、能回复。已是客户的不用点，请他加顾问为好友再绑定微信。",
        buttons=[Button("建为潜在客户", key)],
    )
