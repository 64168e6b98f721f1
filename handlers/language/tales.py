"""Clauses that tell: of somebody else's doing, of an intention given up, of what was read somewhere, of what is only supposed.

A tale orders nothing, whatever verbs it uses; but another clause may (吴迪说徐静换号了，记一下). So every clause is judged by
itself: the sentence tells when one clause is a tale and none of the others is an order."""

from __future__ import annotations

import re

from handlers.language.everyday import COMMON
from handlers.language.lazy import lazy
from handlers.language.vocabulary import SURNAMES

_BREAK = re.compile(r"[,，。;；!?!?…~、\s]+|—+")

# ---------------------------------------------------------------- who else acts or speaks

_KIN = "爸|妈|爹|娘(?!家)|奶奶|爷爷|姥姥|外婆|丈母娘|表[哥姐弟妹]|堂[哥姐弟妹]|舅|姨|姑|叔|侄|外甥|邻居|亲戚|发小|老乡|前男?女?友|老公|老婆|媳妇|爱人|对象|闺蜜|朋友|同学|室友|哥|姐|弟|妹|家人|孩子|儿子|女儿"
_WORKS_HERE = ("公司(?=要求|规定|通知|发文|统一)|行里|单位里|监管(?!员)|同事|主管|主任|领导|组长|总监|前台|柜员|大堂|客服|后台|财务|审计(?!日志)|合规|人事|助理|秘书|中介|同行|隔壁|总部|分行|支行|上头|上面|老板|行长|经理|师[父傅兄姐弟妹]|徒弟|同桌|搭档|实习生|新人|培训老师|老师(?!的)|讲师|"
               r"(?:产品|客户|大堂|销售|项目|财富)经理(?!的)|系统(?!里|上|中|内)|律师|保安|助手|页面|屏幕|短信|邮件|公告|部门|监管|法院|脚本|孩子老师|班主任|校长|医生说|运维|小妹|小哥|小姑娘|同业|友商|别人家|别家|考核|制度|合规部|总行|分公司|总公司|考官|评委|定时任务|机器人|AI|全[组队部司]|大伙|电脑|程序|竞对|对手|内勤|业管|运营|风控|核保|理赔部|IT|技术|有人|谁|哪个|哪位|大家|别人|人家|[他她]们|(?:[他她]|隔壁|别的)?们?组")
_SAID_HOW = r"T|早上|早就|早都|早|D|R|又|也|都|居然|竟然|自动|已经|刚才?|老是?|总是?|天天|整天|昨[天晚]|前[天阵]|上[周个回次]|今[天早]|上午|中午|下午|晚上|之前|以前|上回|那天|有次|偷偷|私下|自己|直接|一直|还|就|才|非|硬|私自|擅自|[他她]|那[边个]|(?:微信|电话|群|短信|邮件|语音)(?:里|上(?![周个回次午]))?"
_ADVERBS = rf"(?>{_SAID_HOW})*(?:(?:上[周个回次]\S|在[^,。]{{1,6}}[里上]|跟[^我,。]{{1,4}})(?>{_SAID_HOW})*){{0,3}}"
_ACTS = r"(?:把|给|帮|替|将|被|跟|和|对|向|拿|用)"
_SPEAKS = r"(?:转述|吐槽|透露|抱怨|放话|计划|拟|警告|威胁|扬言|转告|念叨|反映|提示|显示|承诺|表示|发话|下令|规定|交待|放话|点名|抽查|检查|考核|说(?!明)|讲|(?<!顾)问|聊|提到|提过|提起|嚷|喊|吼|嚷嚷|要求|规定|通知|强调|交代|嘱咐|吩咐|建议|劝|让|叫|怪|骂|催|告诉|跟我|找我|教|以为|觉得|认为|想|要|打算|准备|会|批|同意)"
_OTHER = lazy(
    rf"^(?>T|刚才?|昨[天晚]|今[天早]|早上|上次|新来的|老(?=同)|以前的?|原来的?|隔壁的?|我们|咱们|我|俺|咱|你|听|连|就|那个|这个|哪个|有个|一个|原来|其实|难怪|怪不得|不会是|好像)*(?:(?P<name>[{SURNAMES}][\u4e00-\u9fff]{{1,2}}?)|[小老阿][{SURNAMES}](?:T)?|S|(?<=[我俺咱])(?:{_KIN})|[爸妈]{{2}}|(?:{_WORKS_HERE}){{1,2}}(?:[小老阿]?[{SURNAMES}][\u4e00-\u9fff]{{0,2}}?|S)?){_ADVERBS}"
    rf"(?:的.{{1,16}}(?:了|过|下来)|(?:完成|搞定|做完|办完|弄完|跑|交|填|签|走|退|丢|输|离职)了|{_ACTS}.{{1,30}}(?:了|过|着|掉|成|到)|{_SPEAKS}|在[^,。]{{1,8}}(?:买|投|办|存|贷|开|交)了)"
)
_HEARSAY = lazy(r"的意思(?:是|就是)|^(?:我|也|又|刚|才|今天|昨天|都)*(?:T[^,。]{0,4})?(?:听(?!见|懂|不|取|力)[^,。]{0,6}(?:说|讲|提|吹牛?|念叨|抱怨|吐槽|嚷嚷)|据(?:说|悉|传|称)|传(?:言|闻|说)|有人)")
_READ = lazy(
    r"测试(?:环境|库|账号|数据)|(?:小红书|抖音|朋友圈|微博|知乎|网上|书[上里]|新闻|文章|公众号|视频|直播|播客|培训|课[上堂]|教材|考题|题目|卷子|手册|话术|讲义|群里|电视|电影|小说|海报|广告|段子)[里上]?.{0,8}(?:说|讲|写|看|刷|教|提|分享|有|转|发|问)"
    r"|(?:看到|看见|刷到|读到|想起)[^,。]{0,6}(?:句|篇|文章|说|写|帖)|(?:看到|刷到|看见)[^,。]{0,8}(?:朋友圈|动态|视频)|俗话说|常言道?|古话|老话说|谚语|歌词"
)

