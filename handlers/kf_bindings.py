"""What a client has proved about himself in 微信客服 can be taken back by whoever serves him."""

from __future__ import annotations

from handlers.context import Context
from handlers.language import Meaning
from handlers.router import command
from storage.model.people import Client
from storage.model.self_service import HOW_WORDS
from storage.repositories.bindings import BindingRepository


@command(
    "kf.unbind", group="关怀", help="作废客户在微信客服的身份核实", example="解除绑定 王芳", client=True
)
def unbind(ctx: Context, meaning: Meaning, client: Client) -> None:
    """From now on nothing personal is answered until he proves anew who he is; also what is on its way."""
    bindings = BindingRepository(ctx.uow)
    held = bindings.of_client(client.id)
    if not held:
        ctx.say(f"「{client.name}」现在没有有效的身份核实，不用解除。")
        return
    bindings.revoke(client)
    ctx.wrote_for_good("解除身份核实")
    how, until = HOW_WORDS[held[0].how], ctx.local(held[0].expires_at)
    ctx.say(
        f"已解除「{client.name}」的身份核实（{how}，原来到 {until.month} 月 {until.day} 日），马上生效；"
        "客户再问个人信息要重新核实。"
    )
