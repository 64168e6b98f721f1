"""Who else is in the policies of the demo: 王芳 insures herself for her husband, 张敏 her child."""

from __future__ import annotations

from storage.database import UnitOfWork
from storage.model.contracts import Contract
from storage.model.people import Client


def write_parties(uow: UnitOfWork, fang: Client, lei: Client, min_: Client) -> None:
    """王芳 and 张敏 with their long-term policies, and 赵磊, who is to get what 王芳's pays."""
    own, child = _long_policy(uow, fang), _long_policy(uow, min_)
    uow.contracts.add_party(own.id, fang.owner_id, "insured", fang.name, fang.id)
    uow.contracts.add_party(own.id, fang.owner_id, "beneficiary", lei.name, lei.id)
    uow.contracts.add_party(child.id, min_.owner_id, "insured", "张小朵")


def _long_policy(uow: UnitOfWork, client: Client) -> Contract:
    return next(c for c in uow.contracts.of_client(client.id) if (c.product_code or "").startswith("INS-CI"))