# ---------------------------------------------------------------- the speaker's own, but no order

_GIVEN_UP = lazy(
    r"假装|装作|谎称|(?<!别)(?<!要)(?<!不)(?<!莫)忘(?:记|了)?(?:给|把|设|建|加|录|记(?!得)|打|提醒)|^(?:我|也|又|都|可)*没(?:有)?(?:说|让|叫)(?:你|过|要)|(?:我|就|只是)就?看看$|^我(?:怀疑|猜|估计)|本来|原本|本(?:想|打算|要|准备)|原来?(?:想|要|打算|准备|计划)|差(?:一)?点(?:就|把|给|儿|没|要|忘|删|点)|(?:刚|正|才)(?:刚|才)?(?:想|要|打算|准备|琢磨|寻思|合计)|想着|琢磨|寻思|懒得|早知道|早该|当初|要不是|幸亏|好在|还好(?:没|我|没有)|多亏|犹豫要不要|纠结|^等.{1,12}再说|^(?:我)?还没(?:有)?(?:来得及|给|把|去|顾上|空)|(?:根本|压根)(?:就)?(?:不|没)"
    r"|(?:我|咱)?(?:改天|改日)(?:我|咱|再)|等(?:我|咱)?(?:忙完|有空|得空|闲下来|缓过|过完|下个?月再)|(?:以后|回头|下次|将来|迟早|总有一天)(?:我|咱)(?!提醒|叫)|后来?想想|想想(?:还是)?算了|没(?:动|变|生效)(?:过)?$|真想|好想|恨不得|舍不得|不舍得"
)
_SUPPOSED = lazy(
    rf"(?:[他她C]的?)(?:{_KIN}|婆婆|公公|岳父|岳母|爷爷|奶奶|亲戚|家里人)(?:也|又|还|都|老是|一直)*(?:说|想|要|让|嚷|闹|逼|劝|非|坚持|主张|以为|嫌|怪|怨|骂|反对|不让|不同意|不许|拦着)|没松口|没答应|不肯|不乐意|不愿意|不松口"
    r"|估计|(?:肯定|一定|铁定|准)是?(?:在|去|被|又|没)|在别(?:家|处|的地方)|八成|多半|想必|似乎|看样子|看来|看起来|貌似|怕是|恐怕|说不定|没准|搞不好|不知道|不晓得|谁知道|据我所知|我(?:好像|依稀|隐约)?记得(?!提醒|给|把|帮)|印象(?:里|中)|真要|也?没辙|管不着|我(?:猜|怀疑|以为|感觉|总觉得|就怕|担心|怕)|还以为|可能|也许|或许|(?:应该|大概|不会|该不会)(?:是[把被]|已经|都|没|不|会|快|早|.{0,10}了吧)|好像"
)
_FEELING = lazy(
    r"白瞎|白搭|完蛋|气死|笑死|吓死|烦死|累死|急死|服了|无语|拔凉|心凉|心疼|心塞|哈哈|呵呵|嘿嘿|嘻嘻|hhh|233|唉|哎哟|卧槽|卷死|卷得|头大|头疼|郁闷|可惜|倒霉|晦气|吓(?:我|出|一)|羡慕|嫉妒|佩服|厉害|牛[逼b啊]|绝了|离谱|奇葩|搞笑|好笑|逗死|尴尬|丢人|崩溃|抓狂|委屈|冤|太难了|好难|真烦|够烦|[^,。]{0,4}死我了|一身汗|白忙|白干|瞎忙|[高乐急气]兴?坏|你说[这那]|没意思|没劲|这(?:活儿?|玩意儿?|差事)|什么世道|凭本事"
)
# Words that go on with a story: 所以方案黄了, 反正不是我客户.
_NARRATES = lazy(r"所以|因此|(?<![有出等看给])结果(?!出来)|居然|竟然|反正|明明|其实|难怪|毕竟|不然|否则|何况|况且|无所谓|(?:就|便|那就)让[他她它]|随[他她它便]|由着|想当年|也不知道|偏偏|赖我|怪我|都怪|爱[^,。]{1,4}不|就差|也就|哪敢|凭什么|要我说|按理|理论上|说实话|讲真|^话说|想不到|没想到")
_GENERAL = lazy(r"(?:客户|顾客|人|老人家?|年轻人|女人|男人|业务员|我们这行|这行|这年头|现在的人)(?:们)?(?:都(?!先|请|让|给|由|转|交|归|移|划|分|过|挪|拨|标|打|加|改|换)|总|一般|往往|老是|最(?!近)|嘛|啊|就是|其实|大多|多数)|^(?:做人|做事|做业务|做单|做保险|干我们|把客户当|卖保险)|才能做|才是")
# How things usually are, or what may not be: 通常我们会提前一个月提醒客户, 没签协议的不能建档.
_USUAL = lazy(
    r"R都(?:要|得|在|会)(?!.*(?:提醒|叫我|喊|记得))|通常|一般(?:来说|情况|我们|都|会|要)|往往|向来|历来|从来(?:都|就)?(?!没)|每次都|动不动|(?<!C)(?:总|老)是|有的(?:客户|人)|有些(?:客户|人|时候)|(?:以前|过去|那会儿?|当年)[^,。]{0,10}(?:都|会|总|才)|满大街|到处都是|比[^,。]{2,8}(?:难|好|容易|贵|便宜|强|差)[^,。]{0,3}$"
    r"|(?:^|[的,])(?:都|一律)?(?:不能|不得|不准|不许|不可以|严禁|禁止|切勿|不允许|严格|务必(?!.{0,4}(?:提醒|叫|帮)))|没必要|犯不着|用不着|不急着|不急于|何必|不值得|有必要[^,。]{0,8}(?:吗|么)"
)
# What it is like: a judgement at the end of a clause, where nothing is ordered.
_JUDGED = lazy(
    r"(?:(?<!太)太(?!太)|挺|真(?!的)|(?<![签备办弄做写搞打存录记说约准备要你爱喜嗜偏])好(?![的了友吗不处感])|很|蛮(?!好)|超(?!时|期|过)|这么|那么|相当|实在|有点|又是|贼)[^,。的]{1,3}(?:了|啊|呀|吧|的|呢)*$|^[^,。]{0,4}(?:烦|开心|清静|头疼|头大|难受|后悔|无聊|心累|糟心|闹心|郁闷|欣慰|安心|踏实|失落|不爽|生气)(?:了|啊|死|人)*$|心情.{0,3}$"
    r"|比(?:去年|上个?月|以前|别家|同业|T)[^,。]{0,3}(?:贵|便宜|高|低|多|少|好|差|涨|降)"
)
# A deed that came to nothing, or was somebody else's: 贷款500万没批, 投保了隔壁公司的医疗险.
_FAILED = lazy(
    r"(?:没|未|不)(?:有)?(?:批|成|过|通过|下来|办成|签成|到手|放款?|谈拢|响|生效|弹|收到)(?:了|过|下来|来)?$|被(?:拒|退回|驳回|打回)|(?:别家|别处|隔壁|外面|其他(?:公司|银行|家)|对手|友商|同业|竞对|某行|他行)[^,。]{0,4}(?:公司|银行|家|行)?(?:的|买|投|存|办|贷)|(?:亏|跌|赔)(?:了|掉|得)|暴雷|爆雷|打水漂|泡汤|早知|白(?:买|投|交|录|打|跑)|就剩|才[\dM][^,。]{0,4}$"
)
# A contract or a change of somebody who only has to do with a client: 李雷的同事买了50万理财.
_THEIRS = lazy(rf"C(?:的|他|她|家)?(?:{_KIN}|对手|合伙人|司机|秘书|下属|同事|朋友|邻居|同学|闺蜜|老板|领导|员工|亲戚|客户)(?:T|又|也|都|刚|已经|自己|家|的)*(?:[^,。给]{{0,4}})(?:退|买|投|贷|存|批|办|升|换|搬|离|卖|赎|拿|开|升|注册)")
_OF_THE_CLIENT = frozenset({"policy.add", "holding.add", "loan.add", "policy.update", "tier.set", "client.update"})
# What a case is told for.
_SAMPLE = lazy(r"^(?:例如|比如|譬如|比方|举例|举个例|案例|范例|样例|示例|假设|典型|经典案例|情景)")
_DEFERRED = lazy(
    r"(?:回头|改天|下次|以后|过后|等)?有空(?:了)?再|(?:回头|改天|下次|以后)再|先放(?:着|一放)|再说(?:吧|了)?$|再(?:观察|看看|琢磨|等等)|(?:我|咱)(?:晚点|等会儿?|待会儿?|回头|自己|明天|过[两几]天)*(?:自己|亲自|手动)(?:来|弄|改|加|标|录|处理|搞|记|写)|我先记(?:脑子|心)|完[^,。]{1,6}再|缓一?缓再|不着急(?:弄|改|录)|[那这](?:件|个|档子?|回)?事(?!项|业|(?:就)?(?:交|派|转)给|由|归|儿?(?:提醒|记|给我|我?(?:都|也|已经?|刚)*(?:做|办|弄|搞|处理|跟|联系|打)(?:完|好|定|妥|过)了))|那(?:次|回|会儿|阵子?)"
)
_DONE_BEFORE = lazy(r"(?:T|上次|上回|昨[天晚]|之前|早上|刚才?|那天|刚刚)[^,。]{0,12}(?:打|设|录|建|导|加|记|改|贴)的(?!.{0,8}(?:改|删|取消|去掉|推|挪|换|撤))|(?:我|咱|俺).{0,10}(?:给|把|帮|替|跟).{1,20}过(?!来|去|户|期|敏|生)|(?:已经|早就|早都|刚刚|刚才|昨[天晚]|[上今][周午早])[^,。]{0,16}(?:给|把|帮|替)[^,。]{1,16}(?:完|好|过|上|进|成)[^,。]{0,8}了$|要[一二三两几\d]步|(?:已经|早就|早都)[^,。]{1,16}(?:过(?!来|去|户|期)|好了|完了|上了|进去了)")

