"""Data in and out: import, export, and the clients' own rights to theirs."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.sentence import Sentence

_WHAT = {"policies": "保单 保险 policies policy", "holdings": "持仓 理财 holdings", "loans": "贷款 台账 loans", "claims": "理赔 claims", "notes": "跟进 跟进记录 拜访 拜访记录 备注 notes", "reminders": "提醒 待办 日程 reminders",
         "renewals": "续保 续期 到期清单", "audit_log": "审计 审计日志 日志 操作记录", "wecom_contacts": "好友 企微 企业微信 微信好友 外部联系人 通讯录", "clients": "通讯簿 客户 名单 clients 花名册 资料"}
_FORMAT = {"excel": "电子表格 excel xlsx xls 表格 表", "csv": "csv", "pdf": "pdf"}


def data_import(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    if re.search(r"导(?:入|进去?|过)的|能导入", s.text):
        return None  # 刚才导进去的名单有几个重复: of a list that is in
    return fills.merged({"what": fills.word_in(_WHAT, s.text), "format": _format(s.text)})


def _format(text: str) -> str | None:
    return fills.word_in(_FORMAT, text)


# 三月生日的客户 拉个单: to be shown here; a file is what says so.
_ONLY_LISTED = re.compile(r"拉(?:个|一?[份张])?(?:单子?|名单|清单)?(?:出来|给我|我看看?|我瞅瞅|一?下|吧|呗|看看|\W)*+$|(?:一把|都|全)?拉(?:出来|个单子?)")
_AS_A_FILE = re.compile(r"导|excel|csv|pdf|xls|表|文件|下载|打包|报告|台账|保存|存成|明细|邮箱|发我")


_BROUGHT = re.compile(r"我(?:这|手[上里])(?:里|儿|边)?有[^,。]{0,10}(?:名单|表|excel|csv|文件|通讯录)")  # 我这有份客户名单 你给导一下: it comes in


def data_export(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    if re.search(r"有人问|群里.{0,6}问", s.text) or _BROUGHT.search(s.text) or (_ONLY_LISTED.search(s.text) and not _AS_A_FILE.search(s.text)):
        return None
    everything = re.search(r"(?:所有|全部|全量|整个)(?:的)?(?:数据|资料|东西|库)|一切", s.text) is not None
    return fills.merged({"what": "all" if everything else fills.word_in(_WHAT, s.text), "format": _format(s.text)}, fills.span_of(s, times.LOOK_BACK))


def subject(s: Sentence, match: re.Match[str] | None) -> Slots:
    """The client whose data it is: the one named, before a pronoun."""
    named = next((at for at, c in enumerate(s.clients) if c.mention.how != "pronoun"), 0)
    return fills.client(s, place=named)


_LISTS = r"续期|客户|保单|保险|持仓|理财|贷款|台账|理赔|跟进|拜访|记录|提醒|待办|日程|续保|日志|名单|清单|花名册|数据|资料|业绩|明细|全部|报表|提成|通讯录|好友|工单"
_OUT = r"导出|export|下载|导一?[份下个]|导成|(?:拉|做|整理|转|汇总|弄|存)成.{0,4}(?:表|excel|csv|pdf|xls)|拉(?:个|一?份|一?张|出)|打包|输出|备份|存成|生成.{0,4}(?:excel|表格|csv|pdf)|做成.{0,3}(?:excel|表格|csv|pdf)|导.{0,10}(?:excel|表|csv|pdf|出来)|拷(?:一份|出)"
_IN = r"导入|import|导(?:进|到系统)|上传|批量(?:录|导|建|新增|添加)|灌|倒进|同步(?:进|过|到|一下)|迁(?:移|进|过)|传(?:进|上|到)(?:来|去|系统)?|录进系统"
_OWN_DATA = r"(?:个人)?(?:信息|资料|数据|隐私|档案|记录)"
_ERASES = r"抹|删|清|销毁|擦|注销|彻底|被遗忘|去掉"
_OFF_LIST = r"删(?:了|掉|除)?|移除|移出|剔(?:除|掉|了)?|踢(?:了|出|掉)?|去掉|去除|拿掉|划掉|清出|清掉|拉黑|除名|不要了"
RULES: tuple[Rule, ...] = (
    rule("data.import", 85, "any", data_import, no="remind client", name="data comes in", shape=rf"同步(?:一?下)?(?:企微|企业微信|外部|通讯录|微信)(?:的)?(?:外部)?(?:联系人|客户|好友)|(?:{_IN}).{{0,24}}(?:{_LISTS}|表|excel|csv)|(?:{_LISTS}|表|excel|csv).{{0,24}}(?:{_IN})|^\W*(?:导入|import)"),
    rule("data.import", 84, "any", data_import, no="remind client", name="a list that somebody brought", shape=r"我(?:这|手[上里])(?:里|儿|边)?有[^,。]{0,10}(?:名单|表|excel|csv|文件|通讯录).{0,12}(?:导|录|弄|整|传|灌|搞|怎么进)"),
    rule("data.import", 78, "import", data_import, no="remind who"),
    rule("data.export", 85, "any", data_export, no="client stranger portability import", name="data goes out", shape=rf"^(?!.*(?:提醒我|叫我|有人问|群里|问能不能|怎么没|榜|排名|排行|排个序)).*?(?:(?:{_OUT}).{{0,24}}(?:{_LISTS}|policies|clients|notes|claims|loans)|(?:{_LISTS}).{{0,24}}(?:{_OUT}))"),
    rule("data.export", 79, "any", data_export, no="client stranger remind ask import draft", name="a list as a file", shape=rf"^\W*(?:帮我|给我|我要|来|要|请)*[^,。]{{0,8}}(?:{_LISTS})[^,。]{{0,6}}(?:要|来|给|出|发)(?:我|一?份|一?个|张|\s)*(?:excel|csv|pdf|xlsx?|表格)(?:格式|版|的|吧|\W)*$|^\W*(?:帮我|给我|我|请)*(?:要|生成|做|出|来)(?:一?份|一?个|张)?[^,。]{{0,6}}(?:{_LISTS})[^,。]{{0,4}}(?:excel|csv|pdf|xlsx?|表格)(?:格式|版|吧|\W)*$"),
    rule("data.export", 78, "export", data_export, no="remind client portability"),
    rule("privacy.delete", 87, "any", subject, need="who", no="ask tag reminder_thing", name="statutory erasure", shape=rf"(?:个保法|gdpr|删除权|被遗忘|依法|法定|合规|行使).{{0,20}}(?:{_ERASES})|(?:{_ERASES}).{{0,12}}(?:个保法|删除权|被遗忘)|(?:彻底|永久|统统|完全|全部|所有)(?:地)?(?:{_ERASES})|(?:{_ERASES}).{{0,6}}(?:个人信息|所有(?:信息|资料|数据|痕迹)|全部(?:信息|资料|数据))|(?:个人信息|{_OWN_DATA}).{{0,8}}(?:抹|销毁|擦除|彻底删|清零|清空|都删|全删)|删除权"),
    rule("privacy.delete", 86, "client", subject, no="ask remind tag reminder_thing", name="a client has his data erased", shape=rf"C.{{0,8}}(?:要求|申请|提出|想|要|让|请|希望).{{0,8}}(?:删除?|抹掉?|清除|清空|注销|销毁|擦掉).{{0,14}}{_OWN_DATA}|C.{{0,8}}(?:要求|申请|提出|想|要|让|请|希望).{{0,12}}{_OWN_DATA}.{{0,8}}(?:删除?|抹掉?|清除|清空|注销|销毁|擦掉)"),
    rule("privacy.export", 86, "any", subject, need="who", no="remind", name="a copy for the data subject", shape=rf"^(?!.*(?:删除?|抹掉?|清除|清空|注销|销毁)).*?(?:{_OWN_DATA}(?:的)?(?:副本|拷贝|复印件)|副本|可携带?权|(?:拷|导|打包|打印|复印|要|提供|索要)(?:一?份|一下|走|出)?[^,。]{{0,14}}个人(?:信息|资料|数据)|dsar|查阅权|(?:查阅|复制|调取|索取|申请|行使).{{0,10}}{_OWN_DATA}|(?:导|打包|拷|打印|提供).{{0,8}}(?:他|她|C|S|本人)(?:的)?(?:全部|所有|个人)*{_OWN_DATA}.{{0,10}}(?:交|给|发|寄)?(?:本人|他|她|客户|自己)|想(?:知道|晓得|看看?|了解)?[^,。]{{0,3}}我们?(?:这儿?|这里|行里)?(?:存|留|记|收集)了?(?:他|她|C)?的?(?:哪些|什么|多少|啥)(?:资料|信息|数据)|(?:C|他|她)(?:的)?(?:全部|所有)?个人{_OWN_DATA}.{{0,10}}(?:导|打包|拷|打印|给(?:他|她|本人)|交))"),
    rule("client.delete", 77, "any", subject, need="client", no="tag reminder_thing remind policy ask privacy draft ticket product", name="off my list",
         shape=rf"(?:客户|名单|列表|我这|我的|通讯录|库|系统|档案).{{0,10}}(?:{_OFF_LIST})|(?:{_OFF_LIST}).{{0,8}}(?:(?<!潜在)(?<!意向)(?<!目标)(?<!重点)(?<!成交)(?<!沉默)(?<![老新])客户|名单|列表|档案|通讯录)|把[C他她](?:这个客户|这人|这客户)?(?:给|从.{{0,8}})?(?:{_OFF_LIST})|^\W*(?:删掉?|删除|移除)(?:客户)?\s?C\W*$|^\W*C[^,]{{0,6}}(?:移出|移除|剔|踢|不要了\W*移)|C.{{0,10}}(?:不是我(?:的)?客户|销户|不合作).{{0,12}}(?:{_OFF_LIST})"),
)
