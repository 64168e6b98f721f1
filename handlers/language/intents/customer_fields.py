"""Which field of a contract a customer asks for: forms of questions first, then the words of `customer_words`.

几期, 多少个月 and 供到什么时候 ask for the same, however the words between them run; a table of words cannot know them all."""

from __future__ import annotations

from handlers.language.intents import fills
from handlers.language.intents.customer_words import (
    CLAIM_FIELDS,
    HOLDING_FIELDS,
    LOAN_FIELDS,
    PAYMENT_FIELDS,
    POLICY_FIELDS,
    PRODUCT_FIELDS,
    UPDATES,
)
from handlers.language.lazy import Lazy, lazy

Forms = tuple[tuple[str, Lazy], ...]

_MANY = r"(?:几|多少)"
_WHEN = r"(?:什么时候|什么时间|啥时候|啥时间|何时|几时|几号|几月|哪一?天|哪日|哪年|哪个?月|多久|多会儿)"

LOAN: Forms = (
    ("remaining_terms", lazy(rf"(?:还|剩|差|供|余|再|欠)[^,。]{{0,6}}{_MANY}[^,。钱块]{{0,2}}(?:期|个?月|年|次)|(?:还|供)到(?:什么|啥|哪|几)|{_WHEN}[^,。]{{0,4}}(?:还|供|结)(?:得|能)?(?:完|清)|还要?(?:还|供)多久")),
    ("balance", lazy(rf"(?:欠|剩|差|余)[^,。期年月]{{0,10}}{_MANY}(?!期|年|个?月|次)|{_MANY}[^,。期]{{0,6}}(?:没|未)[有还]?还?(?:还|完|清)")),
    ("overdue", lazy(r"逾(?:没|不)?逾?期|(?:过期|忘.{0,3}还|晚.{0,3}还|上征信|征信.{0,6}(?:花|黑|影响|污|坏)|黑名单|罚息|信用会)")),
    ("payment", lazy(r"(?:扣|划)(?:上|成|成功|进去|过去)?了?(?:没有?|吗|么)|还(?:上|掉|款)?了(?:没有?|吗|么)(?!还)|扣没扣|还没还上|(?:扣|划|还)(?:款)?(?:成功|失败)")),
    ("repay_amount", lazy(rf"(?:月供|每个?月|这个?月|下个?月|本月|这期|下期|一个月|应|该)[^,。]{{0,6}}{_MANY}(?!期|年|号)|(?:还|扣|交|供)了?{_MANY}(?:钱|块)?\W*$")),
    ("rate", lazy(r"利率|年化|几厘|多少厘|几个点|利息|几点几")),
    ("status", lazy(r"批|审|放款|下款|下来|通过|结果|进度|回音|音讯|信儿|到账")),
)
POLICY: Forms = (
    ("remaining_terms", lazy(rf"(?:还|剩|差|再|余)[^,。]{{0,6}}(?:{_MANY}个?(?:年|期|次)|多久)(?!到期|保)[^,。]{{0,4}}(?:[交缴供完]|\W*$)|(?:还|剩|差|再)[^,。]{{0,4}}[交缴供][^,。]{{0,2}}(?:{_MANY}|多久)(?![钱块])|[交缴供]到(?:什么|啥|哪|几)")),
    ("beneficiary", lazy(r"受益|赔给谁|给谁\W*$")),
    ("sum_insured", lazy(rf"保额|保障(?:额度?|金额)|保{_MANY}(?!年|久|岁)|最[多高].{{0,3}}[赔保]|(?:三者|第三者|座位)[^,。]{{0,6}}{_MANY}")),
    ("premium", lazy(rf"多少钱一?个?(?:年|月|期)|(?:年|月|期|次)[^,。]{{0,5}}(?:交|缴|掏|付|花|供|扣)[^,。]{{0,3}}{_MANY}(?!年|期|次)|保费[^,。]{{0,4}}{_MANY}|how much.{{0,8}}premium")),
    ("cash_value", lazy(rf"里头?面?[^,。]{{0,3}}{_MANY}|现金价值|现价|值{_MANY}|退[^,。]{{0,4}}{_MANY}|能贷[^,。]{{0,3}}{_MANY}")),
    ("status", lazy(r"valid|有效(?:没|不|吗|么|状态)|有(?:没|无)(?:有)?效|还?作数|还?管用|失效|断(?:了|没|保)|在不在保|还在保|生效|还?算数|什么状态|还有没效|有没有用")),
    ("due_date", lazy(rf"快?到(?:期)?了(?:没|吗|么)|到期|过期|届满|{_WHEN}[^,。]{{0,3}}[交缴]")),
)
HOLDING: Forms = (
    ("units", lazy(r"份额|多少份|几份")),
    ("profit", lazy(r"挣|赚|亏|盈|收益|回本|[涨跌](?!停)")),
    ("due_date", lazy(rf"到(?:没)?到?期|{_WHEN}[^,。]{{0,6}}(?:取|赎|拿|到|开放)|满期")),
)
CLAIM: Forms = (
    ("missing_docs", lazy(r"(?:缺|差|(?<![多至])少)(?:了|着)?(?:什么|啥|哪|点|材料|资料|单|证|不|没)|(?:补|再交)(?:什么|啥|哪|点|材料|资料|单|证)")),
    ("reject_reason", lazy(r"拒|(?:退回|打回|不合格)[^。]{0,6}(?:原因|为什么|为啥|哪)|不(?:给|予)?赔|(?:为什么|为啥|凭什么|凭啥|咋|怎么)[^,。]{0,8}(?:不给?赔|没给?赔|不通过|没通过|没批|不符合)")),
    ("payment", lazy(r"(?:钱|赔款|款)[^,。]{0,6}(?:到|打|给|呢)|到账")),
    ("status", lazy(r"批|审|进度|进展|结果|通过|结案")),
)
# What is to be changed; what moves or leaves only says so where nothing else is named.
UPDATE: Forms = (
    ("beneficiary", lazy(r"受益人")),
    ("id_expiry", lazy(r"身份证|证件|护照")),
    ("address", lazy(r"地址|住址|住处|通讯处|寄到|寄去")),
    ("email", lazy(r"邮箱|邮件|e-?mail")),
    ("bank_card", lazy(r"(?:银行|扣款|还款|收款|工资|绑定?|存款)[^,。]{0,4}(?:卡|账户|账号)|卡号|[张的换]卡|卡(?:换|丢|挂失|注销|过期|不用)|扣款账户")),
    ("phone", lazy(r"手机|电话|号码|换号|新号|联系方式|(?:尾号|预留)的?号|number")),
    ("wechat", lazy(r"微信")),
    ("name", lazy(r"名字|姓名|改名|改姓")),
    ("employer", lazy(r"单位|公司|东家|不在[^,。了]{1,8}了[\s,]*(?:去|到|进)")),
    ("occupation", lazy(r"职业|换(?:了)?(?:个)?工作|跳槽|转行|工种|岗位")),
    ("address", lazy(r"搬|住到|寄")),
)
PRODUCT: Forms = (("rate", lazy(rf"{_MANY}个?(?:点|厘|息|利)|几点几")),)
PAYMENT: Forms = (
    ("bank_card", lazy(r"[哪换张]个?张?卡|银行卡|扣款卡|什么卡|扣款的卡")),
)


def field_of(text: str, forms: Forms, words: dict[str, str]) -> str | None:
    """The field by the form of the question, else by the first of its words."""
    found = next((name for name, form in forms if form.search(text)), None)
    return found or fills.word_in(words, text)


def of_loan(text: str) -> str | None:
    return field_of(text, LOAN, LOAN_FIELDS)


def of_policy(text: str) -> str | None:
    return field_of(text, POLICY, POLICY_FIELDS)


def of_holding(text: str) -> str | None:
    return field_of(text, HOLDING, HOLDING_FIELDS)


def of_claim(text: str) -> str | None:
    return field_of(text, CLAIM, CLAIM_FIELDS)


def of_product(text: str) -> str | None:
    return field_of(text, PRODUCT, PRODUCT_FIELDS)


def of_payment(text: str) -> str | None:
    return field_of(text, PAYMENT, PAYMENT_FIELDS)


def to_update(text: str) -> str | None:
    return field_of(text, UPDATE, UPDATES)
