"""What sounds like an order and is none: questions, quotations, hearsay, denials, suppositions, wishes, pasted messages.

A sentence changes something only when its speaker wants it changed. Each way of merely talking about a change is a table of words
here; an explicit order beside it (「…, 记一下」) outweighs most of them."""

from __future__ import annotations

import re

from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence
from handlers.language.tales import clauses, orders, orders_outright, somebody_else, tells
from handlers.language.unwilled import TAKES_BACK, ends, unwilled

# ---------------------------------------------------------------- questions

# These ask whatever stands beside them; only 提醒我问… and 记一下… make them the content of an order.
_ASKS = lazy(
    r"(?:成|为|到|写|填|改|打|设|记|派|转|给|加|删)了?(?:些)?(?:啥|什么|哪[儿里个些])了?\W*$|是[^,。]{1,10}还是[^,。]{1,12}\W*$|来着\W*$|T来着|了没|过没|没有?\W*$|了吗|过吗|[了过]么\W*$|是不是|是否|有没有|会不会|该不该|为什么|为啥|怎么(?!说)|怎样|如何|咋|什么意思|(?<!那个)谁(?!知)|多少(?!都)|(?<![给好这那])几(?:个|张|条|单|位|件|起|家|笔)(?!月|小时|星期|礼拜|钟头)|(?:哪个|哪位|什么人|啥人)(?:人|家伙|同事)?(?:把|给|将|动|改|删)|真的假的|是真是假|对不对|"
    r"的(?:那|这)个?[^,。]{1,8}(?:叫|是|在)(?:啥|什么|哪|谁)[^,。]{0,4}$|还是(?:不|别|先不)[^,。]{0,20}(?:好|妥|合适)\W*$|几(?:天|个|点|次|年)[^,。]{0,6}合适|到底|几时|多久|是.{1,16}吗\W*$|不是.{1,16}吗|还是没|凭什么|干嘛|干吗|不会(?:是|真|又|已经).{1,16}吧|难道|莫非|该不会|(?:进去|上去|[上好完过成到])了吧\W*$"
)
# These ask, or ask nicely.
_ASKS_SOFTLY = lazy(r"(?:吗|么|呢|不|嘛)\W*$|\?\W*$|要不要|能不能|可不可以|行不行|好不好|[吗么](?=还是|[\s,。])|([\u4e00-\u9fff])[不没]\1(?:[\u4e00-\u9fff]|\W*$)")
# 已续了吧, 保费交了吧 ask whether it happened; 删了吧, 关了吧 order it. Only of what happens outside the chat.
_HAPPENED = lazy(r"(?:(?:已经?|都|应该|早就?|肯定|是)?[^,。;\s]{0,8}(?:了|过|好|完|清|上|齐)(?:的)?|(?:已|[\u4e00-\u9fff]了)[^,。;\s]{1,8}|(?:没有?|不)[^,。;\s]{0,6}了?)(?:对|是)?吧[\s?!。~]*$|(?:对|是)吧[\s?!。~]*$")
_TOLD_OF = frozenset("renewal.done renewal.lost renewal.intent premium.paid repayment.paid policy.update policy.add holding.add loan.add credit.add lease.add claim.update claim.create "
                     "opportunity.update item.done item.renewed item.paid item.repaid reminder.complete interest.told".split())
