"""What the commands share: settings, the open database, and mistakes in plain words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

import typer

from config.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from storage.database import Database

YEARS = range(2000, 2100)  # beyond, calendars and clocks have nothing to say


def fail(message: str, code: int = 1) -> NoReturn:
    """Say what is wrong on standard error and end with a failing status."""
    typer.secho(message, fg="red", err=True)
    raise typer.Exit(code)


def settings(**overrides: object) -> Settings:
    """The settings, or an end with every bad variable named."""
    from bot.logs import configure

    try:
        found = load_settings(**overrides)
    except SettingsError as error:
        fail(str(error), 2)
    configure(found.log_level)
    return found


@contextmanager
def database(found: Settings) -> Iterator[Database]:
    """The database of the settings, migrated; ends with a sentence when keys or packs are bad."""
    from config.pack import PackError, PackStore
    from storage.conditions.checking import check_conditions
    from storage.database import Database
    from storage.migrate import current, head
    from storage.vault import Keys, KeysMissing, Vault

    try:
        vault = Vault(Keys.load(found.keys))
        packs = PackStore(found.packs, check_conditions)
    except (KeysMissing, PackError) as error:
        fail(str(error), 2)
    if current(found.database) != head():
        fail("数据库还没有升级到当前版本，请先运行 python -m bot migrate。", 2)
    opened = Database(found.database, vault, packs)
    try:
        yield opened
    finally:
        opened.close()


def instant(text: str | None, found: Settings) -> datetime:
    """An ISO time on the firm's wall clock, or now."""
    if text is None:
        from storage.model.clock import SystemClock

        return SystemClock().now()
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        fail(f"时间「{text}」看不懂，请写成 2026-03-01 或 2026-03-01T09:00。", 2)
    if said.year not in YEARS:
        fail(f"时间「{text}」超出范围，请写 {YEARS[0]} 年到 {YEARS[-1]} 年之间的时间。", 2)
    return said if said.tzinfo else said.replace(tzinfo=found.zone)


def out(text: str) -> None:
    """One line of result on standard output."""
    sys.stdout.write(text + "\n")
