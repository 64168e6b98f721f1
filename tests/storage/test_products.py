"""The shelf in the database follows the packs."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from config.pack import PackStore
from storage.database import Database
from storage.model.clock import MovableClock
from storage.products import sync_products
from storage.tables import contracts, products
from storage.vault import Vault
from tests.builders import Cast, a_client, a_contract

PACK = 'name: mine\nlabel: 我的\nversion: "1"\nline: insurance\n'
WORDS = "words:\n  - {canonical: 重疾险, kind: product}\n"
KINDS = """
kinds:
  - name: policy
    label: 保单
    number_label: 保单号
    initial: active
    states:
      - {name: active, label: 有效, moves: [ended]}
      - {name: ended, label: 终止, final: true}
"""


def a_pack(folder: Path, *shelf: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(PACK)
    (folder / "words.yaml").write_text(WORDS)
    (folder / "contracts.yaml").write_text(KINDS)
    (folder / "products.yaml").write_text("products:\n" + "".join(f"  - {product}\n" for product in shelf))
    return folder


def shelf(database: Database) -> dict[str, tuple[str, int | None, dict[str, object]]]:
    with database.engine.connect() as conn:
        return {r.code: (r.name, r.grace_days, r.attrs) for r in conn.execute(select(products))}


def test_all_products_of_the_packs_are_on_the_shelf_once(database: Database, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        assert sync_products(uow) == len(uow.packs.products) > 0
    with database.system(clock.now()) as uow:
        assert sync_products(uow) == 0

    assert set(shelf(database)) == {product.code for product in database.packs.current.products}


def test_a_changed_product_is_changed_and_one_that_left_the_packs_stays(
    database_url: str, vault: Vault, clock: MovableClock, tmp_path: Path
) -> None:
    first = "{code: CI-1, name: 康佑一号, kind: policy, family: 重疾险, provider: 青禾人寿, grace_days: 60}"
    second = "{code: CI-2, name: 康佑二号, kind: policy, family: 重疾险, provider: 青禾人寿}"
    store = PackStore([a_pack(tmp_path / "mine", first, second)])
    database = Database(database_url, vault, store)
    with database.system(clock.now()) as uow:
        sync_products(uow)
    a_pack(tmp_path / "mine", first.replace("60", "30").replace("一号", "一号 2025"))
    store.reload()

    with database.system(clock.now()) as uow:
        assert sync_products(uow) == 1

    assert shelf(database) == {
        "CI-1": ("康佑一号 2025", 30, {"provider": "青禾人寿"}), "CI-2": ("康佑二号", None, {"provider": "青禾人寿"}),
    }  # fmt: skip
    database.close()


def test_a_contract_can_be_joined_with_its_product(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.system(clock.now()) as uow:
        sync_products(uow)
        product = next(p for p in uow.packs.products if p.kind == "policy")
        a_contract(uow, a_client(uow), "policy", product_code=product.code)
        name = uow.conn.execute(
            select(products.c.name).join(contracts, contracts.c.product_code == products.c.code)
        ).scalar_one()

    assert name == product.name