_MARKED = lazy(r"(?:标|改|算|当|弄|设|置|填|写|录|登|更新|改成|记)")
_POLITE = lazy(r"能不能|可不可以|可否|能否|能帮|可以帮|麻烦|帮我|帮忙|给我|替我|劳驾|请(?!假|客|问|示|教)|(?:好吗|好不好|行吗|行不行|可以吗|好么|可以不|行不|好不|好伐|好咩|中不中|成不成|成不)\W*$")
_ORDERED = lazy(r"提醒(?:我|一下)|盯(?:一下|着|紧|住)|叮(?:我|一下)|记(?:一?下|录|上|一笔|一条|个|到|在)|帮我记|备注|登记|叫我|别忘|记得|写(?:个|一?条)?跟进|录(?:一?条|个)?(?:投诉|客诉|工单|跟进)|(?:提|建|开|走|挂)一?(?:个|张|条)?.{0,4}(?:工单|单|商机)")
_ASKED_AT_THE_END = lazy(
    r"([\u4e00-\u9fff])[不没]\1\W*$|(?:写|记)了?(?:些)?(?:啥|什么)\W*$|(?:吗|么|了没|过没|没有|真的假的)\W*$|\?\W*$"
    r"|的(?:那|这)个?[^,。]{1,8}(?:叫|是|在)(?:啥|什么|哪|谁)[^,。]{0,4}$|^(?!.*[问查说聊看]).*(?:(?:会|该)怎么?样|怎么办|(?:是|算)?什么意思|还是(?:不|别|先不)[^,。]{0,20}好|(?:谁|哪个)(?:说|让|叫|要求)的)\W*$"
)

# ---------------------------------------------------------------- not the speaker's own will

