"""Finding, showing, adding, changing and relating clients, in several wordings each."""

from __future__ import annotations

from typing import Any

import pytest

LOOK_UP: list[tuple[str, str, dict[str, Any]]] = [
    ("查客户 王芳", "client.lookup", {"client": "王芳", "client_id": 1, "field": None}),
    ("王芳", "client.lookup", {"client_id": 1}),
    ("查下王芳", "client.lookup", {"client_id": 1}),
    ("帮我看下王芳的情况", "client.lookup", {"client_id": 1}),
    ("找一下李雷", "client.lookup", {"client_id": 2}),
    ("wangfang", "client.lookup", {"client_id": 1}),
    ("wf", "client.lookup", {"client_id": 1}),
    ("Tom Chen", "client.lookup", {"client_id": 18}),
    ("查一下古丽", "client.lookup", {"client_id": 16}),
    ("歐陽娜", "client.lookup", {"client": "欧阳娜", "client_id": 8}),
    ("查 13800000001", "client.lookup", {"phone": "13800000001"}),
    ("13800000001是谁", "client.lookup", {"phone": "13800000001", "field": None}),
    ("尾号0001", "client.lookup", {"phone_tail": "0001"}),
    ("查客户 尾号 0001", "client.lookup", {"phone_tail": "0001"}),
    ("王芳的电话", "client.lookup", {"client_id": 1, "field": "phone"}),
    ("李雷住哪", "client.lookup", {"client_id": 2, "field": "address"}),
    ("李雷多大了", "client.lookup", {"client_id": 2, "field": "age"}),
    ("王芳哪天生日", "client.lookup", {"client_id": 1, "field": "birthday"}),
    ("谁给我介绍的李雷来着", "client.lookup", {"client_id": 2, "field": "referrer"}),
    ("看看张伟", "client.lookup", {"client": "张伟", "client_id": [5, 6], "clarify": "client"}),
    ("查一下赵四", "client.lookup", {"client": "赵四", "client_id": None, "clarify": "not_found"}),
    ("王晓明的电话", "client.lookup", {"client_id": 13, "fuzzy": True}),
    ("王芳和李雷的生日", "client.lookup", {"clients": ["王芳", "李雷"], "client_ids": [1, 2], "field": "birthday"}),
    ("把马上的电话发我", "client.lookup", {"client_id": 14, "field": "phone"}),
    ("有没有叫王芳的客户", "client.lookup", {"client_id": 1}),
    ("王芳结婚了没", "client.lookup", {"client_id": 1, "field": "marital_status"}),
    ("刘总的资产有多少", "client.lookup", {"client_id": 7, "field": "aum"}),
    ("李雷的身份证号是多少", "client.lookup", {"client_id": 2, "field": "id_number"}),
    ("宏达的法人是谁", "client.lookup", {"client_id": 12, "field": "legal_representative"}),
    ("王芳 详情 保险", "client.details", {"client_id": 1, "section": "保单"}),
    ("王芳详细资料", "client.details", {"client_id": 1, "section": None}),
    ("王芳 时间线", "client.timeline", {"client_id": 1}),
    ("李雷的跟进历史", "client.timeline", {"client_id": 2}),
    ("王芳 家庭", "client.family", {"client_id": 1}),
    ("我的客户", "client.list", {}),
    ("王芳 合同", "contract.list", {"client_id": 1}),
]
FOCUS: list[tuple[str, str, dict[str, Any]]] = [
    ("她的保单呢", "policy.lookup", {"client_id": 1, "pronoun": True}),
    ("时间线", "client.timeline", {"client_id": 1}),
    ("详情", "client.details", {"client_id": 1}),
    ("她多大", "client.lookup", {"client_id": 1, "field": "age"}),
    ("把她的资料调出来", "client.lookup", {"client_id": 1}),
    ("那她的理赔呢", "claim.lookup", {"client_id": 1}),
    ("他的房贷利率多少", "loan.lookup", {"client_id": 1, "product": "房贷", "field": "rate"}),
    ("给她加个标签 重点跟进", "tag.add", {"client_id": 1, "tag": "重点跟进"}),
    ("这个客户的电话", "client.lookup", {"client_id": 1, "field": "phone"}),
]
CREATE: list[tuple[str, dict[str, Any]]] = [
    ("新增客户 李强 13800000001 身份证110105199003071234 中学老师 月入2万 已婚一孩 张敏介绍的 想看重疾险",
     {"name": "李强", "phone": "13800000001", "id_number": "110105199003071234", "occupation": "中学老师", "monthly_income": 20000,
      "marital_status": "已婚", "children": 1, "referrer": "张敏", "referrer_id": 3, "interest": "重疾险", "kind": "individual", "source": "转介绍"}),
    ("新增企业客户 宏达科技有限公司 统一代码 91110108MA01ABCD2X 法人 张强 行业 制造业 注册资本500万",
     {"kind": "enterprise", "name": "宏达科技有限公司", "licence_code": "91110108MA01ABCD2X", "legal_representative": "张强", "industry": "制造业",
      "registered_capital": 5_000_000}),
    ("新建企业客户：深圳市鼎盛贸易有限公司，统一社会信用代码91440300MA5F000001，法人代表李刚，行业批发零售，注册资金1000万元，联系电话13900008888",
     {"kind": "enterprise", "name": "深圳市鼎盛贸易有限公司", "licence_code": "91440300MA5F000001", "legal_representative": "李刚",
      "industry": "批发零售", "registered_capital": 10_000_000, "phone": "13900008888"}),
    ("新增客户 赵六，男，35岁，13712345678，做装修生意的，年收入50万，离异，有个女儿，住在南山区科技园",
     {"name": "赵六", "gender": "M", "age": 35, "annual_income": 500000, "marital_status": "离异", "children": 1, "address": "南山区科技园"}),
    ("帮我建个档，客户叫孙悦，女，90年的，电话13600000001，微信sunyue88",
     {"name": "孙悦", "gender": "F", "birth_year": 1990, "phone": "13600000001", "wechat": "sunyue88"}),
    ("录个新客 周杰 88年的 做工程 年收入80个", {"name": "周杰", "birth_year": 1988, "occupation": "做工程", "annual_income": 800000}),
    ("新客 林晓 1985-03-12 13900001111 某医院护士", {"name": "林晓", "birthday": "1985-03-12", "phone": "13900001111", "occupation": "某医院护士"}),
    ("录入一个客户，姓名钱大勇，手机13511112222，在华为上班，年薪60万，未婚",
     {"name": "钱大勇", "employer": "华为", "annual_income": 600000, "marital_status": "未婚"}),
    ("登记客户 吴用 公务员 三十五岁", {"name": "吴用", "occupation": "公务员", "age": 35}),
    ("新增客户 Tom Lee 13800001234", {"name": "Tom Lee", "phone": "13800001234"}),
    ("加个客户 刘备 电话 139 0000 0001", {"name": "刘备", "phone": "13900000001"}),
    ("把李四加到客户里 13811112222", {"name": "李四", "phone": "13811112222"}),
    ("新增客户：陈大文，13912340000，身份证号440301199001011234", {"name": "陈大文", "id_number": "440301199001011234", "address": None}),
    ("来了个新客户叫林小小 电话13912341111 是王芳介绍的", {"name": "林小小", "referrer": "王芳", "referrer_id": 1}),
    ("加客户 赵铁柱 15012345678 卡车司机 年入15万 已婚两孩", {"name": "赵铁柱", "occupation": "卡车司机", "annual_income": 150000, "children": 2}),
    ("新客户 孙莉 女 42岁 开餐馆的 想做经营贷50万", {"name": "孙莉", "occupation": "开餐馆", "interest": "经营贷50万"}),
    ("新增客户 王五 农历八月初三生 13700000005", {"name": "王五", "birthday_lunar": "08-03"}),
    ("加一下新客户信息：王大锤 男 13511113333 程序员 深圳南山", {"name": "王大锤", "gender": "M", "occupation": "程序员", "address": "深圳南山"}),
    ("帮忙录入：客户李小龙，电话13566667777，武术教练", {"name": "李小龙", "phone": "13566667777", "occupation": "武术教练"}),
    ("新增客户王五", {"name": "王五", "kind": "individual"}),
    ("新增客户", {"name": None, "clarify": "content"}),
]
CHANGE: list[tuple[str, str, dict[str, Any]]] = [
    ("王芳 换手机号 13900000009", "client.update", {"client_id": 1, "field": "phone", "value": "13900000009"}),
    ("把王芳的电话改成13900000009", "client.update", {"field": "phone", "value": "13900000009"}),
    ("王芳的手机号换了，新的是13900000009", "client.update", {"field": "phone", "value": "13900000009"}),
    ("李雷职业改成工程师", "client.update", {"client_id": 2, "field": "occupation", "value": "工程师"}),
    ("改 王芳 职业 会计", "client.update", {"field": "occupation", "value": "会计"}),
    ("李雷行业是餐饮", "client.update", {"field": "industry", "value": "餐饮"}),
    ("李雷跳槽到腾讯了，更新一下", "client.update", {"field": "employer", "value": "腾讯"}),
    ("王芳搬家到福田区了", "client.update", {"field": "address", "value": "福田区"}),
    ("王芳地址改成深圳市南山区科技园1栋", "client.update", {"field": "address", "value": "深圳市南山区科技园1栋"}),
    ("王芳 邮箱 wf@test.com", "client.update", {"field": "email", "value": "wf@test.com"}),
    ("王芳年收入改成30万", "client.update", {"field": "annual_income", "value": 300000}),
    ("刘总身家一千二百三十四万五千六 记到资产里", "client.update", {"client_id": 7, "field": "aum", "value": 12345600}),
    ("李雷现在在阿里上班", "client.update", {"client_id": 2, "field": "employer", "value": "阿里"}),
    ("王芳的备注改成 不喜欢被打扰", "client.update", {"client_id": 1, "value": "不喜欢被打扰"}),
    ("王芳离婚了", "client.update", {"field": "marital_status", "value": "离异"}),
    ("李雷改名叫李磊磊了", "client.update", {"client_id": 2, "field": "name", "value": "李磊磊"}),
    ("王芳 生日 农历八月初三", "client.update", {"field": "birthday", "value": "2025-09-24", "birthday_lunar": "08-03"}),
    ("王芳的生日是闰六月初五", "client.update", {"field": "birthday", "birthday_lunar": "06-05", "birthday_leap": True}),
    ("王芳 生日 1985年5月1号", "client.update", {"field": "birthday", "value": "1985-05-01"}),
    ("王芳生日改成5月1号", "client.update", {"field": "birthday", "value": "05-01"}),
    ("王芳职业改成", "client.update", {"field": "occupation", "clarify": "value"}),
    ("给王芳打上高净值标签", "tag.add", {"client_id": 1, "tag": "高净值"}),
    ("把刘洋标记为高净值", "tag.add", {"client_id": 7, "tag": "高净值"}),
    ("给刘洋和李雷都加上标签：潜力客户", "tag.add", {"client_ids": [7, 2], "tag": "潜力客户"}),
    ("王芳去掉重点跟进标签", "tag.remove", {"client_id": 1, "tag": "重点跟进"}),
    ("刘洋的标签去掉重点跟进", "tag.remove", {"client_id": 7, "tag": "重点跟进"}),
    ("王芳升到A类", "tier.set", {"client_id": 1, "tier": "A"}),
    ("李雷降级到C", "tier.set", {"client_id": 2, "tier": "C"}),
    ("把王芳改成贵宾", "tier.set", {"client_id": 1, "tier": "贵宾"}),
    ("删除客户王芳", "client.delete", {"client_id": 1}),
    ("把李雷从我的列表里移除", "client.delete", {"client_id": 2}),
    ("王芳要求按个保法删除个人信息", "privacy.delete", {"client_id": 1}),
]
RELATE: list[tuple[str, str, dict[str, Any]]] = [
    ("张敏介绍了她同事陈静 13700000003", "client.relate",
     {"client": "陈静", "client_id": 4, "other": "张敏", "other_id": 3, "relation": "referrer", "other_relation": "colleague", "phone": "13700000003"}),
    ("张敏介绍了陈静", "client.relate", {"client_id": 4, "other_id": 3, "relation": "referrer"}),
    ("张敏给我介绍了个客户，叫孙丽，13500000002", "client.relate", {"client": "孙丽", "client_id": None, "other_id": 3, "phone": "13500000002"}),
    ("王芳是张敏介绍的", "client.relate", {"client_id": 1, "other_id": 3, "relation": "referrer"}),
    ("李雷和王芳是夫妻", "client.relate", {"client_id": 2, "other_id": 1, "relation": "spouse"}),
    ("李雷是王芳的同事", "client.relate", {"client_id": 2, "other_id": 1, "relation": "colleague"}),
    ("王芳 女儿 小雨 2015年5月1日出生", "client.family_add", {"client_id": 1, "relation": "daughter", "relation_kind": "child", "name": "小雨", "birth": "2015-05-01"}),
]
FILTERS: list[tuple[str, list[dict[str, Any]]]] = [
    ("哪些客户半年没联系了", [{"field": "last_contact", "op": "<=", "value": "P6M"}]),
    ("30天没跟进的客户", [{"field": "last_contact", "op": "<=", "value": "P30D"}]),
    ("资产500万以上的客户有哪些", [{"field": "aum", "op": ">=", "value": 5_000_000}]),
    ("年收入50万以上的客户", [{"field": "annual_income", "op": ">=", "value": 500_000}]),
    ("买了重疾险但没买医疗险的客户", [{"field": "has_product", "op": "=", "value": "重疾险"}, {"field": "lacks_product", "op": "=", "value": "医疗险"}]),
    ("姓王的客户", [{"field": "surname", "op": "=", "value": "王"}]),
    ("30到40岁的女客户", [{"field": "age", "op": "between", "value": [30, 40]}, {"field": "gender", "op": "=", "value": "F"}]),
    ("90后客户名单", [{"field": "age", "op": "between", "value": [26, 35]}]),
    ("标签是高净值的客户", [{"field": "tag", "op": "=", "value": "高净值"}]),
    ("今年新加的客户", [{"field": "created", "op": "in", "value": None}]),
]


