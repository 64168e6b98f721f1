"""Customers whose phones stand on the sandbox's page."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import UnitOfWork
from storage.model.people import Actor
from storage.repositories.contacts import ContactRepository


@dataclass(frozen=True)
class DemoCustomer:
    """Who has him in WeCom, and which client he is."""

    external_userid: str
    nickname: str
    adviser: str
    client: str


CUSTOMERS = (
    DemoCustomer("wm_wangfang", "芳芳", "lixiang", "王芳"),
    DemoCustomer("wm_chenjing", "静静", "lixiang", "陈静"),
    DemoCustomer("wm_liuyang", "刘洋", "zhoumin", "刘洋"),
    DemoCustomer("wm_suting", "婷婷", "chenmo", "苏婷"),
)


# The firm's 微信客服, which all of them can write to.
KF_ACCOUNT, KF_NAME = "wk_qinghe", "青禾金融客服"


def link_customers(uow: UnitOfWork) -> None:
    """Link each to his client; the first of a name is the one of the stories."""
    for customer in CUSTOMERS:
        uow.act_as(Actor.of(uow.users.get(customer.adviser)))
        client = uow.clients.get(min(hit.client_id for hit in uow.clients.named([customer.client])))
        contacts = ContactRepository(uow)
        contact = contacts.added(customer.adviser, customer.external_userid)
        contacts.link(contact, client, "hand", customer.nickname)