_PEOPLE = r"(?:他|她|客户|人家|对方|领导|老板|主管|经理|同事|阿姨|大姐|大哥|[CS]|[小老][\u4e00-\u9fff]|[\u4e00-\u9fff]{1,2}(?:总|姐|哥|姨|叔))"
_QUOTED = lazy(r"C(?:微信|短信|发来|留言|回复)[:：]\s*[T\u4e00-\u9fff]|" + _PEOPLE + r".{0,4}(?:说|问|讲|喊|回|发来|原话|来一?句|问我|跟我说|告诉我|交代)(?:了一?句|过|是|道|的)?[\s,:]*(?:Q|(?<=[:：]).)")
_ASKED_BY = lazy(_PEOPLE + r".{0,3}(?:问我?|让我问|想知道|打听)(?:们)?(?:「|:|,|\s)*(?:要不要|能不能|是不是|怎么|咋|可不可以|有没有|啥|什么|可以)")
_RUMOUR = lazy(r"听说|听人(?:家)?[说讲]|据说|传言|传闻|风闻|真的假的|是真是假|准不准|有这回事|有人说|都在传|群里(?:有人|都|又)?.{0,3}(?:说|问|传)")
_DENIED = lazy(
    r"(?:让|叫|劝)(?:我|咱|我们)(?:先)?(?:别|不要|不用)|我(?:才|可|也|都|又)*不(?:干|同意|答应|愿意|敢)|(?:不用|不要|先不|不必|无需|不需要|暂时不|先别|(?<![性级类特分区个])别(?!忘|客|人|的))(?:再|给|帮|把|为|替)?[^,。;\s]{0,6}(?:建|提(?!醒)|开(?!车|会)|录|加|记|改|设|登|转|派|删|标|打(?!扰|电话|给)|移)|我(?:可|又|从来|压根|根本|并|真|也|都|们)*没(?:有)?(?:说|让|叫|要|喊|同意|答应|讲|打算|想|提)(?!.{0,6}(?:记一下|帮我))|谁(?:说|让|叫|要)(?:了|过)?(?:要|我|你|改|删)|"
    r"(?:千万|可|先|你)别(?:给|把|动|乱|急着|真|瞎|将|帮|替)|不是(?:要|让|叫|说)(?:你|我)?(?:要|去|帮|把|给)?|别(?:给|把)[CS]|(?:又|后来|最后|还是)(?:不|没)[\u4e00-\u9fff]{1,4}了"
)
_NOT_NOTED = lazy(r"(?:不用|不要|不必|无需|先别|(?<![性级类特分区个])别|没让|没叫|没必要)[^,。\s]{0,6}(?:记|备注|写|录|存)|我(?:才|可|也|都|又)*不(?:干|同意|答应|愿意|敢)|谁(?:说|让|叫)")
_ONLY_NOTED = lazy(r"(?:记(?:一?下|上|录|一笔|个跟进|(?:到|进|在)?(?:跟进|备注|记录)里)|写(?:进|到|在)(?:跟进|备注|记录)|备注(?:一?下|上)?|留个?底|做个(?:记录|跟进|备注))(?!.{0,12}(?:改成|改为|更新))")
_NOTED_LAST = lazy(r"C[^,。]{0,6}(?:说|讲|叫|让|要求)[^。]{1,60}[\s,](?:这话|这个|都|先|也)?(?:给他|给她|帮我)?(?:记(?:一?下|上|一笔)|备注(?:一?下|上)?)\W*$")
# 蔡明说她想把受益人改成孙子，先记一笔: what a client wishes or asks for is written down, and not done.
_WISHES = lazy(r"C[^,。]{0,8}?(?:说|问|讲|提|表示|喊|要求|来电)[^。]{0,14}?(?:想(?!要?你)|要(?!是)|打算|能不能|可不可以|考虑|准备|让我|叫我)")
_OF_CLIENTS = frozenset({"tier.set", "tag.remove", "client.delete", "client.update", "policy.update", "policy.add", "holding.add", "loan.add", "claim.create", "claim.update", "tag.add"})
_OF_RENEWAL = frozenset({"renewal.done", "renewal.lost", "premium.paid", "repayment.paid"})
# 没续上 neither renews nor gives up; 快续上了, 应该续上了 are not known to be done.
_NOT_RENEWED = lazy(r"没(?:有|能)?续上")
_NOT_YET_RENEWED = lazy(r"续上了?(?:的话|才|再|以后|之后)|(?:以为|听说|别(?:的|家)|其他公司|另一家|去年|前年).{0,8}续|(?:快要?|马上|即将|就要|应该|估计|可能|大概)(?:就|要|会|能|已经?|都|是)*续")
_HOPED_OF_CLAIM = lazy(r"希望|盼|但愿|巴不得|快点|尽快|早点|赶紧|能不能|要是|如果|担心|怕|估计|应该|可能")
_GIVEN_UP = lazy(r"不(?:想|再|愿意?)?续|流失")
_NOTE_BEGINS = lazy(r"^\W*(?:备注|记录(?=\s*[:：])|跟进(?:记录)?|拜访记录|记一?下|记录一?下)\s*[:：,，]")
_CHANGES = lazy(r"改|换|更新|登记|录|升|降|标|打标|调")
_INTERESTED = lazy(r"有兴趣|感兴趣|想了解|咨询|有意向|想看看")
_FORBIDDEN = lazy(r"(?:地铁|飞机|航班|高铁|火车|公交|班车|快递|动车|大巴).{0,4}(?:晚点|取消|延误|延期|改签)|我?不是(?:要|想|让你|叫你|说要)(?:你|我)?(?:把|给|去|帮)?(?:删|取消|撤|退|移|改|加|记|转|关|建)|别把|别动|(?:又|可|并)?不是我(?:给|帮|替).{0,8}(?:打|设|加|录|建|记|标|写|弄)|(?:又|可|并)?不是我(?:把|改|删|说|弄|记|写|录|干|的错)|我(?:可|又|从来|压根|根本|并|真)*没(?:有)?(?:说|让|叫|要)(?:你|过|要|他|她).{0,6}(?:删|改|取消|撤|移|转|记)|谁(?:让|叫)你")
_NO_COMPLAINT = lazy(r"(?:不是|没有?|不算|谈不上|并非|又不|不)(?:要|想|真的?)?投诉")
_TAKEN_BACK = lazy(r"(?:^|[,。;!?\s])(?:嗯|哦|唉|哎|额|那|还是|就|先|又)*(?:没事了|算了|当我没说|不用了|别了|不弄了|不记了|不加了|不改了|不建了|不设了|作罢|拉倒)(?:吧|啊|哈)?\W*$")
_ONLY_JUST_ORDERED = lazy(r"(?:设|建|加|定|弄|提醒我).{0,16}(?:算了|不用了|当我没说)")  # what was begun in the same breath is no old reminder
_RESULT_OPENS = lazy(r"^\W*C[\s,]*(?:已(?:经)?(?:联系|回访|拜访|沟通|通知)|(?:联系|回访|沟通|通知)过了)(?:上|到|好)?了?[\s,](?!.*[吗么?？]\W*$)")
# 今早去C公司 前台说出差了, 刚打完电话 C说手头紧: what came of a contact, whoever says it.
CAME_OF_IT = lazy(
    r"^\W*(?:T|刚刚?|刚才|我|又|今儿?)*+(?:去|到|跑)了?(?:一?趟)?C(?:公司|单位|厂里?|家里?|店里?|那[边儿]?|办公室)*[\s,](?!.*(?:提醒|[TR]再))|^\W*(?:T|刚刚?|刚才|我|才)*+(?:打|通|挂|聊|见)(?:完|了)(?:个)?(?:电话|面|微信)?[\s,]+C(?:说|讲|表示)"
)
# 张敏这周还没联系: how it stands; what is to be done about it is not said.
_NOT_DONE_YET = lazy(r"(?:还|都|一直|也|就)没(?:有|人|能|去)*(?:联系|跟进|打|回访|拜访|见|沟通|聊|谈|回)[^,。]{0,8}\W*$")
_TO_BE_DONE = lazy(r"提醒|叫我|喊我|记得|别忘|[要得该]|安排|约|闹钟|待办")
_RECALLS = lazy(r"我(?:怎么|好像|隐约|咋|明明|依稀|还)记得")  # no 记得 that reminds
_SUPPOSED = lazy(r"如果|假如|假设|假使|倘若|若是|要是|要真|哪怕|即使|就算(?![\dM])|一旦|假定|万一|比如|举个例子|打个比方|的话[,\s]*(?:会|能|怎|该|我该|是不是|要怎|就)|会怎样|会怎么样|会咋样|^[^,。]*就完了")
_WISHED = lazy(r"^\W*(?:我|真|好|多么|多|只|就|还|是|也|那个|唉|哎)*(?:希望|但愿|想要?|盼着?|巴不得|恨不得)(?!.{0,4}(?:给|把|帮|请|让你|麻烦|加|设|建|改|录|取消).{2,}(?<!了)$)|梦见|梦里|就好了|该多好|多好啊|多省心|保佑|祈祷|梦到|做梦")
_WISHED_FOR = lazy(r"(?:要是|如果|假如|能).*(?:就好了|该多好|多好)\W*$")  # 要是能提醒我带伞就好了
_SENT_BY = lazy(r"^\W*(?:老?[妈爸公婆]|妈妈|爸爸|老板|领导|组长|主管|同事|媳妇|闺蜜)\s?[:：]")  # 妈：周末回来吃饭，别忘了
_PASTED = lazy(
    r"^\W*客户(?:在|从)?(?:微信|短信|留言|群)里?(?:写|说|发|问)(?:道|了|的)?[:：]|^\W*(?:温馨|友情)提示|会议纪要|^\W*(?:亲爱的|各位)(?:同事|客户|伙伴|家人|用户)|务必于|^\W*\[(?:转发|聊天记录|通知|公告|链接|图片|文件|小程序|群公告|[^\]]{0,12}(?:银行|保险|证券|基金|公司|集团|人寿|财险|产险|科技|快递|物流|移动|联通|电信|政务|医院|提醒|通知|来信|留言|短信|邮件|来函))|"
    r"甲方|乙方|(?:岗位|部门|工作)职责|主题\s?[:：]|发件人|收件人\s?[:：]|以下简称|应(?:当)?于.{1,14}前|特此|兹(?:有|定|通知)|敬请|^\W*(?:根据|按照)[^,。]{2,24}(?:规定|要求|通知|精神)|万分之|做(?:了个?)?梦|梦[见到]|验证码(?=.{0,8}\d{4})|请大家|谢谢配合|各位好|请各位|请(?:于|在).{1,12}前(?:将|把|完成|提交)|各位(?:同事|同仁|伙伴|领导|客户|老师|家人|亲)|(?:全体|所有)(?:同事|同仁|员工|人员)请|尊敬的(?:客户|用户|各位|先生|女士)|您尾号|您的(?:快递|包裹|验证|账户|信用卡)|"
    r"(?:回复?|拒收请?回复?)\s?[tnr]d?\s?(?:退订|拒收)|退订回|特此通知|以上.{0,6}请知悉|^\W*(?:转发|fwd?)\s*[:：]|^\W*\S{0,4}转发\s?[:：]|点击链接|http\S+.{0,20}(?:点击|查看|领取)"
)


