"""What a sentence does to the reminders: set, list, settle, move, drop or change one; and which of them it means.

The words of what is to be reminded of decide nothing: 提醒我取消机票 sets a reminder, 取消机票的提醒 drops one."""

from __future__ import annotations

import re

from handlers.language.intents import mood
from handlers.language.lazy import lazy
from handlers.language.numerals import small
from handlers.language.sentence import Sentence

_THING = r"(?:提醒|题醒|待办|日程|安排|闹钟|闹铃|备忘|任务|事项|行程)"
_ONE = rf"(?:{_THING}|(?:那|这|上|前|后|头|末|哪)(?:一)?(?:个|条|件|项|俩|两)|第[一二两三四五六七八九十\d]+(?:个|条|件|项)?|最后(?:那|一)?(?:个|条|件|项)|[前后][一二两三四五六七八九十\d]+(?:个|条|件|项)|剩下的?|刚才的|刚刚的|刚设的|刚提醒的|的(?:会|约|事)|约|会议(?!室)|拜访)"
_IS_ONE, _IS_THING = lazy(_ONE), lazy(_THING)
NAMES_ONE = lazy(rf"{_ONE}|[^,。]的?事儿?(?!先)|见面|面谈|回访|签约|还款|缴费|开会|聚餐|培训|体检|饭局")
_OFF = r"(?:取消|删掉?|撤掉?|撤销|去掉|关掉|关了|关闭|停掉|停了|作废|拿掉|划掉|清掉|清空|免了|抹掉|不要了|不要(?=\W*$)|不用了|不用去|不用做|不用提醒|不用管|不需要|不去了|不见了|不做了|不办了|不打了|不搞了|不弄了|算了|黄了|吹了|唔使)"
_CANCELS = lazy(
    rf"{_OFF}[^,。]{{0,16}}(?:{_THING}|那[个条件项]|这[个条件项]|第[一二三四五六七八九十\d]+[个条件项])(?!我)"
    rf"|(?:{_THING}(?![我俺])|(?:那|这)(?:个|条|件|项)|第[一二三四五六七八九十\d]+(?:个|条|件|项)?|最后(?:一|那)?[个条件项]|的(?:会|约|拜访)|会议(?!室)|饭局|聚餐|面谈|会面|见面|约会|培训|讲座|沙龙|活动|约)[^,。]{{0,6}}?{_OFF}"
    r"|(?:别(?!忘)|不用|不要|甭|莫|无需|不必|唔使|唔好)(?:再|老)?(?:给我)?[^,。]{0,5}?(?:提醒|题醒|叫我|喊我|催我|通知我)(?!.{0,3}忘)|(?:不用|别)再(?:提醒|叫|喊|催)"
)
_LATER = r"(?:推迟|延后|延期|延迟|延|往后(?:推|挪|移|放|延|排|拖|顺)|推后|后推|推|挪|移|顺延|顺|缓|晚|迟|拖|提前|提早|往前(?:挪|提|移)|早)"
_MOVES = lazy(
    rf"(?:改到|改成|改为|改在|改|挪到|挪|移到|推到|延到|推迟到|延后到|换到|换成|调到|调成|调整到|顺延到|提前到|放到|排到|拖到|往后推到|搬到|定到|变到|变成|变)[^,。]{{0,4}}(?P<to>[TD])|{_LATER}(?:了|个|到|至)?(?:D|T|一?天|半|一个|两|几)|推迟|延后|延期|顺延|往后(?:推|挪|移|放|延|排|拖|顺)|(?:T|D)[^,。]{{0,3}}再(?:提醒|叫|喊|催|通知|说|弄|办|搞|做|处理)|(?:等会儿?|一会儿?|待会儿?|晚点|过会儿?|稍后|回头)再?(?:提醒|叫|喊|说|弄|ding)|再等(?:D|T)|snooze|改天|(?:放|留)(?=[TD])"
)
_DONE = lazy(
    r"(?:已经?|都|全|刚|全部|我)?(?:完成|搞定|搞掂|搞完|整[完好妥]|收拾完|办完|办好|办妥|办利索|办了|做完|做好|做了|弄完|弄好|弄了|处理完|处理好|处理了|处理掉|解决|联系过|联系了|联系好|打过|打完|打了|寄了|寄出|送到了|送过|发过|发了|发出|见过|见完|回访完|回访过|回访了|拜访完|跟进完|跟完|交了|交上去|结束|完事|ok|done|finish|齐活|妥了|好了|勾掉|勾了|打勾|打钩|划掉|销掉|标(?:记)?(?:为|成)?(?:完成|已完成|已办))(?!不|没)"
)
_SETTLED = lazy(rf"(?:完|好|定|成|理|办|消|期)了?的[^,。]{{0,4}}{_THING}")
OWN_AFFAIR = r"(?:做|动|开|坐|搬|装)完?了?(?:个|一个|台)?(?:大|小)?(?:手术|化疗|放疗|检查|体检|胃镜|月子|装修)"  # what clients have done, no task
_UNDONE = lazy(rf"{OWN_AFFAIR}|(?:没|未|还没|不|弄不|做不|办不|来不及|没法)[^,。]{{0,3}}(?:完成|搞定|办完|办好|做完|做好|弄完|弄好|处理|办|做|弄|解决|联系|打|完|好)")
_LISTS = lazy(
    rf"(?:有|哪些|什么|啥|几|多少|列|看|查|调|翻|过一?下|打开|显示|汇总|拉|盘|捋|给我|报)[^,。]{{0,14}}{_THING}|{_THING}[^,。]{{0,10}}(?:有|哪些|什么|啥|几|多少|列|调|拉|翻|看|呢|给我|发我|发给我|发一下|发来|报一下|清单|列表|一览|汇总|满|多不多)|(?:没|未|还没|漏)(?:办|做|弄|处理|搞|完成|跟|结|干)(?:完|好|掉)?(?:的|了)"
    r"|(?:要|得|该)(?:外访|走访|拜访|回访|见|跑|去)(?:哪|谁|几)|有没有给我(?:排|安排|约)|(?:给我|我)(?:有没有)?排(?:了)?(?:什么|啥)|该做没做|该办没办"
    r"|有(?:什么|啥|哪些|几件|多少|咩)[^,。]{0,4}(?:事|约|会|活儿?|要做|要办|要跟|要见|没做|没办|没弄|没搞|没处理|没交|没完|要处理|没完成|要弄)|有(?:什么|啥)(?:做|干|忙)\W*$|(?<!主)(?:要|得|该)(?:做|干|办|忙|见|跑|弄|处理)(?:什么|啥|哪些|谁|咩|些什么|些啥)|(?:忙不忙|空不空|有没有空|有空(?:吗|没)|排满|有没有事|有事(?:吗|没)|有啥\W*$|约了谁|要见谁|见谁|有没有安排|有没有约|有(?:约|会|安排)(?:吗|没|么|不)|几个(?:约|会|局|饭局|拜访|见面|安排)|什么会)|有(?:几|多少|哪|没有)[^,。]{0,6}(?:要|没|待|该)(?:跟|见|联系|回访|打|拜访|回)"
)
_SET_BEFORE = lazy(rf"(?:设|定|加|建|弄|安排|约)(?:了|过|好|上|置)[^,。]{{0,12}}{_THING}|{_THING}[^,。]{{0,5}}(?:设|定|加|建|弄)(?:了|过|好|上|置|没|进|成)|设[没过]|(?:我|你)[^,。]{{0,12}}设过[^,。]{{0,8}}{_THING}|{_THING}[^,。]{{0,6}}(?:还在|在不在|没了|呢|几点|什么时候|哪天|几号|改到|是)")
_CHANGES = lazy(rf"(?:{_ONE}[^,。]{{0,8}}(?:改|换|调|变)(?:成|为|到|一下)?[^,。]{{0,3}}R)|(?:地点|地址|时间|内容|备注|标题|地方|事由)[^,。]{{0,3}}(?:补|改|加|换|更新|写)|(?:补充|加上|补一?下|再加|加一句|备注一句)[^,。]{{0,2}}(?:地点|内容|要带|带上|记得带|:|一句)")
_LATER_THEN = lazy(r"\W*(?:再?过|再?等|晚|推迟?)?(?:个)?[TD](?:之?后|以后)?(?:再?说|再?提醒我?|再?叫我|吧|哈|行吗|\W)*")  # 1小时后, under a reminder just shown
_THAT_ONE_CHANGES = lazy(r"(?:刚才|刚刚|刚设|那|这|上)(?:一?[个条件]|的)[^,。]{0,8}(?:改|换|变|调)(?:成|为|到|在)")
_AFTERTHOUGHT = lazy(r"(?:地点|地址|地方|时间|内容|备注|电话|人)?(?:补|改|加|换|更新|补充|加上)(?:一?下|一句|个|上|成|到)?[\s:,]|(?:再)?(?:加|补)(?:上)?一?(?:句|条|个)")


