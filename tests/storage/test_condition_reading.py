"""What sentences of conditions are read to, told back in words; and what is refused, with what to do next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from config.pack import PackStore
from storage.conditions import LONGEST, MOST_TESTS, Unreadable, describe, read
from storage.dictionary import Dictionary

TODAY = date(2025, 6, 9)


@pytest.fixture(scope="module")
def dictionary(pack_store: PackStore) -> Dictionary:
    return Dictionary(pack_store.current)


def told(dictionary: Dictionary, text: str, role: str = "adviser") -> str:
    return describe(read(text, dictionary, role, TODAY))


READ = {
    # tiers, stages, tags and other values by themselves
    "贵宾": "银行等级 是 贵宾",
    "黄金": "保险等级 是 黄金",
    "已流失": "阶段 是 已流失",
    "意向客户": "阶段 是 潜客",
    "女": "性别 是 女",
    "有车": "有无车辆 是",
    "老板": "标签 是 企业主",
    # how long nobody has been in touch
    "30天未联系": "30 天未联系",
    "三个月没跟进": "3 个月未联系",
    "半年没联系过": "6 个月未联系",
    "两周没拜访": "2 周未联系",
    "7天内联系过": "7 天内联系过",
    "近一个月联系过": "1 个月内联系过",
    "从未联系": "上次联系 为空",
    # how often something happened of late
    "90天投诉2次": "90 天内投诉 不少于 2 次",
    "近90天 联系 2次以上": "90 天内联系 不少于 2 次",
    "半年内 拜访 少于 2 次": "6 个月内拜访 少于 2 次",
    "90天投诉正好2次": "90 天内投诉 正好 2 次",
    "90天内没有投诉": "90 天内投诉 正好 0 次",
    "最近30天有投诉": "30 天内投诉 不少于 1 次",
    "90天投诉过": "90 天内投诉 不少于 1 次",
    "365天买基金2笔": "365 天内新签基金 不少于 2 笔",
    "近一年 新签 2笔以上": "1 年内新签 不少于 2 笔",
    "90天 迟缴 2次": "90 天内迟缴 不少于 2 次",
    "一年内 介绍 2位": "1 年内介绍客户 不少于 2 位",
    "贵宾 近30天 联系 2次以上 持有基金": "银行等级 是 贵宾 且 30 天内联系 不少于 2 次 且 持有基金",
    # how the assets changed
    "AUM变动 小于 -10万": "近 30 天管理资产变动 小于 -10 万元",
    "近30天 AUM 下降 10%以上": "近 30 天管理资产下降 不低于 10%",
    "AUM下降20%": "近 30 天管理资产下降 不低于 20%",
    "AUM 增加 20万以上": "近 30 天管理资产增加 不低于 20 万元",
    "AUM下降": "近 30 天管理资产下降 大于 0 元",
    "管理资产近90天减少 超过 5万": "近 90 天管理资产下降 大于 5 万元",
    "近半年资产增长 5% 到 10%": "近 6 个月管理资产增加 在 5% 到 10% 之间",
    # products
    "持有基金": "持有基金",
    "买过重疾险": "持有重疾险",
    "有房贷": "持有房贷",
    "没有保险": "非 持有保单",
    "未持有车险": "非 持有车险",
    "保单 2 张以上": "保单 数量 不低于 2",
    "基金 数量 >= 3": "基金 数量 不低于 3",
    "存款 少于 2": "存款 数量 小于 2",
    # ages and names
    "50岁以上": "年龄 不低于 50",
    "年龄 小于 30": "年龄 小于 30",
    "年龄 不到 30": "年龄 小于 30",
    "30到40岁": "年龄 在 30 到 40 之间",
    "姓欧阳": "姓欧阳",
    # fields of the dictionary, by every word that it has for them
    "管理资产 50万以上": "管理资产 不低于 50 万元",
    "AUM >= 50w": "管理资产 不低于 50 万元",
    "资产规模 在 50万 到 100万 之间": "管理资产 在 50 万元 到 100 万元 之间",
    "年薪 超过 20万": "年收入 大于 20 万元",
    "管理资产 > 1,000,000": "管理资产 大于 100 万元",
    "城市 是 上海": "所在城市 是 上海",
    "城市 上海、北京": "所在城市 属于 上海、北京",
    "职业 包含 老师": "职业 包含 老师",
    "标签 临近退休": "标签 是 临近退休",
    "婚姻 不是 已婚": "婚姻状况 不是 已婚",
    "子女 大于 0": "子女数 大于 0",
    "下次跟进日 为空": "下次跟进日 为空",
    "有无房产 否": "有无房产 否",
    "建档日 不早于 2025-01-01": "建档日 不早于 2025-01-01",
    # days ahead and days back
    "到期日 在 30 天内": "到期日 在 未来 30 天内",
    "证件到期日 在三个月内": "证件有效期至 在 未来 3 个月内",
    "上次联系 在 7 天内": "上次联系 在 过去 7 天内",
    "到期日 在过去 30 天内": "到期日 在 过去 30 天内",
    "到期日 早于 2025-12-31": "到期日 早于 2025-12-31",
    "起始日 在未来 30 天内": "起始日 在 未来 30 天内",
    "放款日 在 30 天内": "放款日 在 过去 30 天内",
    "建档日 在 30 天内": "建档日 在 过去 30 天内",
    "生日 在 30 天内": "公历生日 在 未来 30 天内",
    "近7天过生日": "公历生日 在 未来 7 天内",
    "12月生日": "公历生日 在 12 月",
    "近30天未联系": "30 天未联系",
    # amounts and their ranges; an amount behind a sort is that of one contract of it
    "管理资产 50到100万": "管理资产 在 50 万元 到 100 万元 之间",
    "年薪 20-30万": "年收入 在 20 万元 到 30 万元 之间",
    "存款 50万以上": "持有存款 且 金额 不低于 50 万元",
    "存款 50万以上 且 持有基金": "(持有存款 且 金额 不低于 50 万元) 且 持有基金",
    # several values, and none of them
    "城市 不是 上海、北京": "非 所在城市 属于 上海、北京",
    "城市 包含 上海、北京": "所在城市 包含 上海 或 所在城市 包含 北京",
    "城市 不包含 上海": "非 所在城市 包含 上海",
    "企业性质 不是 民营、国有": "非 企业性质 属于 民营、国有",
    "贵宾、私行": "银行等级 是 贵宾 或 银行等级 是 私行",
    "女 且 贵宾、私行": "性别 是 女 且 (银行等级 是 贵宾 或 银行等级 是 私行)",
    "年龄 是 50、60": "年龄 属于 50、60",
    # what somebody does not have
    "没有车": "非 有无车辆 是",
    "没有 房产": "非 有无房产 是",
    "没有生日": "生日 为空",
    "没有逾期": "非 状态 是 逾期",
    "没有 高净值": "非 标签 是 高净值",
    "除了贵宾以外": "非 银行等级 是 贵宾",
    "有重疾意向": "标签 是 重疾意向",
    "没有(贵宾 或 私行)": "非 (银行等级 是 贵宾 或 银行等级 是 私行)",
    # values that look like more than a value
    "学历 是 高中及以下": "学历 是 高中及以下",
    "投资期限 是 五年以上": "投资期限 是 五年以上",
    "状态 是 已到期": "状态 是 已到期",
    "工作单位 是 「安和（上海）且有限公司」": "工作单位 是 「安和(上海)且有限公司」",
    "工作单位 为民医院": "工作单位 是 「为民医院」",
    "产品代码 是 INS-CI-01": "产品代码 是 INS-CI-01",
    # English words
    "age >= 30": "年龄 不低于 30",
    "age between 30 and 50": "年龄 在 30 到 50 之间",
    "贵宾 and age between 30 and 50 and holds fund": "银行等级 是 贵宾 且 年龄 在 30 到 50 之间 且 持有基金",
    "client.aum > 50万": "管理资产 大于 50 万元",
    "aum is at least 500000": "管理资产 不低于 50 万元",
    "not contacted 30 days": "30 天未联系",
    "not contacted for 2 weeks": "2 周未联系",
    "contacted within 7 days": "7 天内联系过",
    "never contacted": "上次联系 为空",
    "holds fund or has policy": "持有基金 或 持有保单",
    "lacks policy": "非 持有保单",
    "tier = 贵宾": "银行等级 是 贵宾",
    "tier is 黄金": "保险等级 是 黄金",
    "tier is not 贵宾": "非 银行等级 是 贵宾",
    "tagged 高净值": "标签 是 高净值",
    "stage is lead": "阶段 是 潜客",
    "city contains 上": "所在城市 包含 上",
    "ends_on within 30 days": "到期日 在 未来 30 天内",
    "complaints 2 times in 90 days": "90 天内投诉 不少于 2 次",
    "aum fell 10% in 30 days": "近 30 天管理资产下降 不低于 10%",
    # a yes-or-no by its own name, stretches of the calendar, lunar birthdays
    "投诉处理中": "投诉处理中 是",
    "非 理赔处理中": "非 理赔处理中 是",
    "30天内到期": "到期日 在 未来 30 天内",
    "本月到期": "到期日 在 本月",
    "到期日 在 这个月": "到期日 在 本月",
    "生日 本月": "公历生日 在 本月",
    "本周生日": "公历生日 在 本周",
    "今天生日": "公历生日 在 今天",
    "农历生日 在 30 天内": "农历生日 在 未来 30 天内",
    "农历八月生日": "农历生日 在 8 月",
    "农历生日 腊月": "农历生日 在 12 月",
    # records that hang on a client
    "应缴日 在 30 天内": "应缴日 在 未来 30 天内",
    "还款状态 是 逾期未还": "缴费状态 是 逾期",
    "没有 逾期未缴": "非 缴费状态 是 逾期",
    "商机阶段 待签约、方案": "商机阶段 属于 待签约、方案",
    "预计成交日 在 30 天内": "预计成交日 在 未来 30 天内",
    "30天内 交易金额 50万以上": "交易日 在 过去 30 天内 且 交易金额 不低于 50 万元",
    "本月 应缴金额 5000以上": "应缴日 在 本月 且 应缴金额 不低于 5,000 元",
    "非 近30天 交易金额 50万以上": "非 (交易日 在 过去 30 天内 且 交易金额 不低于 50 万元)",
    "贵宾 30天内 交易金额 50万以上 且 交易类别 工资":
        "银行等级 是 贵宾 且 交易日 在 过去 30 天内 且 交易金额 不低于 50 万元 且 交易类别 是 工资",
    "最近联系方式 不是 电话、微信": "非 上次联系方式 属于 电话、微信",
    "持有产品风险等级 R4": "产品风险等级 是 R4 中高风险",
    "transaction.amount > 500000": "交易金额 大于 50 万元",
    "instalment.due_on within 30 days": "应缴日 在 未来 30 天内",
    # joined
    "贵宾 且 30天未联系 且 持有基金": "银行等级 是 贵宾 且 30 天未联系 且 持有基金",
    "贵宾且30天未联系且持有基金": "银行等级 是 贵宾 且 30 天未联系 且 持有基金",
    "贵宾 30天未联系，持有基金": "银行等级 是 贵宾 且 30 天未联系 且 持有基金",
    "贵宾 and not 持有基金": "银行等级 是 贵宾 且 非 持有基金",
    "（贵宾 或 私行）且 不是 已流失": "(银行等级 是 贵宾 或 银行等级 是 私行) 且 非 阶段 是 已流失",
    "贵宾 且 女 或 私行": "(银行等级 是 贵宾 且 性别 是 女) 或 银行等级 是 私行",
    "非 (贵宾 或 私行)": "非 (银行等级 是 贵宾 或 银行等级 是 私行)",
}


@pytest.mark.parametrize("text", READ)
def test_is_read_as(dictionary: Dictionary, text: str) -> None:
    assert told(dictionary, text) == READ[text]


@pytest.mark.parametrize("text", READ)
def test_what_is_told_back_reads_to_the_same_again(dictionary: Dictionary, text: str) -> None:
    assert told(dictionary, READ[text]) == READ[text]


REFUSED = {
    "": "请写出条件",
    "沉默大户": "条件「沉默大户」看不懂",
    "标签 重疾": "没有这个标签。最接近的有：重疾意向",
    "贵宾 或": "没有写完",
    "且 贵宾": "没有写完",
    "(贵宾": "少了一个「)」",
    "贵宾)": "多了一个「)」",
    "手机号 是 13800000000": "「手机号」是加密保存的",
    "备注 包含 房子": "「备注」是加密保存的",
    "姓名 是 王芳": "请发送「查 姓名」",
    "性别 大于 女": "「性别」不能用「大于」来比",
    "管理资产 很多": "金额看不懂",
    "到期日 早于 2025-02-30": "2025 年没有 2 月 30 日",
    "管理资产 在 100万 到 50万 之间": "范围写反了",
    "3000年未联系": "最长 100 年",
    "保单 数量 >= 99999999999999999999": "0 到 9999",
    "归属顾问 是 李想": "现在还不能筛选",
    "城市 属于 、": "后面还缺要比的内容",
    "城市 不在上海": "请写成「所在城市 不是 …」",
    "起始日 在 30 天内": "「在未来 30 天内」还是「在过去 30 天内」",
    "贵宾 和 女": "「贵宾 且 女」还是「贵宾 或 女」",
    "一年内 理赔 2次": "理赔还没有按次登记",
    "90天投诉99999次": "0 到 9999",
    "90天投诉很多": "看不懂",
    "AUM变动 很多": "金额看不懂",
    "AUM下降 600%": "最多 500%",
    "AUM下降 1.25%": "最多一位小数",
    "AUM变动 在 10万 到 -10万 之间": "范围写反了",
    "职也 = 教师": "最接近的有：职务、职位、职业",
    "管理资金 > 50万": "最接近的有：管理资产",
    "not contact 30 hours": "看不懂",
    "商机阶断 有意向": "最接近的有：商机阶段、商机金额",
    "应缴曰 在 30 天内": "最接近的有：应缴日、应缴金额",
    "30天内 交易金额 很多": "金额看不懂",
    "30天内 商机金额 5万以上": "前面不能直接写时间",
    "商机阶段 很好": "没有这个选项",
    "商机说明 包含 房子": "「商机说明」是加密保存的",
    "聊了什么 包含 房子": "「内容」是加密保存的",
    "没有": "看不懂",
    "高": "看不懂",
    "持有(基金 或 存款)": "请写在每个产品前面",
    "持有重疾险 且 持有车险 且 到期日 在 30 天内": "请加括号",
    "13月生日": "月份请写 1 到 12",
    "年龄 大于 300": "0 到 200",
    "客户等级 是 超级": "没有这个选项",
    " 且 ".join(["贵宾"] * (MOST_TESTS + 1)): f"最多 {MOST_TESTS} 个",
    "(" * 9 + "贵宾" + ")" * 9: "最多 8 层",
    "贵" * (LONGEST + 1): f"最多 {LONGEST} 个字",
}


@pytest.mark.parametrize("text", REFUSED)
def test_is_refused_with_what_to_do(dictionary: Dictionary, text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        told(dictionary, text)
    assert REFUSED[text] in str(refused.value)


@pytest.mark.parametrize("text", ["投诉处里中", "职也 = 教师", "contact_gaol_days", "持有飞机", "管理资金 > 50万", "重疾"])
def test_what_was_refused_is_never_what_comes_nearest(dictionary: Dictionary, text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        told(dictionary, text)
    for near in str(refused.value).partition("最接近的有：")[2].rstrip("。").split("、"):
        assert near
        assert near != text
        assert near.isascii() is False  # a field is suggested by its label


def test_a_field_that_the_role_may_not_see_is_no_condition_for_it(dictionary: Dictionary) -> None:
    assert told(dictionary, "管理资产 50万以上", "adviser")
    with pytest.raises(Unreadable, match="您无权查看"):
        told(dictionary, "管理资产 50万以上", "admin")


def test_a_word_with_two_meanings_is_asked_about(dictionary: Dictionary) -> None:
    with pytest.raises(Unreadable, match=r"「网点」有几种意思.*「首选联系渠道 是 网点面谈」、「来源 是 网点」"):
        told(dictionary, "网点")
    assert told(dictionary, "来源 是 网点") == "来源 是 网点"


def test_every_choice_of_every_field_is_read_and_told_back(dictionary: Dictionary) -> None:
    for record in ("client", "contract"):
        for spec in dictionary.fields(record):
            if spec.type != "choice" or not dictionary.may("adviser", "see", spec) or spec.sealed:
                continue
            for choice in spec.choices:
                said = told(dictionary, f"{spec.label} 是 {choice.label}")
                assert told(dictionary, said) == said, said


def test_what_was_told_back_may_be_longer_than_what_is_typed(dictionary: Dictionary) -> None:
    long = " 且 ".join(["aum>=50w"] * MOST_TESTS)
    said = told(dictionary, long)
    assert len(said) > LONGEST
    assert describe(read(said, dictionary, "adviser", TODAY, kept=True)) == said


DERIVED_FROM = ("birthday", "last_contact_at", "aum", "due_on")


@pytest.mark.parametrize("text", ["50岁以上", "30天未联系", "生日 为空", "AUM下降", "90天迟缴2次"])
def test_what_is_derived_from_a_field_needs_the_right_to_it(dictionary: Dictionary, text: str) -> None:
    specs = tuple(
        spec.model_copy(update={"see": ("compliance",)}) if spec.name in DERIVED_FROM else spec
        for spec in dictionary.packs.fields
    )
    narrow = Dictionary(replace(dictionary.packs, fields=specs))
    assert told(narrow, text, "compliance")
    with pytest.raises(Unreadable):
        told(narrow, text, "adviser")