# ---------------------------------------------------------------- orders

_HEAD = r"(?:帮(?:我|忙|个忙)|麻烦|劳烦|请(?!假|客|问|教)|替我|给我(?!说|讲|打|发|留|送|带|回)|你(?:给|帮|先|就|赶紧|快|来)|赶紧(?:给|把|帮)?|快(?:给|把|帮))"
_VERB = ("客户.{0,4}(?:先|就|都|全|全部|统统|统一)?(?:给|归|交给|转给|划给)(?!我打|我发|谁)(?:[CS]|.{2,4})$|(?:给|由|让|请|叫).{1,6}(?:接|管|跟|顶|代|带|负责|处理)|改(?!天|日|期)|换|更新|更正|调(?!休)|升|降|删|标|打[上个标一]|贴|去掉|拿掉|摘|转(?:给|到|派)|移(?:交|出|除)|派(?!出|对)|录|登|记(?!得|性|者|忆)|建(?!议|行|银|国|军|华|成)|开[个张一]|立|提[个一交]|提醒|叫我|喊我|催我|设|加(?:[个上一张条进到]|标签|备注)|新增|添|补|备注|存|取消|撤|关[掉闭了]|推迟|延|挪|顺延|退订|合并|合(?:成一|到一|在一|一[块起下])|并(?:成|到|了|掉|一下)|导入|作废|标记|同步|写[个进上一]|报[个案一]|办了|弄一?下|处理一?下")
_ORDER = lazy(rf"{_HEAD}.{{0,16}}(?:{_VERB})|^(?>先|就|那|顺便|再|还是|所以|嗯|统一|全|都|一起)*(?:把|给|帮|替|将)?.{{0,14}}?(?:{_VERB})")
_OUTRIGHT = lazy(rf"{_HEAD}.{{0,16}}(?:{_VERB})|^(?>先|就|那|顺便|再|还是|所以|嗯|统一|全|都|一起|[TCXS]|我(?:想|要)|他|她|请|也)*(?:(?:把|给|帮|替|将).{{1,16}}?)?(?:{_VERB})")
_NOT_ORDERING = lazy(r"(?:录|打|改|写|记)到(?:手|崩|吐|哭|死|头|眼|半夜|凌晨|天亮|现在|下班)|^才(?=刚|[录建立开登])|^因(?!为?.{0,12}(?:请|帮我|提醒我))|系统[^,。]{0,4}自动|^(?!把|给|帮|将)[^,。]*(?:上调|下调|上涨)|^(?:提醒|标签|备注|工单|录音|登记|记录|闹钟)(?:这|那|栏|功能|太|里|上|都|老|总|真|很|也|好|要|得|该|应|必须|覆盖)|^(?:我|咱们?|俺)T?(?:早就|早都|早|已经|都已经|刚刚?|刚才)|^(?:[他她C]们?|人家)(?!的|要|想|家)(?:[^,。给把]{0,4}|[^,。]{0,8}把[^,。]{1,10})(?:取消|撤|改|删|换|关|退)(?:掉|回来)?了$|^(?:客户|人家|对方)(?:也|又|还)?(?:想|要|打算)|[了过](?!吧|哈$|$)|(?<![删改标消撤关去摘停加记录转换推挪清移废掉走下上好交])了$|着(?!$)|(?<![带盯管跟看顶])着$|说|讲|(?<!顾)问|吗|呢|谁|怎|哪|什么|啥|多少|还是|没|不(?!要忘)|的时候|这不|本来|以为|要是|如果|哈哈|死")
_CLOSING = lazy(r"(?:(?<!没人)(?<!没)(?<!然)(?<!谁)(?<!用)提醒(?:我|一?下|一声)|(?<!自己)(?<![看翻查了的])记(?:一?下|上|一笔|录|着|好|住)?(?:来)?|(?<![看翻查了的])备注(?:一?下|上)?|别忘了?|(?:叫|催|喊|通知)我(?:一声)?|[录登]记?(?:一?下|上)|存(?:一?下|档)|留个?底|改(?:一?下|过来)|更新(?:一?下)?|标(?:一?下|上))(?:吧|哈|啊|呗|哦|谢谢|谢啦|下)?$")