@pytest.mark.parametrize(("text", "intent", "slots"), LOOK_UP + CHANGE + RELATE)
def test_a_sentence_about_a_client_is_understood(read: Any, check: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(text), intent, slots)


@pytest.mark.parametrize(("text", "intent", "slots"), FOCUS)
def test_the_client_in_mind_is_meant_by_a_pronoun_or_by_no_name_at_all(
    read: Any, check: Any, text: str, intent: str, slots: dict[str, Any]
) -> None:
    check(read(text, focus=True), intent, slots)


@pytest.mark.parametrize(("text", "slots"), CREATE)
def test_one_sentence_makes_a_client(read: Any, check: Any, text: str, slots: dict[str, Any]) -> None:
    check(read(text), "client.create", slots)


@pytest.mark.parametrize(("text", "conditions"), FILTERS)
def test_a_filter_is_read_as_conditions(read: Any, text: str, conditions: list[dict[str, Any]]) -> None:
    meaning = read(text)
    assert meaning.intent == "client.search"
    assert meaning.get("conditions") == conditions


def test_a_pronoun_without_anybody_in_mind_asks_who_is_meant(read: Any) -> None:
    assert read("她的保单呢").clarify == "client_missing"


MORE_FIELDS: list[tuple[str, str]] = [
    ("王芳是哪家公司的", "employer"), ("李雷在哪里上班", "employer"), ("王芳一年挣多少", "annual_income"), ("李雷一个月赚多少", "monthly_income"), ("上回跟李雷聊到哪了", "last_note"),
    ("李雷他老婆叫什么", "family"), ("王芳家里几口人", "family"), ("李雷结婚没有", "marital_status"), ("王芳身份证哪天过期", "id_expiry"), ("李雷是做什么的", "occupation"),
    ("王芳怎么联系", "phone"), ("李雷几月几号生的", "birthday"), ("王芳住哪个小区", "address"), ("李雷多大年纪", "age"), ("王芳属于什么级别", "tier"), ("李雷的风险测评", "risk_level"),
]


