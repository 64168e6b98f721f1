"""Turns that need no business words: help, home, more, undo, greetings, feedback."""

from __future__ import annotations

import re

from handlers.language.intents.pattern import Rule, Slots, nothing, rule
from handlers.language.sentence import Sentence


def topic(s: Sentence, match: re.Match[str] | None) -> Slots:
    """What help was asked for, if anything in particular."""
    found = re.search(r"(?:怎么|如何|咋)(?:样)?(?P<t>[^,。?吗呢]{2,12})", s.text) or re.match(r"^\W*帮助\s+(?P<t>\S.*)$", s.text)
    return {"topic": s.said(*found.span("t")).strip()} if found else {}


def feedback(s: Sentence, match: re.Match[str] | None) -> Slots:
    text = s.normal.said.strip()[2:].strip(" :：,，")
    return {"content": text} if text else {"clarify": "content"}


RULES: tuple[Rule, ...] = (
    rule("help", 80, "help", topic, no="who", shape=r"^\W*(?:帮助|help|使用说明|教程|功能|命令|说明书)(?:\W|菜单|列表|介绍|一下)*$|^\W*帮助\s"),
    rule("help", 79, "help", topic, no="who remind", shape=r"(?:你|机器人|这个|系统|bot)?(?:都)?(?:会|能)(?:干|做|帮我做)?(?:什么|啥|哪些)|怎么(?:用|使用|操作|打|弄)|有(?:什么|哪些|啥)(?:功能|用)|示例|命令"),
    rule("help", 69, "ask", topic, no="who money import export", shape=r"^\W*(?:怎么|如何|咋)(?:样)?(?:才能)?(?:查|加|新增|添加|设置?|改|删|导|建|录|用|记|提醒|撤销|移交|写|打标签)"),
    rule("home", 78, "any", nothing, shape=r"^\W*(?:首页|主页|主菜单|菜单|返回首页|回到首页|回首页|开始菜单|home|menu)\W*$"),
    rule("page.next", 82, "more", nothing, shape=r"^\W*(?:看|还有)?(?:更多|下一页|下页|还有吗|还有呢|继续|往下|more|next|再来一页|后面的)\W*$"),
    rule("page.previous", 82, "any", nothing, shape=r"^\W*(?:上一页|上页|往上|前一页|previous)\W*$"),
    rule("undo", 85, "undo", nothing, no="consent_scope", shape=r"^\W*(?:撤销|撤回|撤消|反悔了?|undo|弄错了|改错了|恢复)(?:刚才|刚刚|上一步|上一个|上一条|一下|那个|这个|操作|的|吧|了)*\W*$|撤销(?:刚才|刚刚|上一)|刚才.{0,4}(?:撤销|撤回|不算|弄错)"),
    rule("suggest.next", 70, "suggest", nothing, no="today time", shape=r"下一步|先联系谁|先跟谁|推荐我联系|建议我|接下来(?:做|干)(?:什么|啥)"),
    rule("audit.verify", 87, "any", nothing, shape=r"校验(?:审计)?日志|日志校验|检查(?:审计)?日志(?:链|完整)"),
    rule("rules.list", 87, "any", nothing, shape=r"^\W*(?:查看?|看看?)?(?:提醒|当前)?规则(?:列表|清单|有哪些)?\W*$"),
    rule("system.status", 87, "any", nothing, shape=r"^\W*(?:查看?|看看?)?(?:系统|同步|运行)状态\W*$"),
    rule("feedback", 80, "any", feedback, shape=r"^\W*反馈(?:[\s:：,，]|$)"),
    rule("chitchat", 44, "greet", nothing, no="remind note create product policy money", shape=r"^.{0,14}$"),
)
