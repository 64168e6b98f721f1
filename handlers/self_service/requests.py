"""What a customer wants done: data changed, a meeting, a document. A person does it; nothing changes before."""

from __future__ import annotations

from handlers.language import Meaning, When
from handlers.self_service.tickets import DEMAND, open_matter
from handlers.self_service.visit import Visit, answers
from storage.model.values import mask_free_text


@answers("self.update")
def update(visit: Visit, meaning: Meaning) -> None:
    """For a person who knows the client: what is on record stays until he has checked the new."""
    name = str(meaning.get("field") or "")
    label = visit.packs.field("client", name).label if f"client.{name}" in visit.packs.paths else "资料"
    value = mask_free_text(str(meaning.get("value") or ""))
    wish = f"改{label}{f'：{value}' if value else ''}"
    proved = "已核实身份" if visit.client is not None else "还没核实身份"
    visit.hand_over("update", f"客户要求{wish}（{proved}）。请核对本人以后再改，要审批的字段照审批走。")
    open_matter(visit, DEMAND, f"要求{wish}（{proved}），核对本人后再改")


@answers("self.appointment")
def appointment(visit: Visit, meaning: Meaning) -> None:
    """Into the diary of who answers for the client, at that time."""
    visit.interested = True
    when = meaning.get("when")
    if not isinstance(when, When) or when.problem is not None or not (when.has_clock or when.part):
        visit.memory.asked = "appointment"
        visit.say("appointment_when")
        return
    at = when.suggested_at(visit.zone)
    if visit.known is not None and (adviser := visit.adviser) is not None:
        visit.uow.reminders.add(
            receiver_id=adviser.id, remind_at=at, due_on=at.date(), category="task",
            text=f"和{visit.name}约好见面（微信客服）：{visit.shortly}", client=visit.known,
        )
    shown = f"{at.month} 月 {at.day} 日 {at:%H:%M}"
    note = f"客户约 {shown}，已记到您的日程，请和客户确认。" if visit.known else f"对方约 {shown}。"
    visit.hand_over("appointment", note, when=shown)


@answers("self.document")
def document(visit: Visit, meaning: Meaning) -> None:
    visit.hand_over("document", "客户要文件，核对身份后发给他。")
    open_matter(visit, DEMAND, f"要文件：{visit.text}")
