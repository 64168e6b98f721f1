"""Sentences in which nobody wants a change now, whatever verbs they use: the mood speaks, not the act.

Asked of every write, also of what `tales` tells freely (notes, what is taken back). A mark counts where it stands before the words
of an order; what follows 提醒我 or 记一下 is the content of that order. A clause that orders by itself outweighs the marks of others."""

from __future__ import annotations

import re

from handlers.language.lazy import Lazy, lazy
from handlers.language.sentence import Sentence
from handlers.language.tales import closes, orders, somebody_else

_BREAK = re.compile(r"[,，。;；!！?？…~、\s]+|—+")
_COMMAND = lazy(
    r"(?<![的没别条个会人])(?:(?:提醒|叫|喊|通知)(?:一?下|一声)?我|提醒一?下|记(?:录)?(?:一?下|上|一?[笔条]|个)|备注(?:一?下|上|(?=[\s:]))|跟进(?:记录)?[\s:]|登记一?下|别忘了?|记得)(?!的)"
)

# ---------------------------------------------------------------- asked or only thought

_CLEFT = lazy(
    r"不?是(?:我|你|他|她|谁|系统|[^,。]{2,3})(?:把|给|替|帮)?[^,。]{0,8}(?:加|改|删|录|带|建|关|设|打|记|写|转|移交|弄|标)(?:错|掉|上)?的\W*$|^是[^,。]{1,8}(?:把|给)[^,。]{1,20}(?:吧|的)\W*$|(?:是|被|由)?谁[^,。]{0,10}的\W*$|(?:是|在)?(?:哪|几)[天月年号个位条次家][^,。]{0,8}的\W*$|的(?:是|又是)(?:谁|哪|什么|啥|几)[^,。]{0,6}$"
    r"|(?:需要|要|得|用|准备|带|走|办)(?:提供|提交|准备|带)?(?:什么|啥|哪些)(?:材料|手续|资料|证件?|流程|条件)?"
)
_CONJECTURE = lazy(
    r"(?:按(?:理|道理)(?:说|讲)?|应该|本该|该|总(?:不能|不至于|得)|早(?:就|都|该)|好像|大概|估计|多半|恐怕|不会|也许)[^,。]{0,16}吧\W*$|错了吧\W*$|大概(?:率|是)|不出意外|顺利的话|保不齐|指不定|兴许|八成|没准|怕不是|听(?:他|她)?的?(?:口气|意思|语气)|看(?:这|那|她|他)?(?:样子|情形|架势|情况)"
)
_WISHED = lazy(r"(?:真|好|多|多么|只|就)(?:希望|盼|想(?!要?(?:加|改|删|录|建|把|给)))|但愿|巴不得|恨不得|要是能[^,。]*(?:多好|就好)|指望|希望(?:C|他|她|客户|领导|公司|系统)|该多[好爽省]")

# ---------------------------------------------------------------- contrary to what is, or on a condition

_CONTRARY = lazy(r"要不是|若不是|如果不是|早知道|早晓得|(?:真|就|早|原)该(?:让|叫|把|给)|(?:当初|那时候?|原先)(?:要是|如果|就该|应该)|(?:应该|本该|本应|早该|就该)[^,。]{1,16}的(?:$|呀|啊|嘛)|(?:差点|险些)")
_CONDITION = lazy(
    r"除非|^(?:如若|不管|无论|不论|倘(?:若|使)?|若(?!干))|(?:我|咱)?就(?:惨|完|麻烦|亏)了|只有[^,。]{1,16}才|^(?:要|让|叫)我[^,。]{2,20}(?:也行|也可以|也成|也好|都行|可以)$|(?<![\d第周星期拜])一(?:改|换|退|删|加|降|升|转|提|听|说|投诉|移交)(?!下|个|张|笔|条)[^,。]{0,14}就|^等(?!会|下|一)[^,。]{2,20}再(?!提醒|叫|喊|通知|说|打|联系)"
)
_UNDONE = lazy(r"(?:后来|结果|最后|然后)(?:又|都|也|还是)?(?:[^,。]{0,4}(?:撤|取消|反悔|作罢|算|黄)了?|没[^,。]{1,6}|不了了之)|又(?:给)?[^,。]{0,3}(?:改|换|调|转|加|降|升|变)回(?:来|去)了?")

