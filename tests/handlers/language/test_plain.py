"""A plain sentence is read at a glance, and means exactly what the long way makes of it."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping

import pytest

from handlers.language import ClientRef, Dialogue, Lexicon, Meaning
from handlers.language.everyday import COMMON
from handlers.language.plain import GIVEN, SURNAMES, at_a_glance
from handlers.language.understand import closely, understand
from tests.handlers.language.conftest import NOW

LEADS = ("", "查 ", "看 ", "找 ", "看看 ", "查询 ", "查客户 ", "查一下 ")
SOMEBODY, OTHER = ClientRef(7, "某人"), ClientRef(8, "李雷")
DIALOGUES = (
    Dialogue(), Dialogue(focus=SOMEBODY, said="查 某人"), Dialogue(focus=OTHER, said="李雷 保单"),
    Dialogue(pending="list", choices=2, list_kind="clients", items=(SOMEBODY, OTHER), said="我的客户"),
    Dialogue(pending="list", choices=3, list_kind="brief", items=(OTHER, None, SOMEBODY), labels=("a", "b", "c")),
    Dialogue(pending="list", choices=1, list_kind="reminder.list", items=(SOMEBODY,), focus=SOMEBODY, said="提醒"),
    Dialogue(list_kind="renewals", choices=1, items=(SOMEBODY,), said="本月续保"),
)  # fmt: skip


class Book:
    """Knows these clients by their names, and counts how often it is asked."""

    def __init__(self, *clients: ClientRef, aliases: Mapping[str, ClientRef] | None = None) -> None:
        self._refs = {client.name: (client,) for client in clients} | {k: (v,) for k, v in (aliases or {}).items()}
        self.asked = 0

    def named(self, keys: Collection[str]) -> Mapping[str, tuple[ClientRef, ...]]:
        self.asked += 1
        return {key: refs for key, refs in self._refs.items() if key in keys}


def glance(text: str, book: Book, dialogue: Dialogue, lexicon: Lexicon, role: str = "adviser") -> Meaning | None:
    return at_a_glance(text, role, book, dialogue, lexicon)[0]


def names() -> list[str]:
    """Every surname, every character in each place, and many pairs."""
    chance = random.Random(1)
    every = [f"{chance.choice(SURNAMES)}{c}" for c in GIVEN]
    every += [f"{chance.choice(SURNAMES)}{c}{chance.choice(GIVEN)}" for c in GIVEN]
    every += [f"{chance.choice(SURNAMES)}{chance.choice(GIVEN)}{c}" for c in GIVEN]
    every += [f"{s}{chance.choice(GIVEN)}" for s in SURNAMES]
    return list(dict.fromkeys(every))


def test_what_is_read_at_a_glance_is_what_the_long_way_reads(lexicon: Lexicon) -> None:
    chance = random.Random(2)
    read = 0
    for name in names():
        who = ClientRef(7, name)
        lead, mind = chance.choice(LEADS), chance.choice(DIALOGUES)
        for text, dialogue in ((lead + name, mind), (f"查 {name}", DIALOGUES[1]), (name, mind)):
            found = glance(text, Book(who), dialogue, lexicon)
            if found is not None:
                read += 1
                assert found == closely(text, NOW, "adviser", Book(who), dialogue, lexicon), (text, dialogue)
    assert read > len(names()) * 2, "most plain names are read at a glance"


@pytest.mark.parametrize("role", ["adviser", "manager", "compliance", "ops"])
@pytest.mark.parametrize("lead", LEADS)
def test_every_way_to_ask_is_the_same_in_every_turn_of_the_talk(lead: str, role: str, lexicon: Lexicon) -> None:
    for name, dialogue in ((n, d) for n in ("王芳", "李晓敏", "张雨晨", "陈静") for d in DIALOGUES):
        who = ClientRef(7, name)
        found = glance(lead + name, Book(who), dialogue, lexicon, role)
        if found is not None:
            assert found == closely(lead + name, NOW, role, Book(who), dialogue, lexicon), dialogue


@pytest.mark.parametrize("text", ["王芳", "查 王芳", "查询 张敏"])
def test_the_commonest_sentences_are_plain(text: str, lexicon: Lexicon) -> None:
    assert glance(text, Book(ClientRef(7, text[-2:])), Dialogue(), lexicon) is not None


@pytest.mark.parametrize("text", [*sorted(COMMON), "查 王芳 保单", "王芳 明天", "李未", "查王芳", "王芳的", "查 王总", "取消"])
def test_everyday_words_and_whatever_says_more_go_the_long_way(text: str, lexicon: Lexicon) -> None:
    assert glance(text, Book(ClientRef(7, text)), Dialogue(), lexicon) is None


def test_names_that_are_not_one_client_s_own_go_the_long_way_without_asking_twice(lexicon: Lexicon) -> None:
    wang, other = ClientRef(1, "王小芳"), ClientRef(2, "王芳")
    for book in (Book(), Book(aliases={"王芳": wang}), Book(ClientRef(3, "王芳琳"), other)):
        text = "查 王芳琳" if len(book._refs) > 1 else "查 王芳"
        found, again = at_a_glance(text, "adviser", book, Dialogue(), lexicon)
        assert found is None
        long_way = closely(text, NOW, "adviser", again, Dialogue(), lexicon)
        assert book.asked == (1 if book._refs else 2)  # nobody of that name: once more by its sound
        assert long_way == understand(text, now=NOW, role="adviser", book=book, dialogue=Dialogue(), lexicon=lexicon)


@pytest.mark.parametrize("pending", ["choice", "confirm", "form", "text"])
def test_an_answer_to_a_question_is_never_read_at_a_glance(pending: str, lexicon: Lexicon) -> None:
    waiting = Dialogue(pending=pending, choices=2, items=(SOMEBODY, OTHER))
    assert glance("王芳", Book(ClientRef(7, "王芳")), waiting, lexicon) is None
    assert glance("王芳", Book(ClientRef(7, "王芳")), Dialogue(), lexicon, role="customer") is None
