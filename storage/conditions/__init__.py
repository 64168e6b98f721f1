"""The condition language: one sentence of conditions over clients, read to a tree and compiled to one SQL condition.

    贵宾 且 30天未联系 且 持有基金
    (年龄 50以上 或 标签 临近退休) 且 不是 已流失
    管理资产 在 50万 到 100万 之间 且 到期日 在 30 天内

Words are those of the field dictionary, the tags, tiers, stages and products of the packs. Nothing is guessed: a part
that cannot be read is refused with the words that come nearest. Joined by 且, 或, 非 (and, or, not) and brackets;
a comma or a blank between two conditions means 且."""

from storage.conditions.explaining import Clause, outline
from storage.conditions.facts import ClientField, View
from storage.conditions.reading import LONGEST, MOST_TESTS, Unreadable, check_name, read
from storage.conditions.tree import All, Any_, Not, Test, Tree, compiled, describe, tests_of

__all__ = [
    "LONGEST", "MOST_TESTS", "All", "Any_", "Clause", "ClientField", "Not", "Test", "Tree", "Unreadable", "View",
    "check_name", "compiled", "describe", "outline", "read", "tests_of",
]