_LET_LIE = lazy(r"先(?:放一?放|放着|搁|缓)")  # 2 先放放, of a line: when is asked
_PUTS_OFF = lazy(r"^\W*(?:帮我|请|把)?取消[^,。]{1,16}[,\s]+(?:改|换)(?:约|到|成|为|在)?T")  # 取消明天的会，改约后天十点 提醒我
_THAT_ONE = lazy(r"(?:那个|这个|那条|这条)$")
_NO_MORE = lazy(r"(?:现在|以后|今后|已经|都|就)*(?:不需要|不用|不要|取消|删)")  # 每晚九点那个提醒我以后不需要了
_DROPS = lazy(r"^\W*(?:帮我|请|把)?(?:取消|删掉?|删除|撤掉|去掉)\s[^,。]{1,20}\s提醒\W*$")  # 取消 明天 开会 提醒
_MINE = lazy(r"^\W*(?:查?看?看?|T的?)我(?:设)?的(?:全部|所有)?(?:提醒|备忘)\s?T?\W*$")  # 我的提醒 本周


def act(s: Sentence) -> str:
    """create, list, complete, postpone, cancel, update, or "" when the sentence is about no reminder."""
    return mood.memo(s, "diary", _act)


def _act(s: Sentence) -> str:
    order = mood.reminding(s)
    if _MINE.match(s.shape):
        return "list"
    if order is None:
        return _about_one(s)
    if _JUST_SHOWN.search(s.shape) is not None:
        return "postpone"
    before, after = s.text[:order.start()], s.text[order.end():]
    if _PUTS_OFF.search(s.shape) is not None:
        return "postpone"
    if _DROPS.match(s.text) is not None or (_THAT_ONE.search(before) is not None and _NO_MORE.match(after) is not None):
        return "cancel"
    if _CANCELS.search(before) and not re.search(r"[,。]", before) and not s.times and len(after.strip()) < 3:
        return "cancel"
    if mood.asks(s) and _SET_BEFORE.search(s.text):
        return "list"
    if _THAT_ONE_CHANGES.search(before):
        return "update" if s.has("repeating") else "postpone"
    if re.search(r"原来说|之前说|本来(?:是|说|定)|原定", s.text) and _MOVES.search(s.shape):
        return "postpone"
    if re.search(r"再$", before) and _refers(s) and len(before) < 16 and not _has_object(after):
        return "postpone"
    return "create"


