"""Whatever a member types: an answer, no fault of ours, and nobody else notices.

The strings are those that break chat bots: empty-looking, endless, formatted like code, markup, numbers,
dates and identifiers that do not exist, letters of every script, and our own commands half finished."""

from __future__ import annotations

import os
from random import Random

from sqlalchemy import select

from bot import events
from bot.metrics import Metrics
from bot.worker import Worker
from reminders.outgoing import Post
from storage.database import Database
from storage.model.clock import MovableClock
from storage.repositories.mailboxes import Arrival
from storage.tables import outbox
from tests.builders import a_client, a_policy, the_cast
from tests.conftest import SHANGHAI
from tests.service.door import CORP, a_text

ODD = [
    "", " ", "\u200b", "\ufeff", "　", "\n\n\n", "\t", ".", "。", "？", "!!!", "…", "\u202e王芳", "王\u200b芳", "王芳" * 1000,
    "0", "-1", "00000000000", "99999999999999999999999999", "1e309", "NaN", "1/0", "٠١٢٣٤٥٦٧٨٩", "１３８００００００００",
    "13800000000", "990000198506150012", "99000019850615001X", "12345678901234567890", "%", "_", "%%%", "查 %", "查 _", "查 *",
    "' OR '1'='1", "'; DROP TABLE clients; --", "\"", "\\", "\\'", "查 '; --", "{0}", "{client.name}", "%s%s%n", "${7*7}", "{{7*7}}",
    "<script>alert(1)</script>", "<xml></xml>", "]]>", "<![CDATA[x]]>", "&amp;&lt;", "&#0;", "../../etc/passwd", "file:///etc/passwd",
    "null", "None", "undefined", "true", "@all", "|", "lixiang|wangke", "查 @all", "😀", "👩‍👩‍👧‍👦" * 50, "Z̸̡̢̛", "ｱｲｳ", "Ｗａｎｇ", "wang fang",
    "2月30日提醒我", "13月1日提醒我给王芳打电话", "9999年9月9日9点提醒我", "0000-00-00", "昨天提醒我给王芳打电话", "明天25点提醒我", "每隔0天提醒我", "每-1天提醒我",
    "一百亿年后提醒我给王芳打电话", "提醒我", "提醒", "明天", "记", "记 ", "记 王芳", "记 王芳 ", "查", "新增客户", "新增客户 ", "新增客户 王芳 王芳 王芳",
    "新增客户 赵敏 手机", "新增客户 赵敏 生日 2月30日", "新增客户 赵敏 1" + "0" * 30, "王芳 手机改成", "王芳 手机改成 abc", "王芳 改成 改成 改成",
    "王芳 生日改成 1890-01-01", "王芳 生日改成 2999-12-31", "王芳 年收入改成 -5", "王芳 年收入改成 " + "9" * 40, "王芳 年收入改成 一亿亿亿亿",
    "确认", "取消", "撤销", "更多", "上一页", "下一页", "①", "1", "20", "999", "第99个", "第零个", "0.5", "完成 99", "完成", "取消提醒 99", "推迟 99 到 明天",
    "转交 1 给 nobody", "转交 1 给 @all", "王芳 保单", "王芳 贷款", "王芳 时间线", "今日待办 99", "到期 -5 天", "未来 100000 天到期", "本月生日", "13月生日",
    "王芳 加标签 ", "王芳 加标签 " + "长" * 500, "保额改成 -1", "保单号 ' OR 1=1", "帮助 帮助 帮助", "帮助 不存在", "团队日报", "查 " + "长" * 1900,
    "王芳，李强，刘洋", "查王芳和李强", "查 王芳 " * 200, "她", "他的手机", "这个客户", "她 手机改成 13900000009 " * 30,
]  # fmt: skip


WORDS = [
    *"王芳 李强 刘洋 她 他 查 记 新增客户 手机 生日 身份证 改成 提醒我 明天 后天 周三 下午 三点 每月 每周一 每天 农历 正月十五 2月29日 月底 到期".split(),
    *"保单 贷款 存款 基金 续保 缴费 还款 完成 取消 撤销 推迟 转交 给 到 今日待办 时间线 团队 标签 加标签 备注 意向高 已缴 理赔 和 的 了 吗 不 没".split(),
    *"13800000001 990000198506150012 5万 一百二十万 10% 0 -1 3.14 1/2 99999999999 100亿 12:00 25:61 1985-06-15 ' \" { } % _ ， 。 ： \n 😀".split(" "),
    " ", " ", " ",
]  # fmt: skip
SEED = int(os.environ.get("BOT_JUMBLE_SEED", "20250609"))


class Chat:
    """A member's chat without WeCom around it: what is said is handled at once."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self._database, self._clock, self._said = database, clock, 0
        self._worker = Worker(database, Post(CORP.agent_id), clock, SHANGHAI, Metrics(), on_queued=lambda: None)

    async def says(self, *texts: str) -> None:
        for text in texts:
            self._said += 1
            plain = a_text(text, msg_id=self._said)
            key = events.dedupe_key(events.parse(plain), plain, CORP.agent_id)
            with self._database.system(self._clock.now()) as uow:
                uow.inbox.add([Arrival(key, "lixiang", "TextMessage", plain, self._clock.now())])
            await self._worker.handle_waiting()

    def answered(self) -> int:
        """How many of the messages were answered."""
        with self._database.engine.connect() as conn:
            return len({key.split(":")[1] for key in conn.execute(select(outbox.c.key)).scalars()})

    def states(self) -> dict[str, int]:
        with self._database.system(self._clock.now()) as uow:
            return uow.inbox.counts()


def _begin(database: Database, clock: MovableClock) -> Chat:
    with database.system(clock.now()) as uow:
        the_cast(uow)
        for name in ("王芳", "李强", "刘洋"):
            a_policy(uow, a_client(uow, name))
    return Chat(database, clock)


async def test_no_odd_sentence_is_a_fault_of_ours_and_each_is_answered(sqlite_database: Database, clock: MovableClock):
    chat = _begin(sqlite_database, clock)
    await chat.says(*ODD)
    assert chat.states() == {"done": len(ODD)}
    assert chat.answered() == len(ODD)


async def test_no_jumble_of_words_is_a_fault_of_ours(sqlite_database: Database, clock: MovableClock):
    chance, chat = Random(SEED), _begin(sqlite_database, clock)
    jumbles = ["".join(chance.choice(WORDS) for _ in range(chance.randint(1, 8))) for _ in range(300)]
    for jumble in jumbles:
        await chat.says(jumble)
        assert set(chat.states()) == {"done"}, f"{jumble!r} with seed {SEED}"
