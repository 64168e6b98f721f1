"""Customers whose phones stand on the sandbox's page."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.fake_wecom import FakeWeCom
from reminders.codes import Handed
from storage.database import Database, UnitOfWork
from storage.model.clock import Clock
from storage.model.people import Actor, Client
from storage.repositories.contacts import ContactRepository


@dataclass(frozen=True)
class DemoCustomer:
    """Who has him in WeCom, and which client he is; nobody knows one without a client. `chips`: what to try."""

    external_userid: str
    nickname: str
    adviser: str
    client: str
    chips: tuple[str, ...] = ()


CUSTOMERS = (
    DemoCustomer("wm_wangfang", "芳芳", "lixiang", "王芳", (
        "我的保单什么时候到期", "验证码", "怎么理赔", "约周三下午三点见面", "你们有我哪些资料", "转人工",
        "别再给我发消息了",
    )),
    DemoCustomer("wm_chenjing", "静静", "lixiang", "陈静", (
        "三天没人回我，我要投诉", "叫你们经理来", "转人工", "建议周末也能办业务",
    )),
    DemoCustomer("wm_liuyang", "刘洋", "zhoumin", "刘洋", ("下个月要还多少钱", "验证码", "我买的理财怎么样了")),
    DemoCustomer("wm_suting", "婷婷", "chenmo", "苏婷", ("我的基金怎么样了", "风险测评", "验证码")),
    DemoCustomer("wm_luren", "路人", "lixiang", "", (
        "我的保单什么时候到期", "验证码", "123X 19850615", "松鹤养老险怎么样",
    )),
)
KNOWN = tuple(customer for customer in CUSTOMERS if customer.client)

# The firm's 微信客服, which all of them can write to.
KF_ACCOUNT, KF_NAME = "wk_qinghe", "青禾金融客服"


def link_customers(uow: UnitOfWork) -> None:
    """Link each to his client; the first of a name is the one of the stories."""
    for customer in KNOWN:
        uow.act_as(Actor.of(uow.users.get(customer.adviser)))
        contacts = ContactRepository(uow)
        contact = contacts.added(customer.adviser, customer.external_userid)
        contacts.link(contact, client_of(uow, customer), "hand", customer.nickname)


def client_of(uow: UnitOfWork, customer: DemoCustomer) -> Client:
    return uow.clients.get(min(hit.client_id for hit in uow.clients.named([customer.client])))


class DemoPhones:
    """The way of codes to phones: a text message shows on the phone of the customer with that number."""

    def __init__(self, database: Database, fake: FakeWeCom, clock: Clock) -> None:
        self._database, self._fake, self._clock = database, fake, clock

    async def send(self, phone: str, text: str) -> Handed:
        whose = await self._database.run(lambda: self._owners(phone))
        for external_userid in whose:
            self._fake.customer_chats.show(external_userid, self._clock.now(), "sms", "短信", text)
        return "sent" if whose else "refused"

    def _owners(self, phone: str) -> list[str]:
        with self._database.system(self._clock.now()) as uow:
            contacts = ContactRepository(uow)
            found = {row.id for row in uow.clients.with_phone(phone)}
            return [c.external_userid for c in KNOWN if contacts.client_of(c.external_userid) in found]