def _has_object(after: str) -> bool:
    """Does the order say what to remind of?"""
    return len(re.sub(r"[\W吧啊呀哈哦啦一下谢麻烦]", "", after)) >= 2


def _refers(s: Sentence) -> bool:
    """Was a reminder spoken of just before, or shown in a list?"""
    return s.dialogue.list_kind.startswith("reminder") or s.dialogue.pending in {"list", "reminded"} or re.search(r"弄不完|做不完|来不及|没弄完|没空|还没弄|没时间|在忙|稍后|回头|等会|待会|一会|晚点|明天再|过会", s.text) is not None


def _without_pointers(s: Sentence) -> str:
    """The text without the 那个 that only points at a client (那个徐姐), and at no reminder."""
    text = s.text
    for client in s.clients:
        if text[:client.start].endswith(("那个", "这个")):
            text = f"{text[:client.start - 2]}  {text[client.start:]}"
    return text


def _about_one(s: Sentence) -> str:
    text = _without_pointers(s)
    if s.dialogue.list_kind.startswith("reminder") and s.dialogue.choices < 2 and _LATER_THEN.fullmatch(s.shape) is not None:
        return "postpone"
    shown = s.dialogue.list_kind.startswith("reminder") or s.dialogue.list_kind == "brief"
    refers = shown or _IS_ONE.search(text) is not None
    if mood.asks(s) or mood.supposes(s):
        return "list" if _LISTS.search(text) or _SET_BEFORE.search(text) else ""
    if _NO_MORE_CALLS.search(text) or (_THAT_ONE_OFF.search(text) and not s.has("tag", "ticket", "consent")):
        return "cancel"
    if ((_IS_THING.search(text) or s.points) and _CANCELS.search(text)) or ((shown or positions(s)) and refers and re.search(_OFF, text)):
        return "cancel"
    if refers and _CHANGES.search(s.shape) and not re.search(r"(?:改|换|调|移)(?:成|到|为|在)?T", s.shape):
        return "update"
    if _moves(s, refers) or (positions(s) and refers and _LET_LIE.search(text)):
        return "postpone"
    if _SETTLED.search(text):
        return "list" if not s.has("cancel", "postpone") else ""
    if _UNDONE.search(text) is None and _DONE.search(text) and (positions(s) or shown or re.search(rf"{_THING}|(?:那|这)(?:个|条|件|项|俩)|刚才|刚刚|刚提醒|的事儿?(?=[^,。]{{0,3}}(?:跟|办|处理|搞|弄)(?:完|好|定|妥|掉|利索))|[打全都]勾(?:了|上|$)|打钩|勾掉|划掉|销掉", text)):
        return "complete"
    if _LISTS.search(text):
        return "list"
    if shown and s.dialogue.choices < 2 and _AFTERTHOUGHT.search(text) and not s.clients:
        return "update"
    return ""


