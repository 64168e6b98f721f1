"""What a client of the firm may ask. A customer never reaches an adviser's intent.

Every rule is a class of verbs beside a class of things, in either order; where two fit, the more serious one wins
(a complaint before a question, a question before the bare mention of a product)."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers.language import when as times
from handlers.language.intents import customer_fields, fills
from handlers.language.intents.customer_clashes import clashes
from handlers.language.intents.customer_evidence import evidence
from handlers.language.intents.customer_words import (
    DOCS,
    HOWTO_FIELDS,
    LOSSES,
    MINE,
    PREPAY_FIELDS,
    SCOPES,
)
from handlers.language.intents.pattern import Rule, Slots, nothing, rule
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import SURNAMES


def _about(field_of: Callable[[str], str | None], s: Sentence) -> Slots:
    return fills.merged(fills.product(s), {"field": field_of(s.text)})


def policy(s: Sentence, match: re.Match[str] | None) -> Slots:
    return _about(customer_fields.of_policy, s)


def holding(s: Sentence, match: re.Match[str] | None) -> Slots:
    return _about(customer_fields.of_holding, s)


def loan(s: Sentence, match: re.Match[str] | None) -> Slots:
    found = _about(customer_fields.of_loan, s)
    if "field" not in found and re.search(r"什么时候|几号|哪天|啥时候|何时|哪一天|几时", s.text):
        found["field"] = "repay_date"
    return fills.merged(found, fills.span_of(s, times.DUE))


def prepay(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.merged(fills.product(s), {"amount": fills.money(s, any_role=True), "field": fills.word_in(PREPAY_FIELDS, s.text)})


def _loss(s: Sentence) -> Slots:
    return fills.merged({"product": fills.word_in(LOSSES, s.text)}, fills.product(s))


def howto(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.merged(_loss(s), {"field": fills.word_in(HOWTO_FIELDS, s.text)})


def report(s: Sentence, match: re.Match[str] | None) -> Slots:
    date = {"date": s.when(s.points[0], times.LOOK_BACK)} if s.points else {}
    return fills.merged(_loss(s), date, {"content": s.normal.said.strip()})


def claim(s: Sentence, match: re.Match[str] | None) -> Slots:
    number = next((p.value for p in s.protected if p.kind in {"ticket_no", "policy_no", "number"}), None)
    return fills.merged(_about(customer_fields.of_claim, s), {"claim_no": number})


def said(s: Sentence, match: re.Match[str] | None) -> Slots:
    return {"content": s.normal.said.strip()}


# 赵经理 is somebody's own adviser, 你们经理 his superior.
_ADVISERS = lazy(rf"(?:客户|理财|保险|我的?|服务|专属|大堂|个人|那个|对接的?|(?<![\u4e00-\u9fff])[{SURNAMES}]|[找叫让跟和请][{SURNAMES}])(?:[的那个]){{0,2}}(?:客户|理财|保险)?经理|顾问|业务员|代理人|专员")
_CHIEF = lazy(r"经理|领导|主管|负责人|老板|上级|上司|管事|做主|拍板|说了算|头儿|头头|当官|行长|店长|主任|部长|总监|站长|老总|一把手|当家")


def human(s: Sentence, match: re.Match[str] | None) -> Slots:
    return {"target": "manager" if _CHIEF.search(_ADVISERS.sub("", s.text)) else "adviser"}


def surrender(s: Sentence, match: re.Match[str] | None) -> Slots:
    loss = re.search(r"损失|亏(?:多少|大)|扣多少|划不划算|打水漂|白交", s.text) is not None
    value = re.search(r"退(?:回|给我|我|了|掉)?(?:能|可以|得|会)?(?:有|拿|剩)?多少|多少钱?.{0,4}退|拿(?:回|到)?多少|现金价值|现价|能退|(?:退|拿)回来?几|剩多少|落(?:下|着)?多少|到手多少|回来多少|值多少|返多少|全额|全退", s.text) is not None
    return fills.merged(fills.product(s), {"field": "loss" if loss else "cash_value" if value else None})


_TO = lazy(r"(?:改成|改为|(?:变更|更改|更新|修改|变)(?:为|成)|换成|换到|改到|变成|搬到了?|搬去了?|搬进了?|新(?:地址|邮箱|号码?|单位)(?:是|为|:)?|现在(?:是|住在?|叫)|改叫)\s*([^,。!?吗\s]{2,40}?)(?:了|吧|呢|哈|哦|啊)?(?:$|[,。!?\s])")


_OF_VALUE = {"phone": "phone", "email": "email", "card_no": "bank_card"}  # which field a value speaks for by itself
_WORKS_AT = lazy(r"(?:现在|目前|去了|入职了?|跳到了?|进了|到了)(?:在|到)?(?!不|没|在|医院|家)([^,。\s]{2,16}?)(?:上班|工作|了|呢)?(?:$|[,。\s])")
_HOUSE = re.compile(r"\d(?:号|室|栋|幢|弄|单元|楼|座)")
_LED_TO = lazy(r"^.*(?:改成|改为|(?:变更|更改|修改|更新)[为成]|换成|更新为|变成|搬到了?|搬去了?|寄到|住在?|在|是|到|:)")
_ASKS_HOW = lazy(r"怎么|如何|咋|吗|什么|能不能")


def update(s: Sentence, match: re.Match[str] | None) -> Slots:
    value, kind = next(((p.value, p.kind) for p in s.protected if p.kind in {"phone", "email", "id_number", "card_no", "number"}), (None, ""))
    name = _OF_VALUE.get(kind) or customer_fields.to_update(s.text)
    if value is None and not _ASKS_HOW.search(s.text):
        value = (_house(s) if name == "address" else None) or _new_value(s, name)
    return fills.merged({"field": name, "value": value})


def _house(s: Sentence) -> str | None:
    """The address with its number: 翠湖苑12号 of 现在搬到女儿家 翠湖苑12号."""
    piece = next((p for p in re.finditer(r"[^,。;!?\s]+", s.text) if _HOUSE.search(p.group())), None)
    if piece is None:
        return None
    led = _LED_TO.match(piece.group())
    return s.said(piece.start() + (led.end() if led else 0), piece.end())


def _new_value(s: Sentence, name: str | None) -> str | None:
    found = _TO.search(s.text) or (_WORKS_AT.search(s.text) if name == "employer" else None)
    return s.said(*found.span(1)) if found else None


_MOVED_TO = re.compile(r"(?:改|换|挪|推|延)(?:成|到|在|至)?\s*$")


def appointment(s: Sentence, match: re.Match[str] | None) -> Slots:
    moved = next((e for e in s.points if _MOVED_TO.search(s.text, 0, e.start)), None)
    if moved is not None and moved is not s.points[0]:
        return {"when": s.when(moved, times.REMIND), "content": s.normal.said.strip()}  # 原来约的周三去不了了 改周四
    return fills.merged(fills.when(s, times.REMIND), {"content": s.normal.said.strip()})


def product(s: Sentence, match: re.Match[str] | None) -> Slots:
    return _about(customer_fields.of_product, s)


def document(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.merged(fills.product(s), {"doc": fills.word_in(DOCS, s.text)})


def payment(s: Sentence, match: re.Match[str] | None) -> Slots:
    return _about(customer_fields.of_payment, s)


def withdraw(s: Sentence, match: re.Match[str] | None) -> Slots:
    return {"scope": fills.word_in(SCOPES, s.text) or "marketing"}


_KIN = "妈妈?|爸爸?|父母|父亲|母亲|老公|老婆|太太|先生|爱人|对象|孩子|儿子|女儿|闺女|娃|宝宝|爷爷|奶奶|外婆|外公|姥姥|岳父|岳母|婆婆|公公|家|全家|名下|自己|本人"
_ASK_OF = r"(?:查|看|找|调|要|告诉|发|给我|问|搜|翻|改|把).{0,4}"

# What befell somebody, so that a claim follows.
_EVENT = (r"出险|出事(?!实)|出了?(?:个)?(?:车祸|事故|意外)|追尾|车祸|撞(?:了|上|到|车|坏|伤|树|墙|倒|的|飞|人)|被(?:撞|刮|蹭|咬|抓|砸|烫|烧|偷|盗|划|泡|淹|追尾|剐)|刮(?:了|到|花|蹭)|蹭(?:了|到|掉|花|别)|剐蹭|摔(?:断|伤|了|骨|倒|下|跤|一|坏|碎)|跌(?:倒|伤|断|亲|跤|了一?跤)|骨折|扭(?:伤|到)|崴|"
          r"烫伤|烧伤|住院(?!津贴|押金|险|医疗)了?|住进|确诊|查出|手术|急诊|进医院|送医|送(?:到|去|进)医院|抢救|ICU|icu|中风|心梗|去世|身故(?!保|金|赔|给|受益|责任)|过世|人没了|不在了|(?:爸|妈|老公|老婆|父亲|母亲|奶奶|爷爷|姥姥|姥爷|家人).{0,6}走了|不行了|失窃|进贼|小偷|被?偷(?:了|走)|漏水|爆(?:了|管|水)|淹|着火|起火|失火|进水|泡水|水浸|掉(?:进|下)|砸(?:了|到|坏|伤)|碎了|狗咬|猫抓|食物中毒|受伤|伤(?:了|到)|丢了(?=.{0,6}报案)")

RULES: tuple[Rule, ...] = (
    # not for customers: other people's data and the advisers' tools
    rule("none", 89, "any", nothing, name="the advisers' tools", shape=r"(?:全部|所有|我的|各|哪些|你们的?|名下|给|vip|高净值|[abcd]类)客户(?!经理|服务|了)|客户(?:名单|名册|列表|清单|资料|信息|电话|手机|的(?:手机|电话|保单|资料|信息|生日))|"
         r"业绩|排名|佣金|提成|漏斗|转化率|续保率|续期率|团队|群发|打(?:个|上)?标签|移交|(?:记|写)(?:一?条|个)?跟进|工单(?:列表|清单)|商机|谁(?:今天|明天|这?周|这?个?月|T).{0,3}(?:生日|到期|续保)|我是(?:你们?)?(?:经理|领导|主管|管理员|员工|内部)|系统提示|忽略.{0,6}(?:指令|规则|提示)"),
    rule("none", 89, "any", nothing, name="a named person's data", no="claim complaint",
         shape=_ASK_OF + rf"(?!(?:我|你|您|{_KIN}|各|每|所|单|全|高|安|平))[{SURNAMES}][\u4e00-\u9fff]{{1,2}}(?<![版种类份张款期年月])的(?:保单|电话|手机|贷款|资料|理财|信息|地址|生日|身份证|房贷|持仓|X)"),
    rule("none", 89, "stranger client", nothing, name="somebody else's data", no="claim complaint",
         shape=rf"^(?!.*我(?:{_KIN})(?:说|让|问|想|要)).*?" + _ASK_OF + rf"[SC](?!{_KIN})(?:先生|女士|小姐|总|老师)?(?:的|家|有|买|欠|名下|住|电话|手机|保单|生日|身份证|贷款|资料|信息)|^\W*[SC]的?(?:手机|电话|保单|生日|身份证|贷款|资料|地址|住址|等级)|[别人家他她]{{2}}的(?:保单|电话|资料|贷款|信息)"),
    rule("self.privacy_delete", 88, "any", said, shape=r"(?:删|抹|清除|清空|清掉|清干净|销毁|擦|注销|去掉|移除|不要(?:再)?(?:保留|留|存)|别(?:再)?(?:保留|留着?|存)|被遗忘).{0,12}(?:资料|信息|数据|账户|账号|帐号|记录|档案|隐私|会员)|"
         r"(?:资料|信息|数据|账户|账号|帐号|记录|档案)[^,。]{0,10}(?:删|抹|清除|清空|清掉|销毁|擦掉|注销|去掉|不要留|别留)|删除权|被遗忘权|^\W*(?:我要|帮我)?(?:彻底|全部|永久)?(?:销户|注销)\W*$"),
    rule("self.privacy_access", 87, "any", said, shape=r"(?:有|存|收集|掌握|保存|留|采集|登记|记录|拿|知道|用)了?.{0,6}(?:哪些|什么|啥|多少).{0,6}(?:信息|资料|数据|东西)|(?:信息|资料|数据).{0,8}(?:有|存|收集|掌握|保存|留|采集|登记|记录|拿|知道)了?(?:哪些|什么|啥|多少)|"
         r"(?:查看?|查阅|看看?|要|导出|拿到|复制|下载|调取|提供|给我|获取|发我|打印).{0,10}(?:我的?|本人的?)?(?:个人)(?:信息|资料|数据)|(?:查看?|查阅|看看?|导出|复制|调取).{0,10}(?<!修改)我的?(?:信息|资料|数据|档案)|个人(?:信息|资料|数据).{0,6}(?:副本|复制|导|查阅|查询|一份|看|拿)|(?:信息|资料|数据)(?:被)?.{0,6}(?:给了?谁|谁看过|怎么用|用(?:在|到|来)|拿去)|(?:拿|用|把)我的?(?:个人)?(?:信息|资料|数据).{0,6}(?:做|干|去|用|给|卖)"),
    rule("self.consent_withdraw", 86, "any", withdraw, shape=r"(?:别|不要|甭|勿|停|不想|不愿|拒绝|不接受|不再|莫|不接收|关掉?|取消|唔好|少).{0,10}(?:短信|广告|推销|营销|推送|推广|骚扰|消息|宣传|订阅|促销)|(?:短信|广告|推销|营销|推送|推广|消息|宣传|来电|电话).{0,8}(?:别|不要|停|到此为止|够了|关|取消|退|甭|唔好|免了|不需要|不用)(?:再|了|给|发|打|掉|推|订|吧)|"
         r"退订|拒收|(?:撤回|撤销|收回|取消|撤掉|停止).{0,14}(?:同意|授权)|(?:别|不要|不想|甭)(?:再|老|总|天天|给我|给俺|我|来)*(?:发|打|推|call)(?!字|票|合同|保单|邮件给)|骚扰|^\W*td\W*$|不(?:再)?(?:同意|授权|允许|准)(?:你们?)?.{0,8}(?:用|共享|使用|查|发|打|给)"),
    rule("self.complaint", 85, "any", said, shape=r"投诉|举报|阴阳怪气|爱[答搭理]不理|不耐烦|冷漠|怠慢|推卸|摆脸色|甩脸|不(?:地道|厚道|讲信用|守信|讲理|要脸)|不管(?:人|我)了?|没兑现|不兑现|态度.{0,5}(?:冲|横|拽|硬|差|恶劣|不好|敷衍|冷|凶|什么态度)|什么态度|(?:太|真|好|很|这么|也)(?:差|烂|坑|过分|离谱|黑)(?:劲)?(?!异)|骗|坑人|坑我|忽悠|误导|诱导|欺|没人(?:回|理|管|接|处理|搭理)|不(?:搭)?理(?:我|人)|没(?:有)?(?:一个)?人(?:接|理|管|回|应)|诈骗|套路|怎么做生意|什么玩意|什么服务|不像话|差劲|失望|坑爹|霸王条款|乱收费|不满|维权|银保监|金监|监管局|消协|12378|[^\d\s]\s?12345|12315|曝光|"
         r"讨(?:个)?说法|(?:给|要)(?:我|个|一个|你们)*(?:说法|交代)|反映(?:一下|个|下)?|推(?:诿|来推去|三阻四|脱)|踢皮球|擅自|未经.{0,8}(?:同意|允许)|没经过?.{0,6}同意|私自|偷偷|律师|起诉|告你们|差评|黑心|垃圾|气死|敷衍|说话不算|不作为|拖(?:了|着).{0,8}不(?:办|处理|给|赔)|服务.{0,4}(?:差|烂|不行|不好)"),
    rule("self.human", 83, "any", human, shape=r"(?:转|接|找|要|叫|喊|换|请|让|联系|对接|连线|唔该|跟|和|同|有没有|有冇)[^,。?]{0,10}?(?:人工|真人|活人|客服|坐席|顾问|客户经理|理财经理|保险经理|业务员|代理人|专员|经理|领导|主管|负责人|老板|上级|管事的|工作人员|服务人员)(?!的?(?:电话|态度|没))|"
         r"^\W*(?:人工|人工服务|人工客服|真人|客服|转人工)\W*$|(?:顾问|客户经理|理财经理|业务员|专员).{0,8}(?:是谁|电话|微信|联系方式|人呢|在不在|在吗|回我|回个?电话|联系我|给我打|找我|怎么联系|换人|哪个|哪位)|谁(?:来)?(?:接手|管|负责|服务|跟|对接)我|(?:机器人|你).{0,6}(?:听不懂|不懂|说不清|答非所问)|跟人(?:聊|说|谈)|客服在吗|有人吗|来个(?:人|活人|真人)|(?:给|要|找|换|来|接|转)(?:我|俺)?(?:一)?个?(?:活人|活的|真人|人来|人接|人说)|不(?:要|想|跟|和)(?:跟|和)?机器人|(?:能|可以)?(?:做主|拍板|说了算|管事)的(?:人|出来)?|(?:管事|负责|当家)的.{0,6}(?:在不在|在吗|出来|接|呢|是谁|来)"),
    rule("self.appointment", 82, "time repeating", appointment, shape=r"约|见(?:个)?面|面谈|上门|碰(?:个)?[面头]|当面|[T].{0,14}(?:有空|有时间|得闲|方便|(?<![没不看听])见|过去|过来|(?:我|来|去).{0,3}(?:签|取|交资料|拿合同)|来我|来家|来一趟|去你们?|到你们?|去网点|去柜|跑一趟|坐坐|聊|谈|办事|办理?业务|找你|拜访|在家等)|(?:有空|有时间|得闲|方便|见|过去|过来|来我|来家|去你们?|到你们?|聊|谈|上门|找你).{0,10}T", no="overdue_words"),
    rule("self.appointment", 81, "any", appointment, shape=r"预约|(?<!签)约(?:个|一下|下|您|你|时间|顾问|经理|你们|上门|面谈|聊|见|在|一个)|改约|改期|上门(?:服务|一趟|来|签|办)?|见(?:一|个)面|面谈|当面(?:聊|谈|说|签)"),
    rule("self.document", 81, "any", document, shape=r"结清证明|电子(?:版)?(?:的)?(?:保单|发票|合同)|(?:保单|合同|发票)(?:的)?(?:电子版|电子档|原件|复印件|pdf|扫描件|照片)|发票|凭证|(?:缴费|付款|还款|收入|贷款|保险|在保|资产|存款|余额|持有|理赔|扣款|结清|完税)证明|证明(?:材料)?.{0,6}(?:开|打|出|要)|(?:开|打|出|要).{0,8}证明|"
         r"流水|明细|对账单|账单(?!.{0,4}(?:多少|什么时候))|申请表|申请书|收据|回单|保险条款|条款.{0,4}(?:发|看)|(?:发|给(?!我?(?:看|查|翻|讲|说|瞄))|寄|补|下载|打印|打|传|邮|弄|拿|要(?!看|查|问|瞧)|索取|调).{0,8}(?:保单|合同|协议)(?!.{0,6}(?:到期|状态|还|贷|利率))|(?:保单|合同|协议)[^,。]{0,8}(?:发(?:我|给|一份|到|过来|个?电子)|电子[版档]|寄|补(?:一|办|发)|下载|打印|丢了|找不到|弄丢|不见了|给我一份|邮)"),
    rule("self.loan_prepay", 80, "any", prepay, shape=r"^(?!.*(?:退保|退掉|(?:结|还)(?:清|完)了?(?:没|吗))|.*(?:还有|还要|还得|还差|再还|剩下?)(?:多久|几|多少)|.*没有?还(?:完|清)|.*(?:什么时候|啥时候|几时)(?:才|能)?.{0,4}还(?:完|清)).*(?:还(?:一部分|一点|一些|一笔)|提前.{0,8}(?:还|结清|清|结)|(?:一次性?|一把|一口气|一起|全部?|剩下的?).{0,8}(?:还(?!剩|有|差|没)|结清|结了|结掉|清掉|还清)|(?:还|结)(?:清|掉|完)(?!证明|了(?:没|吗))|(?:先|多|部分).{0,4}还(?:掉|一|点|些|M|上)|全还|结清(?!证明|函|单)|缩短(?:年限|期限)|减少月供|违约金|想把.{0,8}(?:贷|X).{0,8}(?:还|结))"),
    rule("self.surrender", 79, "any", surrender, no="overdue_words", shape=r"退保|退掉|退钱|不买了|退了(?!.{0,4}(?:回来|没|吗))|不想(?:再)?(?:交|缴|要|保|续|买|供)了?|不(?:交|续|要|保|供)了|不打算(?:交|续|要|保)|给我退|撤保|(?:要|想|能|可以|怎么|咋|全|帮我|把)[^,。扣]{0,8}退(?!休|费|订|税|伍|回来?扣)|退(?:回|得回)?多少|反悔|后悔|犹豫期|冷静期|解约|解除.{0,4}合同|取消.{0,4}(?:保险|保单|合同|X)|现金价值(?=.{0,6}退)|断供"),
    rule("self.claim_status", 78, "any", claim, shape=r"(?:理赔|赔(?!不)|案子|报.{0,4}案|赔款|赔付|赔偿|案件|核赔|理陪).{0,12}(?:进度|进展|到哪|怎么样|咋样|多久.{0,3}(?:到|下|好|了)|几时|什么时候|啥时候|到账|批|结果|好了|消息|下来|审|没动静|还没|咋还|回音|结案|通过|走到|如何了|不赔|拒|能到|处理得|卡)|(?:还)?(?:缺|差|(?<!多)少|补交?).{0,6}(?:材料|资料|证明|单据|单子)|"
         r"(?:进度|消息|进展|结果|多久|什么时候|咋还没|怎么还没|为什么|为啥|凭啥)[^,。]{0,10}(?:理赔|赔(?!不)|报的?案|赔款|拒赔)|(?:赔款|理赔款|赔的?钱|报销的钱).{0,8}(?:到|打|下|给|呢)|案子.{0,4}(?:呢|没)|拒赔"),
    rule("self.claim_howto", 77, "any", howto, shape=r"(?:怎么|怎样|如何|咋|流程|步骤|手续|需要|要|带|准备|提交|交|哪些|什么|啥|点样).{0,8}(?:理赔|赔|报销|报案|理陪)|(?:理赔|报销|报案|赔(?!款)).{0,10}(?:流程|步骤|手续|怎么|咋|如何|要|需要|带|材料|资料|单据|条件|找谁|哪里|范围|电话)|(?:能|可以|可不可以|给|会|有得|有冇得|算)(?:不能|不)?[^,。]{0,10}(?:赔|报销|(?<!上)报(?!个?案|一下))|赔不赔|(?:赔|报销)(?:吗|不|么|得了|得到|多少|几成|比例)|"
         r"(?:管|(?<![医在投])保(?![险单额障本费])|赔|(?<!上)报|涵盖|包括|包含)(?:不管|不保|不)?(?:这个|这种|[^,。]{0,4})?(?:吗|不|么)\W*$|在不在.{0,4}(?:保障|范围)|(?:材料|资料|单据|单子).{0,8}(?:理赔|报销)|免赔额|要不要(?:先)?报案"),
    rule("self.claim_report", 73, "any", report, shape=r"^(?!.*(?:如果|要是|万一|假如|最多赔|最高赔|要(?:什么|啥|哪些|带)|管不管|保不保|报不报|能不能(?:赔|报)|怎么(?:赔|报销))).*(?:" + _EVENT + r")|报(?:个|一下|下)?案|出险"),
    rule("self.claim_report", 84, "any", report, name="report it now", shape=rf"(?:我?要|帮我|给我|我想)报(?:个|一个)?案[^?？]{{0,4}}(?:{_EVENT}|[^?？]{{0,12}}(?:{_EVENT}))(?!.{{0,12}}(?:怎么|什么|材料|流程))|(?:{_EVENT}).{{0,40}}(?:报(?:个|一下|下|一个)?案|登记)(?!.{{0,6}}(?:怎么|要什么|材料|流程|进度|到哪|没消息))|^\W*(?:我?要|帮我|给我|我想)?报(?:个|一下|下)?案\W*$"),
    rule("self.product", 76, "any", product, name="about to buy", shape=rf"^(?!.*(?:{MINE}|到期|受益人)).*?(?:有(?:没有|什么|哪些|啥|冇|无)[^,。]{{0,14}}(?:险|理财|基金|存款|存单|贷(?!款?(?:逾期|记录))|X|养老|保障|产品|储蓄|保险|年金)|(?:推荐|介绍|了解|咨询|看看|对比|比较|想买|想办|想配|想存|想给.{{0,8}}(?:买|配|办|投|存)|给.{{0,12}}买(?:什么|啥|哪|个|份)|打算买|考虑买|要买|买个|买份|办个|办张|配一?份|适合|哪(?:款|种|个)|给.{{1,6}}买)[^。]{{0,16}}(?:险|理财|基金|存款|存单|贷|X|养老|产品|保障|保险)|"
         r"(?:险|理财|基金|存款|存单|贷款?|X|产品)[^,。]{0,8}(?:推荐|哪(?:款|种|个|家)|介绍|怎么买|怎么办理|怎么申请|有吗|起投|起购|门槛|适合|保什么|保啥|保哪些|条件|怎么投)|(?:新出|最近|现在|目前|如今|这会儿|今年|你们|你家|你行).{0,14}(?:利率|几个点|收益|年化|理财|产品|多少点|给到多少|给多少))"),
    rule("self.product", 75, "product", product, name="rates and prices of a product", shape=rf"^(?!.*(?:{MINE}|手里|剩|保多少)).*(?:报个?价|利率|给到多少|给多少|年化|几个点|多少点|几厘|多少个?[点厘息利]|利息|收益率|多少钱|讲讲|讲解|合适|适合|划得来|什么价|贵不贵|贵吗|能到V|到V|划算|值得|靠谱|好不好|怎么样|咋样|保[点些]?(?:什么|啥|哪些)|风险|保本|条件|起步|最低|申请)"),
    rule("self.product", 74, "any", product, name="rates", shape=rf"^(?!.*(?:{MINE})).*(?:存款|理财|贷款|存|定期|活期).{{0,8}}(?:利率|年化|几个点|利息多少|收益率)"),
    rule("self.update", 75, "any", update, shape=r"^(?!.*(?:写的是(?:谁|我|哪)|受益人是|电话[打拨]错|[打拨]错了?(?:电话|号))).*?(?:(?:改|换|变|更新|更正|修改|搬|登记新|绑定?|重新登记|补录|升级|错)[^,。?扣]{0,10}(?:手机|电话|号码?|地址|住址|卡|账户|账号|邮箱|受益人|身份证|证件|名字|姓名|资料|信息|家|职业|工作|单位|微信|联系方式|P|E)|"
         r"(?:手机|电话|号码|(?<![几多])号|地址|住址|卡|扣款账户|邮箱|受益人|身份证|证件|名字|姓名|职业|单位|联系方式|微信|个人信息)[^。?扣]{0,10}(?:改|换|变|更新|更正|过期|到期|丢|挂失|错|停机|不用了|补办|失效)|搬(?:家|到|去|新|走)|换(?:工作|号|单位|电话|手机|卡)|跳槽|改名|新(?:手机|号码?|地址|邮箱|身份证|卡))"),
    rule("self.loan_status", 74, "any", loan, shape=r"还款|还贷|月供|贷款|房贷|车贷|经营贷|信用贷|消费贷|抵押贷|按揭|供楼|房供|借款|还多少|还几期|还欠|欠(?:你们|银行|着|多少)|逾期|还钱|借的|放款|批贷|征信|额度|罚息|(?:扣|还|交).{0,6}(?:房贷|车贷|贷|月供)"),
    rule("self.loan_status", 73, "product_loan product_credit_line product_lease", loan),
    rule("self.payment", 72, "any", payment, shape=r"扣款|扣费|缴费|交费|续费|付款|付费|交钱|缴保费|交保费|补缴|补交|代扣|扣钱|自动扣|扣了?(?:我|两|多|一|三|几|没|吗|不|款|成|双|重复)|多扣|重复扣|没扣|扣不了|扣成|划扣|划款|保费.{0,8}(?:扣|交|缴|付|逾期|到账|没|怎么|咋|哪里|几号|什么时候|宽限)|(?:怎么|在哪|哪里|哪儿|咋|点).{0,3}(?:交|缴|付)(?:保费|钱|费|款)?|欠费|(?:几号|什么时候|最晚|啥时候|哪天|截止).{0,4}(?:交|缴|付|扣)|宽限期|分期交|缴款|转账|打款|付不了|支付"),
    rule("self.holding", 69, "any", holding, shape=r"理财|基金|存单|持仓|持有|存款|定投|收益|份额|私募|大额存单|净值|存(?:的|了|进|在)|定期|信托|本金|赎回|资产|投的(?!那?份)|买的(?:产品|那个产品)|余额|分红"),
    rule("self.holding", 70, "product_wealth product_deposit product_fund", holding),
    rule("self.policy", 66, "any", policy, shape=r"保单|保险|险|受益人|保额|现金价值|X|续保|到期|保障|保到|保期|投保|被保|万能账户|年金"),
    # small turns
    rule("help", 82, "any", nothing, shape=r"^\W*(?:帮助|help|菜单|功能|使用说明|说明书|教程)(?:\W|介绍|列表|一下)*$|(?:你|机器人|助手|小助手|这个?|这里|这东西|这玩意|这玩意儿|系统|公众号|小程序|服务号)[^我]{0,4}(?:会|能|可以|都能|有)(?:帮我)?(?:干|做|办|查|问|帮我做|帮忙做|用来)?(?:点|些)?(?:什么|啥|哪些|嘛|咩)(?!.{0,8}(?:险|理财|X|产品|贷|存款|基金|活动|优惠|利率|推荐|适合|收益))|"
         r"(?:^|你|它|这个|东西|玩意儿?|助手|系统|机器人|软件|功能|我)(?:要|该|到底|都)?(?:怎么|咋|如何|怎样|点样?)(?:用|使|使用|使唤|操作|玩)(?:你|它|这个|啊|呀|呢|的|法|哇|嘅|\W|$)|有(?:什么|哪些|啥)功能|你的功能|^\W*能办(?:些|点)?(?:什么|啥)\W*$|(?:使用)?教程|你是(?:干|做)(?:什么|啥|嘛)|^(?!.*(?:X|险|卡|额度)).*(?:怎么|咋|如何)(?:使)?用(?:啊|呀|呢|的|\W)*$|不会用|(?:有)?(?:啥|什么|哪些)(?:是)?(?:能|可以)帮我?(?:的|做|办|忙)|教(?:一?下|我)(?:怎么)?(?:查|用|操作|弄)?\W*$|(?:能|可以)(?:问|办|查)(?:你|你们)?(?:些|点)?(?:什么|啥|哪些)(?!险|贷|理财|产品)"),
    rule("self.complaint", 46, "any", said, name="anger", shape=r"(?:太|真|好|这么|也)(?:慢|久|烦|乱|气人|无语|恶心|不负责|麻烦)|火大|无语|心寒|受不了|没完没了"),
    rule("self.payment", 45, "premium", payment), rule("self.claim_status", 44, "claim", claim),
    rule("chitchat", 50, "greet any", nothing, shape=r"在吗|在不|在么|你好|您好|早上好|晚上好|下午好|早安|晚安|谢谢|多谢|辛苦|你是谁|机器人|再见|拜拜|哈哈|^\W*(?:hi|hello|ok|好的?|嗯+|哦+|收到|知道了|晓得了|明白)\W*$"),
)

FILLS = {
    "self.privacy_delete": said, "self.privacy_access": said, "self.consent_withdraw": withdraw, "self.complaint": said, "self.human": human,
    "self.appointment": appointment, "self.document": document, "self.loan_prepay": prepay, "self.surrender": surrender, "self.claim_status": claim,
    "self.claim_howto": howto, "self.product": product, "self.update": update, "self.claim_report": report, "self.payment": payment, "self.loan_status": loan,
    "self.holding": holding, "self.policy": policy, "help": nothing, "chitchat": nothing, "none": nothing,
}
RULES += evidence(FILLS) + clashes(FILLS)
