"""What a sentence means: the values that `understand` returns, and the list of intents with their slots.

Slot values. `client` is the mention as said, `client_id` the id it resolved to, a list of ids when several clients
answer to it (then `clarify` is "client"), None when nobody does (`clarify` "not_found") or nobody was named. A client
that came from 她／他／这个客户 has the focus client's name and `pronoun=True`; one found only by sound has
`fuzzy=True` and must be shown before it is acted upon. Times are `When`, rules in time `Recurrence`, money plain
yuan, rates percent (3.85), phones 11 digits, `id_number` 18 characters, upper case, kept as typed even when its check
digit is wrong. `index` counts from 1 as the user does. A slot that was not said is absent (use `slots.get`).

`clarify` asks back before anything is done: "client" (several), "not_found" (nobody of that name), "client_missing"
(a client is needed and neither said nor in focus), "when" (no such time, e.g. 2月30日), "past" (the time is over), "start" (from when a
series is to run: `start_said`),
"content" (nothing to note or remind of), "one_time" (two times for one reminder), "value" (a change without its new value),
"amount".

INTENTS (slots; * = always there)

Clients
  client.lookup    client client_id [field] | clients client_ids | phone | phone_tail | id_number      查王芳 / 王芳 / 王芳的电话
  client.details   client client_id [section]     section: a section name of Lexicon.sections            详情 / 王芳 详情 保险
  client.timeline  client client_id [range]                                                             时间线
  client.family    client client_id                                                                     王芳 家庭
  client.create    client name kind*(individual|enterprise) and any of: phone id_number licence_code gender(M/F) age birthday
                   birthday_lunar(MM-DD) birth_year occupation employer monthly_income annual_income marital_status
                   (未婚 已婚 离异 丧偶) children(int) referrer referrer_id interest source address email wechat
                   legal_representative industry registered_capital tier tags(list) remark; rest = words not understood
  client.update    client client_id field* value* [birthday_lunar birthday_leap]     a birthday without year is "MM-DD"
  client.delete    client client_id;  privacy.delete, privacy.export: the same
  client.merge     clients client_ids
  client.relate    client client_id other other_id relation* [phone other_relation …]   client 是 other 的 relation, a relation
                   kind of the packs (spouse child parent sibling colleague guarantor …); 张敏介绍了她同事陈静 → client 陈静 (may be
                   new: client_id None), other 张敏, relation "referrer", other_relation "colleague"
  client.family_add  client client_id relation*(son daughter father …) relation_kind*(of the packs) [name birth age]
  client.search    conditions=[{field op value}] [start end grain] text
  client.list      [range]                                                                             我的客户
  tag.add / tag.remove  client client_id tag tags [reason]     tier.set  client client_id tier
  tag.list         client client_id                  王芳 标签         tag.why  client client_id tag*      为什么 王芳 常投诉
  tier.why         client client_id [tier]           tier.give_back  client client_id       tier.moves  [range]
  tier.by_hand  tier.give_back_all
  approvals.waiting     待我审批    approvals.take_back  [what]   撤回申请 R3 v2    approvals.open  [index]   同意 / 1 同意
  standard.show  standard.history  standard.change  text*  standard.approve / .reject / .roll_back  [version reason]
  escalation.hours .history  escalation.change  text*  escalation.approve / .reject / .roll_back  [version reason]   升级时间
Contracts
  policy.lookup / holding.lookup / loan.lookup / credit.lookup / lease.lookup   client client_id [product field policy_no]
  policy.add       client client_id product insurer policy_no sum_insured premium pay_mode pay_years term_years due
                   effective status insured beneficiary
  holding.add      client client_id product kind(deposit|wealth|fund) amount rate_percent term_years due date
  loan.add / credit.add / lease.add   client client_id product amount rate_percent term_years terms due date repay_day
  credit.change / credit.draw   client client_id amount*     授信提到8000万 / 用信3000万
  policy.update    client client_id product policy_no field value status
  policy.search    product insurer status range
  contract.party_add  client client_id(of the contract's client) party party_id role(holder|insured|beneficiary|guarantor|
                   co_borrower) product policy_no
  contract.plan    client client_id product terms amount start     刘洋 还款计划 / 分 12 期（shows, or makes one after a question）
  contract.list    client client_id                                王芳 合同 (of every kind)
  overdue.list     谁逾期了                      client.silent    久未联系
  premium.list     [range status]                保费进度           premium.lookup   client client_id    王芳 保费
  premium.paid     client client_id [amount date product]   王芳 已缴
  repayment.lookup client client_id [product]               repayment.paid   client client_id [amount date]
  renewal.intent   client client_id level(high|medium|low) [when content]
  renewal.done     client client_id [premium product when]  renewal.lost     client client_id [reason]
  claim.lookup / claim.create / claim.update   client client_id claim_no field status product date amount content
Follow-ups, agenda
  note.add         client client_id content [date when kind(call|visit|wechat|meeting|note) next unreminded occasion(birthday)]   next = agreed next date (When)
  reminder.create  client client_id when | recurrence [start_said] | (anchor offset [scope time]), content
  reminder.list    [range status client]    reminder.complete  index indexes client content ref
  reminder.postpone index client content orig to delay later     reminder.cancel  index indexes client content when recurrence
  reminder.update  index client content to
  agenda.today     今日待办 / 我今天先做什么          agenda.day   range*            明天日程
  item.done        index* [indexes content next]   1 已联系       item.snooze     index* [to delay]   2 稍后 周三上午
  interest.told    client client_id content [next]                          刘洋 有兴趣 周五签
  item.dismiss     index* [reason]            3 不需要 客户已出国  item.hand_over  index* to           1 转交 小王
Due lists
  birthday.list renewal.list maturity.list repayment.list   range [product status calendar]
  due.list         range*                     30天内到期（all kinds of contracts）
Care
  draft.message    client client_id occasion topic audience tone max_len language
  care.rewrite     content [index]            改写 祝王老师…      care.send  [index]   1 发送      care.skip  [index]   跳过
Journeys
  journey.list     旅程                              journey.describe / journey.try  journey   新客旅程 / 试算 新客旅程
  journey.join     client client_id journey [several beside]     journey.leave  client client_id journey [reason several]
  journey.show     client client_id [wish(join|leave)]   旅程 王芳
Team
  stats.me / stats.team  metric range compare member order
  potential.list  [count member]              高潜客户 前10        potential.define                               口径 高潜客户
  item.nudge       index* indexes             1 催办              escalation.list                             漏办清单
  stats.digest     [section]                  日报 / 展开 超时     handover.create / handover.cancel  from to scope clients until
  ticket.papers    ticket_no index [content]     content: the paper, 全部 for all     T12 看资料 / T12 看 身份证
  ticket.causes    [type range count]       type: the word for a sort of ticket     本月投诉原因 / 工单原因 前5
  ticket.create / .assign / .close / .list    client type ticket_no assignee due priority status range content
  opportunity.create / .update  client stage product amount expected      consent.record / .list  client granted scope status
  data.import / data.export     what format range                         settings.set  key value   日报 时间改 8:30
  settings.show                                                                                       推送设置
Dialogue
  clarify.answer   index | client client_id | phone_tail | text           clarify.cancel
  confirm.yes  confirm.no  undo  page.next  page.previous  draft.keep                                    别提交（a draft is open）
  form.correct     field value [fields={name: value}]                      身份证改成110105…（a form is open）
  form.answer      text [fields={name: value}]                             free text or several fields for the open form
  audit.lookup (client client_id range)  audit.verify  rules.list  system.status  messages.dead  messages.again (indexes scope)
  help [topic]  home  suggest.next  chitchat  feedback (content)  none
  multi            Meaning.parts holds the acts in spoken order
Customers (role "customer")
  self.policy .holding .loan_status .loan_prepay .claim_howto .claim_report .claim_status .complaint .human .surrender
  .update .appointment .product .payment .document .consent_withdraw .consent_restore .complaint_withdraw
  .ticket (ticket_no) .privacy_delete .privacy_access .assessment (questionnaire), help, chitchat, none
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

Grain = Literal["minute", "hour", "day", "week", "month", "quarter", "year"]
Part = Literal["morning", "noon", "afternoon", "evening", "daytime"]
How = Literal["name", "alias", "pinyin", "initials", "pronoun", "homophone", "new"]
Pending = Literal["none", "choice", "confirm", "form", "list", "text"]

# The hour that stands for a part of day when a record needs one (S05: 下周三下午 is written down as 14:00).
HOUR_OF_PART: Mapping[str, int] = MappingProxyType(
    {"morning": 9, "noon": 12, "afternoon": 14, "evening": 19, "daytime": 9}
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the user's own text, `text == said[start:end]`, and what it was read as."""

    start: int
    end: int
    kind: str
    text: str
    value: Any