_THAT_ONE_OFF = lazy(r"(?:跟|和|给|找|见|去|约)[^,。]{2,12}(?:那|这)[个条项](?:就|也|都|给我)*+(?:删|取消|撤|去掉)(?:了|掉)?(?:吧|咯|哈|了|\W)*+$")  # 把跟三哥喝茶那条删咯
_JUST_SHOWN = lazy(r"^\W*(?:刚才?|刚刚)(?:(?:提醒|叫|喊)我的?那?|那)(?:个|条|事)?[\s,]*(?:再)?(?:过|等)?[TD](?:之?后)?(?:再)?(?:叫|提醒|喊)我")  # 刚提醒我的那个 再过20分钟叫我
_A_REMARK = lazy(r"备注(?:栏|里)?[^,。]{0,2}(?:改|换|写)")  # 备注改成只接下午电话 moves nothing
# 不用喊我去外访了; 别喊我老王了 and 不用叫我吃饭了 are about no reminder.
_NO_MORE_CALLS = lazy(
    r"^\W*(?:以后|今后|就)?(?:不用|别|不必|甭)(?:再)?(?:提醒我[^,。]{2,14}|(?:叫|喊|催)我(?!去?(?:吃|喝|睡|玩|起床|上班|下班|回家))(?:去[^,。]{1,13}|(?:给|跟|和|找|约|带|把)[^,。]{2,13}|(?:开会|外访|走访|拜访|回访|跟进|联系|面[谈签]|签约|交|送|寄|取|打电话|续保|还款|缴费|体检|复查)[^,。]{0,12}))了(?=$|[\s,])"
)
KNOWN = lazy(r"我(?:早|已经?|都)?(?:知道|晓得|听说|收到)(?:了|啦|的)?\W*$")  # 马总把会改到周四了 我知道: nothing to be moved


def _moves(s: Sentence, refers: bool) -> bool:
    found = _MOVES.search(s.shape)
    if found is None or _A_REMARK.search(s.text) is not None or KNOWN.search(s.text) is not None:
        return False
    if refers or s.dialogue.list_kind.startswith("reminder"):
        return True
    return s.has("contact_verb", "agenda") and bool(s.times)


