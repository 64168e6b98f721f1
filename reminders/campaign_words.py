"""Words and cards of campaigns, for those who start one and for the advisers who confirm their part."""

from __future__ import annotations

from collections.abc import Mapping

from config.pack import Template
from reminders.care_words import REFUSED_WORDS
from storage.database import UnitOfWork
from storage.model.care import REASON_WORDS, Campaign
from storage.model.ids import new_token
from storage.model.messages import Button, Card, cut
from storage.repositories.client_messages import ClientMessageRepository

LOST = "客户已流失"


def left_out_words(counts: Mapping[str, int]) -> str:
    """没有授权 5、有投诉在处理 1"""
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return "、".join(f"{_reason(code)} {number}" for code, number in ordered)


def _reason(code: str) -> str:
    return REFUSED_WORDS.get(code) or REASON_WORDS.get(code) or (LOST if code == "lost" else code)


def part_card(
    uow: UnitOfWork, campaign: Campaign, template: Template, adviser_id: str, count: int, left_off: int = 0
) -> Card:
    """An adviser's part: nothing is made before he confirms it. `left_off`: clients over the most that a campaign
    looks at."""
    task_id = f"campaign-{new_token()}"
    sample = next(iter(ClientMessageRepository(uow).of_campaign(campaign.id, adviser_id)), None)

    def button(words: str, action: str, style: int) -> Button:
        return Button(words, uow.cards.bind(task_id, adviser_id, action, campaign=campaign.id), style)

    return Card(
        "button_interaction", title=cut(f"群发：{campaign.name}", 36),
        desc=f"您的 {count} 位客户，您确认后才生成任务",
        sub_title=f"客户太多，另有 {left_off} 位这次没有看" if left_off else "",
        task_id=task_id, quote_title="文案示例", quote_text=sample.text if sample else template.label,
        buttons=[
            button("全部发送", "campaign.send", 1), button("看名单", "campaign.names", 2),
            button("不发", "campaign.skip", 4),
        ],
    )  # fmt: skip
