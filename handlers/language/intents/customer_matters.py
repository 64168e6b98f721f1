"""What customers say of what runs already or once did: messages again after 退订, a complaint dropped, a ticket by its
number; and what somebody says who is no client yet.

Read before the scored rules of `customers`, whose words (退订, 投诉, 贷款) stand in these sentences as well."""

from __future__ import annotations

from dataclasses import replace

from handlers.language.intents.customers import loan, payment, product, said
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence, take_apart
from handlers.language.single import single

_AGAINST = r"不(?!小心)|别|没|莫|勿|拒(?!收)|谁|为什么|为啥|凭|怎么(?:又|还|老)|如果|要是|否则|还(?:继续|在|给|发|推)|又(?:给|发|推|收)|骚扰|烦|投诉|举报"
_MESSAGES = r"(?:消息|短信(?!验证)|通知|推送|推荐|资讯|活动|广告)"
_MESSAGES_AGAIN = lazy(
    rf"^(?!.*(?:{_AGAINST}|验证码|理赔|赔款|审批|到账)).*(?:"
    r"(?:取消|撤销|撤回|解除)(?:了|掉|我的?|之前的?|刚才的?|那个|一下|\s)*(?:退订|拒收)"
    r"|(?:短信|消息|活动|通知|推送)[^,。]{0,4}(?:还是|继续|接着|可以)(?:给我)?(?:发|推)(?:吧|给我)"
    r"|退订.{0,10}(?:恢复|重新|后悔|改主意)"
    rf"|(?:恢复|重新|重启|继续)[^,。]{{0,8}}(?:{_MESSAGES}|推|订阅|接收)"
    rf"|(?:可以|能|请)(?:再|又|继续|重新|开始|接着)*(?:给|跟|向)?我(?:再|继续|重新|接着)*(?:发|推)[^,。]{{0,6}}{_MESSAGES}"
    rf"|(?:又|还|也)?(?:想|愿意|同意)(?:再|又|重新|继续|接着)*(?:接收|收到?|订阅)[^,。]{{0,8}}{_MESSAGES})"
)
_COMPLAINT_DROPPED = lazy(
    r"^(?!.*(?:为什么|为啥|谁|凭|你们(?:怎么)?(?:把|给)|再不|如果|要是|否则|不然|没人|不管)).*(?:撤诉(?!讼)"
    r"|(?:撤销|撤回|撤掉|撤了?|取消|收回)(?:我的?|这个|那个|之前的?|上次的?|刚才的?|\s)*投诉"
    r"|投诉(?:的)?(?:这|那)?(?:件|个)?(?:事情?|单|工单)?(?:我|就|先|还是|想|要|给我|帮我|那|[,，\s])*(?:算了|撤(?!不撤)|取消|作罢|到此为止)"
    r"|(?:不|不想|不用|不要|不再|不打算|不必)(?:想|要|用|再|继续|去)*投诉了)"
)
_NUMBER = r"(?:[Tt]\s*|工单号?码?\s*[:：是]?\s*[Tt]?\s*)0*(?P<no>[1-9]\d{0,6})"
# No word here may be read as two others of them: endless 我的我的我的 would be tried in all ways.
_ASKED = (
    r"(?:我|那个|这个|之前|上次|请问|想|问|帮|查|询|看|一下|下|工单|单号|号|的|进度|进展|状态|情况|结果|消息|怎么?样|咋样|如何|到哪|"
    r"哪一?步|处理|办理?|解决|得|好|完|到|现在|目前|有|没|还|什么|多久|事情|事儿?|了|吗|呢|啊|呀|么|\W)*"
)
_TICKET = lazy(rf"{_ASKED}{_NUMBER}{_ASKED}")
_TICKETS = lazy(
    rf"(?=.*(?:进度|进展|怎么?样|咋样|如何|到哪|哪一?步|状态|情况|结果|消息|好了|完了|多久)){_ASKED}(?:投诉|工单|需求|申请|反映){_ASKED}"
    r"|\W*(?:查|看)?(?:一下|看)?我的?工单\W*"
)
_ERASURE_ASKED_AFTER = lazy(
    r"^(?!.*(?:能|可以|帮|(?<!申)请(?!求)|把|想|要(?!求)|怎么(?!样)|如何)).*(?:"
    r"(?:资料|信息|数据|账号|记录)[^,。]{0,6}(?:删|清|注销|销毁)(?:除|掉|完|干净|光)?(?:了|好|完)+(?:吗|没有?|么|嘛)\W*$"
    r"|(?:删除|注销|清除|销毁)[^,。]{0,8}(?:[办处理弄删](?:得)?[好完妥]|好了|完了|完成|进度|到哪|怎么样|结果))"
)
_NEXT_PAYMENT = lazy(r"(?:下|这|本|上)一?(?:期|次|季|个?月|年)[^,。还]{0,4}(?:交|缴|付)(?:多少|几)")
_LOAN_SAID = lazy(r"贷|借|还款|月供|按揭")
_ADVICE = lazy(r"(?:觉得|认为|建议|说|看)?我(?:该|应该|要不要|是不是该|适合|适不适合)(?:买|配|投|选|办|入手|上)")
_WANTS_TO_BUY = lazy(
    r"\W*+(?:我|你好|您好|请问|[,，\s])*(?:想要?|要|打算|准备|考虑)(?:在你们?(?:这|家)?(?:里|儿)?)?(?:买|配|投|办|上)(?:个|份|点|一份|一个)?(?:保险|商业险|保障)"
    r"(?:了|啊|呀|吗|怎么买|怎么办|找谁|\W)*"
    r"|^(?!.*(?:再|还能|还可以|我的|名下|批|审|额度)).*?(?:能不能|可不可以|能|可以|可)(?:在|找|向|跟|从)?(?:你们?(?:这|家)?(?:里|儿)?|这里)?(?:办|申请)?"
    r"(?:贷款|借钱|借款|贷点|借点|贷一笔|借一笔)(?:钱|款)?(?:吗|不|么|嘛|\W|$).*"
)
_ANYBODY = lazy(
    r"^\W*+(?:请问|你们|这里|那边|[,，\s])*(?:到底|究竟)?有(?:没有|冇)?(?:个|一个)?(?:活?人)(?:啊|呀|吗|在|呢|理我|回我|回|的|没|么|\W)*$"
    r"|(?<!我的)(?:公司|你们|网点|门店|总部|办公室|分行|支行)(?:的)?(?:联系)?(?:电话|热线|电话号码)(?:是|号码)*(?:多少|几|什么|呢|有吗|\W*$)"
)