# ---------------------------------------------------------------- how things are, were, or are for everybody

_RULE = lazy(
    r"(?:任务|指标|考核|kpi)(?:量)?(?:是|要求|定)|(?:每|一)人(?:要|得|都)?[^,。]{0,4}(?:\d|[一二三四五六七八九十百千]{2})|人均|(?:规矩|规定|制度|惯例|流程|做法|政策|口径|原则|要求|习惯|通常|规范)(?:是|就是|都是|里|上)|^我?(?:习惯|一贯|向来|一般|通常)|按(?:照)?(?:规定|流程|制度|惯例|要求|规范)[^,。]{0,12}(?:得|必须|需要?|应当?|不能|才)|硬性?规定|(?:凡|但凡|凡是|每逢|只要)[^,。]{1,16}(?:都|就|一律|必须)(?!提醒|提示|叫|喊|给我)|每(?:次|一?个|位|名|张|户|份|笔|换|改)[^,。]{1,12}(?:都|就|必须|务必|均)(?!$|提醒|叫|喊|给我)"
    r"|^(?:改|换|退|删|转|录|建|标|升|降|办|加|移交)[^,。把给]{1,10}(?:都得|都要|都必须|必须|一律|得先|要先|只能|才[能给行]|要[\d两三四五六七八九十几好])"
)
_ANYBODY = lazy(r"^(?:其实)?(?:(?:许多|很多|好多|不少|有的|有些|大多数?|多数|个别|一般|现在的?)(?:的)?(?:人|客户|同事|顾客)|(?:没人|无人|没谁)(?:通知|提醒|告诉|叫|让|要求|催)|人们|大家都)")
_ONCE = lazy(r"^(?:[我咱他她]们?|你们?|公司|行里)?(?:小时候|以前|从前|过去(?!的|看|一)|当年|想当年|那[年次回天](?!记得|你?[提叫喊催通])|那时候?|(?<!期)(?<!到)那会儿?|早年|早些年|往年|往常|曾经|前几年|上学)(?!的)|^(?:[^,。]{1,6})以前(?:每|都|总|常|老)|(?:总|都|就|也)会[^,。]{1,10}的$|三天两头|隔三差五|一天到晚|一年到头|天天[^,。]{1,6}天天|^每回")
_EXPERIENCE = lazy(r"(?:之前|以前|曾经?|早年|去年|前年|那年|历史上)[^,。]{0,8}[^通经超]过(?:[一两二三几\d]+[次回]|$)")

# ---------------------------------------------------------------- said, but not by the speaker or not for this

