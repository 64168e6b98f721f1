"""A customer's rights: no more messages, what is kept of him, and to have it erased (PIPL art. 15, 45, 47)."""

from __future__ import annotations

from typing import cast

from handlers.consents import NOTICE, PURPOSES
from handlers.language import Meaning
from handlers.self_service.identity import ask_who
from handlers.self_service.tickets import RIGHTS, open_matter, stands
from handlers.self_service.visit import LINE, Visit, answers
from storage.model.masking import mask_id_number, mask_phone
from storage.model.messages import cut
from storage.model.people import Client
from storage.model.values import mask_free_text
from storage.repositories.assessments import AssessmentRepository
from storage.repositories.client_messages import ClientMessageRepository

WITHDRAWN = ("marketing", "care")
ERASED = "erased"  # the state in which a wish to be erased was granted and done


@answers("self.consent_withdraw")
def opt_out(visit: Visit, meaning: Meaning) -> None:
    """At once, and without proof: it must be as easy as the consent was, and harms nobody. What waits in the ledger
    meets the gate again before it goes; tasks that wait in WeCom are looked at in the next turn."""
    if visit.known is not None:
        for purpose in WITHDRAWN:
            visit.uow.consents.record(
                visit.known, purpose, False, channel="客户在微信客服提出", evidence=visit.text, notice_version=NOTICE,
            )
        ClientMessageRepository(visit.uow).look_now([visit.known.id])
    visit.say("opted_out")
    words = "、".join(PURPOSES[purpose] for purpose in WITHDRAWN)
    visit.note(f"客户不想再收到消息：已登记撤回{words}的授权，马上生效，还没发出的也不发了。")


@answers("self.consent_restore")
def opt_in(visit: Visit, meaning: Meaning) -> None:
    """Consent is what a person makes sure of: nothing is sent again before a member wrote it down."""
    how = f"：跟本人确认后发送「{visit.name} 同意营销」「{visit.name} 同意关怀」登记" if visit.known is not None else ""
    visit.hand_over("opted_in", f"客户想重新收到消息{how}。")


@answers("self.privacy_access", personal=True)
def access(visit: Visit, meaning: Meaning) -> None:
    """What is kept and what for, as the client can read it; numbers masked."""
    client = cast(Client, visit.client)
    visit.tell(visit.packs.reply("privacy_summary").render(summary="\n".join(_summary(visit, client))))
    visit.uow.audit.record("privacy_access", "client", client.id, client_id=client.id)
    visit.note("客户查阅了自己的资料（个人信息查阅权），已给摘要。")


def _summary(visit: Visit, client: Client) -> list[str]:
    """A line for each purpose that something is kept for."""
    phone, number = client.value("phone"), client.value("id_number")
    contact = [f"手机 {mask_phone(phone)}" if phone else "", *(
        visit.packs.field("client", name).label for name in ("email", "address", "wechat") if client.value(name)
    )]
    known = [f"证件 {mask_id_number(number)}" if number else "", "生日" if client.birthday else ""]
    granted = visit.uow.consents.granted(client.id)
    optional = {name: label for name, label in PURPOSES.items() if name != "service"}
    asked = [f"{label}：{'已' if name in granted else '没有'}同意" for name, label in optional.items()]
    rows = (
        ("服务联系", contact), ("核实身份", known), ("办理和管理合同", _business(visit, client)),
        ("评估适合您的产品", _assessed(visit, client)), ("服务记录", _served(visit, client)), ("授权", asked),
    )
    return [f"· {label}：{'、'.join(filter(None, parts))}" for label, parts in rows if any(parts)]


def _business(visit: Visit, client: Client) -> list[str]:
    accounts = len(visit.uow.accounts.of_client(client.id))
    return [f"合同 {len(visit.uow.contracts.of_client(client.id))} 份", f"账户 {accounts} 个" if accounts else ""]


def _assessed(visit: Visit, client: Client) -> list[str]:
    kept = AssessmentRepository(visit.uow)
    done = {asked.label: len(kept.done(client.id, asked.id)) for asked in visit.packs.questionnaires}
    return [f"{label} {times} 次" for label, times in done.items() if times]


def _served(visit: Visit, client: Client) -> list[str]:
    """What was written down while he was served, and who belongs to him."""
    counted = {
        "工单 {} 张": len(visit.uow.tickets.of_client(client.id)),
        "家庭和其他关系 {} 位": len(visit.uow.clients.relations(client.id)),
    }
    talks = f"跟进和沟通 {visit.uow.interactions.count(client.id)} 条"
    return [talks, *(words.format(number) for words, number in counted.items() if number)]


@answers("self.privacy_delete")
def erase(visit: Visit, meaning: Meaning) -> None:
    """A rights ticket (PIPL art. 47): compliance decides, after making sure who it is, and what may go goes at night;
    what the law says to keep is explained. Of a WeChat that nobody knows compliance hears without a ticket. Who asks
    how far it is hears that, once it is known who asks."""
    if meaning.get("status"):
        _tell_how_far(visit)
        return
    visit.hand_over("privacy_delete", "客户申请删除资料，由合规核实后办理。")
    if visit.known is None:
        for user in visit.uow.users.all("compliance"):
            asked = f"「{visit.name}」在微信客服申请删除个人资料，请核实是哪位客户（15 个工作日内答复）。"
            visit.write_to(user.id, asked)
        return
    proved = "已核实身份" if visit.client is not None else "还没核实身份"
    open_matter(visit, RIGHTS, f"申请删除个人资料（{proved}）：{cut(mask_free_text(visit.text), LINE)}")


def _tell_how_far(visit: Visit) -> None:
    """In words that tell nothing but where his own wish stands: told of one whose data are locked, too."""
    if visit.client is None:
        ask_who(visit)
        return
    client = visit.client
    visit.uow.audit.record("read", "client", client.id, client_id=client.id, section="rights", by="customer")
    wishes = [ticket for ticket in visit.uow.tickets.of_client(client.id) if ticket.flow == RIGHTS]
    if not wishes:
        visit.say("erasure_none")
        return
    last = max(wishes, key=lambda ticket: ticket.number)
    day = visit.local(last.ended_at or last.created_at)
    told = {"number": last.name, "day": f"{day.month} 月 {day.day} 日"}
    if last.state == ERASED:
        visit.say("erasure_done", **told)
    else:
        visit.say("erasure_open" if last.is_open else "erasure_ended", **told, state=stands(visit, last))
