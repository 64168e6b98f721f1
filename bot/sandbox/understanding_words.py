"""The Chinese of the names that understanding uses: acts without a line in 帮助, slots, values, what is asked back."""

from __future__ import annotations

from collections.abc import Mapping

ACTS: Mapping[str, str] = {
    "clarify.answer": "回答刚才的问题", "clarify.cancel": "取消", "confirm.yes": "确认", "confirm.no": "不确认",
    "form.correct": "改草稿里的一项", "form.answer": "往草稿里补内容", "multi": "一句话里的几件事",
    "approvals.open": "看等自己审批的一版", "none": "没听懂", "chitchat": "打招呼", "home": "回到开头",
}
ASKED: Mapping[str, str] = {
    "client": "同名的不止一位，要问是哪一位", "not_found": "名下没有这位客户", "client_missing": "没说是哪位客户",
    "when": "没有这个日期，或没说时间", "past": "时间已经过去了", "content": "没说内容", "value": "没说改成什么",
    "amount": "没说金额", "parts": "后面的没看懂，都不做",
}
# Slots by the words for them; those that are not here and are no field of the packs say nothing to a reader.
SLOTS: Mapping[str, str] = {
    "about": "关于", "age": "年龄", "all": "清单里的全部",
    "amount": "金额", "anchor": "从哪天算", "assignee": "交给", "audience": "对谁",
    "birth": "出生", "birth_year": "出生年", "birthday_lunar": "农历生日", "calendar": "历法", "claim_no": "报案号",
    "client": "客户", "clients": "客户", "compare": "比较", "content": "内容", "count": "几个",
    "date": "日期", "delay": "推迟", "due": "缴费日", "effective": "生效", "every": "多久一次",
    "expected": "预计", "expression": "条件",
    "field": "哪一项", "fields": "各项", "format": "格式", "from": "从谁", "fuzzy": "只是读音相近",
    "granted": "是否同意", "how": "怎么做", "index": "第几项", "indexes": "第几项", "insured": "被保险人",
    "insurer": "保险公司", "interest": "意向", "journey": "旅程",
    "key": "设置", "kind": "种类", "language": "语言", "level": "意向",
    "max_len": "最多字数", "member": "成员", "metric": "指标", "move": "动作", "name": "名称",
    "next": "下次", "number": "编号",
    "occasion": "场合", "offset": "提前", "order": "次序", "orig": "原来的时间", "other": "另一位",
    "other_relation": "另一层关系", "party": "关系人", "pay_mode": "缴费方式", "pay_years": "缴费年数",
    "phone": "手机号", "phone_tail": "尾号", "policy_no": "合同号", "premium": "保费", "priority": "缓急",
    "product": "产品", "pronoun": "说的是刚才那位", "range": "期间", "rate_percent": "年化 %", "reason": "原因",
    "recurrence": "重复", "ref": "指的是", "referrer": "介绍人", "relation": "关系", "repay_day": "还款日",
    "role": "角色", "scope": "范围", "section": "哪一段", "segment": "分群",
    "several": "不止一位", "stage": "阶段", "status": "状态", "sum_insured": "保额",
    "tag": "标签", "template": "模板", "term_years": "期限（年）", "terms": "期数", "text": "说的话",
    "ticket_no": "工单号", "tier": "等级", "time": "时刻", "to": "改为或交给", "tone": "口气", "topic": "主题",
    "type": "类型", "until": "到", "value": "值", "version": "第几版", "what": "什么", "when": "时间", "wish": "客户想",
}
# Where the packs have no word for a value.
VALUES: Mapping[str, str] = {
    "M": "男", "F": "女", "all": "全部", "last": "最后那条", "add": "增加", "remove": "去掉",
    "join": "加入", "leave": "退出", "start": "开始",
    "stop": "停止", "high": "高", "medium": "中", "low": "低", "individual": "个人", "enterprise": "企业",
    "call": "电话", "visit": "拜访", "wechat": "微信", "meeting": "面谈", "note": "记录", "solar": "阳历",
    "lunar": "农历", "weekly": "每周", "monthly": "每月", "asc": "从小到大", "desc": "从大到小", "excel": "Excel",
    "annual": "年缴", "semiannual": "半年缴", "quarterly": "季缴", "single": "趸缴", "urgent": "紧急",
    "normal": "普通", "open": "未完成", "overdue": "逾期", "missing": "缺少", "closed": "已关闭", "done": "已完成",
    "granted": "已同意", "rejected": "已拒绝", "active": "有效", "lapsed": "失效", "expired": "已到期",
    "surrendered": "已退保", "need_docs": "待补资料", "submitted": "已提交", "complaint": "投诉", "demand": "需求",
    "quiet_hours": "免打扰", "daily_digest_time": "日报时间", "morning_brief_time": "早报时间", "language": "语言",
    "beneficiary": "受益人", "insured": "被保险人", "guarantor": "担保人", "son": "儿子", "daughter": "女儿",
    "mother": "母亲", "father": "父亲", "humorous": "幽默", "policy_due": "保单到期日", "repay_date": "还款日",
    "policy_effective": "保单生效日", "holding_due": "产品到期日", "owner_id": "顾问", "family": "家庭",
    "age": "年龄", "risk_level": "风险等级", "due_date": "到期日", "status": "状态", "funnel": "漏斗",
    "retention": "留存", "visits": "拜访",
    "performance": "业绩", "followup_rate": "跟进率", "complaints": "投诉", "client_count": "客户数",
    "ranking": "排名", "daily_report_missing": "没交日报", "calls": "电话", "illness": "生病", "claim_care": "理赔关怀",
    "new_clients": "新增客户", "clients": "客户", "policies": "保单", "wecom_contacts": "微信客户",
    "audit_log": "审计日志", "reminders": "提醒", "sms_marketing": "短信营销", "phone_marketing": "电话营销",
    "privacy_policy": "隐私政策", "recording": "录音", "credit_query": "征信查询",
    "contacted": "有意向", "proposal": "方案", "negotiation": "待签约", "won": "已成交", "personal_info": "个人信息",
}