@dataclass(frozen=True, slots=True)
class ClientRef:
    """A client of the reader's book."""

    id: int | str
    name: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that stand for a client. No `refs` = a new or unknown name; several = they share it."""

    text: str
    start: int
    end: int
    refs: tuple[ClientRef, ...]
    how: How


@dataclass(frozen=True, slots=True)
class Other:
    """Another reading of a time that stays possible, and why."""

    start: str
    why: str


@dataclass(frozen=True, slots=True)
class When:
    """A point or a period in local time, as ISO text without offset.

    `start` without a clock time is a date; `end` is exclusive; `part` is a said part of day without a clock time (only
    the date is fixed); `deadline` marks 「…前」; `mod` "before"/"after" marks half-open periods; `why` says in Chinese by
    which rule this reading was chosen; `alts` are the other readings that stay possible, each with its reason; `within` is the ISO length of 「N 天内」; `problem` says why it cannot be used as it stands:
    "impossible" (2月30日), "past", "ambiguous"; `note` is to be said with whatever is answered: working days were
    counted in a year whose holidays are not known yet."""

    start: str
    end: str | None = None
    grain: Grain = "day"
    part: Part | None = None
    deadline: bool = False
    text: str = ""
    alts: tuple[Other, ...] = ()
    why: str = ""
    problem: str | None = None
    mod: str | None = None
    within: str | None = None
    note: str = ""

    @property
    def date(self) -> dt.date:
        """The (first) day meant. ValueError when the time is impossible."""
        return dt.date.fromisoformat(self.start[:10])

    @property
    def last_date(self) -> dt.date:
        """The last day of a period, or the day itself."""
        if self.end is None:
            return self.date
        end = dt.datetime.fromisoformat(self.end)
        return (end - dt.timedelta(microseconds=1)).date()

    @property
    def has_clock(self) -> bool:
        """Was an hour said?"""
        return "T" in self.start

    def at(self, zone: ZoneInfo) -> dt.datetime | None:
        """The instant meant, aware, in `zone`; None when only a day was said."""
        return dt.datetime.fromisoformat(self.start).replace(tzinfo=zone) if self.has_clock else None

    def suggested_at(self, zone: ZoneInfo, hour: int = 9) -> dt.datetime:
        """`at`, or the usual hour of the said part of day, or `hour` o'clock on that day."""
        instant = self.at(zone)
        if instant is not None:
            return instant
        return dt.datetime.combine(self.date, dt.time(HOUR_OF_PART.get(self.part or "", hour)), zone)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """An RFC 5545 rule (lunar: RSCALE=CHINESE; Chinese working days: X-WORKDAY=CN) and its first occurrence."""

    rrule: str
    start: str
    part: Part | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One act, or several in `parts` (intent "multi"). `rule` names the pattern that fired."""

    intent: str
    slots: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    spans: tuple[Span, ...] = ()
    rule: str = ""
    confidence: float = 0.0
    clarify: str | None = None
    alternatives: tuple[str, ...] = ()
    parts: tuple[Meaning, ...] = ()

    def get(self, name: str, default: Any = None) -> Any:
        """A slot's value, or `default` when it was not said."""
        return self.slots.get(name, default)


