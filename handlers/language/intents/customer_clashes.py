"""Where the words of two matters of a customer meet: which of them is meant.

Every rule names both and stands above the rule that the other would fire by itself: 明天三点去柜台找你们顾问 is an appointment
though it asks for somebody, 发票丢了还能报吗 a question about claims though it names a document."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents.customer_evidence import (
    BUY,
    CLAIM,
    EVENT,
    LOAN,
    LOST,
    MEET,
    MINE_FIELD,
    PREPAY,
    Fills,
    all_of,
)
from handlers.language.intents.pattern import Fill, Rule, Slots, rule
from handlers.language.sentence import Sentence

_REFUSED = r"(?:不(?:要|许|准|同意|想|愿意?|允许|能再|得|希望|让)|别|拒绝|禁止|莫|停止)"
_OTHERS = (
    r"(?:隔壁|邻居|同事|邻里|朋友|闺蜜|亲戚|同学|老乡|工友|网友|楼[上下]|表[哥姐弟妹]|堂[哥姐弟妹]|网上|新闻|听(?:人|别人|她|他)?说|听讲|我(?:姐|哥|弟|妹|舅|姑|叔|姨|嫂|伯|侄)[^,。]{0,4}|人家|别人|有人)(?![^,。]{0,3}(?:我的|问我))"
)
_ASKS = r"吗|么\W*$|多少|怎么|咋|如何|哪|几|什么|啥|能不能|可以|真的假的|是不是|是否|要不要|找谁"
# What insurance pays for, as the name of a benefit: 身故保额, 住院津贴.
_BENEFIT = r"(?:身故|住院|手术|癌症|轻症|中症|重症|重疾|骨折|门诊|意外|伤残|全残|医疗)的?(?:保额|津贴|保障|保险金|责任|额度|赔付额|最[高多])"
_COVERED = (
    r"(?:保险|险|X)(?:能|可以|会)?[^,。]{0,4}(?:给多少|能给|给不给|能不能用|能用|用得上|有用)|(?:能|可以|可不可以|给|会|算|走得了|得了|该)(?:不能|不)?[^,。]{0,8}(?:赔|报(?!个?案)|走保险|走理赔|管|理赔)|管不管|保不保|报不报|赔不赔|理赔(?:吗|不)|"
    r"(?:怎么|咋|如何|肿么|怎样)[^,。没]{0,4}(?:理赔|赔|报销|走保险)|[管赔报保](?:吗|不|么)\W*$|走保险[^,。]{0,6}(?:划算|值|合适|影响|吗)|(?:费用?|钱|药费)[^,。]{0,4}(?:怎么|咋|如何|找谁|谁出|谁给)|要报案(?:吗|不)|(?:多久|多长时间|几天|多少天)(?:之|以)?内"
)
_PAPERS = r"证明|诊断书|认定书|发票|单据|票据|单子|病历|收据|清单|原件|复印件"
_CLAIMED = r"理赔|报销(?!用)|赔|(?:怎么|咋|能|可以|还能|给|好)报"
_ADVISER = r"顾问|经理|专员|业务员|主管|老师|客服|代理人|行长|主任"


# Whose loss is told, not reported: 我同事出车祸了. What befell the speaker through them is his own (邻居把我车撞了).
_TELLS_OF_OTHERS = (
    r"^(?!.*(?:把|被|报案|怎么|咋|如何|保险|我(?!们?(?:这|那|的)?(?:小区|同事|朋友|闺蜜|邻居|亲戚|同学|楼)))).*?"
    r"(?:小区|隔壁|邻居|同事|朋友|闺蜜|亲戚|老乡|工友|网友|听说|新闻|网上)"
)
_DONE = r"(?:已经|都|昨天|刚才|刚刚|T)[^,。]{0,8}(?:改|换|办|弄|处理|解决|搞)(?:好|完|定)了\W*$|(?:改|换|办|退|弄|处理|解决|收到|查到|搞定)(?:好|完|掉|到)?了[,\s]*(?:就行|谢谢|多谢|感谢|辛苦)"


def _coming(fill: Fill) -> Fill:
    """`fill`, where the time said is still to come: 上周二去柜台找你们经理 is no appointment."""

    def filled(s: Sentence, match: re.Match[str] | None) -> Slots | None:
        over = s.points and s.when(s.points[0], times.REMIND).problem == "past"
        return None if over else fill(s, match)

    return filled


_OF_A_POLICY = "product_policy"
_OF_OTHERS = "product_wealth product_deposit product_fund product_loan"


def clashes(fills: Fills) -> tuple[Rule, ...]:
    """The rules; `fills` says how each intent's slots are filled."""
    meeting = _coming(fills["self.appointment"])
    return (
        rule("self.appointment", 84, "time repeating", meeting, name="a meeting with somebody of yours",
             shape=all_of("T", MEET, rf"聊|谈|见|找|约|咨询|办|签|{_ADVISER}", no=r"没(?:人|见|来)|投诉|给我(?:回|打)|理赔|赔款|扣|还款|到期|开门|营业|电话")),
        rule("self.appointment", 84, "any", fills["self.appointment"], name="wants to be met by somebody of yours",
             shape=rf"(?:想|要|帮我?|给我|可以|能不能|能|麻烦|跟|和)[^,。]{{0,6}}约(?!定)[^,。]{{0,14}}(?:{_ADVISER})|约[^,。]{{0,10}}(?:{_ADVISER})[^,。]{{0,4}}(?:聊|谈|见|面|上门)"),
        rule("self.policy", 81, _OF_A_POLICY, fills["self.policy"], name="borrowing on a policy", shape=r"(?:能|可以)[^,。]{0,3}贷(?:多少|出)", no=_OF_OTHERS),
        rule("self.policy", 70, _OF_A_POLICY, fills["self.policy"], name="insurance is no investment", no=_OF_OTHERS),
        rule("self.loan_status", 78, "product_loan", fills["self.loan_status"], name="what a loan takes is no premium", shape=r"^(?!.*(?:改|保费)).*(?:扣|划走)"),
        rule("self.holding", 77, "product_fund", fills["self.holding"], name="what a plan takes is no premium", shape=r"扣(?!款失败)"),
        rule("self.product", 76, "product", fills["self.product"], name="worth its price", shape=r"^(?!.*(?:我的|我那|名下|买的|买了|保费)).*(?:贵不贵|贵吗|值得买|有必要买|哪家(?:便宜|好)|怎么买|能到V)"),
        rule("self.product", 76, "any", fills["self.product"], name="what products bring", shape=r"^(?!.*(?:我的|我那|名下|买的|买了)).*产品[^,。]{0,6}(?:收益|利率|年化|保本|风险|到V)"),
        *(rule(intent, score, "any", fills[intent], name=f"{intent}, not {other}", shape=shape) for score, intent, other, shape in _CLASHES),
    )