_ANNOUNCED = lazy(r"(?:公告|通告|通知|邮件|短信|文件|弹窗|公众号|海报|群公告|工作群|[部科行]里|总部|官网|合同|条款|手册)(?:里|上|中)?(?:面)?(?:也|又|都)?(?:说|写|讲|称|显示|提示|规定|要求|发|约定|载明)|(?:记录|名单|表格|台账|档案|备注|标签|系统)(?:里|上|中)?(?:面)?(?:显示|写着|写的是|说的是)")
_RELAYED = lazy(r"(?:公司|法院|银行|医院|学校|警察|律师)(?:来电|来函|打来|发函)|有人(?:提议|建议|说|讲|要求|主张)|(?:转来|发来|传来|来了?(?:一?[条段封])|留(?:了)?[言话]|托人|带话|捎话)[^,。:：]{0,8}[:：]|^[小老阿][\u4e00-\u9fff][^,。]{0,8}把[^,。]{1,12}了$")
_UNSAID = lazy(r"(?:我|俺|咱|本人)[^,。]{0,4}(?:没(?:有)?|未曾?|从未|并未|不曾)(?:同意|答应|让|叫|要求|授权|说|提)(?!.{0,6}(?:记一下|帮我))|没(?:有)?(?:说|提|要求|答应)过?(?:要|不|过|他|她|退|删|改)")
_DISCLAIMED = lazy(
    r"(?:跟|和|与)(?:我|咱|我们|咱们)(?:这边|行|公司)?(?:没|无)(?:啥|什么|半毛钱)?关系|不关(?:我|咱)们?(?:的)?事|不是(?:我|咱)(?:们)?(?:的|家|这边的?)?客户(?!了)|我(?:就|也)?(?:说|回)(?:了?句)?(?:你|他|她|那|行|好|随|自己)"
    r"|^(?:他|她|[他她]们|人家|客户)[^,。]{0,4}把我|(?:都|也)不(?:提前|事先|打个?招呼|说|讲|通知|告诉|吭)|被[^,。]{0,4}(?:提醒|催|要求|通知|骂|批评)|(?:老是?|总是?|经常|常常|动不动|反复|一再|天天|一(?:年|个?月|周|天)[^,。]{0,2})(?:改|换|变|投诉)|才(?:完成|做|签|卖|办)了?[\d一二两三四五六七八九十]"
)
_CARELESS = lazy(r"^(?:难怪|怪不得|原来是)|一口咬定|何苦|何必|何须|犯得着|^(?:每|到)?[^,。]{0,6}大家都在|^(?:幸亏|亏得|多亏|还好|好在|悔不该|后悔|可惜没|盘算)|盘算着|寻思着|琢磨着|想方设法|^(?:C|他|她|客户)?跟(?!我|咱|C|他|她)[^,。]{1,4}(?:说|讲|念叨|抱怨)|拉倒|随(?:他|她|它)(?:去|便|吧)|爱[^,。]不[^,。]|^(?:都|又)?说是(?!要?让我)|意思(?:是|就是)|自称|冒充|陌生")
_EXAMPLE = lazy(r"^(?:举个?)?(?:例子|例如|比如|譬如|示例|样例|范例|举例|比方|设想|想象|练习|第一步)")

# ---------------------------------------------------------------- what opens a clause governs all of it

_NO = r"(?:别(?![人的处家样名客]|(?:让我|给我|叫我|再)?忘)|不用|不要(?!(?:让我|给我|再)?忘)|不必|甭|莫(?![名非])|无需|不需要|不想|不敢|不愿意?|不肯|不打算|没打算|没想(?!到)|懒得|没(?:有)?必要|用不着|犯不着|(?:能不能|可不可以|能|可以)不(?!能|可以|行))"
_HELD_BACK = rf"^(?:你|那|就|先|可|千万|暂时|暂|我|咱|都|也|还是|目前|现在|求你|拜托|麻烦你?|请|T)*+{_NO}"
_NEGATED = lazy(rf"{_HELD_BACK}(?!.*(?:提醒|叫|喊)我)")
# 别取消提醒 keeps what 别提醒了 gives up: it is the very act that is held back.
_NOT_TAKEN_BACK = lazy(rf"{_HELD_BACK}[^,。了]{{0,24}}?(?:取消|去掉|删|撤|移出|移除|退订|登记|拿掉|摘|合并|解绑|清除|销(?!售)|作废|改|关掉|停掉|推迟|延后|挪|打上|打个|贴上?|加上|新增)")
_FORGOTTEN = lazy(r"^(?:我|又|也|都|竟然?|居然|完全|差点|好像|T|唉|哎)*(?<!别)忘(?:记|了|掉)+(?!的|什么|谁|哪|怎么)")
_DREAMT = lazy(r"^(?:我|T|昨[晚天]|居然)*(?:又)?(?:做梦|梦见|梦到|梦里)")
_KEPT = lazy(r"(?:就|先|还是|都|仍|也|让它)(?:留着|保留|放着|搁着|不动|照旧|维持(?:原样|不变|现状))(?:吧|好了|了|不动|\W)*$")
_WEIGHED = lazy(r"^(?:我|咱|也|还|一直|正|T)*(?:在)?(?:考虑|寻思|琢磨|合计|纠结|犹豫|掂量)(?:着|了)?(?:一下)?(?:要不|是不是|该不该|是否|到底|要(?!求)|把|给)")
_BY_HIMSELF = lazy(r"^(?:他|她|C|客户|人家)T?自己(?!来电|打来|说|要|想)[^,。]{1,24}了$")
# 小程序里客户可以自己改地址 says how it goes.
_BY_THEMSELVES = lazy(r"(?:客户|他们?|她们?|人家|C)(?:可以|能|会|得|要|应该|都是)自己[^,。]{1,20}$")
_TO_ALL = lazy(r"(?:亲们|大家|各位|家人们|宝子们|同事们|小伙伴们?|姐妹们|兄弟们)(?:哦|呀|啊|哈|了)?$")
_IF = lazy(r"^(?:那|但|不过|可)?(?:如果|假如|假设|假使|要是|要真|若是|倘若|万一|一旦|除非|哪怕|即使|就算(?![\dM]))")

