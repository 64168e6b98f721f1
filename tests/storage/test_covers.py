"""What a cover sees: a colleague's own clients, for his days, to the instant; and who may not cover for whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from storage import audit
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.errors import Invalid, NotAllowed, NotFound
from storage.model.people import Actor
from tests.builders import Cast, a_user
from tests.conftest import MONDAY_NINE
from tests.storage.test_scope import NOWHERE, Ids, answer, answers, book, says_nothing  # noqa: F401  (a fixture)

START, DAY = MONDAY_NINE, timedelta(days=1)
# What is counted, ranked or done for many at once is the reader's own.
OWN_ALONE = {"ids_matching", "tickets_opened_between", "tiers_by_hand", "tiers_count_by_hand"}


@pytest.fixture
def zhoumin(database: Database, clock: MovableClock, cast: Cast) -> str:
    with database.system(clock.now()) as uow:
        return a_user(uow, "zhoumin", name="周敏", manager_id="wangke").id


def actor(database: Database, clock: MovableClock, user_id: str) -> Actor:
    """As the product makes one at each message."""
    with database.system(clock.now()) as uow:
        return Actor.of(uow.users.get(user_id))


def stand_in(database: Database, clock: MovableClock, cast: Cast, who: str = "zhoumin") -> None:
    """For 李顾问, from now for a day."""
    with database.system(clock.now()) as uow:
        uow.covers.add(cast.lixiang, uow.users.get(who), clock.now(), clock.now() + DAY)


def test_a_cover_sees_what_the_adviser_sees_and_before_and_after_nothing(
    database: Database, clock: MovableClock, cast: Cast, book: Ids, zhoumin: str  # noqa: F811
) -> None:
    hers, nothing = answers(database, clock, cast.li, book), answers(database, clock, cast.chen, NOWHERE)
    stand_in(database, clock, cast)
    cover = actor(database, clock, zhoumin)
    seen = answers(database, clock, cover, book)
    own = {read for read in hers if read.startswith("figures_") or read in OWN_ALONE}
    assert {read: text for read, text in seen.items() if read not in own} == {
        read: text for read, text in hers.items() if read not in own
    }
    assert [read for read in own if not says_nothing(seen[read])] == []
    assert says_nothing(answer(database, clock, cast.chen, "get", book))
    for moment in (timedelta(seconds=-1), DAY):
        clock.move_to(START + moment)
        assert answers(database, clock, cover, book) == nothing


def test_a_cover_of_somebody_else_opens_nothing(
    database: Database, clock: MovableClock, cast: Cast, book: Ids, zhoumin: str  # noqa: F811
) -> None:
    with database.system(clock.now()) as uow:
        other = a_user(uow, "qian", name="钱进", manager_id="wangke")
        uow.covers.add(other, uow.users.get(zhoumin), clock.now(), clock.now() + DAY)
    assert answers(database, clock, actor(database, clock, zhoumin), book) == answers(database, clock, cast.chen, NOWHERE)


def test_an_end_counts_at_once_and_its_undo_too(
    database: Database, clock: MovableClock, cast: Cast, book: Ids, zhoumin: str  # noqa: F811
) -> None:
    stand_in(database, clock, cast)
    clock.advance(timedelta(hours=2))
    with database.transaction(cast.li, clock.now()) as uow:
        uow.covers.end(uow.covers.of("lixiang")[0])
        uow.conversations.remember_undo("结束请假")
    with database.transaction(actor(database, clock, zhoumin), clock.now()) as uow, pytest.raises(NotFound):
        uow.clients.get(book.client)
    with database.transaction(cast.li, clock.now()) as uow:
        uow.conversations.undo_last()
    with database.transaction(actor(database, clock, zhoumin), clock.now()) as uow:
        assert uow.clients.get(book.client).name == "王芳"


def test_a_cover_gives_no_client_away(
    database: Database, clock: MovableClock, cast: Cast, book: Ids  # noqa: F811
) -> None:
    with database.system(clock.now()) as uow:  # 周宁, a manager of another team
        uow.covers.add(cast.lixiang, cast.zhouning, clock.now(), clock.now() + DAY)
    with database.transaction(actor(database, clock, "zhouning"), clock.now()) as uow:
        client = uow.clients.get(book.client)
        with pytest.raises(NotAllowed):
            uow.clients.hand_over(client, "chenmo")


def test_the_trail_names_whose_clients_a_cover_saw(
    database: Database, clock: MovableClock, cast: Cast, book: Ids, zhoumin: str  # noqa: F811
) -> None:
    stand_in(database, clock, cast)
    with database.transaction(actor(database, clock, zhoumin), clock.now()) as uow:
        uow.clients.get(book.client)
        uow.reminders.open_until(zhoumin, clock.now())
    with database.transaction(actor(database, clock, zhoumin), clock.now()) as uow:
        uow.audit.record("look", "user", zhoumin)
    with database.system(clock.now()) as uow:
        # An entry names the client that the list showed, so the look at the record is no entry of its own.
        told = {entry.action: entry.detail.get("covering") for entry in audit.entries_by(uow.conn, zhoumin, 9)}
        assert audit.verify(uow.conn, uow.vault) is None
    assert told == {"list": ["lixiang"], "look": None}


@pytest.mark.parametrize("careful", [False, True])
def test_several_units_under_one_commit_keep_it_too(
    database: Database, clock: MovableClock, cast: Cast, book: Ids, zhoumin: str, careful: bool  # noqa: F811
) -> None:
    stand_in(database, clock, cast)
    cover = actor(database, clock, zhoumin)
    with database.together(careful=careful):
        for who in (cover, cast.li):
            with database.transaction(who, clock.now()) as uow:
                uow.clients.get(book.client)
    with database.system(clock.now()) as uow:
        (hers,), (his,) = (
            [e.detail for e in audit.entries_by(uow.conn, who, 9) if e.action == "read" and e.detail["section"] == "record"]
            for who in ("lixiang", zhoumin)
        )
    assert (hers.get("covering"), his.get("covering")) == (None, ["lixiang"])


def test_two_managers_who_arrange_at_once_make_one_cover(
    database: Database, clock: MovableClock, cast: Cast, zhoumin: str
) -> None:
    def arrange(_: int) -> str:
        try:
            stand_in(database, clock, cast)
        except Invalid as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(2 if database.is_postgres else 1) as both:
        said = sorted(both.map(arrange, range(2)))
    assert said[0] == ""
    assert "已经安排了代班" in said[1]
    with database.system(clock.now()) as uow:
        assert len(uow.covers.of("lixiang")) == 1


def test_the_days_of_two_covers_may_touch(database: Database, clock: MovableClock, cast: Cast, zhoumin: str) -> None:
    now = clock.now()
    with database.system(now) as uow:
        zhou = uow.users.get(zhoumin)
        uow.covers.add(cast.lixiang, zhou, now, now + DAY)
        uow.covers.add(cast.lixiang, cast.wangke, now + DAY, now + 2 * DAY)
        uow.covers.add(zhou, cast.lixiang, now + 2 * DAY, now + 3 * DAY)
        for away, cover, day in ((cast.lixiang, zhou, 0), (zhou, cast.wangke, 0), (cast.wangke, cast.lixiang, 1)):
            with pytest.raises(Invalid):
                uow.covers.add(away, cover, now + day * DAY, now + (day + 1) * DAY)
        assert uow.covers.stand_ins(now) == {"lixiang": "zhoumin"}
        assert uow.covers.stand_ins(now + 2 * DAY) == {"zhoumin": "lixiang"}
