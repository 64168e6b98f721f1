"""A sandbox page with a product that knows nothing, to look at the page itself while working on it.

python -m tests.bot.sandbox.echo_page 8091
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientSession, web

from bot.codec import Codec
from bot.sandbox.api import Persona, add_routes
from bot.sandbox.fake_wecom import Corp, FakeWeCom
from bot.sandbox.feed import SandboxFeed
from storage.model.clock import MovableClock

CORP = Corp.sandbox()
PERSONAS = [
    Persona("li", "李想", "adviser", "insurance", "保险顾问"),
    Persona("zhou", "周敏", "adviser", "bank", "银行客户经理"),
    Persona("chen", "陈默", "adviser", "securities", "证券 / 信贷顾问"),
    Persona("wang", "王珂", "manager", "", "主管"),
    Persona("he", "何运营", "ops", "", "运营"),
    Persona("shen", "沈合规", "compliance", "", "合规"),
]
CHIPS = {p.id: ["卡片", "按钮", "投票", "多选", "图文", "markdown", "长文"] for p in PERSONAS}
URL = {"type": 1, "url": "https://work.weixin.qq.com"}
MENU = [
    {"name": "今日", "type": "click", "key": "today"},
    {
        "name": "客户",
        "sub_button": [
            {"name": "新增客户", "type": "click", "key": "add"},
            {"name": "生日", "type": "click", "key": "birthdays"},
            {"name": "30 天到期", "type": "click", "key": "due"},
        ],
    },
    {
        "name": "更多",
        "sub_button": [
            {"name": "帮助", "type": "click", "key": "help"},
            {"name": "打开主页", "type": "view", **URL},
        ],
    },
]
ROWS = [
    ("客户", "王芳 138****0001 贵宾"),
    ("产品", "福满一生终身寿险（分红型）"),
    ("保费", "¥12,000.00 / 年"),
    ("到期", "6月18日（还有 9 天）"),
    ("上次", "5月20日 电话 想加保重疾"),
    ("建议", "先确认扣款账户余额，再谈加保"),
]
CARDS: dict[str, dict[str, Any]] = {
    "卡片": {
        "card_type": "text_notice",
        "source": {"desc": "晨报", "desc_color": 3},
        "main_title": {"title": "早上好，今日 7 件", "desc": "6月9日 星期一 · 按轻重排好"},
        "emphasis_content": {"title": "7", "desc": "件待办"},
        "quote_area": {"title": "昨天没做完", "quote_text": "陈静 保费逾期第 3 天，宽限期还有 57 天"},
        "horizontal_content_list": [{"keyname": k, "value": v} for k, v in ROWS[:4]],
        "jump_list": [{**URL, "title": "全部待办"}, {**URL, "title": "本周到期"}],
        "card_action": URL,
        "action_menu": {
            "desc": "这类提醒",
            "action_list": [{"text": "今天不再提醒", "key": "mute"}, {"text": "换个时间", "key": "move"}],
        },
    },
    "按钮": {
        "card_type": "button_interaction",
        "source": {"desc": "续期缴费"},
        "main_title": {"title": "王芳的保费 9 天后到期", "desc": "保单尾号 3307 · 第 4 期"},
        "horizontal_content_list": [{"keyname": k, "value": v} for k, v in ROWS],
        "button_list": [
            {"text": "完成", "key": "done", "style": 1},
            {"text": "稍后", "key": "later", "style": 2},
            {"text": "转交", "key": "hand", "style": 4},
        ],
    },
    "投票": {
        "card_type": "vote_interaction",
        "main_title": {"title": "找到 3 位王芳", "desc": "选一位继续"},
        "checkbox": {
            "question_key": "who",
            "mode": 0,
            "option_list": [
                {"id": "1", "text": "138****0001 贵宾", "is_checked": True},
                {"id": "2", "text": "139****0002 大众"},
                {"id": "3", "text": "136****7788 企业"},
            ],
        },
        "submit_button": {"text": "就是这位", "key": "pick"},
    },
    "多选": {
        "card_type": "multiple_interaction",
        "main_title": {"title": "记录这次跟进"},
        "select_list": [
            {
                "question_key": "how",
                "title": "方式",
                "option_list": [{"id": "call", "text": "电话"}, {"id": "visit", "text": "面谈"}],
            },
            {
                "question_key": "next",
                "title": "下次",
                "option_list": [
                    {"id": "3d", "text": "三天后"},
                    {"id": "1w", "text": "一周后"},
                    {"id": "no", "text": "不再跟进"},
                ],
            },
        ],
        "submit_button": {"text": "提交", "key": "log"},
    },
    "图文": {
        "card_type": "news_notice",
        "source": {"desc": "周报"},
        "main_title": {"title": "上周经营周报"},
        "card_image": {"url": "https://example.com/x.png", "aspect_ratio": 2.25},
        "card_action": URL,
        "vertical_content_list": [
            {"title": "跟进 42 次", "desc": "比前一周多 6 次"},
            {"title": "续保率 91%"},
        ],
    },
}
MARKDOWN = (
    '# 晨报\n**续保** 3 件 <font color="warning">有 1 件今天到期</font>\n> 王芳 福满一生 ¥12,000\n'
    '> 陈静 安心百万医疗 <font color="comment">宽限期内</font>\n\n回复 `1 已联系` 或[打开清单](https://work.weixin.qq.com)，'
    '<font color="info">完成 2 件</font>'
)


class Echo:
    def __init__(self, fake: FakeWeCom, feed: SandboxFeed) -> None:
        self.codec = Codec(CORP.token, CORP.aes_key, CORP.corp_id, max_age=None)
        self.fake, self.feed, self.session = fake, feed, ClientSession()
        self.base = ""
        self.cards = 0

    async def callback(self, request: web.Request) -> web.Response:
        q = request.query
        plain = self.codec.open(await request.read(), q["msg_signature"], q["timestamp"], q["nonce"], None)
        self.task = asyncio.create_task(self.answer(plain))
        return web.Response()

    async def answer(self, plain: str) -> None:
        def cut(name: str) -> str:
            part = plain.partition(f"<{name}>")[2].partition(f"</{name}>")[0]
            return part.removeprefix("<![CDATA[").removesuffix("]]>")

        user, text = cut("FromUserName"), cut("Content")
        if code := cut("ResponseCode"):
            shown = {b.body.get("task_id"): b.body for b in self.fake.seen_by(user)}
            card = dict(shown[cut("TaskId")])
            done = {"title": "办好了", "desc": "可在 5 分钟内回复「撤销」"}
            card |= {"main_title": done, "replace_text": "已完成"}
            await self.call(
                "message/update_template_card",
                {"userids": [user], "agentid": CORP.agent_id, "response_code": code, "template_card": card},
            )
        elif text in CARDS:
            self.cards += 1
            card = CARDS[text] | {"task_id": f"t{self.cards}"}
            await self.send(user, "template_card", card)
        elif text == "markdown":
            await self.send(user, "markdown", {"content": MARKDOWN})
        elif text:
            self.feed.record_understanding(
                {
                    "user": user,
                    "text": text,
                    "what": "设提醒",
                    "intent": "reminder.create",
                    "rule": "remind.when_who",
                    "confidence": 0.92,
                    "facts": [["客户", "张伟"], ["时间", "2025-06-18 15:00"], ["内容", "回访"]],
                    "spans": [
                        {"start": 0, "end": 2, "kind": "name", "text": "张伟"},
                        {"start": 2, "end": 8, "kind": "time", "text": "下周三下午"},
                    ],
                    "readings": ["查客户"],
                }
            )
            more = "\n\n" + "很长的一段话，" * 40 if text == "长文" else ""
            await self.send(user, "text", {"content": f"你说的是：{text}{more}"})

    async def send(self, user: str, kind: str, content: dict[str, Any]) -> None:
        await self.call(
            "message/send", {"touser": user, "agentid": CORP.agent_id, "msgtype": kind, kind: content}
        )

    async def call(self, path: str, body: dict[str, Any], **query: Any) -> None:
        url = f"{self.base}/cgi-bin/gettoken"
        secrets = {"corpid": CORP.corp_id, "corpsecret": CORP.secret}
        async with self.session.get(url, params=secrets) as response:
            token = (await response.json())["access_token"]
        url = f"{self.base}/cgi-bin/{path}"
        async with self.session.post(url, params={"access_token": token, **query}, json=body) as response:
            response.raise_for_status()


async def make(port: int) -> web.Application:
    clock = MovableClock(datetime.fromisoformat("2025-06-09T08:58:00+08:00"))
    app = web.Application()
    fake = FakeWeCom(CORP, clock, f"http://127.0.0.1:{port}/wecom/callback")
    for person in PERSONAS:
        fake.add_member(person.id, person.name)
    fake.mount(app)

    async def moved(now: datetime) -> None:
        await echo.send("li", "text", {"content": f"现在是 {now:%H:%M} UTC"})

    async def next_due() -> datetime | None:
        return clock.now() + timedelta(hours=3)

    feed = add_routes(
        app, fake, clock, personas=PERSONAS, chips=CHIPS, on_clock_moved=moved, next_due=next_due
    )
    echo = Echo(fake, feed)
    echo.base = f"http://127.0.0.1:{port}"
    app.router.add_post("/wecom/callback", echo.callback)

    async def menu(_app: web.Application) -> None:
        fake.app.menu = MENU

    app.on_startup.append(menu)
    return app


if __name__ == "__main__":
    port = int(sys.argv[1])
    web.run_app(make(port), host="127.0.0.1", port=port)
