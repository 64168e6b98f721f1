"""Events that a rule looks for: in what the bank's systems tell of accounts (a surplus month after month, one large
sum), and on the time line (a complaint).

An event has no date in the dictionary. It happened on a day all the same: a surplus on the day after its last month is
over, a sum on the day on which it moved, a complaint on the day on which it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from config.pack_fields import Part

Yuan = Annotated[Decimal, Field(gt=0, le=1_000_000_000_000)]
EVENT = "event."


class Surplus(Part):
    """More than `over` yuan are left of an account's month, `months` months running. It happens once in a row of such
    months, however long that gets."""

    kind: Literal["surplus"]
    over: Yuan
    months: Annotated[int, Field(ge=2, le=12)]


class Movement(Part):
    """`over` yuan or more come in, or go out, at once."""

    kind: Literal["inflow", "outflow"]
    over: Yuan


class Complaint(Part):
    """The client complained. Each complaint that is written down happens once, also while another one is open."""

    kind: Literal["complaint"]


Event = Annotated[Surplus | Movement | Complaint, Field(discriminator="kind")]

# Of which record an event is, by the source that stands for it in a rule.
RECORDS: Mapping[str, str] = {
    f"{EVENT}surplus": "account", f"{EVENT}inflow": "transaction", f"{EVENT}outflow": "transaction",
    f"{EVENT}complaint": "interaction",
}


def misfit(
    event: Event | None, source: str, category: str, offsets: Sequence[int], shift: str, *, yearly: bool
) -> str:
    """Why a rule's event does not go with its other parts, in Chinese; "" when it does, or when it has none."""
    if source.startswith(EVENT) != (event is not None) or (event is not None and source != f"{EVENT}{event.kind}"):
        return "事件规则写 event，不写 source"
    if (category == "event") != (event is not None):
        return "分类 event 是事件规则的，事件规则也只能用它"
    if event is None:
        return ""
    if min(offsets) < 0:
        return "事件发生以前不知道，不能提前提醒（offsets 不能是负数）"
    if shift == "previous":
        return "事件发生以前不知道，遇节假日不能提前（shift 不能是 previous）"
    return "事件不是每年都有的日子，不能写 yearly" if yearly else ""
