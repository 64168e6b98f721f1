"""Which product people mean, and what the shelf knows of a contract's product."""

from __future__ import annotations

from datetime import date, timedelta

from config.pack import Packs, Product
from storage.model.contracts import Contract
from storage.model.plans import STATUTORY_GRACE_DAYS, add_months

HOLDINGS = ("deposit", "wealth", "fund")
LOANS = ("loan", "lease")
# A policy that runs no longer than this is renewed; a longer one matures.
RENEWED_WITHIN_DAYS = 366


def family_of(packs: Packs, said: str) -> str:
    """The canonical word for a sort of product: 重疾 → 重疾险; the word itself when it is none."""
    word = said.strip().lower()
    for words in packs.words:
        if words.kind == "product" and word in (words.canonical.lower(), *(s.lower() for s in words.synonyms)):
            return words.canonical
    return said.strip()


def products_named(packs: Packs, said: str, kinds: tuple[str, ...] = (), provider: str = "") -> list[Product]:
    """Products that answer to these words: by name first, then all of a sort, then by a part of the name.

    `provider` narrows the find where it can."""
    on_shelf = [p for p in packs.products if not kinds or p.kind in kinds]
    word, family = said.strip().lower(), family_of(packs, said)
    found = (
        [p for p in on_shelf if word in _names(p)]
        or [p for p in on_shelf if p.family == family]
        or [p for p in on_shelf if len(word) > 1 and any(word in name or name in word for name in _names(p))]
    )
    of_provider = [p for p in found if provider and (provider in p.provider or p.provider in provider)]
    return of_provider or found


def product_said(packs: Packs, said: str, text: str) -> str:
    """The product that the whole sentence names, where the word found for it is only a sort of product.

    A sentence about 稳盈季季开 is heard as 理财; the name itself says more."""
    if any(said.strip().lower() in _names(p) for p in packs.products):
        return said
    of_sort = [p for p in packs.products if p.family == family_of(packs, said)]
    whole = [(len(n), p.name) for p in of_sort for n in _names(p) if n in text.lower()]
    parts = {p.name for p in of_sort for word in text.split() if len(word) > 2 and word in p.name and word != said}
    if whole:
        return max(whole)[1]
    return parts.pop() if len(parts) == 1 else said


def kinds_meant(packs: Packs, said: str, kinds: tuple[str, ...]) -> list[str]:
    """Which of these contract kinds the words speak of; empty when they do not tell."""
    found = {p.kind for p in products_named(packs, said, kinds)}
    for name in kinds:
        kind = packs.kind(name)
        if any(word in said for word in (kind.label, *kind.synonyms)):
            found.add(name)
    return [name for name in kinds if name in found]


def product_of(packs: Packs, contract: Contract) -> Product | None:
    """The product of a contract, when it is on the shelf."""
    return next((p for p in packs.products if p.code == contract.product_code), None)


def answers_to(packs: Packs, contract: Contract, said: str) -> bool:
    """Whether words such as 重疾险, 安康 or 保单 mean this contract."""
    word, family = said.strip().lower(), family_of(packs, said)
    kind = packs.kind(contract.kind)
    if word in (kind.label.lower(), *(s.lower() for s in kind.synonyms)):
        return True
    product, name = product_of(packs, contract), contract.product_name.lower()
    if product and (product.family == family or any(word in n or n in word for n in _names(product))):
        return True
    return bool(name) and (word in name or name in word or family.lower() in name)


def grace_days(packs: Packs, contract: Contract) -> int:
    """Days of grace of a policy's premiums: the product's, else those of the law."""
    product = product_of(packs, contract)
    if product is None or product.grace_days is None:
        return STATUTORY_GRACE_DAYS
    return product.grace_days


def ends_after(starts_on: date, term_days: int) -> date:
    """The end of a product's term; whole years are counted by the calendar."""
    years, rest = divmod(term_days, 365)
    return starts_on + timedelta(days=term_days) if rest else add_months(starts_on, years * 12)


def is_renewable(packs: Packs, contract: Contract) -> bool:
    """A policy of about a year, which is renewed, and not a long one, which matures."""
    product = product_of(packs, contract)
    if product is not None:
        return product.term_days is not None and product.term_days <= RENEWED_WITHIN_DAYS
    if contract.starts_on is None or contract.ends_on is None:
        return True
    return (contract.ends_on - contract.starts_on).days <= RENEWED_WITHIN_DAYS


def _names(product: Product) -> list[str]:
    return [name.lower() for name in (product.name, product.code, *product.synonyms)]
