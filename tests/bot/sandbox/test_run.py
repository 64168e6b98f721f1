"""The sandbox as a whole, wherever on this machine it listens."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.sandbox.run import SandboxRefused, running
from config.settings import load_settings
from tests.conftest import MONDAY_NINE


def _loopbacks() -> list[str]:
    """The loopback addresses that this machine has."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return ["127.0.0.1", "localhost", "[::1]"]
    except OSError:
        return ["127.0.0.1", "localhost"]


@pytest.mark.parametrize("host", _loopbacks())
async def test_page_product_and_wecom_find_each_other_on_every_loopback_address(host: str, tmp_path: Path):
    settings = load_settings(_env_file=None, data_dir=tmp_path, listen=f"{host}:0", log_level="ERROR")
    async with running(settings, at=MONDAY_NINE) as sandbox, ClientSession() as session:
        async with session.get(sandbox.url) as page:
            assert page.status == 200
        assert (await sandbox.fake.say("lixiang", "帮助")).accepted
        assert (await sandbox.fake.heard("lixiang")).text


async def test_other_addresses_are_refused(tmp_path: Path):
    settings = load_settings(_env_file=None, data_dir=tmp_path, listen="0.0.0.0:0", log_level="ERROR")
    with pytest.raises(SandboxRefused, match="只能监听本机地址"):
        async with running(settings):
            pass
