"""Courtesies around what is wanted: 你好，…, @助手 …, …，谢谢, … 急. They are left out before a sentence is read."""

from __future__ import annotations

from handlers.language.lazy import lazy

_LONGEST = 80  # a longer message is somebody's text, whose thanks belong to it
_HEAD = lazy(
    r"(?:[\s,，。!！~]{0,3}(?:你好|您好|早上好|下午好|早安|早|哈喽|hello|hi|嗨|亲爱的|亲|宝|哥们儿?|兄弟|老铁|姐妹|小?助[手理]|机器人|@[^\s,，]{1,8}|诶|欸|哎|喂|嗯{1,3}|呃{1,3}|额|那个|快|劳驾|麻烦[你您]?(?:一下|了)?|打扰(?:一下|了)?)(?:[\s,，。!！~:：]{1,3})){1,3}",
)
_TAIL = lazy(
    r"(?>[\s,，。.!！~～、;；]{1,3}(?:谢谢[你您啦了哈]?|多谢[了啦]?|感谢|谢[了啦]|thx|thank you|thanks?|tks|3q|辛苦(?:啦|了|你了|一下)?|拜托[了啦]?|在线等|麻烦(?:了|啦|你了)|(?P<haste>很?急{1,3}|快点?|尽快))|[~～!！\s\U0001F000-\U0001FAFF\u2600-\u27BF]|(?<=[\u4e00-\u9fffA-Za-z])(?<!哈)[呗哈](?=$|[~～!！\s]))+$",
)
_NOTED = lazy(r"\W*(?:帮我|请|麻烦)?(?:记|备注|跟进)")  # what is written down keeps its 🎉
_SIGNS = lazy(r"[^\w]*[\U0001F000-\U0001FAFF\u2600-\u27BF]\W*")
_URGENT = lazy(r"单|投诉|需求|客诉")  # of a ticket 急 says how urgent it is
_FAVOUR = lazy(r"\W*你?(?:能|可以|可否|是否可以|方便)")  # 能把她升到A类不 谢谢: thanks that make an order of a question
_OWN_TEXT = lazy(r"改写|重写|换个说法")
_ONLY_A_VERB = lazy(r"\W*(?:帮我|麻烦|请|给我|我想?要?|再|去)*(?:查|看|找|搜|联系|约|打给|转给|给)(?:一?下|一查|找)?\W*")  # 查一下 谢谢: that is her name
_WORD = lazy(r"[\u4e00-\u9fffA-Za-z0-9]")


def essence(said: str) -> tuple[int, int]:
    """Where what is wanted begins and ends in `said`."""
    if len(said) > _LONGEST or _OWN_TEXT.search(said) is not None:
        return 0, len(said)
    head = _HEAD.match(said.lower())
    start = head.end() if head is not None else 0
    tail = _TAIL.search(said, start)
    kept = tail is None or (tail["haste"] and _URGENT.search(said)) or _FAVOUR.match(said, start) or (_SIGNS.fullmatch(tail.group()) and _NOTED.match(said, start))
    end = len(said) if tail is None or kept else tail.start()
    left = said[start:end]
    if len(_WORD.sub("", left)) == len(left) or _ONLY_A_VERB.fullmatch(left) is not None:
        return 0, len(said)
    return start, end