_REPROACHES = lazy(r"^\W*(?:我)?(?:想不通|搞不懂|不明白|不理解|纳闷)|^\W*(?:你|你们|系统|机器人)?(?:怎么|干嘛|凭什么|为什么|为啥|咋)(?:又|老是?|总是?)[^,。]{0,14}(?:了|啊|呢)\W*$|^\W*谁(?:让|叫|允许|准)(?:你|他|她|你们)|^\W*(?:你|你们)?(?:怎么|干嘛|凭什么|为什么|为啥)(?:又|能|可以|还)?(?:把|给)(?:我的?)?[CS他她]")


# 打错窗口了, 你干脆给他建个档得了, 但愿他别退保, 那条祝福先不用写: for somebody else, in jest, hoped for, called off.
_NOT_FOR_US = lazy(
    r"(?:打|发|说)错了?(?:窗口|群|人了|对话框|地方)|不是(?:发|说|跟)(?:给)?你(?:的|说的?)\W*$|你干脆[^,。]{2,24}(?:得了|算了)\W*$|^\W*(?:但愿|祈祷|祈求|老天|保佑)"
    r"|写(?:一?[个段篇些])[^,。]{0,8}(?:爬虫|代码|程序|脚本|论文|小说|作文)"
    r"|(?:祝福|文案|话术|短信|消息)[^,。]{0,4}(?:不用|不必|别|不要|不)(?:再)?(?:写|发|拟|编)(?:了|啦|吧)?\W*$"
)


