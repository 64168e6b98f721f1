"""Cantonese as it is typed, word by word in Mandarin words of the same length, so that every place stays where it was;
of customers, who write as they speak at home, the words of other regions as well.

The user's own words are kept: contents and values are cut from what was said."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.language.lazy import lazy
from storage.model.normal import Normal

_WORDS = {
    "几多": "多少", "边个": "哪位", "边位": "哪位", "边啲": "哪些", "边度": "哪里", "边间": "哪家", "边张": "哪张", "边份": "哪份", "边日": "哪天", "点样": "怎样", "点解": "为啥",
    "听日": "明天", "琴日": "昨天", "寻日": "昨天", "后日": "后天", "前日": "前天", "下昼": "下午", "上昼": "上午", "晏昼": "中午", "听晚": "明晚", "听朝": "明早", "而家": "现在", "依家": "现在",
    "今个": "这个", "呢个": "这个", "呢张": "这张", "呢份": "这份", "呢笔": "这笔", "呢几": "这几", "嗰个": "那个", "嗰张": "那张", "屋企": "家里", "唔该": "麻烦", "唔该晒": "谢谢啦", "唔好": "不要", "多谢晒": "多谢啦", "得闲": "有空", "得唔得": "行不行", "系唔系": "是不是", "有冇": "有无", "仲有冇": "还有没", "唔使": "不用",
    "钟意": "喜欢", "搞掂": "搞定", "记低": "记下", "帮手": "帮忙", "汇入": "导入", "汇出": "导出", "短讯": "短信", "私隐": "隐私", "返工": "上班", "收返": "收回", "攞返": "拿回", "打俾": "打给", "打畀": "打给", "打比": "打给", "派比": "派给", "交比": "交给",
    "去到边": "走到哪", "食饭": "吃饭", "倾下": "聊下", "倾偈": "聊天", "早晨": "早安", "系咪": "是否", "唔系": "不是", "就系": "就是", "争几": "欠几", "争多少": "欠多少", "边": "哪",
    "咗": "了", "嘅": "的", "佢": "他", "冇": "没", "喺": "在", "啲": "些", "嗰": "那", "哋": "们", "嚟": "来", "畀": "给", "俾": "给", "睇": "看", "搵": "找", "揾": "找", "攞": "拿", "喇": "啦", "嘢": "事", "咩": "啥",
    "乜": "啥", "唔": "不", "仲": "还", "噉": "这", "咁": "这", "蚀": "亏", "话": "说", "食": "吃", "傾": "聊", "倾": "聊", "点": "怎", "系": "是", "晒": "完", "冚唪唥": "全部都", "争": "欠",
}
# Words that are Mandarin as well are read so only where nothing else can be meant.
_ONLY = {
    "早晨": r"^早晨$", "边": r"边(?=个月|一?[张份笔单位个间日啲度])", "话": r"(?<=[他佢姐哥总生士])话(?=[佢他想要唔不觉])", "食": r"食(?=咗|了|紧)", "倾": r"倾(?=咗|了|下|紧|过|保|险|单)", "点": r"(?<![\d零一二两三四五六七八九十几有])点(?=改|办(?!理)|做|算|搞|计|汇|导|样)", "系": r"(?<=[人期额号司佢日价费])系(?=边|咩|乜|几|哪|啥)",
    "蚀": r"蚀(?=咗|了|钱|紧)", "争": r"(?<=仲|重)争(?=几|多)", "仲": r"仲(?!裁|介|夏|秋)", "晒": r"(?<=[还交做办供])晒|(?<=唔该)晒", "后日": r"后日(?!报)", "前日": r"(?<!目)前日", "打比": r"打比(?=佢|他|她|俾|[\u4e00-\u9fff]{1,2}[总姐哥])", "派比": r"派比(?!例)", "交比": r"交比(?!例)",
    "返工": r"返工", "短讯": r"短讯", "帮手": r"帮手(?!机)", "汇入": r"汇入(?=客|名|表|资)", "汇出": r"汇出(?=客|名|表|资)", "今个": r"今个(?=月|礼拜|星期|季|年)", "咩": r"(?<!羊)咩", 
}
_CANTONESE = lazy("|".join(_ONLY.get(word, re.escape(word)) for word in sorted(_WORDS, key=len, reverse=True)))
_MARK = re.compile("[咗嘅佢唔冇喺啲咩乜嗰哋嚟畀俾睇搵揾攞喇嘢噉咁蚀]|几多|边[个位度日张份]|听[日晚朝]|琴日|寻日|后日|[上下晏]昼|[而依]家|今个|呢[个张份笔]|屋企|得闲|钟意|搞掂|记低|倾|去到边|早晨|汇[入出]|短讯|私隐|[派打]比|仲争")


def in_mandarin(normal: Normal) -> Normal:
    """The text to be read, with Cantonese words replaced by as many characters."""
    if _MARK.search(normal.text) is None:
        return normal
    return replace(normal, text=_CANTONESE.sub(_in_mandarin, normal.text))


def _in_mandarin(found: re.Match[str]) -> str:
    word = found.group()
    return "谢谢" if word == "唔该" and found.end() == len(found.string.rstrip(" ,。!")) else _WORDS[word]


# Of the north-east, Henan, Sichuan and Shanghai.
_REGIONAL = {
    "啷个": "怎么", "咋个": "怎么", "啥子": "什么", "几钿": "多少", "辰光": "时候", "一哈": "一下", "屋头": "家里", "没得": "没有", "晓得": "知道", "要得": "可以", "麻溜": "赶紧",
    "嘎哈": "干嘛", "嘎啥": "干啥", "中不": "行不", "巴适": "合适", "好多": "多少", "几多": "多少", "几耐": "多久", "一次过": "一次性", "阿拉": "我们",
    "侬": "你", "恁": "你", "俺": "我", "覅": "别", "伐": "吗", "忒": "太", "整": "弄", "遭": "被", "搁": "在", "唠": "聊", "瞅": "看", "瞧": "看", "豁": "骗", "未": "没", "转": "换",
}
# Words of the common language as well are read so only where nothing else can be meant: 好多 asks only where no 了 tells.
_REGIONAL_ONLY = {
    "要得": r"^要得", "中不": r"中不(?=中?\W*$)", "恁": r"恁(?![个么地多好贵大])", "伐": r"(?<![步讨砍杀征采])伐(?=\W|$)", "整": r"(?<=[咋么想要能会得帮不])整(?![理体个天合形容年月])|整(?=[点张份]|一[份个张]|明白|不了)",
    "遭": r"遭(?=[\u4e00-\u9fff]{0,4}?[撞划刮蹭偷咬追淹砸骗扣坑])", "搁": r"(?<![耽延])搁(?=[哪这那家里]|你们|医院|网点|啥地)", "唠": r"(?<![叨絮])唠(?!叨)", "豁": r"豁(?=人|我们?(?:的|\W|$))",
    "好多": r"(?<=[能得要回到欠剩交缴贷赔领拿取是值扣退有额率])好多(?=钱|期|年|点|息|个点|\W|$)|(?<=[能得要回到欠剩交缴贷赔领拿取值退])[^,。了过]好多(?=钱|\W|$)", "未": r"未(?=供完|还完?|批|收到|赔|到账)",
    "转": r"转(?=了?(?:电话|手机|号码|地址))",
}
_OF_A_REGION = lazy("|".join(_REGIONAL_ONLY.get(word, re.escape(word)) for word in sorted(_REGIONAL, key=len, reverse=True)))


def in_common_words(normal: Normal) -> Normal:
    """The text of a customer, with words of the regions replaced by as many characters."""
    return replace(normal, text=_OF_A_REGION.sub(_in_common_words, normal.text))


def _in_common_words(found: re.Match[str]) -> str:
    """Where the letter before shows that it asks, that letter is part of what was found: 领得到好多."""
    word = found.group()
    return _REGIONAL.get(word) or word[0] + _REGIONAL[word[1:]]
