"""May this be sent to the client? Every ground by itself, in words, and kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from reminders.gate import Asked, Verdict, may_send, may_welcome
from reminders.gate_checks import OPEN_MATTERS, OpenMatter
from reminders.ledger import enter
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.people import Client
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.contacts import ContactRepository
from storage.repositories.verdicts import VerdictRepository
from tests.builders import Cast, a_client, a_contract
from tests.reminders.firm import ZONE

GREETING = "祝您生日快乐"


class House:
    """李顾问 at her desk with 王芳, who agreed to care messages and product news."""

    def __init__(self, database: Database, clock: MovableClock, cast: Cast) -> None:
        self.database, self.clock, self.cast = database, clock, cast
        with self.system() as uow:
            self.fang = self.client(uow, "王芳")

    def system(self) -> Any:
        return self.database.system(self.clock.now())

    @staticmethod
    def client(uow: UnitOfWork, name: str, **values: Any) -> Client:
        client = a_client(uow, name, **values)
        for purpose in ("care", "marketing"):
            uow.consents.record(client, purpose, True, channel="test")
        return client

    def asks(self, text: str = GREETING, occasion: str = "birthday", *, client: Client | None = None, route: str = "hand",
             stage: str = "draft", **about: Any) -> Verdict:
        with self.database.transaction(self.cast.li, self.clock.now()) as uow:
            found = uow.clients.get((client or self.fang).id)
            asked = Asked.about(uow.packs, found, occasion, text, route, **{"own": True, **about})
            return may_send(uow, asked, ZONE, stage=stage)

    def holds(self, occasion: str) -> datetime | None:
        """Confirmed now, to become a task when the gate lets it."""
        until = self.asks("您好", occasion, route="task").until
        with self.system() as uow:
            asked = Asked.about(uow.packs, uow.clients.get(self.fang.id), occasion, "您好", "task", own=True)
            at = until or uow.now
            enter(uow, asked, ZONE, state="queued", sender_id="lixiang", not_before=at, external_userid="wm1")
        return until

    def changes(self, **values: Any) -> None:
        with self.system() as uow:
            uow.clients.update(uow.clients.get(self.fang.id), **values)

    def sent(self, client: Client | None = None, occasion: str = "thanks", state: str = "delivered", route: str = "task") -> None:
        with self.system() as uow:
            found = uow.clients.get((client or self.fang).id)
            asked = Asked.about(uow.packs, found, occasion, "您好", route, own=True)
            message = enter(uow, asked, ZONE, state="queued", sender_id="lixiang", not_before=uow.now, external_userid="wm1")
            assert message is not None
            ClientMessageRepository(uow).change(message, state=state, done_at=uow.now)


@pytest.fixture
def house(database: Database, clock: MovableClock, cast: Cast) -> House:
    return House(database, clock, cast)


def test_what_nothing_speaks_against_is_allowed(house: House) -> None:
    assert house.asks().outcome == "allowed"


def test_without_a_word_from_the_client_it_is_refused_and_says_what_to_do(house: House) -> None:
    with house.system() as uow:
        new = a_client(uow, "陈静")
    verdict = house.asks(client=new)
    assert verdict.codes == ("no_consent",)
    assert "发送「陈静 同意关怀提醒」" in verdict.words
    assert house.asks("您的保单快到期了", "renewal", client=new).allowed  # a service she has


def test_a_consent_taken_back_counts_for_every_purpose(house: House) -> None:
    with house.system() as uow:
        for purpose in ("care", "service"):
            uow.consents.record(house.fang, purpose, False, channel="test")
    assert house.asks().codes == ("opted_out",)
    assert house.asks("您的保单快到期了", "renewal").codes == ("opted_out",)


@pytest.mark.parametrize(("values", "code"), [
    ({"contact_limit": "deceased"}, "deceased"), ({"loss_reason": "身故或注销"}, "deceased"), ({"contact_limit": "restricted"}, "restricted"),
])
def test_nobody_writes_to_the_dead_or_to_who_must_not_be_contacted(house: House, values: dict[str, str], code: str) -> None:
    house.changes(**values)
    assert house.asks().codes == (code,)


def test_an_open_complaint_holds_a_greeting_until_the_adviser_decides_and_stops_selling(house: House) -> None:
    house.changes(complaint_open=True)
    held = house.asks()
    assert (held.outcome, held.codes, held.until) == ("held", ("complaint",), None)
    assert house.asks(overrides=frozenset({"complaint"})).allowed
    selling = house.asks("您好", "review", own=False, template="quarterly_review")
    assert (selling.outcome, selling.codes) == ("refused", ("complaint",))


def test_whoever_knows_of_open_matters_can_add_them(house: House) -> None:
    def tickets(uow: UnitOfWork, client: Client) -> Any:
        yield OpenMatter("claim", "理赔处理中")

    OPEN_MATTERS.append(tickets)
    try:
        assert house.asks().codes == ("claim",)
    finally:
        OPEN_MATTERS.remove(tickets)


def test_forbidden_words_are_refused_with_a_lawful_wording(house: House) -> None:
    verdict = house.asks("生日快乐，这款保本保收益")
    assert verdict.codes == ("wording",)
    assert "【" in verdict.words
    assert "可改为" in verdict.words


def test_a_template_must_be_approved_and_unchanged(house: House) -> None:
    version = house.database.packs.current.template("birthday_care").version
    assert house.asks(own=False, template="birthday_care", template_version=version).allowed
    assert house.asks(own=False, template="birthday_care", template_version="older").codes == ("template_changed",)
    assert house.asks(own=False, template="nobody_knows").codes == ("template",)
    assert house.asks("方便见面聊聊吗", "review").codes == ("own_words",)


@pytest.mark.parametrize(("values", "code"), [
    ({}, "unsuitable"), ({"risk_class": "C2"}, "unsuitable"), ({"risk_class": "C4", "risk_class_expires_on": date(2025, 6, 8)}, "unsuitable"),
    ({"risk_class": "C4", "risk_class_expires_on": date(2026, 1, 1)}, ""),
])
def test_a_named_product_must_fit_the_risk_class(house: House, values: dict[str, Any], code: str) -> None:
    house.changes(**values)
    assert house.asks("您好，星锐成长您可以了解一下").codes == ((code,) if code else ())


def test_a_product_the_client_holds_may_be_named(house: House) -> None:
    with house.system() as uow:
        a_contract(uow, house.fang, "fund", product_code="SEC-EQ-01", product_name="星锐成长")
    assert house.asks("您好，您持有的星锐成长有分红").allowed


@pytest.mark.parametrize(("at", "until"), [
    ("2025-06-09T20:59", None), ("2025-06-09T21:00", "2025-06-10T08:30"), ("2025-06-10T03:00", "2025-06-10T08:30"), ("2025-06-10T08:30", None),
])
def test_in_the_evening_and_at_night_it_waits(house: House, at: str, until: str | None) -> None:
    house.clock.move_to(datetime.fromisoformat(at).replace(tzinfo=ZONE))
    verdict = house.asks()
    assert verdict.until == (datetime.fromisoformat(until).replace(tzinfo=ZONE) if until else None)
    assert verdict.outcome == ("held" if until else "allowed")


def test_the_same_occasion_is_not_repeated(house: House) -> None:
    house.sent(occasion="birthday")
    assert house.asks().codes == ("already",)
    house.clock.advance(timedelta(days=364))
    assert house.asks().allowed


def test_what_is_due_is_said_three_days_before_the_day_before_and_on_the_day(house: House) -> None:
    due = datetime.fromisoformat("2025-06-13T08:31").replace(tzinfo=ZONE)
    for days, hour in ((3, 20), (1, 20), (0, 0)):  # in the evening, and the next time in the morning
        house.clock.move_to(due - timedelta(days=days) + timedelta(hours=hour / 2))
        assert house.asks("本期应还 100 元，请留意账户余额", "repayment").allowed, days
        house.sent(occasion="repayment")
        assert house.asks("本期应还 100 元，请留意账户余额", "repayment").codes == ("already",), days


def test_what_failed_may_be_tried_again(house: House) -> None:
    house.sent(occasion="birthday", state="failed")
    assert house.asks().allowed


def test_one_greeting_reaches_a_household_not_four(house: House) -> None:
    with house.system() as uow:
        husband = house.client(uow, "赵磊")
        friend = house.client(uow, "李雷")
        uow.clients.relate(house.fang, husband, "spouse")
        uow.clients.relate(house.fang, friend, "friend")
    house.sent(occasion="festival")
    assert house.asks("节日快乐", "festival", client=husband).codes == ("household",)
    assert house.asks("节日快乐", "festival", client=friend).allowed
    assert house.asks("生日快乐", "birthday", client=husband).allowed


def test_a_household_is_everybody_whom_family_ties_hold_together(house: House) -> None:
    with house.system() as uow:
        wife, son, daughter = (house.client(uow, name) for name in ("钱敏", "赵一", "赵二"))
        uow.clients.relate(house.fang, wife, "spouse")
        for child in (son, daughter):
            uow.clients.relate(house.fang, child, "child")
    house.sent(occasion="festival", client=wife)
    for relative in (house.fang, son, daughter):
        verdict = house.asks("节日快乐", "festival", client=relative)
        assert verdict.codes == ("household",)
        assert "同一家的「钱敏」" in verdict.words


def test_over_all_occasions_three_in_seven_days_are_enough(house: House) -> None:
    for day, occasion in enumerate(("thanks", "weather", "newborn")):
        house.sent(occasion=occasion)
        house.clock.advance(timedelta(days=1 + day - day))
    verdict = house.asks("新婚快乐", "wedding")
    assert verdict.codes == ("too_often",)
    assert "6 月 16 日以后再发" in verdict.words
    house.clock.move_to(datetime(2025, 6, 16, 9, 1, tzinfo=ZONE))
    assert house.asks("新婚快乐", "wedding").allowed


def test_wecoms_one_a_day_is_waited_for_and_binds_tasks_alone(house: House) -> None:
    house.sent(occasion="thanks")
    waits = house.asks(route="task")
    assert waits.codes == ("quota",)
    assert waits.until == datetime(2025, 6, 10, 8, 30, tzinfo=ZONE)
    assert house.asks(route="hand").allowed


def test_two_texts_held_over_night_do_not_become_tasks_of_one_day(house: House) -> None:
    house.clock.move_to(datetime(2025, 6, 9, 22, 0, tzinfo=ZONE))
    first, second = house.holds("thanks"), house.holds("weather")
    assert first == datetime(2025, 6, 10, 8, 30, tzinfo=ZONE)
    assert second == datetime(2025, 6, 11, 8, 30, tzinfo=ZONE)
    house.clock.move_to(datetime(2025, 6, 10, 9, 0, tzinfo=ZONE))
    assert house.asks(route="task").until == datetime(2025, 6, 12, 8, 30, tzinfo=ZONE)


def test_a_text_that_waits_for_tomorrow_leaves_today_free(house: House) -> None:
    house.clock.move_to(datetime(2025, 6, 9, 0, 30, tzinfo=ZONE))
    with house.system() as uow:
        asked = Asked.about(uow.packs, uow.clients.get(house.fang.id), "thanks", "您好", "task", own=True)
        tomorrow = datetime(2025, 6, 10, 8, 30, tzinfo=ZONE)
        enter(uow, asked, ZONE, state="queued", sender_id="lixiang", not_before=tomorrow, external_userid="wm1")
    house.clock.move_to(datetime(2025, 6, 9, 10, 0, tzinfo=ZONE))
    assert house.asks(route="task").allowed


def test_every_verdict_is_kept_with_its_stage(house: House) -> None:
    house.asks()
    house.changes(contact_limit="restricted")
    house.asks(stage="send")
    with house.system() as uow:
        kept = VerdictRepository(uow).of_client(house.fang.id)
    assert [(v.stage, v.outcome, v.codes) for v in kept] == [
        ("send", "refused", ("restricted",)), ("draft", "allowed", ()),
    ]


@pytest.mark.parametrize(("change", "outcome", "codes"), [
    ({}, "allowed", ()), ({"state": "draft"}, "refused", ("template",)),
    ({"text": "${salutation}您好"}, "refused", ("missing_variable",)),
    ({"text": "${adviser_name}为您服务，保本保收益"}, "refused", ("wording",)),
])  # fmt: skip
def test_the_verdict_on_a_welcome_is_kept_though_nobody_knows_yet_who_it_is(
    house: House, change: dict[str, str], outcome: str, codes: tuple[str, ...]
) -> None:
    with house.system() as uow:
        contact = ContactRepository(uow).added("lixiang", "wm-new")
        template = next(iter(uow.templates.in_force().for_occasion("welcome"))).model_copy(update=change)
        text, verdict = may_welcome(uow, contact, template, {"adviser_name": "李顾问", "company_name": "青禾金融"})
        assert bool(text) == (outcome == "allowed") == verdict.allowed
        (kept,) = VerdictRepository(uow).of_contact(contact.id)
        assert (kept.stage, kept.occasion, kept.outcome, kept.codes) == ("send", "welcome", outcome, codes)
        assert VerdictRepository(uow).of_client(house.fang.id) == []


def test_a_firm_without_a_welcome_has_that_written_down(house: House) -> None:
    with house.system() as uow:
        contact = ContactRepository(uow).added("lixiang", "wm-new")
        assert may_welcome(uow, contact, None, {})[0] == ""
        assert [kept.codes for kept in VerdictRepository(uow).of_contact(contact.id)] == [("template",)]