def is_reproach(s: Sentence) -> bool:
    """谁让你改徐姐电话的 wants nothing done, and nothing shown."""
    return s.role != "customer" and (_REPROACHES.search(s.shape) is not None or _NOT_FOR_US.search(s.shape) is not None)

_OF_ONESELF = lazy(r"我(?![行司社公]|们)")


def is_pasted(s: Sentence) -> bool:
    """A message of somebody else's, copied into the chat."""
    text = ends(s.text)
    if s.role == "customer" and _OF_ONESELF.search(s.text) is not None:
        return False  # 请删除我的信息 谢谢配合: a customer who writes formally
    if _SENT_BY.search(text) is not None:
        return True
    return _PASTED.search(text) is not None and _ORDERED.search(text) is None


def why_no_order(s: Sentence, intent: str) -> str:
    """Why the sentence may not become a write of `intent`: "question", "talk" (no order at all), "noted" (only to be written down), or "".

    What a client said may be noted down, so hearsay does not forbid a note."""
    if intent.startswith("item.") and s.memo.get("a line is answered"):
        return ""  # 1 已联系 她说下个月再说: what the client said is told along with the order
    shape = ends(s.shape)
    if intent == "note.add" and CAME_OF_IT.match(shape) is not None and not _is_question(s):
        return ""
    if intent == "reminder.complete" and _RESULT_OPENS.match(shape) is not None:
        return ""  # C 已联系 他买了房 钱转走了: the result is told first, and then its story
    if _is_past(intent, shape) or _is_unsettled(intent, shape):
        return "talk"
    if _is_only_to_note(intent, shape):
        return "noted"
    if reason := unwilled(s, intent):
        return "question" if reason == "talk" and _is_question(s) else reason  # 万一他投诉了怎么办: of what is asked something may be shown
    if _orders_at_the_end(shape):
        return ""
    if _TAKEN_BACK.search(shape) and (intent not in TAKES_BACK or _ONLY_JUST_ORDERED.search(shape)):
        return "talk"
    if _QUOTED.search(shape) or _ASKED_BY.search(shape):
        return "" if _told_to(s, shape) and intent == "note.add" else "talk"
    errand = intent == "reminder.create" and ERRAND.match(shape) is not None
    if (not errand and _is_question(s)) or (intent in _TOLD_OF and _HAPPENED.search(shape) and not _MARKED.search(shape)):
        return "question"
    if _WISHED_FOR.search(shape):
        return "talk"
    ordered = _ORDERED.search(shape) is not None
    if _FORBIDDEN.search(shape):
        return "talk"
    denied = _NOT_NOTED if intent == "note.add" else _DENIED
    if intent not in TAKES_BACK and denied.search(shape):
        return "talk"
    if intent in _OF_CLIENTS and _RUMOUR.search(shape) and _ONLY_NOTED.search(shape):
        return "noted"  # 听说他换单位了，记一下: noted, and changed when it is known
    if intent != "interest.told" and tells(_judged(shape, intent), intent):  # 很感兴趣 judges nothing
        return "talk"
    if ordered:
        return ""
    if _SUPPOSED.search(shape) or _WISHED.search(shape) or said_of_an_order(s):
        return "talk"
    return "talk" if intent != "note.add" and _RUMOUR.search(shape) else ""


