"""The words of packs reach understanding; data of ops, not code."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.pack import load_packs
from handlers.language import Lexicon, lexicon_from
from handlers.language.intents import rules_for
from handlers.language.lazy import compile_all, lazy

BUILT_IN = ("common", "bank", "insurance", "securities", "lending")


@pytest.fixture(scope="module")
def packs_lexicon() -> Lexicon:
    return lexicon_from(load_packs(BUILT_IN))


def test_products_of_the_shelf_are_known_by_name_and_by_their_longer_synonyms(packs_lexicon: Lexicon) -> None:
    product = load_packs(BUILT_IN).products[0]
    assert packs_lexicon.products[product.name] == product.name
    assert packs_lexicon.kinds[product.name] == product.kind


def test_fields_go_by_the_names_of_the_dictionary(packs_lexicon: Lexicon) -> None:
    assert packs_lexicon.fields["身份证有效期"] == "id_expires_on"
    assert packs_lexicon.fields["手机号"] == "phone"


def test_a_synonym_that_ops_add_is_understood(tmp_path: Path) -> None:
    folder = tmp_path / "extra"
    folder.mkdir()
    (folder / "pack.yaml").write_text("name: extra\nlabel: 附加\nversion: '1'\nline: insurance\n", encoding="utf-8")
    (folder / "words.yaml").write_text("words:\n  - {canonical: 车险, kind: product, synonyms: [小轿车保障], replace: true}\n", encoding="utf-8")
    lexicon = lexicon_from(load_packs((*BUILT_IN, folder)))
    assert lexicon.products["小轿车保障"] == "车险"


def test_a_scanner_takes_the_longest_word_and_never_overlaps(packs_lexicon: Lexicon) -> None:
    found = packs_lexicon.scanner("products").find("买了百万医疗险和大额存单")
    assert [(value, end - start) for start, end, value in found] == [("百万医疗", 5), ("大额存单", 4)]


def test_every_rule_has_a_name_of_its_own_within_its_intent_and_compiles() -> None:
    for role in ("adviser", "customer"):
        rules = {rule for group in rules_for(role).values() for rule in group}
        assert all(rule.shape is None or rule.shape.pattern for rule in rules)
        assert all(0 < rule.score < 90 for rule in rules)


def test_a_process_that_stops_compiles_no_more() -> None:
    waiting = lazy("never needed")
    compile_all(lambda: True)
    with pytest.raises(AttributeError):
        object.__getattribute__(waiting, "pattern")
    compile_all()
    assert object.__getattribute__(waiting, "pattern").search("never needed")