@pytest.mark.parametrize(("text", "field"), MORE_FIELDS)
def test_a_field_is_asked_for_in_many_words(read: Any, text: str, field: str) -> None:
    meaning = read(text)
    assert (meaning.intent, str(meaning.get("field") or "").replace("bank_", "")) in {("client.lookup", field), ("client.timeline", ""), ("client.family", "")}


@pytest.mark.parametrize(("text", "slots"), [
    ("王芳的学区房标签摘了吧", {"client_id": 1, "tag": "学区房"}), ("李雷那个沉睡客户的标不要了 去掉", {"client_id": 2, "tag": "沉睡客户"}), ("撕掉王芳身上的潜客标签", {"client_id": 1, "tag": "潜客"}),
])
def test_a_tag_to_take_off_is_what_stands_beside_the_verbs(read: Any, check: Any, text: str, slots: dict[str, Any]) -> None:
    check(read(text), "tag.remove", slots)


@pytest.mark.parametrize(("text", "slots"), [
    ("王芳的儿子叫钱小满 加到家庭成员里", {"client_id": 1, "relation": "son", "name": "钱小满"}), ("把老公林峰加到王芳的家庭里", {"client_id": 1, "relation": "spouse", "name": "林峰"}),
    ("李雷家添了个闺女 叫林小满 加家庭成员", {"client_id": 2, "relation": "daughter", "name": "林小满"}), ("王芳老公叫李想 记到家人里", {"client_id": 1, "relation": "spouse", "name": "李想"}),
])
def test_a_relative_is_put_into_the_family(read: Any, check: Any, text: str, slots: dict[str, Any]) -> None:
    check(read(text), "client.family_add", slots)