# Opinions, and what stands on record as done by somebody: 我个人持保留意见; 此前已由王磊处理完毕.
_BEFORE_NOW = lazy(r"(?:以前|之前|原来|原先|曾经|过去|当初)(?:一直|都|本来)?(?:是|有|属于|归)(?!的)")
_SAID_BY_ME = lazy(r"(?:^|T)(?:我|咱|本人)(?:都|也|还|就|可|已经|早就|T)*(?:跟|和|对|向|给|同)[^,。]{1,6}(?:汇报|保证|承诺|打包票|发誓|吹牛|解释|反映|抱怨|说(?!明|服)|讲)")
_REPORTED = lazy(r"^(?:说|讲|吹|非说|硬说)(?:是)?(?:自己|他|她|人家|他们)(?:已经|早就|T)*[把将给]")
_OPINION = lazy(r"(?:我|本人|咱)?(?:个人|觉得|认为|建议|主张)[^,。]{0,6}(?:持|没(?:有)?必要|不必|不该|不应|不宜|不合适|不妥|不划算|为时过早)|持(?:保留|不同|反对|怀疑)(?:意见|态度)|^关于[^,。]{2,30}一事$")
_ON_RECORD = lazy(r"^(?:经查|经核实|经了解|据查|经核对)|(?:已经?|此前|之前|早就?|前期|上周|昨天)(?:已经?|就)?(?:由|被)[^,。]{1,6}(?:处理|办理|登记|转|改|删|录|建|关|结|完|跟进)|打(?:了)?(?:个)?赌")
_OLD_VALUE = lazy(r"(?:原先|原来|之前|以前|当初|最早|上次)(?:登记|留|填|录|写|报|存|预留)的[^,。]{0,10}(?:是|为)")
_INDIGNANT = lazy(r"明明(?!白)")
# 打标签打到手抽筋 tells how it was; …，主管会骂 what would come of it.
_TIRED = lazy(r"(?P<verb>[打录记改写加建设删标])[^,。]{0,5}(?P=verb)(?:到|得)")
_CONSEQUENCE = lazy(r"(?:会|得|要|肯定|还不)(?:骂|怪罪?|炸毛?|疯|气(?:死|炸|坏|疯)|急眼|翻脸|生气|不高兴|有意见|杀了|弄死|被(?:骂|投诉|罚|说))")
_NOTED_IF = lazy(r"^(?:那|但|不过|可)?(?:如果|假如|要是|万一)[^,。]{1,14}就(?:给|帮|把)?[^,。]{0,6}(?:记|备注|写|录)|^(?:我|都|也)*(?:不敢|不想|懒得|不打算)(?:给|帮|把)?[^,。]{0,6}(?:记|备注|写|录)")
# 他让我把他划掉，我说等等: what was asked and what was answered is told.
_TALKED_OVER = lazy(r"(?:他|她|C|客户|人家|领导|主管|老板|对方|同事|S)[^,。]{0,6}(?:让|叫|要|求|催|说|问|喊)[^,。]*[,，\s]+我(?:就|也|才|都)?(?:跟[他她])?(?:说|回|答)(?!的是|一下)[^,。]*$"
                    r"|^[CS他她](?:又|也|还|T)*(?:喊|叫|让|求|催|要)我[^,。]*[,，\s]+(?:我)?(?:也|都|真|是)*(?:笑死|烦死|气死|尴尬|无语|哈哈|呵呵|醉了|服了|头大|不好意思|没辙|没理|没吭声|懒得理|装没听见)[^,。]*$")