def _is_only_to_note(intent: str, shape: str) -> bool:
    """Is what sounds like a change of `intent` only to be written down?"""
    if intent in _OF_CLIENTS | _OF_RENEWAL and _NOTE_BEGINS.match(shape) is not None and _CHANGES.search(shape) is None:
        return True  # 备注：李雷要是涨价就不续: what is to be noted changes nothing
    if intent in _OF_CLIENTS and _INTERESTED.search(shape) is not None and _ONLY_NOTED.search(shape) is not None:
        return True
    if intent == "reminder.create" and _NOTED_LAST.search(shape) is not None and not re.search("提醒|叫我别忘|闹钟", shape):
        return True  # 郭老板说下月别催他，这话记上
    return intent in _OF_CLIENTS and _WISHES.search(shape) is not None and _ONLY_NOTED.search(shape) is not None


def _judged(shape: str, intent: str) -> str:
    """What may be a tale: of an order to remind, what stands before it. 月底前提醒我把名单都过一遍 tells nothing of what was done."""
    command = (_REMIND_OUTRIGHT.match(shape) or ERRAND.match(shape)) if intent == "reminder.create" else None
    return shape if command is None else shape[:command.end()]


_REMIND_OUTRIGHT = lazy(r"^\W*+(?:请|麻烦|帮我|以后|往后|今后|改天|改日|回头|[,，\s])*+(?:[TR]的?时?候?[,，\s]*+)?(?:记得|一定|务必|帮我|请|都|就)*+(?:提醒|提示|叫|喊|催|通知)(?:一?下|一声)?我(?!了|过|说|别|不要)")


_BY_SO_MUCH = lazy(r"[填写报登记](?:少|多|高|低)了?(?:[\s,](?:少|多|高|低|差)了?)?\s?M|(?:更新|修改|改|登|录)不(?:了|上|进)")  # 填高了5万 says by how much, not what it is
_NOT_TO_BE_DROPPED = lazy(r"都?(?:不用|不要|别|先别|不必)(?:再|给我)?(?:取消|删|撤)(?!.*(?:取消|删|撤))")
_NONE_DONE = lazy(r"都(?:还)?没(?:有)?(?:做|办|弄|搞|完成|联系|打|处理)")  # 除了2都没做完
_BEFORE_IT_IS_DONE = lazy(r"(?:完毕?|好|搞定|办结)(?:之|以)?前")
_OF_NO_USE = lazy(r"C的(?:人)?是|C也?没用\W*$")  # 明天联系C的是李娜, 周五催C也没用


