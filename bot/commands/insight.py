"""understand, plan, rules, doctor: looking into what the product would do."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Annotated, Any, Optional

import typer

from bot.commands.common import database, fail, instant, out, settings


class Records:
    """The lines of a stream, each a JSON object whose known fields are of the right kind. Raises ValueError."""

    def __init__(self, source: Iterable[str]) -> None:
        self.number = 0  # of the line in hand
        self._source = source

    def __iter__(self) -> Iterator[str]:
        for line in self._source:
            self.number += 1
            if line.strip() and not _is_record(json.loads(line)):
                raise ValueError("not a record")
            yield line


def _is_record(record: Any) -> bool:
    if not isinstance(record, dict):
        return False
    roster = record.get("roster", {})
    clients = roster.get("clients", []) if isinstance(roster, dict) else None
    context = record.get("context", [])
    return (
        all(isinstance(record.get(name), str | None) for name in ("text", "now", "role", "prefer"))
        and isinstance(context, list) and all(isinstance(turn, str) for turn in context)
        and isinstance(clients, list) and all(_is_client(client) for client in clients)
    )


def _is_client(client: Any) -> bool:
    if not isinstance(client, dict) or not isinstance(client.get("name"), str):
        return False
    aliases = client.get("aliases", [])
    return isinstance(aliases, list) and all(isinstance(alias, str) for alias in aliases)


def understand(
    time: Annotated[bool, typer.Option("--time", help="只读时间")] = False,
    amounts: Annotated[bool, typer.Option("--amounts", help="只读金额")] = False,
) -> None:
    """逐行读入 JSON 句子，逐行输出理解结果。"""
    from handlers.language.command import amount_answers, answers, time_answers

    if time and amounts:
        fail("--time 和 --amounts 只能选一个。", 2)
    read = time_answers if time else amount_answers if amounts else answers
    lines = Records(sys.stdin)
    try:
        for line in read(lines):
            out(line)
            sys.stdout.flush()
    except (ValueError, KeyError, RecursionError) as error:
        fail(f"第 {lines.number} 行不是应有的 JSON（{type(error).__name__}），请对照说明检查。")


def plan(
    day: Annotated[Optional[str], typer.Option(help="日期，默认今天")] = None,  # noqa: UP045
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只数不写")] = False,
    days: Annotated[int, typer.Option(min=1, max=31, help="试算天数")] = 1,
) -> None:
    """生成某天到期的提醒；--dry-run 只看每条规则会命中多少。"""
    from reminders import planner, rules

    found = settings()
    now = instant(day, found)
    today = now.astimezone(found.zone).date()
    with database(found) as opened, opened.system(now) as uow:
        if dry_run:
            for rule in uow.rules.in_force().enabled_lines:
                hits = sum(
                    rules.would_hit(uow, rule, today + timedelta(days=n), zone=found.zone) for n in range(days)
                )
                out(f"{rule.id}\t{rule.label}\t{hits}")
            return
        planned = planner.plan(uow, today, today, zone=found.zone)
        for rule_id, count in planned.counts.items():
            out(f"{rule_id}\t{count}")


def rules() -> None:
    """列出生效的提醒规则：业务包里的，加上运营在对话里改过的；最后是旅程的每一步。"""
    found = settings()
    now = instant(None, found)
    today = now.astimezone(found.zone).date()
    with database(found) as opened, opened.system(now) as uow:
        book, numbers = uow.rules.in_force(), uow.rules.numbers()
    for rule in book.rules:
        state = "启用" if rule.is_valid_on(today) else "停用"
        offsets = "/".join(f"{n:+d}" if n else "当天" for n in rule.offsets)
        out(f"R{numbers[rule.id]}\t{rule.id}\t{rule.label}\t{rule.source}\t{offsets}\t{rule.hour}\t{state}")
    for step in book.steps:
        state = "启用" if step.enabled else "停用"
        out(f"旅程\t{step.id}\t{step.label}\t{step.source}\t+{step.offsets[0]}\t{step.hour}\t{state}")
    for rule_id, reason in book.broken.items():
        out(f"R{numbers[rule_id]}\t{rule_id}\t失效：{reason}")


def doctor(
    callback_url: Annotated[str, typer.Option(help="管理后台填写的回调地址；不填则检查本机监听地址")] = "",
) -> None:
    """逐项检查企业微信的接入设置，指出每个问题在管理后台哪里改。"""
    import aiohttp

    from bot.wecom.doctor import examine
    from bot.wecom.findings import Finding

    found = settings()

    async def look() -> list[Finding]:
        async with aiohttp.ClientSession() as session:
            return await examine(found, session, callback_url=callback_url)

    findings = asyncio.run(look())
    for finding in findings:
        mark = "✓" if finding.ok else "✗"
        where = f"（{finding.console_page}）" if finding.console_page and not finding.ok else ""
        out(f"{mark} {finding.step}：{finding.message}{where}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