# 我也想把提醒提前，可我起不来: a wish, and why it comes to nothing.
_WISHED_BUT = lazy(r"(?:想|愿意|打算)(?:要|把|给|让)?[^,。]{2,24}[,，\s]+(?:可是?(?!以|能)|但是?|只是|就是|奈何|无奈|又怕|怕)(?!.*(?:帮我|麻烦|提醒我|记一下))")

# A clause that only takes back, puts off or makes light of what went before it: …，开玩笑的; …，先不急; …，等等再说.
_SAID_LIGHTLY = lazy(
    r"^(?:我|就|都|也|这|那|只|是|纯属|哈|算是|当|嗯|的)*(?:开(?:个|了个)?玩笑|逗你|闹着玩|说着玩|说笑|瞎说|胡说|随口(?:一)?说|随便(?:一)?说|说说(?:而已|罢了)?|没(?:这|那)?(?:回|个)?事|没有的事|别当真|当我没说|假的|自言自语|举(?:个)?例(?:子)?|打(?:个)?比方)(?:的|呢|啊|啦|而已|罢了|了|哈|玩)*$"
    r"|^(?:这话)?(?:是)?(?:谁|[他她][们]?|领导|主管|老板|同事|客户|人家)(?:让|叫|要求|自己)?(?:说|讲|让|弄|要|提|讲)的(?:呀|啊|吧)?$|^我?(?:才|可|偏|就)?不(?:干|同意|答应|认)(?:了|呢|啊)?$"
)
_PUT_OFF = lazy(
    r"^(?:这个?|那个?|我|咱|就|先|也|都|还|暂时|暂|目前|现在|T)*(?:不(?:急|忙|着急|弄|办|动|处理|决定)|(?:等等|等一等|等会儿?|回头|以后|改天|下次|晚点|过(?:两|几|一)?(?:天|阵子?|段时间)|缓缓|缓一缓|再|想想|看看情况|看情况)+(?:再)?(?:说|定|议|看|弄|讲|决定|考虑)|再(?:想想|看看|等等|议|缓缓)|(?:还)?没(?:定|想好|决定|敲定|拿定主意|商量好)|拿不准|拿不定主意|没把握|待定|再议|(?:时间|日期)?另(?:定|行通知|议|约))(?:吧|了|啦|呢|着|哈|下来|一下)*$"
)

_ASKING: tuple[Lazy, ...] = (_CLEFT, _CONJECTURE)
_TALKING: tuple[Lazy, ...] = (_WISHED, _CONTRARY, _EXAMPLE, _CONDITION, _UNDONE, _RULE, _ANYBODY, _ONCE, _ANNOUNCED, _RELAYED, _UNSAID, _DISCLAIMED, _CARELESS, _FORGOTTEN, _DREAMT, _TIRED)
# These may well be what a note tells.
_TALKING_UNNOTED: tuple[Lazy, ...] = (_WEIGHED, _KEPT, _OPINION, _ON_RECORD, _BEFORE_NOW, _SAID_BY_ME)
_COMPLAINING: tuple[Lazy, ...] = (_CONSEQUENCE, _INDIGNANT)
# These speak for all that goes before them: 想改名字，需要什么材料.
_STRONG: tuple[Lazy, ...] = (_CLEFT, _WISHED, _CONTRARY, _EXAMPLE, _CONSEQUENCE, _OPINION, _INDIGNANT)
# 别提醒了 and 不要短信了 are orders of these kinds.
TAKES_BACK = frozenset({"reminder.cancel", "consent.record", "tag.remove", "client.delete", "handover.cancel", "privacy.delete", "item.dismiss", "settings.set"})
_MAY_DEPEND = frozenset({"reminder.create", "note.add", "interest.told"})  # 如果他没回我，提醒我再打
_PUTS_OFF = frozenset({"note.add", "reminder.postpone", "reminder.update", "item.snooze", "interest.told"})  # 先放放，下周一再说
_TELLS = frozenset({"note.add", "interest.told"})
_LIVED_THROUGH = frozenset({"ticket.create", "claim.create", "opportunity.create", "consent.record", "policy.add", "holding.add", "loan.add"})

# ---------------------------------------------------------------- facts that are none yet, or are somebody else's