_SPOKEN_TO = lazy(r"(?:说|讲|写|问|道|提到|告诉我|通知|要求)(?:了|过|的|是)?[:：]?$")

# Of one's own work one tells with feelings, and of what had been done before; a note may hold suppositions too.
_TOLD_FREELY = frozenset({"reminder.complete", "note.add", "renewal.done", "renewal.lost", "renewal.intent", "premium.paid", "repayment.paid", "item.done", "ticket.close", "client.create"})
_SUPPOSED_FREELY = frozenset({"note.add", "reminder.complete", "client.create", "reminder.create"})


_JUDGES = frozenset({"ticket.create", "claim.create", "claim.update"})  # 理赔太慢 is what is complained of
_MAY_BE_USUAL = frozenset({"note.add", "reminder.complete", "item.done"})
# My own work, told, settles something.
_SETTLES = frozenset({"reminder.complete", "item.done", "ticket.close", "renewal.done", "premium.paid", "repayment.paid"})
# What fails changes no contract and sets no reminder.
_OF_CONTRACTS = frozenset({"policy.add", "holding.add", "loan.add", "credit.add", "lease.add", "tier.set", "reminder.create", "reminder.cancel", "claim.create"})
# 刘强的那批移交不做了: taken back by whoever says so, whosever it is.
_TAKEN_BACK = frozenset({"handover.cancel"})
_DEFERRED_FREELY = frozenset({"handover.cancel", "tag.remove", "reminder.complete", "reminder.cancel", "item.done", "ticket.close", "note.add", "reminder.create", "reminder.postpone", "reminder.update", "client.create"})


