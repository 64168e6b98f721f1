"""Where a field is kept: in the open bag or in the sealed one, in one at a time, whatever its level was before."""

from __future__ import annotations

import pytest

from config.pack import FieldSpec
from storage.database import Database
from storage.dictionary import Dictionary
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_policy


@pytest.fixture
def levels(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Levels of fields as another edition of the packs has them, by name."""
    levels: dict[str, int] = {}
    as_written = Dictionary.field

    def field(self: Dictionary, record: str, name: str) -> FieldSpec:
        spec = as_written(self, record, name)
        return spec.model_copy(update={"level": levels.get(name, spec.level)})

    monkeypatch.setattr(Dictionary, "field", field)
    return levels


def test_a_field_that_became_secret_leaves_nothing_in_the_open(
    database: Database, clock: MovableClock, cast: Cast, levels: dict[str, int]
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, city="杭州")
        policy = a_policy(uow, client, insurer="甲保险")
        levels.update(city=3, insurer=3)
        client = uow.clients.update(client, city="宁波")
        policy = uow.contracts.update(policy, insurer="乙保险")

        assert (client.value("city"), policy.value("insurer")) == ("宁波", "乙保险")
        assert "city" not in client.attrs
        assert "insurer" not in policy.attrs


def test_a_field_that_is_secret_no_more_shows_what_was_written_last(
    database: Database, clock: MovableClock, cast: Cast, levels: dict[str, int]
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, address="甲路 1 号")
        policy = a_policy(uow, client, number=None, plate_number="浙A11111")
        levels.update(address=2, plate_number=2)
        client = uow.clients.update(client, address="乙路 2 号")
        policy = uow.contracts.update(policy, plate_number="浙A22222")

        assert (client.value("address"), policy.value("plate_number")) == ("乙路 2 号", "浙A22222")


@pytest.mark.parametrize(("before", "after"), [(2, 3), (3, 2)])
def test_a_value_taken_away_does_not_come_back_from_the_other_bag(
    database: Database, clock: MovableClock, cast: Cast, levels: dict[str, int], before: int, after: int
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        levels.update(city=before, insurer=before)
        client = a_client(uow, city="杭州")
        policy = a_policy(uow, client, insurer="甲保险")
        levels.update(city=after, insurer=after)

        assert uow.clients.update(client, city=None).value("city") is None
        assert uow.contracts.update(policy, insurer=None).value("insurer") is None
