"""May I send this? One question for every message to a client, whatever its route, answered in words.

Asked when a text is drafted and again in the moment it would go. `CHECKS` are the grounds; each looks at one thing
and yields the reasons it finds. What was answered is kept (`verdicts`) and stands on the audit trail.

    refused     it may not go, and nothing the adviser says now changes that
    held        it may go later (`until`), or after the adviser has decided (a `Reason` of kind ask)
    allowed"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from config.pack import MissingVariable, Template
from reminders import bans
from reminders.gate_checks import CHECKS, consent, no_limit, no_open_matter
from reminders.gate_reasons import Asked, Reason
from storage.database import UnitOfWork
from storage.model.care import Contact
from storage.repositories.verdicts import VerdictRepository

__all__ = ["Asked", "Reason", "Verdict", "may_send", "may_welcome"]

WELCOME = "welcome"  # the occasion
Outcome = Literal["allowed", "held", "refused"]
Stage = Literal["draft", "send"]
Check = Callable[[UnitOfWork, Asked, ZoneInfo], Iterator[Reason]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of one message, with all reasons against it, the gravest first."""

    name: str
    reasons: tuple[Reason, ...]

    @property
    def outcome(self) -> Outcome:
        if any(reason.kind == "refuse" for reason in self.reasons):
            return "refused"
        return "held" if self.reasons else "allowed"

    @property
    def allowed(self) -> bool:
        return not self.reasons

    @property
    def refused(self) -> bool:
        return self.outcome == "refused"

    @property
    def until(self) -> datetime | None:
        """When it may go, if waiting is all that is needed."""
        waits = [reason.until for reason in self.reasons if reason.kind == "wait" and reason.until]
        return max(waits) if len(waits) == len(self.reasons) and waits else None

    @property
    def questions(self) -> tuple[Reason, ...]:
        """What the adviser must decide before it may go."""
        return tuple(reason for reason in self.reasons if reason.kind == "ask")

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(reason.code for reason in self.reasons)

    @property
    def words(self) -> str:
        """Why not, and what the adviser can do, a sentence a line."""
        return "\n".join(dict.fromkeys(f"{reason.words}{reason.advice}" for reason in self.reasons))


_GRAVITY = {"refuse": 0, "ask": 1, "wait": 2}


def may_send(uow: UnitOfWork, asked: Asked, zone: ZoneInfo, *, stage: Stage, keep: bool = True) -> Verdict:
    """Whether the message may go to the client now. Without `keep` it was only a look: nothing is written down."""
    found = [reason for check in CHECKS for reason in check(uow, asked, zone)]
    open_ones = [r for r in found if not (r.kind == "ask" and r.code in asked.overrides)]
    verdict = Verdict(asked.client.name, tuple(sorted(open_ones, key=lambda r: _GRAVITY[r.kind])))
    if keep:
        VerdictRepository(uow).keep(
            asked.client, stage=stage, outcome=verdict.outcome, codes=verdict.codes, until=verdict.until,
            purpose=asked.purpose, occasion=asked.occasion, template=asked.template,
            template_version=asked.template_version, message_id=asked.message_id,
        )
    return verdict


_ABOUT_THE_PERSON: tuple[Check, ...] = (no_limit, consent, no_open_matter)


def against_it_now(uow: UnitOfWork, asked: Asked, zone: ZoneInfo) -> str:
    """The code of what has come to speak against a text that already waits in WeCom for its adviser; "" when nothing
    has. Only what is true of the person counts: how often and when was asked before it went there."""
    found = (reason for check in _ABOUT_THE_PERSON for reason in check(uow, asked, zone))
    return next((r.code for r in found if not (r.kind == "ask" and r.code in asked.overrides)), "")


def may_welcome(
    uow: UnitOfWork, contact: Contact, template: Template | None, values: Mapping[str, str]
) -> tuple[str, Verdict]:
    """The welcome words, "" when none may go, and the verdict. The customer has just asked for the contact, so it is no
    question of consent or hour; and nobody knows yet who it is. The text must be approved, complete and clean."""
    text, reason = _welcome_words(template, values)
    verdict = Verdict(contact.nickname or "", (reason,) if reason else ())
    VerdictRepository(uow).keep(
        contact, stage="send", outcome=verdict.outcome, codes=verdict.codes, until=None,
        purpose=uow.packs.occasion(WELCOME).purpose, occasion=WELCOME, template=template.id if template else "",
        template_version=template.version if template else "",
    )
    return text, verdict


def _welcome_words(template: Template | None, values: Mapping[str, str]) -> tuple[str, Reason | None]:
    if template is None or template.state != "approved":
        return "", Reason("template", "refuse", "没有审定的欢迎语模板。")
    try:
        text = template.render(values)
    except MissingVariable:
        return "", Reason("missing_variable", "refuse", "欢迎语模板用了客户资料里才有的变量。")
    if bans.check(text).blocked:
        return "", Reason("wording", "refuse", "欢迎语模板有不能对客户说的内容。")
    return text, None
