"""Sealed values open only where they belong; blind indexes find equals and tell nothing."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.model.errors import Corrupt
from storage.vault import Keys, KeysMissing, Vault

KEYS = Keys.fresh()
VAULT = Vault(KEYS)
SEALED = VAULT.seal("clients.secrets", 7, b"13800000000")


@given(st.binary(max_size=5000), st.text(max_size=30), st.integers() | st.text(max_size=30))
def test_what_was_sealed_opens_again(plain: bytes, place: str, row: int | str) -> None:
    assert VAULT.open(place, row, VAULT.seal(place, row, plain)) == plain


def test_the_same_value_is_never_sealed_to_the_same_bytes() -> None:
    assert len({VAULT.seal("clients.secrets", 7, b"13800000000") for _ in range(1000)}) == 1000


@pytest.mark.parametrize(("place", "row"), [
    ("clients.secrets", 8), ("clients.secrets", "07"), ("contracts.secrets", 7), ("clients.secret", "s|7"),
])  # fmt: skip
def test_a_value_moved_to_another_row_or_column_is_refused(place: str, row: int | str) -> None:
    with pytest.raises(Corrupt):
        VAULT.open(place, row, SEALED)


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=40))
def test_every_single_flipped_bit_is_refused(plain: bytes) -> None:
    sealed = VAULT.seal("clients.secrets", 7, plain)
    for bit in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Corrupt):
            VAULT.open("clients.secrets", 7, bytes(altered))


@given(st.integers(0, len(SEALED) - 1))
def test_a_value_cut_short_is_refused(length: int) -> None:
    with pytest.raises(Corrupt):
        VAULT.open("clients.secrets", 7, SEALED[:length])


def test_the_error_of_a_corrupt_value_does_not_tell_it() -> None:
    with pytest.raises(Corrupt) as error:
        VAULT.open("clients.secrets", 8, SEALED)

    assert "138" not in str(error.value)
    assert "clients.secrets" in str(error.value)


def test_another_key_does_not_open() -> None:
    with pytest.raises(Corrupt):
        Vault(Keys.fresh()).open("clients.secrets", 7, SEALED)


def test_blind_indexes_find_equal_values_only_within_one_column_and_key() -> None:
    phone = VAULT.blind("phone", "13800000000")

    assert phone == VAULT.blind("phone", "13800000000")
    assert phone != VAULT.blind("phone", "13800000001")
    assert phone != VAULT.blind("second_phone", "13800000000")
    assert phone != Vault(Keys.fresh()).blind("phone", "13800000000")


def test_a_key_file_is_read_back_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    KEYS.save(tmp_path / "made" / "keys.json")

    assert Keys.load(tmp_path / "made" / "keys.json") == KEYS
    assert stat.S_IMODE((tmp_path / "made" / "keys.json").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["keys.json"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"primary": "k001"}', "\x00", '{"primary": 1, "keys": [], "index": "", "audit": ""}']
)
def test_a_damaged_key_file_is_named_with_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)

    with pytest.raises(KeysMissing, match=r"keys\.json.*恢复"):
        Keys.load(path)


def test_a_key_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    short = Keys("k001", {"k001": b"short"}, KEYS.index, KEYS.audit)
    short.save(tmp_path / "keys.json")

    with pytest.raises(KeysMissing, match="不完整"):
        Keys.load(tmp_path / "keys.json")


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing, match="找不到密钥文件"):
        Keys.load(tmp_path / "keys.json")


def test_keys_do_not_show_when_printed() -> None:
    assert repr(KEYS) == "Keys(primary='k001')"


def test_a_vault_follows_its_key_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    KEYS.save(path)
    vault = Vault(Keys.load(path))

    KEYS.with_one_more().with_new_primary().save(path)
    vault.refresh()

    assert vault.primary == b"k002"
    assert vault.open("clients.secrets", 7, SEALED) == b"13800000000"


def test_a_value_sealed_with_a_key_that_is_newer_than_the_vault_opens(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    KEYS.save(path)
    vault = Vault(Keys.load(path))
    newer = KEYS.with_one_more().with_new_primary()
    newer.save(path)

    assert vault.open("clients.secrets", 7, Vault(newer).seal("clients.secrets", 7, b"new")) == b"new"


def test_a_key_file_that_breaks_while_the_service_runs_does_not_stop_it(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    KEYS.save(path)
    vault = Vault(Keys.load(path))

    path.write_text("damaged")
    vault.refresh()
    path.unlink()
    vault.refresh()

    assert vault.open("clients.secrets", 7, SEALED) == b"13800000000"
