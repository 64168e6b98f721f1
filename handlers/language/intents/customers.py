"""What a client of the firm may ask. A customer never reaches an adviser's intent."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import CLAIM_FIELDS, CONTRACT_FIELDS

_FIELDS = CONTRACT_FIELDS
_UPDATE = {"phone": "手机号 手机 电话 号码", "address": "地址 住址 搬家 搬", "bank_card": "银行卡 扣款卡 卡号 还款卡 扣款账户", "id_expiry": "身份证到期 身份证过期 身份证有效期 身份证 证件", "email": "邮箱",
           "beneficiary": "受益人", "name": "改名 名字 姓名", "occupation": "职业 换工作", "wechat": "微信"}
_DOC = {"e_policy": "电子保单 保单电子版 电子版保单 保单原件 电子合同 纸质保单 保单", "invoice": "发票", "payment_proof": "缴费证明 付款凭证 缴费凭证 扣款凭证 回单", "claim_form": "理赔申请表 理赔单 申请书",
        "statement": "流水 对账单 账单 结单", "contract": "合同 协议 借款合同"}
_LOSS = {"车险": "车 追尾 剐蹭 刮 撞", "意外险": "意外 骑车摔 骑车 摔 烫 骨折 烧伤 咬", "医疗险": "住院 看病 手术 门诊 医药费", "重疾险": "癌 重疾 肿瘤 大病", "家财险": "漏水 火灾 被盗"}


def about(s: Sentence, match: re.Match[str] | None) -> Slots:
    name = fills.word_in(_FIELDS, s.text)
    if name is None and re.search(r"什么时候|几号|哪天|啥时候|何时", s.text):
        name = "repay_date" if "还" in s.text else "due_date"
    return fills.merged(fills.product(s), {"field": name})


def loan(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.merged(about(s, match), fills.span_of(s, times.DUE))


def prepay(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.merged(fills.product(s), {"amount": fills.money(s, any_role=True), "field": fills.word_in({"fee": "违约金 手续费 罚金", "rate": "利息"}, s.text)})


def howto(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.merged({"product": fills.word_in(_LOSS, s.text), "field": fills.word_in({"documents": "材料 资料 证件"}, s.text)}, fills.product(s))


def report(s: Sentence, match: re.Match[str] | None) -> Slots:
    date = {"date": s.when(s.points[0], times.LOOK_BACK)} if s.points else {}
    return fills.merged({"product": fills.word_in(_LOSS, s.text)}, fills.product(s), date, {"content": s.normal.said.strip()})


def claim(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.merged(fills.product(s), {"field": fills.word_in(CLAIM_FIELDS, s.text)})


def said(s: Sentence, match: re.Match[str] | None) -> Slots:
    return {"content": s.normal.said.strip()}


def human(s: Sentence, match: re.Match[str] | None) -> Slots:
    return {"target": "manager" if re.search(r"经理(?!的)|领导|主管|负责人|老板", s.text) and not re.search(r"客户经理|理财经理", s.text) else "adviser"}


def surrender(s: Sentence, match: re.Match[str] | None) -> Slots:
    wants_value = re.search(r"能?退(?:回)?多少|退多少|拿回多少|拿多少|损失|现金价值|能退", s.text) is not None
    return fills.merged(fills.product(s), {"field": ("loss" if "损失" in s.text else "cash_value") if wants_value else None})


def update(s: Sentence, match: re.Match[str] | None) -> Slots:
    name = fills.word_in(_UPDATE, s.text)
    value = next((p.value for p in s.protected if p.kind in {"phone", "email", "id_number", "card_no"}), None)
    if value is None:
        found = re.search(r"(?:改成|改为|换成|换到|搬到了?|变成|是|为)\s*([^,。!?吗]{2,40}?)(?:了|吧)?$", s.text)
        value = s.said(*found.span(1)) if found and "怎么" not in s.text else None
    return fills.merged({"field": name, "value": value})


def appointment(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.merged(fills.when(s, times.REMIND), {"content": s.normal.said.strip()})


def product(s: Sentence, match: re.Match[str] | None) -> Slots:
    name = fills.word_in({"rate": "利率 年化 收益 利息", "premium": "多少钱 保费 价格 贵不贵", "documents": "材料 资料 条件 要什么"}, s.text)
    return fills.merged(fills.product(s), {"field": name})


def document(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.merged(fills.product(s), {"doc": fills.word_in(_DOC, s.text)})


def payment(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.merged(fills.product(s), {"field": fills.word_in({"bank_card": "换卡 银行卡 换扣款", "due_date": "什么时候 几号 哪天", "premium": "多少", "status": "扣了没 扣款成功 到账没 扣了吗"}, s.text)})


def withdraw(s: Sentence, match: re.Match[str] | None) -> Slots:
    scope = fills.word_in({"phone_marketing": "电话 打给我", "sms_marketing": "短信", "marketing": "营销 推广 广告 消息 推送 推销"}, s.text)
    return fills.merged({"scope": scope or "marketing"})


RULES: tuple[Rule, ...] = (
    rule("self.human", 80, "any", human, shape=r"转人工|人工客服|人工|真人|找(?:你们)?(?:领导|主管|经理|负责人|老板)|叫(?:你们)?.{0,4}(?:经理|领导|主管|老板|负责人)|(?:联系|找)(?:一下)?我的?(?:顾问|客户经理|理财经理|业务员|专员)|客服在吗"),
    rule("self.complaint", 86, "any", said, shape=r"投诉|举报|态度(?:太|很|真)?(?:差|恶劣|不好)|太差了|骗人|骗我|坑人|欺骗|没人(?:回|理|管)我|不满意|维权|银保监|12378|曝光"),
    rule("self.privacy_delete", 84, "any", said, shape=r"(?:删除?|删掉|清除|注销|抹掉).{0,8}(?:资料|信息|数据|账号|记录)|(?:资料|信息|数据).{0,4}(?:删|清除|注销)"),
    rule("self.privacy_access", 83, "any", said, shape=r"(?:有|存了?|收集了?|掌握|保存了?).{0,4}(?:我)?(?:的)?(?:哪些|什么|啥|多少).{0,6}(?:信息|资料|数据)|(?:查看?|看看?|要|导出|拿到).{0,4}我的?(?:个人)?(?:信息|资料|数据)"),
    rule("self.consent_withdraw", 84, "any", withdraw, shape=r"别(?:再|给我)?.{0,6}(?:发|打|推)|不要(?:再)?(?:给我)?.{0,4}(?:发|打|推)|不想(?:再)?(?:收到|接到)|退订|拒收|取消(?:订阅|授权|推送)|撤回(?:我的)?(?:同意|授权)|骚扰"),
    rule("self.surrender", 78, "any", surrender, shape=r"退保|退掉|不想(?:再)?(?:交|缴|要|保)了?|不交了|能退(?:多少|吗)|退(?:回)?多少"),
    rule("self.loan_prepay", 79, "any", prepay, shape=r"提前还|提前结清|一次性还清|提前还清|还清.{0,6}(?:手续费|违约金|怎么)"),
    rule("self.claim_status", 77, "any", claim, shape=r"(?:理赔|赔|案子|报案|赔款).{0,8}(?:进度|到哪|怎么样|多久|什么时候|到账|批了|结果|好了|没消息|下来)|(?:缺|差|补).{0,4}(?:什么|啥|哪些)?(?:材料|资料)|赔款.{0,4}(?:到|打)"),
    rule("self.claim_howto", 75, "any", howto, shape=r"(?:怎么|如何|咋).{0,4}(?:办)?(?:理)?(?:赔|报销|报案)|理赔(?:流程|要|需要|怎么|材料|手续)|能(?:不能)?(?:赔|报销)(?:吗|不)?|要(?:什么|哪些|啥)(?:材料|资料|手续).{0,6}(?:理?赔)?|(?:赔|报销)(?:吗|不赔|多少)"),
    rule("self.claim_report", 74, "any", report, shape=r"报案|出险|出事了?|追尾|车祸|撞了|被撞|刮了|被刮|剐蹭|摔(?:断|伤|了|骨)|骨折|住院了?|确诊|手术|烫伤|被盗|漏水|着火|进水"),
    rule("self.appointment", 73, "time any", appointment, shape=r"(?:约|预约|见面|面谈|见个面|聊聊|上门|过去找|过来).{0,10}|[T].{0,8}(?:有空|方便|见|过去|过来|聊)", no="policy"),
    rule("self.document", 72, "any", document, shape=r"电子保单|发票|凭证|证明|流水|对账单|账单|申请表|电子版|合同.{0,4}(?:发|要|拿|给|下载)|(?:发|给|下载|要|寄|补).{0,6}(?:保单|合同)(?!.{0,4}(?:到期|状态))"),
    rule("self.update", 71, "any", update, shape=r"(?:改|换|变更|更新|修改|搬|更改).{0,8}(?:手机|电话|号码|地址|卡|邮箱|受益人|身份证|名字|姓名|资料|信息|家)|(?:手机|电话|号码|地址|住址|卡|邮箱|受益人|身份证|名字|职业).{0,6}(?:改|换|变|更新|过期|到期|丢)|搬家|搬到|换工作"),
    rule("self.payment", 69, "any", payment, shape=r"(?:扣款|扣费|缴费|交费|续费|付款|交钱|缴保费|交保费|扣了|补缴|代扣|扣钱|自动扣)"),
    rule("self.loan_status", 68, "any", loan, shape=r"(?:还款|还贷|月供|贷款|房贷|车贷|还多少|还几期|还剩|欠多少|逾期|还钱)(?!利率)"),
    rule("self.product", 70, "any", product, shape=r"(?:利率|年化|收益率?).{0,6}(?:多少|几|高)|(?:有(?:什么|哪些|啥|没有)|推荐|了解一下|想了解|想买|介绍一下|咨询).{0,12}(?:产品|险|理财|基金|存款|贷|X|养老|保障)|X.{0,6}(?:怎么样|多少钱|贵不贵|划算|值得|怎么买|保什么|条件)"),
    rule("self.holding", 67, "any", about, shape=r"我?.{0,4}(?:理财|基金|存单|持仓|持有|存款|定投|收益|份额|私募|大额存单|净值)"),
    rule("self.policy", 66, "any", about, shape=r"保单|保险|险|受益人|保额|现金价值|X|续保|到期|保障"),
    rule("help", 76, "help", lambda s, m: {}, shape=r"^\W*(?:帮助|help|菜单|功能)|(?:会|能)(?:干|做|帮我做)?(?:什么|啥)|怎么用"),
    rule("chitchat", 50, "greet any", lambda s, m: {}, shape=r"在吗|在不|在么|你好|您好|早上好|晚上好|下午好|早安|晚安|谢谢|多谢|辛苦|你是谁|机器人|再见|拜拜|哈哈|^\W*(?:hi|hello|ok|好的?|嗯+|哦+|收到|知道了)\W*$"),
)
