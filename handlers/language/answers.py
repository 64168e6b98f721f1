"""Yes, no, take it back, go on: the short answers, in as many words as people have for them.

An answer counts when the whole text is made of such words and fillers, so that 不对，是13900000009 is no mere no."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.language.lazy import Lazy, lazy
from storage.model.normal import normalise

LONGEST = 24  # nobody says yes or no in more characters

_VERB = (
    r"(?:改|删|存|录|加|记|建|发|办|交|提交|保存|操作|执行|登记|弄|搞|整|更新|设|标|转|移|合并|入库|生成|下单|处理|安排|走|写|上|弄|合并?|查|找|看|选|报|派|关|结|退|续|换|升|降|调|提)(?:入|进去|进|上|掉|走|完|一下|下|好|成)?"
)
_FILLER = (
    r"[\s,。!~.…、?;:]|吧|了|呀|啊|哦|的|哈|呢|嘛|喔|啦|喇|嘞|咯|哒|滴|嗯|额|呃|哎呀|哎|唉|诶|欸|噢|就|那|我|你|它|他|她|们|俩|这个|这样|这么|这条|这单|这事|给我|帮我|请|麻烦|谢谢|多谢|谢啦|辛苦|赶紧|赶快|快|马上|一下|下|直接|都|也|先|再|还是|算|"
    r"觉得|应该|看|吗|么|滴|哥|姐|亲|老铁|please|pls|thanks?"
)


def _made_of(words: str) -> tuple[Lazy, Lazy]:
    return lazy(rf"^(?:{words}|{_FILLER})+$"), lazy(words)


_YES = _made_of(
    r"确认|确定|确实|没错|不错|对的?|对头|是(?:的|滴|哒)|是$|^是|就是(?:他|她|它|这个|这位)?|好(?:的|嘞|滴|哒|呀|吧|哇)?|可以|可|行|没问题|冇问题|木问题|没毛病|没意见|没有问题|ok(?:ay|的|k)?|okk+|yes|yep|yeah|sure|fine|y$|嗯+|恩|"
    r"同意|批准|通过|准了?|要(?:的|得)?|继续|正确|无误|当然|必须|中|成|妥了?|得(?:嘞|了)?|照办|照做|走起|安排|就(?:这个|那个)?(?:时间|时段|点儿?|天)|就按(?:这个|你说的?)(?:来|办)?|按(?:这个|你说的?)(?:来|办)?|就(?:这样|这么着|这么定)|"
    rf"(?:就|直接|就这么|就这样|可以|帮我|给我|请|快|去)?{_VERB}(?:就行|就好|就成)?|没(?:有)?(?:其他|别的)?问题|系(?:嘅|啊)?|係(?:嘅|啊)?|啱|收到|明白|go"
)
_NO = _made_of(
    rf"取消(?:{_VERB})?|没事|没什么|没啥|(?:还是|就|先|仍)(?:用|按|留|是)?(?:原来的?|[a-ds](?:类|级|档)?)|(?:维持|保持)(?:原样|现状|不变|原来的?|[a-z]类?)?|别动|不动|照旧|(?:都|全|[哪一](?:个|位)都|这俩都|[两三]个都)?(?:不是|不对|不要|不选|不用)(?:我?(?:想|要)?(?:要|找)的)?|手滑|手抖|手误|误操作|误点|(?:先)?留着|不是(?:[他她](?:们|俩)?|(?:这|那)(?:个|位|俩|些)(?:人)?)|不要|不用|不需要|不必|没必要|(?:是|不是)?(?:两|不同|不是同?一)个(?:不同的)?人|算了|拉倒|罢了|免了|先?不(?:急|忙)?|先?别|否|no|nope|n$|不行|不可以|不确认|不同意|放弃|不了|"
    r"错了|不对头|等等|等一下|等会儿?|等下|稍等|慢着|打住|停|stop|cancel|作废|退出|暂时|暂不|回头(?:再说)?|以后再说|再说|改天|晚点|稍后|(?:再)?想想|考虑(?:一下|下)?|缓缓|缓一缓|放着|搁着|不管|不弄|不搞|"
    rf"(?:先|还是|我)?(?:不要|不用|不|别|先别|先不|甭|莫|唔好|唔使|唔|暂不|没让你|没说要?|不想|懒得){_VERB}|谁(?:说|让你?|叫你?)(?:我)?要?{_VERB}|我?(?:可)?没(?:说|让|叫)(?:你|要)?{_VERB}|唔系|唔好|唔使|"
    r"我?(?:还是)?自己(?:来|弄|找|查|看|搞|改|翻)|我?(?:再)?(?:去)?(?:问问|问一?下|核实)(?:客户|领导|主管)|(?<![帮给让替])我(?:再)?(?:看看|问问|核实一?下?|确认一?下|查查|核对一?下?)|没有我要的|(?:里面|这里)?(?:都)?没有|(?:我?(?:要|想)?找的(?:人|那个|那位))?不在(?:里面|里头|里边|这里|其中)|(?:号码|电话|名字|姓名|信息|内容|金额|日期|时间|数字|客户|对象)(?:不对|错了|有误|搞错了)|(?:点|打|说|弄|搞|发|写|按|输|记|升|降|调|改|删)错"
)
_BUT = lazy(r"(?:是|改成|换成|应该是)\s*[\w]{2,}$")

_BACK = lazy(
    r"撤(?:销|回|消|了|掉)?|回退|回滚|还原|恢复|退回|倒回|改回|变回|undo|反悔|收回|作废|不算|不作数|不算数|别算|别当真|当我没(?:说|弄|做)|别(?:记|算|加|改|存|要)|取消|重来|revert|删(?:掉|了)|去掉"
)
_BACK_ALONE = lazy(
    r"^(?:[\s,。!~]|等等|等一?下|慢着|哦|诶|哎呀?|唉|啊|我|手滑|不好意思|糟|完了|坏了|麻烦|帮我|给我|请|能|可以|快|赶紧|不对)*(?:撤(?:销|回|消)|撤(?:了|掉)?|undo|反悔|revert|回退|回滚|还原|恢复(?:成|到|为)?(?:原样|原来?先?的?(?:号码?|电话|地址|名字|等级|标签|状态|数据|值)?)?|改回(?:来|去|原来的?|之前的?|原样)|退回(?:去|上一步)|倒回去|"
    r"(?:恢复|还原|改|变|退|回)(?:到|成|回到?)?(?:之前|原来|原先|以前|刚才)(?:那样|的样子|的|那个|状态)*|(?:弄|搞|改|记|录|删|加|发|设|点|按|整)(?:错|混|岔)(?:人)?)(?:了|吧|一下|下|掉|操作|吗|么|的|[\s,。!~?])*$"
)
_JUST = lazy(r"刚才|刚刚|刚(?=那|的|改|加|记|录|设|发|删|弄|下|做|打|贴|升|降|调|建|存|标|提交|确认)|方才|头先|上一?(?:步|条|个|次|笔|项)|前一?(?:步|条|个|次)|那一?(?:步|下)|最后(?:一)?(?:步|条|个|次)|那个操作|这步|这次操作")
_SLIP = lazy(r"^\W*不是(?:他|她|这个|这位|[^,。!~\s]{2,4})[,。!~\s]|手滑|手抖|点岔|(?:弄|搞|改|记|录|删|加|发|设|点|按|打|写|整|看|选|说)(?:错|混|岔|反)|错人|打标错|误操作|误点|不小心")
_OTHER_THING = lazy(r"提醒|待办|日程|闹钟|移交|交接|授权|同意|退订|营销|工单|投诉|怎么|如何|咋|提到|说过|[她他客户]说|记一?下|拜访|会议|预约")

_MORE = lazy(
    r"^(?:[\s,。!~?]|看看?|给我|帮我|麻烦|请|再|我|想|要|都|把|列|显示|出来|放|也|发|来|贴|的|呢|吗|么|没|没有|有|了|吧|啊|呀|是|谁|哪些|一?下|"
    r"下一?(?:页|屏|批)|翻(?:到)?(?:下)?一?页?|翻|往(?:后|下)(?:翻|看|滑)?|后(?:面|边|头|续)|下(?:面|边|头)|底下|剩(?:下|余)|其余|余下|更多|多(?:来)?几(?:个|条)|来|第(?:二|\d+)页|几(?:个|条|位|份|张|笔|页)|(?<![\d-])\d{1,3}(?:到|至|-|~)\d{1,3}(?![\d-])(?:个|条|位)?|[十\d]+(?:个|条|位)|一(?:页|批)|继续|接着|next|more|page|show|还有(?:没有)?|其他|别的)+$"
)
_MORE_CORE = lazy(r"\d(?:到|至|-|~)\d|下一?(?:页|屏|批)|翻|往(?:后|下)|更多|(?:再|多)来|剩(?:下|余)|其余|余下|继续|接着|next|more|后(?:面|边|头|续)|下(?:面|边|头)|底下|第(?:二|\d+)页|还有|其他|别的")
_MORE_SURE = lazy(r"下一?(?:页|屏|批)|翻(?:到)?(?:下)?一?页|往(?:后|下)翻|更多|next|more|再来一(?:页|批)")


_REST = lazy(r"(?:后面|后边|后头|下面|下边|底下|其余|剩)的?(?:人|客户|几?(?:个|位))?(?:呢|还有|有吗|有谁|是谁|也|看|都|继续|列|发|给)")


def wants_rest(text: str) -> bool:
    """后面的呢 under a list wants the next page, not the last line."""
    return _REST.search(text) is not None


def _is(answer: tuple[Lazy, Lazy], text: str) -> bool:
    plain = text.strip(" ,。!~.…?")
    return 0 < len(plain) <= LONGEST and answer[0].match(plain) is not None and answer[1].search(plain) is not None


def is_no(text: str) -> bool:
    """取消, 先不改了, 算了 我自己来 …"""
    return _is(_NO, text)


_NOT_YET = lazy(
    r"(?:先|还|暂时?|现在|千万|这次|这个|草稿|那|就|你|再)*(?:(?:别|不要|不用|甭|莫|勿|先不|暂不|暂时不)(?:急着?|忙着?|着急|先|马上|这么快|给我|帮我)*(?:提交|保存|确认|存|交|录|入库|执行|办|送审|发)(?:上去|进去|出去|掉|入|上|下)?"
    r"|等等|等一?下|等会儿?|稍等|慢着|稍后|晚点|回头|改天|以后|过会儿|(?:先)?(?:放着|放一?放|留着|搁着|存着草稿)|(?:再)?(?:想想|考虑一?下|看看再说))"
    r"(?:再)?(?:提交|保存|确认|说|弄|填|看)?(?:吧|了|啊|呀|哈|先|一下|草稿|\W){0,5}$"
)


def not_yet(text: str) -> bool:
    """别提交, 先别保存, 等等, 晚点再说: what was typed so far is to wait; 不提交了 and 算了 give it up."""
    return 0 < len(text) <= LONGEST and _NOT_YET.match(text.strip(" ,。!~.…?")) is not None


def is_yes(text: str) -> bool:
    """确认, 嗯嗯对 就这么改, 可以 提交吧 …; whoever wants to look has agreed to nothing."""
    return _is(_YES, text) and not is_no(text) and not looks(text)


_LOOKS = lazy(r"^(?:[\s,。!~.…?]|帮我|给我|让我|请|麻烦|你|再|先|来|吧|呢|一下|下|一眼)*(?:看|瞧|瞅|瞄)(?:[\s,。!~.…?]|看|瞧|瞅|一下|下|一眼|吧|呢|呀|啊|嘛)*$")


def looks(text: str) -> bool:
    """看看, 帮我看看, 再看一下吧: nothing but a wish to see it."""
    return 0 < len(text) <= LONGEST and _LOOKS.match(text) is not None


_REPEATS = lazy(
    r"^\W*(?:对|是|嗯|好|可以|没错|行|确认|ok)[\w]?[\s,。]*(?:就|那就|直接|帮我|是)*(?:改成?|改为|设成?|设为|调到?|调成|升到?|降到?|记|加上?|标上?|打上?|换成?|更新为?|存|是)?\s*(?P<value>[^\s,。]{1,14}?)(?:吧|了|类|级|的|没错)*\W*$"
)


def repeats(text: str, asked: Sequence[str]) -> bool:
    """对，就改成A, when A is what was asked about; the same with another value is no yes."""
    match = _REPEATS.match(text)
    return match is not None and any(match["value"] in normalise(question).text for question in asked)


def takes_back(text: str) -> bool:
    """撤销, 刚才那个不算, 手滑点错了 撤回 …; not what takes back a reminder or a consent."""
    if len(text) > 30 or _OTHER_THING.search(text) is not None:
        return False
    if _BACK_ALONE.match(text) is not None:
        return True
    return _BACK.search(text) is not None and (_JUST.search(text) is not None or _SLIP.search(text) is not None)


def goes_on(text: str, *, listed: bool) -> bool:
    """下一页, 还有呢, 剩下的看看; the vaguer ones only under a list."""
    if len(text) > LONGEST or _MORE.match(text) is None:
        return False
    return (_MORE_CORE if listed else _MORE_SURE).search(text) is not None