def _is_unsettled(intent: str, shape: str) -> bool:
    """A renewal or a claim of which nobody says yet what became of it, a contact of which nobody says what is to be."""
    if intent == "client.update":
        return _BY_SO_MUCH.search(shape) is not None
    if intent == "reminder.cancel":
        return _NOT_TO_BE_DROPPED.search(shape) is not None
    if intent == "reminder.complete":
        return _NONE_DONE.search(shape) is not None or _BEFORE_IT_IS_DONE.search(shape) is not None
    if intent == "reminder.create" and _OF_NO_USE.search(shape) is not None:
        return True
    if intent == "reminder.create":
        return _NOT_DONE_YET.search(shape) is not None and _TO_BE_DONE.search(shape) is None
    if intent == "renewal.done":
        return _NOT_RENEWED.search(shape) is not None or _NOT_YET_RENEWED.search(shape) is not None
    if intent == "claim.update":
        return _HOPED_OF_CLAIM.search(shape) is not None
    return intent == "renewal.lost" and _NOT_RENEWED.search(shape) is not None and _GIVEN_UP.search(shape) is None


def _is_past(intent: str, shape: str) -> bool:
    """A reminder that is only remembered, a complaint that is none."""
    of = _RECALLS if intent.startswith("reminder.") else _NO_COMPLAINT if intent == "ticket.create" else None
    return of is not None and of.search(shape) is not None


def is_plain_order(s: Sentence) -> bool:
    """Does a clause order something by its own words, with no tale beside it?"""
    return any(orders_outright(c) and not somebody_else(c) for c in clauses(ends(s.shape)))


# 7天后看下C犹豫期过没过: what is to be found out then is asked of nobody now.
ERRAND = lazy(
    r"^\W*T(?:再|去|要|得|记得|给|跟|帮我|,|\s)*+(?:催(?:一?下|催)?|看(?:一?下|看)|问(?:一?下|问)|盯(?:一?下|着)|回访|拜访|回个?电话?给?|提一?下|核实一?下|跟进(?:一?下)?|联系(?:一?下)?)[^,。]{0,4}?C"
)
_LAST = lazy(r"[,。;!?\s](?P<last>[^,。;!?\s]{3,24})\W*$")


def _orders_at_the_end(shape: str) -> bool:
    """曾总问有没有双语合同 给他提个需求: whatever was told before, the last clause is an order."""
    found = _LAST.search(shape)
    return found is not None and _ENDING.match(found["last"]) is not None and _ASKS.search(found["last"]) is None and _ASKS_SOFTLY.search(found["last"]) is None


_ENDING = lazy(r"(?:请|麻烦|劳烦|你|帮我?|给(?:他|她|我|[CS])?|替我|先|就|赶紧|快)*(?:提|建|开|立|登记?|录|记|走|挂|起|补|报|备注|标|设|加|提醒我)(?:一?个|一?张|一?条|一?下|一笔|上)?(?:.{0,4}(?:工单|需求|诉求|投诉|客诉|单|商机|备注|跟进|授权|退订|标签|提醒|授权)|下来|下|一下|上)?(?:吧|哈|哦|呗)?$")


def _told_to(s: Sentence, shape: str) -> bool:
    return _ORDERED.search(shape) is not None


def _quote_is_all(s: Sentence) -> bool:
    """Nothing but the quotation, and perhaps a remark on how it is written."""
    rest = re.sub(r"Q", "", s.shape)
    return len(re.sub(r"\W", "", rest)) < 3 or re.search(r"这样写|这么写|这句|这样说|这么说|什么意思|原话", rest) is not None


def said_of_an_order(s: Sentence) -> bool:
    """“T12 接单”这样写对吗: the order stands between quotation marks, with a remark on it or alone."""
    return s.has("quote") and _quote_is_all(s)


_ECHO = lazy(r"^[^,。;!?]{1,14}\?\W*(?=[^\W?])")  # 结案？才刚立案


def _is_question(s: Sentence) -> bool:
    text = ends(s.shape)
    if (echo := _ECHO.match(text)) is not None and not any(map(orders, clauses(text[echo.end():]))):
        return True
    asked, ordered = _ASKS.search(text), _ORDERED.search(text)
    if asked is None:
        asked = _ASKS_SOFTLY.search(text)
        if asked is None or _POLITE.search(text) is not None:
            return False
    # 提醒我问问他怎么样: the question is what to remind of
    return ordered is None or ordered.end() > asked.start() or _ASKED_AT_THE_END.search(text) is not None
