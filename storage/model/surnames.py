"""Surnames of two characters, for whoever has to tell a surname from a given name."""

from __future__ import annotations

COMPOUND_SURNAMES = tuple(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 纳兰 拓跋 百里 东郭 西门 完颜 呼延 澹台 公孙 慕容 令狐 "
    "司徒 夏侯 端木 南宫 轩辕 长孙 宇文 独孤 闻人 赫连 申屠 钟离 濮阳 淳于 公冶 宗政 太史 鲜于 "
    "闾丘 司空 司寇 子车 颛孙 巫马 公西 漆雕 乐正 宰父 谷梁 拓拔 羊舌 左丘 仲孙 万俟 段干 第五".split()
)