def clauses(shape: str) -> list[str]:
    return [c for c in _BREAK.split(shape) if c]


_NOT_CLOSING = lazy(r"^(?:不|没|无|未|何|难道|谁|哪|又)|由.{1,6}(?:自动|统一|来)|自动|每[条个次]都")  # 标签由系统每晚自动更新


def closes(clause: str) -> bool:
    """Does the clause end with the words of an order (…, 记一下)?"""
    return _CLOSING.search(clause) is not None and _NOT_CLOSING.search(clause) is None


def somebody_else(clause: str) -> bool:
    """Does somebody act or speak who is neither the speaker nor a client?"""
    found = _OTHER.match(clause)
    if found is None:
        return False
    name = found["name"]
    return name is None or not (name in COMMON or name[:2] in COMMON)


def orders(clause: str) -> bool:
    """Is the clause by itself an order?"""
    if closes(clause):
        return True
    return _ORDER.search(clause) is not None and _NOT_ORDERING.search(clause) is None


def orders_outright(clause: str) -> bool:
    """As `orders`, with nothing before the verb but whom and what it is about."""
    return closes(clause) or (_OUTRIGHT.search(clause) is not None and _NOT_ORDERING.search(clause) is None)


_PLAINLY = lazy(r"^(?:所以|反正|其实|毕竟|那|估计|先|就|还是|唉|哎|总之)*(?:你|麻烦|请|帮我|给我)*(?:把|给|帮)[C他她](?!家|爸|妈|老)")