_FACTS = frozenset({
    "policy.add", "policy.update", "holding.add", "loan.add", "credit.add", "lease.add", "premium.paid", "repayment.paid", "renewal.done", "renewal.lost",
    "claim.update", "client.family_add", "opportunity.update", "contract.party_add",
})
_INTENDED = lazy(r"(?<!不)(?:有意|想(?!好|通)|打算|计划|准备|考虑|琢磨|盘算|预计(?!金额|成交|到期)|争取|答应|承诺|保证)[^,。]{0,10}(?:还(?!是|有|没|款日)|交|缴|续|退|买|投|贷|存|赎|转|办|签|批|结清|给|改|换)|不(?:打算|想|准备|愿意)(?:再)?给")
# 还不能结案, 天天催也没法登记: nobody can, so nobody does.
_CANNOT = lazy(r"(?:(?<!能)不能|(?<!可)不可以|没法|没办法|无法|(?<!方)不方便)(?!再|忘)[^,。]{0,6}(?:结|关|改|删|合并|移交|转|标|打|升|降|登|录|建|加|取消)")
_NO_CONSENT = lazy(r"同意[^,。]{0,4}(?:买|续|退|办|贷|投|卖|加保|移交|升级|签了)|C(?:的|他|她)?(?:家里?|老公|老婆|妈|爸|儿子|女儿|爱人)[^,。]{0,3}(?:不)?同意")
_THEIR_WAY = lazy(r"^(?:C的[^,。]{1,4}(?:说|讲|告诉我|转告)[,，:：]?)?C(?:T|又|也|说)*(?:要|会|准备|打算)(?:去|回|搬|出国|出差|休|住院|做手术|生)(?!.*(?:提醒|记得|叫我))")
_WILL_COME = lazy(r"^C(?:说|他|她|自己)?T(?:会|要|再|说)?(?:自己|亲自)?(?:来|去|过来)(?:网点|柜台|公司|行里|店里)?[^,。]{0,3}(?:改|办|换|取|退|签|交|续|买|存|录|登记)")
_MAY_BE = lazy(r"(?<!不)能(?:结案|关单|办完|批|放款)[^,。]{0,2}$")
_COUNTED_UP = lazy(r"(?:关|结|处理|办)(?:掉|完)?了(?:[\d一二两三四五六七八九十]+|好?几)[张个单条]")
_LONG_AGO = lazy(r"(?:去年|前年|[\d一二两三四五六七八九十]年前|上个?季度|上半年)[^,。]{0,20}了")
_OVER_LONG_AGO = frozenset({"ticket.close", "ticket.assign", "tag.add", "tag.remove", "tier.set", "reminder.complete", "reminder.cancel", "handover.create", "client.delete", "client.merge"})
_BY_THEIRS = lazy(r"^C(?:的|他|她|家)?(?:秘书|助理|司机|会计|同事|老板|邻居|朋友|老公|老婆|媳妇|爱人|儿子|女儿|闺女|婆婆|媳妇|孩子|妈妈?|爸爸?|弟|妹|哥|姐)(?!的|叫|是|姓|生日|电话|手机)[^,。]{0,16}(?:了|说|讲|要|想|打算)")
_OF_THE_CLIENT = frozenset({"client.update", "tag.add", "tag.remove", "tier.set", "consent.record", "client.delete"})
_SOMEBODY_OF_THEIRS = lazy(r"(?:邻居|楼[下上]|我家|同学|我?表[哥姐弟妹])C|C(?:刚|T|上次)?(?:介绍|推荐|带)(?:来|过来)?的")

# 卢总女儿考研成功 tells of a relative who is known, or need not be.
_NEWS_OF_KIN = lazy(r"(?:儿子|女儿|闺女|孩子|小孩|老公|老婆|爱人|太太|媳妇|妈妈?|爸爸?|父母|家)(?:要|刚|也|都|又|已经|去年|今年)*(?:结婚|离婚|订婚|考|毕业|升|病|住院|开|搬|出国|留学|读|找|换|买|辞|退|去|来|被|得|拿|当|做手术|拆迁)")
_HAD_IT_BEEN = lazy(r"^\W*(?:要是|如果|当初|当时|你)?早[^,。]{0,14}(?:也不至于|就不会|就好了|多好|不就)")

# ---------------------------------------------------------------- a thing alone, which is to be shown