# ---------------------------------------------------------------- which of them

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_RUN = lazy(rf"(?:第|把第?|^\W*)(?P<a>{_N})(?:个|条|件|项|号)?(?:(?:\s*(?:、|,|和|跟|及|与|还有|\s)\s*|(?=第)|(?P<to>到|至|-|~))(?:第)?(?P<b>{_N})(?:个|条|件|项|号)?)+(?![\d点月年万天分时小周])")
_SINGLE = lazy(rf"第(?P<n>{_N})(?:(?:个|条|件|项|单|笔|号)|(?=\s*(?:完|搞|弄|ok|done|取消|推|延|删|改|办|做|已|不用|好了|划|勾|先[放搁缓]|和|跟|、)))|(?<![\d第])(?P<m>{_N})号(?=那|事|任务|待办|提醒|完|搞|弄|取|推|删)|^\W*(?P<o>\d{{1,2}})(?=\s*(?:完|搞|弄|ok|done|取消|推|延|删|改|办|做|已|不用|好了|划|勾|先[放搁缓]))|(?:提醒|待办|任务)\s*(?P<p>\d{{1,2}})\W*$")
_FRONT = lazy(r"(?P<side>前|头|后|最后|末)(?:面|边)?(?:(?P<n>\d{1,2}|[一二两俩三四五六七八九十]|几)(?:个|条|件|项)|(?P<few>[俩仨]))")
_FROM_THE_END = lazy(r"倒数第?(?P<n>[二三四2-4])[个条件项]?")
_END = lazy(r"最后(?:面)?(?:那|一|的)?(?:一)?(?:个|条|件|项|哪个)|末(?:尾)?(?:那)?[条个件]|最下面(?:那)?[条个件]|倒数第一[条个件]?")
_JOINED = lazy(r"(?:第|^\W*|(?<=[把,\s]))(?P<a>[一二三四五六七八九])(?:、|第)?(?P<b>[一二三四五六七八九])(?:两|俩)?(?:(?P<unit>条|件|项|个)(?!半|小|月|星)|(?=不要|不用|取消|删|完|搞|弄|做|办|都|推|改|[\s,]))")  # 二五 完事了
_START = lazy(r"(?:头一|首|开头那|最上面那?|打头那?)(?:个|条|件|项)")


def positions(s: Sentence) -> list[int]:
    """The places in the list shown before: 前两条 → 1, 2; 一三条; 2和3; 最后那条."""
    return mood.memo(s, "positions", _positions)


def _positions(s: Sentence) -> list[int]:
    text, count = s.text, s.dialogue.choices
    front = _FRONT.search(text)
    if front is not None and (n := {"俩": 2, "两": 2, "仨": 3}.get(front["n"] or front["few"]) or small(front["n"] or "")):
        if front["side"] in {"前", "头"}:
            return list(range(1, n + 1))
        if count:
            return list(range(max(1, count - n + 1), count + 1))
    from_the_end = _FROM_THE_END.search(text)
    if from_the_end is not None and count and (n := small(from_the_end["n"])) and n <= count:
        return [count - n + 1]
    run = _RUN.search(text)
    if run is not None:
        return _run(run)
    joined = _JOINED.search(text)
    if joined is not None and (numbers := [n for c in joined["a"] + joined["b"] if (n := small(c))]) and (joined["unit"] or max(numbers) <= count):
        return numbers
    single = _SINGLE.search(text)
    if single is not None and (n := small(single["n"] or single["m"] or single["o"] or single["p"])):
        return [n]
    if _END.search(text):
        return [count] if count else [-1]
    return [1] if _START.search(text) else []


def _run(match: re.Match[str]) -> list[int]:
    numbers = [n for piece in re.findall(_N, match.group()) if (n := small(piece))]
    if match["to"] and len(numbers) == 2 and numbers[0] < numbers[1] <= numbers[0] + 50:
        return list(range(numbers[0], numbers[1] + 1))
    return numbers
