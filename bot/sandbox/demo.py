"""Demo data: nine people of the firm, about 300 clients and 900 contracts in four lines of business.

A fixed seed and dates relative to today, so that every day has something due. All invented: phones are
138 0000 and 139 0000 numbers, and nobody has an identity number."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bot.sandbox.demo_accounts import write_accounts
from bot.sandbox.demo_customers import link_customers
from bot.sandbox.demo_history import History
from bot.sandbox.demo_parties import write_parties
from bot.sandbox.demo_silent import write_silent_vips
from config.pack import Product
from storage.database import Database, UnitOfWork
from storage.model.clock import local_date
from storage.model.contracts import Contract
from storage.model.people import Actor, Client, Role, User
from storage.model.plans import premium_plan, repayment_plan
from storage.products import sync_products

SEED = 20250609
ENTERED_BEFORE = timedelta(days=45)
ZONE_HOUR = time(10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Persona:
    """A member of the demo firm, and what to try as that person."""

    id: str
    name: str
    role: Role
    title: str
    line: str
    chips: tuple[str, ...]
    manager: str | None = None


PERSONAS = (
    Persona("wangke", "王珂", "manager", "主管", "", (
        "日报", "展开 超时", "漏斗", "团队续保率", "AUM 变动 前10", "王芳", "续保清单 30天", "高潜客户 前10", "帮助",
    )),
    Persona("lixiang", "李想", "adviser", "保险顾问", "insurance", (
        "查客户 王芳", "今日待办", "续保清单 30天", "保费进度",
        "新增客户 李强 13800000001 中学老师 月入2万 已婚一孩 张敏介绍的 想看重疾险", "陈静 投诉 等了三天没人回电",
        "陈静 报案 骑车摔伤", "我的工单",
        "记 陈静 今天电话聊了重疾，周三下午再约", "谁下周生日", "帮助",
    ), "wangke"),
    Persona("zhoumin", "周敏", "adviser", "银行客户经理", "bank", (
        "查客户 刘洋", "给刘洋推荐理财", "刘洋 近30天交易", "刘洋 AUM", "刘洋 持有", "30天内到期", "宏达 授信",
        "宏达 关键人", "高潜客户 前10", "今日待办", "帮助",
    ), "wangke"),
    Persona("chenmo", "陈默", "adviser", "证券与信贷顾问", "securities", (
        "查客户 周凯", "周凯 持仓", "陈记餐饮 贷款", "进件 陈记餐饮 借20万 12期 年化12%", "还款清单 7天", "今日待办",
        "帮助",
    ), "wangke"),
    Persona("qianlipei", "钱理赔", "claims", "理赔主管", "", ("待我审批", "我的工单", "谁超时了", "帮助")),
    Persona("zhaolipei", "赵理赔", "claims", "理赔专员", "insurance", (
        "我的工单", "接单", "谁超时了", "帮助",
    ), "qianlipei"),
    Persona("lifengkong", "李风控", "risk", "风控", "", ("我的工单", "待我审批", "催收清单", "帮助")),
    Persona("heyunying", "何运营", "ops", "运营", "", (
        "提醒规则", "提醒效果", "分层标准", "模板", "早报时间", "系统状态", "帮助",
    )),
    Persona("shenhegui", "沈合规", "compliance", "合规", "", ("待我审批", "审计 王芳 近30天", "校验日志", "帮助")),
)

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏"
    "薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = {
    "M": (
        "伟 强 磊 军 洋 勇 涛 明 超 平 刚 建国 建华 志强 晓东 文博 浩然 俊杰 思远 宇航 天佑 建军 国强 立新"
    ).split(),
    "F": (
        "芳 娜 敏 静 丽 艳 娟 霞 桂英 秀兰 秀英 海燕 玉兰 晓红 雪梅 子涵 雨桐 欣怡 梓萱 佳琪 诗涵 嘉怡 丽华 红梅 婷婷"
    ).split(),
}
_FIRMS = (
    "恒通物流有限公司 新源电子科技有限公司 鼎盛建设工程有限公司 和顺食品有限公司 明德教育科技有限公司 "
    "东方红机械制造有限公司 绿野农业有限公司 金桥贸易有限公司 康健医疗器械有限公司 远洋国际货运有限公司"
).split()
_JOBS = ("教师", "医生", "工程师", "个体工商户", "公务员", "会计", "企业主", "设计师", "退休", "律师", "销售", "护士")
_TALK = (
    "电话聊了养老规划，想先了解一下", "微信问了产品到期怎么处理", "见面做了保单检视", "电话回访，一切正常",
    "问到孩子教育金，回头发资料", "说最近资金紧张，过阵子再看", "对收益不太满意，做了解释", "介绍了新产品，有兴趣",
)
_TIERS = {"bank_tier": ("大众", "大众", "大众", "贵宾", "私行")}


class Demo:
    """Writes the demo data into an empty database."""

    def __init__(self, uow: UnitOfWork, today: date) -> None:
        self.uow, self.today = uow, today
        self.random = random.Random(SEED)
        self.phones = iter(range(1000, 9999))
        self.latest: dict[int, datetime] = {}
        self.products: dict[str, list[Product]] = {}
        for product in uow.packs.products:
            self.products.setdefault(product.kind, []).append(product)
        self.history = History(uow, today)
        self.tiers = {s.name: [t.name for t in sorted(s.tiers, key=lambda t: t.rank)] for s in uow.packs.tiers}

    def write(self) -> None:
        for persona in PERSONAS:
            self.uow.users.add(persona.id, persona.name, persona.role, persona.manager, persona.line)
        self._insurance_scene()
        self._bank_scene()
        self._lending_scene()
        for owner, count in (("lixiang", 102), ("zhoumin", 92), ("chenmo", 88)):
            self.uow.act_as(Actor.of(self.uow.users.get(owner)))
            for number in range(count):
                self._anybody(self.uow.users.get(owner), number)
            self._those_who_left(owner)
            self._those_who_think(owner)
        write_silent_vips(self.uow, self.today)
        link_customers(self.uow)

    # ------------------------------------------------------------ named people of the stories

    def _insurance_scene(self) -> None:
        self.uow.act_as(Actor.of(self.uow.users.get("lixiang")))
        tomorrow = self.today + timedelta(days=1)
        fang = self._client("王芳", "lixiang", phone="13800000101", gender="F", bank_tier="贵宾",
                            birthday=_years_before(tomorrow, 38), stage="active", occupation="中学老师",
                            preferred_channel="wechat", insurance_tier=self._tier("insurance_tier", -1))
        fang2 = self._client("王芳", "lixiang", phone="13900000002", gender="F", bank_tier="大众",
                             birthday=date(1992, 4, 12), stage="active", occupation="会计")
        min_, jing, lei = (
            self._client(name, "lixiang", phone=phone, gender=gender, stage="active", birthday=born)
            for name, phone, gender, born in (
                ("张敏", "13800000103", "F", date(1986, 9, 3)),
                ("陈静", "13800000104", "F", date(1990, 7, 8)),
                ("赵磊", "13800000105", "M", date(1979, 2, 28)),
            )
        )
        self.uow.clients.relate(fang, lei, "spouse")
        self.uow.clients.relate(jing, min_, "referrer")
        for client, code, days in ((fang, "INS-MED-02", 8), (jing, "INS-MED-01", 31), (fang2, "INS-ACC-01", 8),
                                   (lei, "INS-CAR-01", 1), (min_, "INS-MED-02", 61)):
            self._yearly_policy(client, code, self.today + timedelta(days=days))
        self._long_policy(fang, "INS-CI-01", first_due=_years_before(self.today + timedelta(days=1), 2), years=20)
        self._long_policy(min_, "INS-CI-02", first_due=self.today - timedelta(days=10), years=20, unpaid=True)
        self._long_policy(lei, "INS-TL-01", first_due=self.today + timedelta(days=8), years=10)
        write_parties(self.uow, fang, lei, min_)
        self._contact(fang, 6, "call", "电话聊了重疾险续保，客户想等孩子开学后再定")
        self._contact(fang, 40, "visit", "上门做了保单检视")
        self._contact(jing, 2, "wechat", "微信问保费能不能分期")

    def _bank_scene(self) -> None:
        self.uow.act_as(Actor.of(self.uow.users.get("zhoumin")))
        liu = self._client("刘洋", "zhoumin", phone="13800000201", gender="M", bank_tier="贵宾", stage="active",
                           birthday=date(1983, 5, 20), aum=Decimal(860000), risk_class="C3",
                           risk_class_expires_on=self.today + timedelta(days=31), credit_grade="A", salary_card=True)
        self.history.of_liuyang(liu)
        write_accounts(self.uow, liu, self.today)
        firm = self._client("宏达科技有限公司", "zhoumin", kind="enterprise", phone="13800000202", stage="active",
                            industry="制造业", licence_expires_on=self.today + timedelta(days=31))
        boss = self._client("张强", "zhoumin", phone="13800000203", gender="M", stage="active",
                            birthday=_years_before(self.today + timedelta(days=1), 51))
        self.uow.clients.relate(firm, boss, "legal_representative")
        self._holding(liu, "deposit", "BNK-CD-12", self.today + timedelta(days=8), 300000)
        self._holding(liu, "wealth", "BNK-WM-S180", self.today + timedelta(days=1), 200000)
        self._loan(liu, "BNK-LN-HOME", 900000, Decimal("3.65"), 240, self.today - timedelta(days=800))
        self.uow.contracts.add(firm, {
            "kind": "credit_line", "line": "bank", "state": "active", "number": "SX2025000018",
            "product_code": "BNK-CL-01", "product_name": "青禾综合授信",
            "starts_on": self.today - timedelta(days=334), "ends_on": self.today + timedelta(days=31),
            "amount": Decimal(50_000_000), "used_amount": Decimal(32_000_000),
        }, [("borrower", firm.name, firm.id)])
        self._contact(liu, 12, "call", "电话聊了存单到期后的安排")

    def _lending_scene(self) -> None:
        self.uow.act_as(Actor.of(self.uow.users.get("chenmo")))
        kai = self._client("周凯", "chenmo", phone="13800000301", gender="M", stage="active", risk_class="C3",
                           risk_class_expires_on=self.today + timedelta(days=1), birthday=date(1988, 11, 2),
                           aum=Decimal(520000))
        shop = self._client("陈记餐饮有限公司", "chenmo", kind="enterprise", phone="13800000302", stage="active",
                            industry="餐饮")
        for code, amount in (("SEC-MX-01", 120000), ("SEC-BD-01", 200000), ("SEC-CL-12", 100000)):
            ends = self.today + timedelta(days=31) if code == "SEC-CL-12" else None
            self._holding(kai, "fund", code, ends, amount)
        self._loan(shop, "LND-BIZ-01", 200000, Decimal(12), 12, _months_before(self.today + timedelta(days=4), 3))
        lease = self.uow.contracts.add(shop, {
            "kind": "lease", "line": "lending", "state": "active", "number": "ZL2025000031",
            "product_code": "LND-LS-01", "product_name": "禾光设备直租", "amount": Decimal(360000),
            "starts_on": self.today - timedelta(days=300), "ends_on": self.today + timedelta(days=795),
            "rate_percent": Decimal("8.5"), "asset_code": "EX-03", "asset_name": "液压升降货梯",
            "asset_state": "正常使用", "asset_place": "人民路店后门",
        }, [("lessee", shop.name, shop.id)])
        self._plan(lease, repayment_plan(Decimal(360000), Decimal("8.5"), 36, self.today - timedelta(days=300)))
        self._contact(kai, 20, "meeting", "面谈了资产配置，客户偏稳健")

    # ------------------------------------------------------------ everybody else

    def _anybody(self, owner: User, number: int) -> None:
        pick = self.random
        if number % 12 == 5 and number // 12 < len(_FIRMS) and owner.line != "insurance":
            firm = _FIRMS[(number // 12 + (6 if owner.id == "chenmo" else 0)) % len(_FIRMS)]
            if not self.uow.clients.named([firm.lower()]):
                industry = pick.choice(("制造业", "批发零售", "服务业"))
                client = self._client(firm, owner.id, kind="enterprise", stage="active", industry=industry)
                self._contact(client, pick.randint(1, 25), "call", pick.choice(_TALK))
                self._contracts_of(client, owner)
                return
        surname = pick.choice(_SURNAMES) if pick.random() < 0.97 else "欧阳"
        gender = pick.choice("MF")
        name = surname + pick.choice(_GIVEN[gender])
        born = date(pick.randint(1950, 2002), pick.randint(1, 12), pick.randint(1, 28))
        lunar = {"birthday_calendar": "lunar", "lunar_birthday": pick.randint(1, 12) * 100 + pick.randint(1, 29)}
        client = self._client(
            name, owner.id, gender=gender, birthday=born,
            bank_tier=pick.choice(_TIERS["bank_tier"]),
            stage=pick.choices(("active", "lead", "new", "at_risk"), (6, 2, 1, 1))[0],
            occupation=pick.choice(_JOBS), source=self.history.source(), **(lunar if pick.random() < 0.1 else {}),
        )
        if owner.line != "insurance":
            client = self.history.has(client)
        # Most were spoken to lately; a few are the silent ones that the bot is to notice.
        days_ago = pick.randint(1, 25) if pick.random() < 0.97 else pick.randint(80, 200)
        self._contact(client, days_ago, pick.choice(("call", "wechat", "visit")), pick.choice(_TALK))
        self.history.came(client, self.latest[client.id])
        self._contracts_of(client, owner)

    def _those_who_think(self, owner: str) -> None:
        """Leads of the last weeks; some were called, none has signed."""
        past = self.history.random
        for number in range(9):
            gender = past.choice("MF")
            client = self._client(
                past.choice(_SURNAMES) + past.choice(_GIVEN[gender]), owner, gender=gender, bank_tier="大众",
                source=self.history.source(),
            )
            day = past.randint(1, 28)
            self.history.came(client, datetime.combine(self.today - timedelta(days=day), ZONE_HOUR), days=day + 1)
            if number % 3:
                self._contact(client, day, "call", _TALK[0])

    def _those_who_left(self, owner: str) -> None:
        """Clients without a contract that were given up in the last months."""
        past = self.history.random
        for _ in range(7):
            gender = past.choice("MF")
            client = self._client(
                past.choice(_SURNAMES) + past.choice(_GIVEN[gender]), owner, gender=gender,
                bank_tier=past.choice(_TIERS["bank_tier"]), source=self.history.source(),
            )
            self.history.came(client, datetime.combine(self.today - timedelta(days=200), ZONE_HOUR))
            self.history.left(client)

    def _contracts_of(self, client: Client, owner: User) -> None:
        for _ in range(self.random.choices((1, 2, 3, 4, 5), (2, 3, 4, 3, 2))[0]):
            days = self.random.randint(-20, 700)
            ends = self.today + timedelta(days=days if days >= 0 else 365 + days)
            if owner.line == "insurance":
                self._some_policy(client, ends)
            elif owner.line == "bank":
                self._some_bank_contract(client, ends)
            else:
                self._some_market_contract(client, ends)

    def _some_policy(self, client: Client, ends: date) -> None:
        product = self.random.choice(self.products["policy"])
        if product.term_days == 365:
            self._yearly_policy(client, product.code, ends, before=self._earlier_term(client, product.code, ends))
        else:
            first = self.today - timedelta(days=self.random.randint(30, 1500))
            self._long_policy(client, product.code, first_due=first, years=self.random.choice((3, 5, 10)))

    def _some_bank_contract(self, client: Client, ends: date) -> None:
        kind = self.random.choices(("deposit", "wealth", "loan"), (4, 5, 1))[0]
        product = self.random.choice([p for p in self.products[kind] if p.line == "bank"])
        amount = self.random.choice((50000, 100000, 200000, 500000))
        if kind == "loan":
            start = self.today - timedelta(days=self.random.randint(30, 900))
            self._loan(client, product.code, amount, Decimal("4.1"), 36, start)
        else:
            self._holding(client, kind, product.code, ends, amount)

    def _some_market_contract(self, client: Client, ends: date) -> None:
        if self.random.random() < 0.1:
            product = self.random.choice([p for p in self.products["loan"] if p.line == "lending"])
            start = self.today - timedelta(days=self.random.randint(20, 300))
            self._loan(client, product.code, self.random.choice((30000, 80000, 150000)), Decimal("11.5"), 12, start)
        else:
            product = self.random.choice(self.products["fund"])
            amount = self.random.choice((10000, 60000, 150000))
            self._holding(client, "fund", product.code, ends if product.term_days else None, amount)

    # ------------------------------------------------------------ pieces

    def _tier(self, scheme: str, position: int) -> str:
        return self.tiers[scheme][position]

    def _client(self, name: str, owner: str, **values: Any) -> Client:
        phone = values.pop("phone", f"1380000{next(self.phones)}")
        filled = {"name": name, "phone": phone, "source": "自拓", **values}
        return self.uow.clients.add({k: v for k, v in filled.items() if v is not None}, owner)

    def _contact(self, client: Client, days_ago: int, kind: str, text: str) -> None:
        at = datetime.combine(self.today - timedelta(days=days_ago), ZONE_HOUR)
        self.uow.interactions.add(client, kind, text, happened_at=at)
        self.latest[client.id] = max(self.latest.get(client.id, at), at)
        self.uow.clients.contacted(client.id, self.latest[client.id])

    def _contract(self, client: Client, code: str, role: str, **values: Any) -> Contract:
        product = self.uow.packs.product(code)
        kind = self.uow.packs.kind(product.kind)
        number = f"{code.split('-')[0]}{self.random.randrange(10**9, 10**10)}"
        filled: Mapping[str, Any] = {
            "kind": kind.name, "line": product.line, "state": kind.initial, "number": number,
            "product_code": code, "product_name": product.name, **values,
        }
        return self.uow.contracts.add(
            client, {k: v for k, v in filled.items() if v is not None}, [(role, client.name, client.id)]
        )

    def _earlier_term(self, client: Client, code: str, ends_on: date) -> int | None:
        """The term before, for four policies out of five; another policy that was not renewed for some."""
        present, self.random = self.random, self.history.random
        try:
            if self.random.random() < 0.25:
                ended = self.today - timedelta(days=self.random.randint(60, 360))
                self._contract(client, code, "holder", state="expired", starts_on=_years_before(ended, 1),
                               ends_on=ended, premium=Decimal(899), renewal_intent="none")
            ended = _years_before(ends_on, 1)
            if self.random.random() > 0.8 or ended >= self.today:
                return None
            return self._contract(client, code, "holder", state="renewed", starts_on=_years_before(ended, 1),
                                  ends_on=ended, premium=Decimal(899)).id
        finally:
            self.random = present

    def _yearly_policy(self, client: Client, code: str, ends_on: date, *, before: int | None = None) -> None:
        premium = Decimal(self.random.choice((380, 899, 1580, 2600, 4300)))
        starts = _years_before(ends_on, 1)
        policy = self._contract(client, code, "holder", starts_on=starts, ends_on=ends_on, premium=premium,
                                amount=premium * 500, pay_mode="annual", pay_years=1, previous_id=before)
        self._plan(policy, premium_plan(premium, starts, "annual", 1))

    def _long_policy(self, client: Client, code: str, *, first_due: date, years: int, unpaid: bool = False) -> None:
        premium = Decimal(self.random.choice((3600, 5200, 8800, 12000)))
        policy = self._contract(client, code, "holder", starts_on=first_due, premium=premium, amount=premium * 40,
                                pay_mode="annual", pay_years=years)
        self._plan(policy, premium_plan(premium, first_due, "annual", years,
                                        grace_days=self.uow.packs.product(code).grace_days or 60), unpaid=unpaid)

    def _holding(self, client: Client, kind: str, code: str, ends_on: date | None, amount: int) -> None:
        starts = (ends_on or self.today) - timedelta(days=self.uow.packs.product(code).term_days or 200)
        latest = self.today - timedelta(days=30 + amount // 5000)  # nobody bought everything today
        self._contract(client, code, "account_holder", starts_on=min(starts, latest), ends_on=ends_on,
                       amount=Decimal(amount), balance=Decimal(amount),
                       rate_percent=Decimal("2.1") if kind == "deposit" else None)

    def _loan(self, client: Client, code: str, amount: int, rate: Decimal, terms: int, start: date) -> None:
        plan = repayment_plan(Decimal(amount), rate, terms, start)
        owed = sum((p.principal or Decimal(0) for p in plan if p.due_on >= self.today), Decimal(0))
        loan = self._contract(client, code, "borrower", starts_on=start, ends_on=plan[-1].due_on,
                              amount=Decimal(amount), rate_percent=rate, balance=owed)
        self._plan(loan, plan)

    def _plan(self, contract: Contract, plan: Any, *, unpaid: bool = False) -> None:
        """Write the plan with what lies before today paid, but for a few that are late."""
        late = unpaid or self.random.random() < 0.01
        rows = []
        for part in plan:
            row = {k: v for k, v in asdict(part).items() if v is not None}
            overdue_here = late and self.today - timedelta(days=25) <= part.due_on < self.today
            if part.due_on < self.today and not overdue_here:
                row |= {"state": "paid", "paid_on": part.due_on}
            rows.append(row)
        self.uow.contracts.add_instalments(contract, rows)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _months_before(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 - months
    return date(total // 12, total % 12 + 1, min(day.day, 28))


def is_empty(database: Database, now: datetime) -> bool:
    """Whether nobody was ever entered."""
    with database.system(now) as uow:
        return not uow.users.all()


def write_demo(database: Database, now: datetime, zone: Any) -> None:
    """Fill an empty database, in one transaction, as if it had been entered some weeks ago."""
    with database.system(now - ENTERED_BEFORE) as uow:
        sync_products(uow)
        demo = Demo(uow, local_date(now, zone))
        demo.write()
        demo.history.ranks(zone)
