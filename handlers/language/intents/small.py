"""Turns that need no business words: help, home, more, undo, greetings, feedback."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Rule, Slots, nothing, rule
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence


def topic(s: Sentence, match: re.Match[str] | None) -> Slots:
    """What help was asked for, if anything in particular."""
    found = re.search(r"(?:怎么|如何|咋)(?:样)?(?P<t>[^,。?吗呢]{2,12})", s.text) or re.match(r"^\W*帮助\s+(?P<t>\S.*)$", s.text)
    return {"topic": s.said(*found.span("t")).strip()} if found else {}


def feedback(s: Sentence, match: re.Match[str] | None) -> Slots:
    text = s.normal.said.strip()[2:].strip(" :：,，")
    return {"content": text} if text else {"clarify": "content"}


# A question about using the assistant: how, where, whether one can; an act of ours or a thing of ours; nobody's data.
_HOW = (r"怎么(?!样|说|回(?!事)|还|没|联系|跟|称呼|收费|了)|怎样|如何(?!了)|咋(?!样|还|没|整|了|说|回)|点样|在哪(?:里|儿|改|看|设|弄|找|录|加|查|导|点)?|哪里(?:可以|能|看|改|设|找|点|加|录)|哪儿|从哪|什么流程|啥流程|流程|步骤|入口|按钮|"
        r"教(?:教|一下|下|我)|(?:能|可以|可)(?:不能|否|不可以)?.{0,24}(?:吗|不|么|\?)?\W*$|能不能|可不可以|支持|最多|上限|有没有(?:办法|功能|入口|快捷)|什么(?:格式|意思|区别|规则)|会(?:不会)?.{1,16}(?:吗|么|\?)|要不要(?:先|再)|看得见|看得到|几点到几点|是什么功能|干嘛用|什么用|对吗|对不对|多少条|多少字|多久(?:更新|同步|保存)")
_ACTS = r"录|加|新增|添加|新建|建|设|改|删|导|移交|转|撤|取消|关|打标|贴|提醒|记|查|搜|筛|传|退订|合并|写|生成|推|绑|登|用|操作|弄|恢复|找回|同步|看|派|分|批量|群发|催|报|打印|共享|开|办|走|申请|回滚|语音|拍照"
_OURS = r"标签|提醒|客户|保单|贷款|理赔|跟进|工单|投诉|移交|早报|日报|免打扰|导|表格|数据|语言|权限|商机|授权|等级|群发|撤销|系统|机器人|助手|功能|列表|信息|资料|记录|模板|文案|密码|账号|手机号|电话|生日|语音|照片|excel|续保|业绩|设置|[你您](?!好)"
_AS_HELP = rf"(?:{_HOW}).{{0,24}}(?:{_ACTS}).{{0,24}}(?:{_OURS})|(?:{_OURS}).{{0,24}}(?:{_HOW})|(?:{_HOW}).{{0,24}}(?:{_OURS}).{{0,24}}(?:{_ACTS})|(?:{_ACTS}).{{0,14}}(?:{_HOW})|(?:教(?:教|一下|下)|(?:怎么|咋|如何|怎样)(?:用|弄|操作|整|搞)).{{0,24}}(?:{_ACTS})"
_ABOUT_FACTS = lazy(r"业绩|续保率|排第几|保费|到期(?!提醒)|多少钱|利率|生日(?:是|几)|谁|哪个(?:人|组员|同事|顾问|客户)|哪些客户|有没有客户|几单|多少单|佣金|提成|帮我|给我|替我|麻烦|帮忙|天气|股")


def puzzled(s: Sentence, match: re.Match[str] | None) -> Slots:
    """听不懂的话 本周: of which days."""
    return fills.span_of(s, times.LOOK_BACK)


def how_to(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """怎么给客户打标签: about the assistant, not about a client."""
    if any(c.mention.how != "pronoun" for c in s.clients) or s.has("money", "phone", "id_number", "product"):
        return None
    if re.search(r"群里|有人问|都在问|(?:写|编|拟|来|给)(?:一|两|几)?(?:句|段|条)|最[多少高低](?:的)?(?:是)?(?:谁|哪)", s.text):
        return None
    if re.search(r"^\W*(?:你|系统|机器人|小?助[手理]|它|这个?(?:系统|东西|软件)?)(?:会不会|是不是会|能不能自动|可以自动|会自动|能自动|支持)", s.text):
        return topic(s, match)
    asked = re.search(r"怎么|怎样|如何|咋|在哪|哪里|哪儿|流程|步骤|教", s.text)
    if _ABOUT_FACTS.search(s.text) and not (asked and not re.search(r"业绩|到期|谁|几单|多少", s.text)):
        return None
    if asked is None and (s.points or not re.search(r"吗|不\W*$|么|能不能|可不可以|\?|最多|支持|什么|多少|几|对不对|看得[见到]", s.text)):
        return None
    return topic(s, match)


# 删客户会不会把保单也删掉: how the assistant works, whomever the example names.
_AN_ACT = r"(?:删除?|移交|合并|转(?:给|出|走)?|撤回|撤销|导出|导入|恢复|取消|改|录入?|建|群发|设)"
HOW_IT_WORKS = (
    r"^\W*(?:录|加|建|导入|新增|登记)[^,。C]{1,6}(?:都)?(?:要|得|需要)(?:填|写|录|提供)(?:哪些|什么|啥)[^,。]{0,4}\W*$|"
    rf"{_AN_ACT}[^。?]{{0,16}}(?:会不会|还能不能|还能|能不能|看不看得见|还在不在|会丢|就没了|找回来|恢复得了|超了?名额)[^。]{{0,16}}$"
    rf"|{_AN_ACT}[^。?]{{0,10}}(?:是不是|要不要|用不用|需不需要|得不得|要|得|需要)[^,。]{{0,6}}(?:经理|主管|领导|本人|审批|批准?|授权|权限|签字|同意)[^,。]{{0,6}}(?:不|吗|么|\?|批|来|签)\W*$"
    r"|(?:格式|步骤|写法|口令|指令|语法)(?:是|要|得|该)?(?:啥样|什么样|怎样|怎么写|咋写|是什么|是啥)|(?:怎么|咋|如何)(?:说|写|打)你才|(?:得|要|该)(?:咋|怎么)说|(?:怎么|咋|如何)把[^,。]{1,16}[\s,]步骤\W*$"
    rf"|(?:撤回|撤销|恢复)(?:是|会)[^,。]{{0,6}}(?:哪一?步|什么|多久)|(?:要|需)(?:改|换|删|办)[^,。]{{1,8}}[\s,]+(?:得|要)(?:她|他|客户)?本人"
)


def greeting(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """把谢谢的档案调出来 谢谢 wants more than to be polite."""
    return None if s.clients and s.has("lookup", "field") else {}


RULES: tuple[Rule, ...] = (
    rule("help", 88, "ask help", how_to, name="how to", no="opportunity_only", shape=_AS_HELP),
    rule("help", 88, "any", topic, name="can you", no="client phone money", shape=r"^\W*(?:你|系统|机器人|小?助[手理]|它|这个?(?:系统|东西|软件)?)(?:会不会|是不是会|能不能自动|可以自动|会自动|能自动|支持)"),
    rule("help", 88, "any", topic, no="money phone note remind", name="how it works", shape=HOW_IT_WORKS),
    rule("help", 87, "any", how_to, name="teach me", shape=r"教(?:教|一下|下)?我|(?:怎么|怎样|如何|咋|点样)(?:才能|可以|能)?(?:给|把|帮|在|从|让|将|批量|一次)?.{0,6}(?:录|加|新增|添加|新建|设置|改|删|导|移交|撤销|取消|打标|贴|搜|筛|合并|绑定|群发|操作|用|弄)|(?:在哪|哪里|哪儿|从哪).{0,6}(?:录|加|设|改|删|导|看|查|找|弄|点)|这样(?:写|说|发)(?:对|行|可以)"),
    rule("help", 80, "help", topic, no="who", shape=r"^\W*(?:帮助|help|使用说明|教程|功能|命令|说明书)(?:\W|菜单|列表|介绍|一下)*$|^\W*帮助\s"),
    rule("help", 79, "any", topic, no="client money phone", name="at a loss", shape=r"第一次(?:用|使|玩)|(?:我|还|都)?不会(?:弄|用|操作|整|使)(?:啊|呀|了|\W)*$"),
    rule("help", 79, "help", topic, no="who remind", shape=r"(?:你|机器人|这个|系统|bot)?(?:都)?(?:会|能)(?:干|做|帮我做)?(?:什么|啥|哪些)|怎么(?:用|使用|操作|打|弄)|有(?:什么|哪些|啥)(?:功能|用)|示例|命令"),
    rule("help", 89, "any", topic, no="client money phone product", name="how to say it, and who may", shape=r"(?:怎么|咋|如何|怎样)(?:说|写|打|发)(?:才)?(?:对|行|可以|好|标准)\W*$|^\W*(?:导出|导入|移交|删除|群发|改等级|合并|撤销)[^,。]{0,8}(?:要|需要|得|用)(?:不要)?[^,。]{0,4}(?:审批|权限|批准|申请|同意)(?:吗|么|不)?\W*$"),
    rule("help", 86, "any", topic, no="client money phone product", name="can it be done", shape=r"^\W*(?:能|可以|可不可以|能不能|支持|会不会|可否)(?:用)?(?:语音|拍照|照片|图片|截图|批量|自动|定时|一键|扫码|手写|excel|表格|导入|群发|离线|多选)[^,。]{0,14}(?:吗|么|不|嘛)?\W*$|^\W*(?:有没有|有啥|有什么|有哪些)(?:什么)?(?:快捷|语音|批量|隐藏|好用的?|常用的?)?(?:指令|命令|功能|用法|口令|技巧|快捷方式)(?:吗|呢|啊|呀|\W)*$"),
    rule("help", 79, "any", topic, no="who remind money product", name="what can you do", shape=r"^\W*你(?:都|到底|还|究竟|现在)*(?:会|能)(?:些|点)(?:什么|啥)[\s,]*(?:给我)?(?:列列|列一?下|说说|讲讲)?\W*$|^\W*(?:我(?=能问你)|你|您|机器人|小?助[手理]|系统)(?:都|到底|还|究竟|现在)*(?:会|能问你|能|可以)(?:都)?(?:帮我|给我|替我|帮)?(?:都)?(?:干|做|办|弄|搞|处理)?(?:点|些)?(?:什么|啥|哪些|嘛)(?:事情?|活儿?|东西|呢|呀|啊|嘞|的)*(?:[\s,]*(?:给我)?(?:讲讲|说说|介绍一?下|讲一?下|说一?下))?\W*$|^\W*(?:你|这|这个|这玩意儿?|这东西|它|系统|软件|机器人|小?助[手理])(?:到底|究竟)?(?:咋|怎么|如何|怎样)(?:个)?(?:使|用|玩|操作|弄|整)(?:唤|法)?(?:啊|呀|呢|的|嘞)*\W*$"),
    rule("help", 69, "ask", topic, no="who money import export", shape=r"^\W*(?:怎么|如何|咋)(?:样)?(?:才能)?(?:查|加|新增|添加|设置?|改|删|导|建|录|用|记|提醒|撤销|移交|写|打标签)"),
    rule("home", 78, "any", nothing, shape=r"^\W*(?:(?:带我回|带我去|回到|我要回|跳回|返回|回到?|打开|去|进|跳到?|给我|看看?|调出)?(?:首页|主页|主菜单|菜单|主界面|开始菜单|开始页|home|menu|homepage|main menu)(?:页|面|吧|呗|看看|去)?)\W*$"),
    rule("home", 78, "any", nothing, no="client", name="back to the beginning", shape=r"^[^,。]{0,4}(?:退|回|返|到|去)[^,。]{0,8}(?:总菜单|主菜单|首页|主页|最开始|最初|一开始)(?:那?一?页|的?(?:地方|界面|样子))?(?:吧|\W)*$|(?:退出去?|回去)[\s,]+(?:到|去|回)[^,。]{0,4}(?:最开始|菜单|首页)"),
    rule("page.next", 82, "more", nothing, shape=r"^\W*(?:看|还有)?(?:更多|下一页|下页|还有吗|还有呢|继续|往下|more|next|再来一页|后面的)\W*$"),
    rule("page.previous", 82, "any", nothing, shape=r"^\W*(?:上一页|上页|往上|前一页|previous)\W*$"),
    rule("undo", 85, "undo", nothing, no="consent_scope", shape=r"^\W*(?:撤销|撤回|撤消|反悔了?|undo|弄错了|改错了|恢复)(?:刚才|刚刚|上一步|上一个|上一条|一下|那个|这个|操作|的|吧|了)*\W*$|撤销(?:刚才|刚刚|上一)|刚才.{0,4}(?:撤销|撤回|不算|弄错)"),
    rule("suggest.next", 70, "any", nothing, no="client handover ticket", shape=r"先(?:干|做|忙|弄)(?:点|些)?(?:啥|什么)|支(?:个|几)?招|先(?:跑|去|上|打给|给|拜访)(?:谁|哪)|接下来[^,。]{0,3}(?:怎|咋|如何)|下一步|先联系谁|先跟谁|推荐我联系|建议我|接下来(?:做|干)(?:什么|啥)"),
    rule("suggest.next", 82, "any", nothing, name="whom or what first", no="remind note draft client handover ticket assign",
         shape=r"^(?!.*T.{0,6}(?:先|要|该|得|应该|需要)*(?:做|干|忙)(?:什么|啥)).*?(?:重点(?:跟|联系|关注|盯|维护|跟进)(?:一?下)?(?:谁|哪)|先(?:联系|找|打给|跟|做|干|忙|见|拜访|约|搞|弄|处理|跟进|从)(?:谁|哪|什么|啥|哪个|哪位|哪些)|(?:该|应该|需要|要)(?:先|去|再)?(?:忙|联系|找|跟进|跟|见|拜访|约|盯|打给|重点|处理|干|做)(?:一?下|点)?(?:谁|哪(?:个|位|些|几)|什么|啥|嘛)|给(?:我)?(?:点|个|些|条)?(?:建议|思路|方向)|从(?:谁|哪(?:个|位|儿|里)?)(?:开始|下手|入手|跟起)|下一步|优先(?:联系|跟进|处理|拜访)(?:谁|哪|什么)|(?:推荐|建议)(?:我|一下|几个|一个)?.{0,4}(?:联系|跟进|拜访|客户)(?!经理)|谁(?:最)?(?:值得|需要)(?:跟|联系|拜访)|哪个客户(?:最)?(?:值得|急|要紧)|有什么(?:建议|推荐)|(?:联系|跟进|拜访|找|见|打给|约)谁(?:比较|更|最)?(?:好|划算|合适|值|靠谱|有戏)|接下来(?:该|要|做|干|忙|联系)|怎么安排(?:今天|时间))"),
    rule("audit.verify", 87, "any", nothing, shape=r"校验(?:审计)?日志|日志校验|检查(?:审计)?日志(?:链|完整)"),
    rule("rules.list", 87, "any", nothing, shape=r"^\W*(?>查看?|看看?|现在|目前|我们|都|一共)*(?:有(?:哪些|什么|几条|多少条?))?(?:的)?(?:提醒|当前)?的?规则(?:列表|清单|都?有哪些|有什么)?\W*$"),
    rule("puzzles.list", 88, "any", puzzled, shape=r"(?:听不懂|没听懂|没看懂|不懂)的(?:话|句子|说法)|哪些(?:话|句子)(?:听不懂|没听懂)"),
    rule("system.status", 87, "any", nothing, shape=r"^\W*(?:查看?|看看?)?(?:系统|同步|运行)状态\W*$"),
    rule("feedback", 80, "any", feedback, shape=r"^\W*反馈(?:[\s:：,，]|$)"),
    rule("chitchat", 44, "any", nothing, no="who", name="a word of greeting or of mood", shape=r"^\W*(?:好的?|行|嗯|哦)?[\s,]*(?:知道|明白|了解|收到)了?(?:啦|哈|呢|\W)*$|^\W*(?:T|平安夜|圣诞|周末|节日|生日)(?:快乐|愉快|安康)(?:呀|啊|哈|哦|啦|\W)*$|^\W*(?:早|早呀|早啊|晚安|午安|在|嗨|嘿|哦|噢|嗯+|好|好的|行|可以|收到|明白|知道|了解|懂|厉害|牛|赞|棒|哇|唉|哎|呵呵|哈+|嘻+|谢啦|谢谢|多谢|辛苦|拜拜|再见|回见|88|ok|okay|好累|好烦|好困|累死|烦死|困死|无聊|开心|难受|心累|今天好(?:累|困|烦|冷|热|忙))(?:了|啦|呀|啊|哈|呢|的|吧|哦|哟|你|您|兄弟|哥|姐|朋友|们|\W)*$|^\W*T?(?:真|好|太|可|够|有点)(?:累|困|烦|忙|冷|热|难|倒霉|无聊|开心|辛苦)(?:了|啊|呀|死|\W)*$"),
    rule("chitchat", 44, "greet", greeting, no="remind note create product policy money", shape=r"^.{0,14}$"),
)
