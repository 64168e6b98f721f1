"""What is typed wrongly, or met outside of the program, ends with a Chinese sentence and a failing status."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import Result

from tests.bot.commands.conftest import Type


def says_no(result: Result, words: str) -> None:
    """Failed in plain words: anything but a deliberate end would be a traceback on the terminal."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code != 0
    assert words in result.output
    assert re.search(r"[一-鿿].*。", result.output)


# ---------------------------------------------------------------- scripts


def test_a_script_ends_and_fails_at_the_first_line_that_cannot_be_done(types: Type, tmp_path: Path):
    script = tmp_path / "story.txt"
    script.write_text("# a story\n> tap 没有\n帮助\n")
    played = types("chat", "--as", "lixiang", "--now", "2025-06-09T09:00", "--script", str(script))
    says_no(played, "脚本第 2 行「> tap 没有」没有做成：没有写着「没有」的按钮。")
    assert "lixiang> 帮助" not in played.output


def test_who_types_is_told_of_every_order_that_cannot_be_done_and_goes_on(types: Type):
    orders = {
        "> tap 没有": "没有写着「没有」的按钮", "> tap": "「tap」看不懂", "> as nobody": "没有成员「nobody」",
        "> 2025-13-45": "「2025-13-45」看不懂", "> 0001-01-01": "不在 2000 年到 2099 年之间",
        "> 9999-12-31": "不在 2000 年到 2099 年之间", "> +999999999999h": "看不懂",
    }  # fmt: skip
    chatted = types("chat", "--as", "lixiang", given="\n".join([*orders, "帮助"]))
    assert chatted.exit_code == 0, chatted.output
    told = re.findall(r"lixiang> (> .*)\n（(.*)）", chatted.output)
    assert [(order, sentence) for order, sentence in told if orders[order] in sentence] == told
    assert len(told) == len(orders)
    assert "（机器人）" in chatted.output


def test_a_script_that_cannot_be_read_is_named(types: Type, tmp_path: Path):
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    says_no(types("chat", "--as", "lixiang", "--script", "/nonexistent"), "读不到脚本文件 /nonexistent")
    says_no(types("chat", "--as", "lixiang", "--script", str(tmp_path)), "读不到脚本文件")
    says_no(types("chat", "--as", "lixiang", "--script", str(binary)), "UTF-8")


# ---------------------------------------------------------------- arguments and lines


@pytest.mark.parametrize("line", [
    "[]", "5", "not json", '{"text": 5, "now": "2025-01-01"}', '{"text": "a", "now": 5}', '{"roster": []}', "{}",
    '{"roster": {"clients": [5]}}', '{"text": "a", "now": "2025-01-01", "context": [{}]}', '{"text": "a", "now": "x"}',
    "[" * 100_000,
])  # fmt: skip
def test_a_line_that_is_no_record_is_named_by_its_number(types: Type, line: str):
    good = '{"id": 1, "text": "明天三点", "now": "2025-06-09T09:00"}'
    says_no(types("understand", given=f"{good}\n{line}\n"), "第 2 行不是应有的 JSON")


@pytest.mark.parametrize("options", [["--time"], ["--amounts"], []])
def test_records_that_leave_things_out_are_read(types: Type, options: list[str]):
    answered = types("understand", *options, given='\n{"id": 1, "text": "明天三点", "now": "2025-06-09T09:00", "role": null}\n')
    assert answered.exit_code == 0, answered.output


@pytest.mark.parametrize(("words", "problem"), [
    (("messages", "release", "收", "999999999999999999999999"), "没有编号为 999999999999999999999999 的搁置消息"),
    (("messages", "release", "发", "0"), "没有编号为 0 的搁置消息"),
    (("user", "add", "--id", "x", "--name", "某", "--role", "adviser", "--line", "insurence"), "bank、insurance、securities、lending"),
    (("user", "set", "--id", "lixiang", "--line", "common"), "没有业务线「common」"),
    (("user", "add", "--id", "x", "--name", " ", "--role", "adviser"), "姓名不能是空的"),
    (("user", "set", "--id", "lixiang", "--name", ""), "姓名不能是空的"),
    (("plan", "--day", "0001-01-01"), "2000 年到 2099 年"),
    (("plan", "--day", "9999-12-31", "--dry-run", "--days", "31"), "2000 年到 2099 年"),
    (("sandbox", "--now", "0001-01-01"), "2000 年到 2099 年"),
    (("audit", "verify", "--anchor", "-5:ab"), "链头应写成"),
    (("audit", "verify", "--anchor", "7"), "链头应写成"),
    (("backup", "/proc/nowhere/file"), "备份没有完成"),
    (("restore", "/nonexistent"), "找不到"),
])  # fmt: skip
def test_nonsense_is_refused_with_what_would_be_right(types: Type, words: tuple[str, ...], problem: str):
    says_no(types(*words), problem)


def test_a_line_of_the_packs_is_accepted_and_can_be_taken_away(types: Type):
    assert types("user", "set", "--id", "lixiang", "--line", "securities").exit_code == 0
    assert types("user", "set", "--id", "lixiang", "--line", "").exit_code == 0


# ---------------------------------------------------------------- what lies outside


@pytest.mark.parametrize(("url", "problem"), [
    ("nonsense", "BOT_DATABASE_URL 看不懂"),
    ("foo://host/name", "BOT_DATABASE_URL 看不懂"),
    ("postgresql://127.0.0.1:1/none", "数据库连不上"),
    ("sqlite:////proc/nowhere/bot.db", "没有成功"),
])  # fmt: skip
@pytest.mark.parametrize("words", [("user", "list"), ("migrate",), ("audit", "head")])
def test_a_database_that_is_not_there_is_no_traceback(
    types: Type, monkeypatch: pytest.MonkeyPatch, url: str, problem: str, words: tuple[str, ...]
):
    monkeypatch.setenv("BOT_DATABASE_URL", url)
    says_no(types(*words), problem)


def test_a_folder_that_cannot_be_made_is_named(types: Type, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BOT_DATA_DIR", "/proc/nowhere")
    says_no(types("migrate"), "/proc/nowhere")
    says_no(types("keys", "init"), "/proc/nowhere")


def test_a_fault_of_our_own_keeps_its_traceback(types: Type, monkeypatch: pytest.MonkeyPatch):
    def fails(*_: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr("config.pack.load_packs", fails)
    assert isinstance(types("rules").exception, RuntimeError)
