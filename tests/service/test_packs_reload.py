"""Ops edit a pack file: it comes into force without a restart, or is refused by file and line and changes nothing."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from bot import app as app_module
from bot.sandbox.run import running
from config.pack import BUILT_IN
from config.settings import load_settings


@pytest.fixture
def packs_folder(tmp_path: Path) -> Path:
    shutil.copytree(BUILT_IN, tmp_path / "packs")
    return tmp_path / "packs"


async def test_an_edited_rule_comes_into_force_and_a_broken_file_leaves_the_old_one(
    packs_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(app_module, "PACKS_PAUSE", 0.05)
    names = tuple(str(packs_folder / n) for n in ("common", "bank", "insurance", "securities", "lending"))
    settings = load_settings(_env_file=None, data_dir=tmp_path / "data", listen="127.0.0.1:0", packs=names)
    rules = packs_folder / "insurance" / "rules.yaml"
    async with running(settings) as sandbox:
        packs = sandbox.app.database.packs
        first = packs.current.version

        rules.write_text(rules.read_text() + "\n# 运营改过\n")
        await _until(lambda: packs.current.version != first)
        second = packs.current.version

        rules.write_text("rules:\n  - {id: broken, nonsense: true}\n")
        await _until(lambda: bool(packs.problems))
        assert packs.current.version == second
        assert packs.problems[0].file.endswith("insurance/rules.yaml")
        assert packs.problems[0].line >= 1


async def _until(holds) -> None:
    for _ in range(200):
        if holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come to hold within ten seconds")