class Book(Protocol):
    """The reader's own clients, by name keys."""

    def named(self, keys: Collection[str]) -> Mapping[str, tuple[ClientRef, ...]]:
        """Which of `keys` are a full name, alias, short firm name, pinyin ("wangfang") or initials ("wf") of a client.

        Keys are n-grams of simplified Chinese characters and lower-case Latin tokens. Called at most twice a
        sentence: with all candidates, and, when none of them is a name, once more with their pinyin."""
        ...


class EmptyBook:
    """A book without clients: customers, and sentences read without knowing who asks."""

    def named(self, keys: Collection[str]) -> Mapping[str, tuple[ClientRef, ...]]:
        return {}


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What went before, as far as understanding needs it.

    `focus` is the client of the last 10 minutes; `pending` what the bot waits for; `choices` how many were offered;
    `items` the clients offered, else those of the list shown last, in order, where its lines are clients, `labels` the lines' words; `form` the open form
    ("client.create"), `subject` the name of the client that it is to create; `list_kind` the list shown last ("brief", "renewals", "birthdays" …); `said` the command before; `ticket` the number of the ticket
    spoken of last, where the reader of the meaning does not know it."""

    focus: ClientRef | None = None
    pending: Pending = "none"
    choices: int = 0
    form: str = ""
    subject: str = ""
    list_kind: str = ""
    items: tuple[ClientRef | None, ...] = ()
    labels: tuple[str, ...] = ()
    said: str = ""
    ticket: str | None = None