_NO_ORDER_IN_IT = (
    r"^\W*(?:看看?|查看?)?(?!.*(?:打|加|贴|挂|给|去|除(?!的)|撕|销(?!的)|撤|改(?!过?的)|弹|设(?!置?的)|做|把|摘|取消(?!的)|完成(?!的|率|情)|删(?!除?的)|建(?!的)|开|关(?!于)|记(?!录)|写|(?<!记)录(?![音的])|登(?!记的)|存(?!单|款)|标(?!签)|不是|同意|前[DT]|[DR](?!的)))"
    r"(?:[^,。!?:\s了说讲]{1,14}|C\s)"
)
_NOTED_THINGS = r"记录|提醒|待办|备注|标签|工单|商机|纪要|名单|清单|列表|明细|历史|进度|情况|统计|分布|[成办]率|完成率"
_THING_ALONE = lazy(rf"{_NO_ORDER_IN_IT}(?:{_NOTED_THINGS})\W*$|^\W*标签分布\W*$")
_LISTED_ALONE = lazy(rf"{_NO_ORDER_IN_IT}(?:{_NOTED_THINGS}|的(?:客户|保单|合同|贷款|理赔|案子|投诉|理财|存单|基金)|客户数|保单数)\W*$")
_SHOWN = frozenset({"note.add", "reminder.create", "reminder.cancel", "reminder.complete", "tag.add", "tag.remove"})


def unwilled(s: Sentence, intent: str) -> str:
    """Why the mood of the sentence says that its speaker wants nothing changed: "question", "talk", or ""."""
    whole = ends(s.shape)
    if intent in _SHOWN and _THING_ALONE.match(whole) is not None and _COMMAND.search(whole) is None:
        return "question"
    if _HAD_IT_BEEN.search(s.text) is not None or _EXAMPLE.search(s.text) is not None or (intent not in _MAY_DEPEND and _TALKED_OVER.search(whole) is not None) or _is_dropped(whole, intent) or (intent not in _FACTS | _TELLS and _WISHED_BUT.search(whole) is not None):
        return "talk"
    if _TO_ALL.search(whole) is not None:
        return "talk"
    shape = _told(whole)
    pieces = _pieces(shape, _told(ends(_masked(s))))
    reasons = [_reason(text, intent) or _governed(clause, intent) or _not_their_fact(clause, text, intent) for clause, text in pieces]
    if not any(reasons) or any(closes(clause) and not reason for (clause, _), reason in zip(pieces, reasons, strict=True)) or (shape != whole and begins_a_clause(shape)):
        return ""  # no mark, or the words of the order are a clause of their own
    ordered = [not reason and orders(clause) and not somebody_else(clause) for (clause, _), reason in zip(pieces, reasons, strict=True)]
    strong = max((n for n, (_, text) in enumerate(pieces) if _any(_STRONG, text)), default=-1)
    return "" if any(ordered[strong + 1:]) else "question" if "question" in reasons else "talk"


def names_a_thing(shape: str) -> bool:
    """Is a thing named and nothing else (李雷的提醒, 已结案的理赔)? It is to be shown."""
    return _LISTED_ALONE.match(shape) is not None and _COMMAND.search(shape) is None


def begins_a_clause(before: str) -> bool:
    """Do the words of an order that stand behind `before` open a clause?"""
    return _LEAD_IN.search(before) is not None


def ends(text: str) -> str:
    """The beginning and the end of a long text: what it wants stands there."""
    return text if len(text) <= 400 else f"{text[:200]} {text[-200:]}"


def _masked(s: Sentence) -> str:
    """The words with C for each client, so that no part of a name (周总, 万一) is taken for a mark."""
    pieces, at = [], 0
    for client in s.clients:
        if client.mention.how != "pronoun" and client.start >= at:
            pieces += [s.text[at:client.start], "C"]
            at = client.end
    return "".join([*pieces, s.text[at:]])


_ON_THAT_DAY = lazy(r"(?:到?那天|当天)\W*$")  # …发饺子图 那天记得叫我: the day that was named


def _told(text: str) -> str:
    """What stands before the words of an order; all of it where there are none."""
    command = _COMMAND.search(text)
    return text if command is None else _ON_THAT_DAY.sub("", text[:command.start()])