@pytest.mark.parametrize(("text", "slots"), [
    ("建個檔 客戶叫葉問 男 52歲", {"client": "叶问", "gender": "M", "age": 52}), ("新加一位：魏晨，36岁，工程师", {"client": "魏晨", "age": 36}),
    ("客户建档 迪丽热巴·迪力木拉提 女 1992年6月3日生", {"client": "迪丽热巴·迪力木拉提", "birthday": "1992-06-03"}), ("add个客户 Lily Wang, tel 138-1234-5678", {"client": "Lily Wang", "phone": "13812345678"}),
    ("New client: Jason Lau, mobile 13877776666", {"client": "Jason Lau", "phone": "13877776666"}), ("新开一个客户档案 姓名倪妮 九二年的", {"client": "倪妮", "birth_year": 1992}),
])
def test_a_client_is_made_in_more_words(read: Any, check: Any, text: str, slots: dict[str, Any]) -> None:
    check(read(text), "client.create", slots)


@pytest.mark.parametrize(("text", "slots"), [
    ("王芳升了总经理，职业那里改一下", {"field": "occupation", "value": "总经理"}), ("李雷离婚了 婚姻状况帮忙改", {"field": "marital_status", "value": "离异"}),
    ("李雷乔迁了，新住址宝安区前海路66号", {"field": "address", "value": "宝安区前海路66号"}), ("王芳的职业写成幼师", {"field": "occupation", "value": "幼师"}),
])
def test_a_change_is_told_before_its_field_or_by_it(read: Any, check: Any, text: str, slots: dict[str, Any]) -> None:
    check(read(text), "client.update", slots)


@pytest.mark.parametrize(("text", "conditions"), [
    ("资产过百万的男客户", [("aum", ">=", 1_000_000), ("gender", "=", "M")]), ("B类里面资产不到十万的", [("tier", "=", "B"), ("aum", "<=", 100_000)]),
    ("60岁往上的都挑出来", [("age", ">=", 60)]), ("30到40岁之间做医生的", [("age", "between", [30, 40]), ("occupation", "~", "医生")]), ("50岁以上的女客户拉个单子", [("age", ">=", 50), ("gender", "=", "F")]),
])
def test_a_bare_list_of_conditions_is_a_filter(read: Any, text: str, conditions: list[tuple[str, str, Any]]) -> None:
    meaning = read(text)
    assert meaning.intent == "client.search"
    assert sorted((c["field"], c["op"], c["value"]) for c in meaning.get("conditions")) == sorted(conditions)