_CLASHES: tuple[tuple[int, str, str, str], ...] = (
    (89, "self.consent_withdraw", "to see what is known", rf"{_REFUSED}[^,。]{{0,12}}(?:信息|资料|数据|号码|电话|隐私)[^,。\s]{{0,8}}(?:给(?!我)|共享|提供|卖|透露|外传|分享|传|用于|拿去)"),
    (88, "self.claim_status", "a complaint", all_of(r"报的?(?:了|过)?案|案子|理赔", r"没(?:有)?人(?:理|管|联系|处理|回|跟进|给)", no=r"投诉|态度|骗|服务|12378|银保监|曝光")),
    (86, "chitchat", "what others did", rf"^(?!.*(?:我(?:的|要|想|也|那|这份|这个|买过|家)|报(?:个)?案\W*$|[你您]们(?!这|那|家)|{_ASKS})).*{_OTHERS}[^。]{{0,16}}(?:退保|退了|亏|投诉|拒|理赔|买|赔)"),
    (85, "self.complaint", "what is denied", r"(?:没|没有|从没)(?:让|叫|同意|授权|允许)过?(?:你们?|他们?)[^,。]{0,8}(?:改|扣|退|停|办|开|转|续|删|买|动)|谁(?:给我|让你们?|叫你们?|替我|帮我|同意|允许|准)[^,。]{0,6}(?:办|改|扣|签|退|开|弄|动|买|关|停|转|续|划)(?:的|了|啊)|代[我他她](?:签|办)|代签|替我签|冒(?:充|签|名)|伪造|无缘无故|莫名其妙|平白无故"),
    (85, "self.claim_howto", "a report at once", r"(?:多久|多长时间|几天|几小时|多少小时)(?:之|以)?内[^,。]{0,6}报案|报案[^,。]{0,6}(?:时间|时限|期限)"),
    (86, "chitchat", "what befell others", rf"{_TELLS_OF_OTHERS}[^。]{{0,12}}(?:{EVENT}|住院|车祸|着火)"),
    (86, "chitchat", "a wish", rf"^(?!.*(?:{_ASKS}|还没|再|另外|帮)).*{_DONE}"),
    (89, "self.privacy_access", "to be forgotten", r"(?:你们|银行|公司)[^,。]{0,8}(?:多久|会不会|会|什么时候|一般|是不是)[^,。]{0,6}(?:删|清|销毁)[^。]{0,10}(?:信息|资料|数据|记录)(?!.{0,4}掉)"),
    (85, "self.policy", "what is supposed", all_of(r"如果|要是|万一|假如|的话", r"换|改|停机|搬", r"吗|么\W*$|会不会|还", r"保单|保险|险|X", no=rf"{EVENT}|退|理赔|贷|怎么")),
    (84, "self.claim_report", "to speak with somebody", all_of(EVENT, r"派人|来人|来个人|快来|怎么处理", no=rf"理赔|报销|投诉|{_COVERED}")),
    (81, "self.policy", "a loan", r"(?:保单|险)[^,。]{0,4}里?(?:能|可以)[^,。]{0,3}贷(?:多少|出)|(?:还|一直)[^,。]{0,4}有没有我的?[^,。]{0,6}(?:保单|险)"),
    (89, "self.policy", "to be forgotten", all_of(r"(?:注销|销户|删)[^,。]{0,8}(?:的话|了会|之后|以后|后)", r"吗|不\W*$|怎么|还|会不会", r"保单|保险|险|X")),
    (88, "self.complaint", "anything else", r"^(?!.*(?:再(?:发|打|推|给)|就投诉|不然|否则|顺便|另外)).*(?:我要|我想|必须|现在要|我得)投诉"),
    (88, "self.complaint", "to be left in peace", r"有完没完|没完没了|说了[^,。]{0,8}(?:还|又)[^,。]{0,4}(?:打|发|推|来)(?!不)"),
    (81, "self.appointment", "nothing", r"几点(?:方便|有空|开门|上班)[^。]{0,6}(?:我|过去|过来)|(?:我|我们)(?:现在|马上|等下|一会儿)?(?:过去|过来|去)(?:一趟|你们(?:那|这|网点|公司|银行|柜台))(?!.{0,10}(?:没|不|投诉))"),
    (84, "self.update", "to speak with somebody", all_of(rf"(?:{_ADVISER}|你们的?人)[^,。]{{0,4}}(?:说|让我|叫我|告诉我|跟我讲)", MINE_FIELD, LOST, no=r"合规|违规|合法|投诉|他自己|她自己|电话给我")),
    (83, "self.human", "to be met", rf"(?:把|将)[^,。]{{0,6}}(?:{_ADVISER}|领导|负责人|管事)[^,。]{{0,4}}(?:叫|喊|请|找)(?:出?来|过来)|(?:{_ADVISER}|领导|负责人|老板)[^,。]{{0,4}}(?:在哪|去哪|跑哪|哪去|上哪)|(?:叫|让|喊|请)(?:他|她|人|你们的人)(?:赶紧|快)?(?:来|出来|接|跟我|回|给我)|有没有人(?:啊|呀|在|管|理|\W*$)|自动回复"),
    (83, "self.claim_howto", "a document that is not there", r"没(?:有)?(?:发票|原件|单据|病历)[^。]{0,10}(?:行不|行吗|可以|能)"),
    (83, "self.claim_howto", "a document", all_of(_CLAIMED, _PAPERS, rf"要不要|能|可以|还是|{_ASKS}|不\W*$|要(?!求|理赔|报)", no=r"(?:理赔|赔付)证明|开(?:张|个|一张|具)?发票|抬头|(?:公司|单位)报销|漏赔|[给发寄]我|报销用|保单(?!理赔)|打印|进度|[批审](?:没|了|到)|(?:还|缺|差)(?:缺|差|少)|交了|寄了|没(?:消息|动静)|收到")),
    (83, "self.payment", "an overdue loan", r"(?:保费|缴费|交费)[^。]{0,10}(?:滞纳金|逾期|晚)|(?:逾期|晚)[^,。]{0,3}[交缴]保费|滞纳金"),
    (79, "self.claim_status", "to be paid at all", r"(?:赔付?|赔款)(?:的)?金额[^,。]{0,8}(?:怎么|为什么|为啥|才|不对|少|只)"),
    (79, "self.document", "a claim", r"(?:空白|理赔)[^,。]{0,4}(?:表格|申请表|单证)"),
    (83, "self.policy", "to surrender", r"(?:停|断)(?:了|掉)?(?:交|缴|保)?的?[^。]{0,6}(?:恢复|复效|接着交|续上|补上)|复效"),
    (81, "self.document", "to repay", r"房本|他项权|解押|抵押注销|结清证明"),
    (81, "self.policy", "how to claim", r"^(?!.*(?:了|怎么|咋|如何)).*(?:我|这|那)[^,。]{0,5}(?:险|X|保单)[^,。]{0,10}(?:保不保|管不管|包不包|包(?:括|含)|(?:能|可以)(?:保|管)[^,。险额费]{1,6}(?:吗|不|么))"),
    (82, "self.loan_prepay", "an appointment", all_of(PREPAY, LOAN, r"预约")),
    (80, "self.claim_howto", "a report", all_of(rf"{EVENT}|手术|门诊|住院|生孩子|剖腹产|体检|看病|社保|医保", _COVERED, no=r"还没|没给|没批|进度|结果|要报(?:个)?案(?!吗|不)|抢救|最多赔")),
    (79, "self.policy", "a claim of what befell", rf"^(?!.*(?:{EVENT}|住院|手术|门诊|花了|理赔|案子|报销)).*(?:我[^,。买]{{0,5}}|那个|那份)(?:险|X)[^,。]{{0,4}}(?:能|可以|最多|会)?赔(?:多少|得?到多少)"),
    (72, "self.policy", "a holding", r"(?:保单|险)[^,。]{0,6}分红|分红险"),
    (79, "self.claim_status", "whether it is paid for", r"^(?!.*(?:能|可以|怎么|会)).*(?:赔了(?:吗|没|么)|赔没赔|赔付了没)"),
    (84, "self.claim_howto", "what is changed", r"(?:理赔|报案|出险)[^,。]{0,6}(?:会|会不会|是否|有没有)?(?:影响|涨价)|理赔[^,。]{0,4}(?:要不要|要|需要)?本人"),
    (88, "self.consent_withdraw", "to see what is known, by what is taken back", r"(?:撤回|收回|取消|撤销|终止)[^,。]{0,14}(?:授权|同意)(?!书[^,。]{0,4}[看查])"),
    (77, "self.policy", "a payment", r"(?:保单|保险|险|X)[^,。扣]{0,4}(?:什么时候|啥时候|几时|何时|几号|哪一?天|下次)[^,。]{0,3}[交缴]"),
    (79, "self.policy", "a claim", rf"^(?!.*(?:理赔|案子|买(?!的|了|过)|合适|推荐|[改调加]|怎么|咋报)).*(?:保额|{_BENEFIT})"),
    (77, "self.product", "the own policy", r"^(?!.*(?:(?:买|上|投|配|办|入)(?:的|了|过)(?!医|重|保|险|理)|受益人|到期|理赔|扣|退|我的|我那)).*(?:给|帮|替)[^,。]{1,12}(?:买|配|投保|上|入|弄)(?:个|一?份|点|一个)?[^,。]{0,8}(?:险|X|保障|理财|年金)"),
    (77, "self.product", "the own policy, by its buyers", r"^(?!.*(?:我的|我那|名下|到期|受益人)).*(?:(?:能|可以|好|适合|值得|能够)[^,。]{0,4}(?:买|投|存|配)的[^,。]{0,10}(?:险|X|理财|保险|产品)|(?:险|X|理财|产品)[^,。买]{0,4}都?有(?:啥|哪些|什么|几种|哪几)(?!保障|责任))"),
    (78, "self.product", "a claim", r"^(?!.*(?:我的|我那|我这|买的|了\W*$)).*(?:你们|贵公司|你家)[^,。]{0,6}X[^,。]{0,6}(?:保不保|管不管|包不包|保|包|赔|管)"),
    (77, "self.update", "a payment", rf"^(?!.*(?:{BUY})).*(?:换|改|更换)(?:个|张|一张|掉|一下)?[^,。]{{0,4}}(?:扣款|绑定|还款|缴费|代扣)的?[^,。]{{0,3}}(?:卡|账户)"),
    (76, "self.update", "to ask whose it is", r"^(?!.*(?:打|拨|骚扰|诈骗|推销|谁|查|找|登记的|吗|验证|怎么|什么)).*(?:(?:邮箱|邮件)[^。]{0,12}E|(?:新|换|改|变|不用|以后|更正)[^。]{0,14}[PE]|(?:现在|以后|都)用[^。]{0,3}P|P[^。]{0,4}(?:这个号|是我的?新号))"),
    (78, "self.claim_status", "how to claim", all_of(CLAIM, r"(?:缺|(?<![多])差|(?<![多至])少)(?:了|着|点)?(?:什么|啥|哪|点|材料|资料|单|证|不|没)")),
    (72, "help", "nothing", r"^\W*(?:我)?(?:不知道|不会|不懂|教教?我)(?:要|该)?(?:怎么|咋|如何)?(?:用|操作|使)(?:的|啊|呀|呢|了|这个|这玩意儿?|它|\W)*$"),
)