# 我又没说要退保: what is denied is not wanted; what stands beside it may well be (就是问问现金价值).
_DENIED = lazy(
    r"(?:我|俺|我们|又|可|也|都|并|从来|压根|根本|现在|先|暂时|还|的话){0,4}(?:"
    r"(?:没有?|不是)(?:说|打算|想|要|来){1,3}(?:过|要|是|着|去|给我|帮我|把[^,。]{1,6}){0,3}(?:退保(?!费|险)|退(?!休|款|钱)|投诉|删|注销|改|取消|停|断|转人工|报案|理赔)"
    r"|(?:没有?|不是来?|不|谁说(?:了)?我?[要想])投诉(?!不|成|才|就|怎么|没|过|无|的(?:结果|事))"
    r"|(?:不用|不要|别|甭|不必|不想)(?:给我|帮我|再)?(?:转人工|转接|叫人|找人)"
    r"|(?:先|暂时|现在)不(?:想|打算)?退(?!休|款|钱)|(?:觉得|感觉)?(?:没必要|犯不着|不至于)(?:去)?(?:投诉|举报|退保)"
    r"|(?:朋友|同事|家人|有人|他们?|她们?)?(?:叫|让|劝|喊)?我?(?:去)?(?:投诉|举报|退保)[^,。\s]{0,6}[,\s]*我?(?:也)?(?:觉得|感觉|看)?(?:没必要|没那个必要|犯不着|不至于))(?:的|了|啊|呀|意思|你们|[,，\s])*+"
)
_NO_MATTER = frozenset({"none", "chitchat", "help"})


def _but_denied(s: Sentence) -> tuple[str, Slots] | None:
    """What is left of a sentence that denies a wish."""
    found = _DENIED.search(s.text) if s.dialogue.pending in {"none", "list"} else None
    if found is None:
        return None
    rest = s.text[:found.start()] + " " * len(found.group()) + s.text[found.end():]
    meaning = single(take_apart(s.normal.said, s.now, s.role, s.book, s.dialogue, s.lexicon, normal=replace(s.normal, text=rest)))
    return ("none", {}) if meaning.intent in _NO_MATTER else (meaning.intent, dict(meaning.slots))


def own_matter(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of such a sentence of a customer."""
    if s.role != "customer":
        return None
    if _MESSAGES_AGAIN.search(s.text):
        return "self.consent_restore", said(s, None)
    if _COMPLAINT_DROPPED.search(s.text):
        return "self.complaint_withdraw", said(s, None)
    if _ERASURE_ASKED_AFTER.search(s.text):
        return "self.privacy_delete", {**said(s, None), "status": True}
    if (named := _TICKET.fullmatch(s.text)) is not None:
        return "self.ticket", {"ticket_no": f"T{named['no']}"}
    if _TICKETS.fullmatch(s.text):
        return "self.ticket", {}
    if (left := _but_denied(s)) is not None:
        return left
    if _NEXT_PAYMENT.search(s.text):
        return ("self.loan_status", loan(s, None)) if _LOAN_SAID.search(s.text) else ("self.payment", payment(s, None))
    if _ADVICE.search(s.text) or _WANTS_TO_BUY.fullmatch(s.text):
        return "self.product", product(s, None)
    return ("self.human", {"target": "adviser"}) if _ANYBODY.search(s.text) else None