def _plainly_orders(clause: str) -> bool:
    """所以把C的标签去掉: a linking word before an order makes no story of it."""
    return _PLAINLY.match(clause) is not None and orders(clause) and not any(p.search(clause) for p in (_FEELING, _DEFERRED, _GIVEN_UP))


def tells(shape: str, intent: str) -> bool:
    """Is the sentence a tale without an order? What tells of the speaker's own work (a note, 办好了) may tell of feelings too."""
    told = spoken = False
    for clause in clauses(shape):
        tale = spoken or _is_tale(clause, intent)
        if (closes(clause) or _plainly_orders(clause)) if tale else orders(clause):
            return False
        told = told or tale
        spoken = tale and _SPOKEN_TO.search(clause) is not None  # 小红书上讲 提醒客户续保要提前: what follows is what was said
    return told


# What the speaker has done in the system himself: 早上我给老陈录过跟进了, 那条记录我删了.
_DONE_BY_ME = lazy(r"(?<![让从把给跟对叫请])我(?!们|要|想|得|刚跟|刚和|的)[^,。]{0,10}(?:录|登|建档?|打(?:上|完|过|好)|贴|删|关|导|设)(?:过|完|好|掉|上)?[^,。跟和聊谈]{0,5}了$|(?:没|未)(?:有)?(?:录|登记|建档?|设|打标|导入|删)过|刚[^,。]{0,10}(?:打|录|建|设|删|导)完|(?:刚|已经|早就|T|上午|早上)[^,。]{0,10}(?:录|记|登|建|设|打标|导|删)过(?!来|去)|我(?:就|早|已经)?把[^,。]{1,8}(?:移交|转走|派出去|派掉)了$")


def _is_judged(clause: str, intent: str) -> bool:
    return (intent not in _TOLD_FREELY or intent == "client.create") and intent not in _JUDGES and _JUDGED.search(clause) is not None and not orders(clause)


def _is_tale(clause: str, intent: str) -> bool:
    if intent not in _TAKEN_BACK and somebody_else(clause) and not (intent == "client.create" and "让我" in clause):
        return True
    if any(p.search(clause) is not None for p in (_HEARSAY, _READ, _GIVEN_UP)) or (intent not in _SUPPOSED_FREELY and _SUPPOSED.search(clause)):
        return True
    if intent not in _SETTLES and _DONE_BY_ME.search(clause) is not None:
        return True
    if intent in _OF_THE_CLIENT and _THEIRS.search(clause) is not None:
        return True
    if _SAMPLE.search(clause) is not None or (intent in _OF_CONTRACTS and _FAILED.search(clause) is not None):
        return True
    return (intent not in _TOLD_FREELY and any(p.search(clause) is not None for p in (_FEELING, _NARRATES, _GENERAL, _DONE_BEFORE))) or (intent not in _MAY_BE_USUAL and _USUAL.search(clause) is not None) or _is_judged(clause, intent) or (
        intent not in _DEFERRED_FREELY and _DEFERRED.search(clause) is not None)