def _pieces(shape: str, text: str) -> list[tuple[str, str]]:
    """Each clause as its shape and as its words."""
    shapes, texts = ([piece for piece in _BREAK.split(each) if piece] for each in (shape, text))
    return list(zip(shapes, texts if len(texts) == len(shapes) else shapes, strict=True))


def _reason(text: str, intent: str) -> str:
    if _any(_ASKING, text):
        return "question"
    if intent not in _FACTS | _TELLS and (_any(_TALKING_UNNOTED, text) or (intent != "ticket.create" and _any(_COMPLAINING, text))):
        return "talk"
    return "talk" if _any(_TALKING, text) or (intent in _LIVED_THROUGH and _EXPERIENCE.search(text) is not None) else ""


def _governed(clause: str, intent: str) -> str:
    """What its first words say of a whole clause: held back, done by the client, or only on a condition."""
    if _tells_of_work(intent):
        return ""
    held = _NOT_TAKEN_BACK if intent in TAKES_BACK else _NEGATED
    if intent != "note.add" and held.search(clause) is not None:
        return "talk"
    if intent not in _TELLS and _REPORTED.search(clause) is not None:
        return "talk"
    if intent == "client.create" and _OLD_VALUE.search(clause) is not None:
        return "talk"
    if intent == "note.add" and _NOTED_IF.search(clause) is not None:
        return "talk"
    if intent not in _MAY_DEPEND and _BY_THEMSELVES.search(clause) is not None:
        return "talk"
    if intent not in _FACTS | _MAY_DEPEND | _LIVED_THROUGH and _BY_HIMSELF.search(clause) is not None:
        return "talk"
    return "talk" if intent not in _MAY_DEPEND and _IF.search(clause) is not None else ""


def _tells_of_work(intent: str) -> bool:
    """1 已联系 不想续 我再劝劝: what was done about a line, with what the client said."""
    return intent.startswith("item.") or intent == "reminder.complete"


_NO_HURRY = frozenset({"不急", "不着急"})  # of a ticket: how urgent it is


def _is_dropped(whole: str, intent: str) -> bool:
    """Does the last clause make light of what the others say, or put it off? What a note tells may be put off by the client."""
    said = [piece for piece in _BREAK.split(whole) if piece]
    if len(said) < 2 or _tells_of_work(intent) or (intent == "ticket.create" and said[-1] in _NO_HURRY):
        return False
    return _SAID_LIGHTLY.match(said[-1]) is not None or (intent not in _PUTS_OFF and _PUT_OFF.match(said[-1]) is not None)


def _not_their_fact(clause: str, text: str, intent: str) -> str:
    """What a client only means to do, or somebody else did, changes none of the client's contracts."""
    if (intent == "consent.record" and _NO_CONSENT.search(clause) is not None) or (intent == "reminder.create" and _THEIR_WAY.search(clause) is not None):
        return "talk"
    if (intent in _OVER_LONG_AGO and (_LONG_AGO.search(text) is not None or _COUNTED_UP.search(text) is not None or _MAY_BE.search(text) is not None)) or (intent in _FACTS | _OF_THE_CLIENT and _BY_THEIRS.search(clause) is not None):
        return "talk"
    if not intent.startswith("opportunity.") and intent not in _MAY_DEPEND and _WILL_COME.search(clause) is not None:
        return "talk"
    if intent not in {"note.add", "consent.record"} and _CANNOT.search(clause) is not None:
        return "talk"
    if intent == "client.family_add" and _NEWS_OF_KIN.search(clause) is not None and not any(mark in clause for mark in ("叫", "T", "岁")):
        return "talk"
    return "talk" if intent in _FACTS and (_INTENDED.search(clause) is not None or _SOMEBODY_OF_THEIRS.search(clause) is not None) else ""


def _any(marks: tuple[Lazy, ...], text: str) -> bool:
    return any(mark.search(text) is not None for mark in marks)


_LEAD_IN = lazy(r"(?:^|[,，。;；!！?？…~、\s]|—)(?:请|麻烦|帮(?:我|忙)|给我|你|那|就|先|再|也|记得|到时候?|改天|改日|[TRDC]|前|后)*$")
