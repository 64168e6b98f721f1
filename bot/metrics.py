"""What is counted, for /metrics. One registry per process; numbers only, nothing about clients."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

INBOX = ("new", "parked")
OUTBOX = ("new", "sending", "uncertain", "refused", "parked")
_MS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The product's counters. Made once by the composition root and handed to what counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.callbacks = Counter(
            "bot_callbacks", "Callbacks by what became of them", ["outcome"], registry=self.registry
        )
        self.refused = Counter(
            "bot_callbacks_refused", "Callbacks refused, by reason", ["reason"], registry=self.registry
        )
        self.acknowledged = Histogram(
            "bot_callback_seconds", "From request to acknowledgement", buckets=_MS, registry=self.registry
        )
        self.handled = Histogram(
            "bot_message_seconds", "From arrival to queued reply", buckets=_MS, registry=self.registry
        )
        self.messages = Counter(
            "bot_messages", "Inbox messages by what became of them", ["outcome"], registry=self.registry
        )
        intents = Counter("bot_intents", "Understood sentences by intent", ["intent"], registry=self.registry)
        self.of_intent = cache(intents.labels)  # to look a label up costs more than to count
        self.delivered = Counter(
            "bot_deliveries", "Delivery attempts by outcome", ["outcome"], registry=self.registry
        )
        self.wecom_calls = Counter(
            "bot_wecom_calls", "Calls to WeCom by API and errcode", ["api", "errcode"], registry=self.registry
        )
        self.wecom_seconds = Histogram(
            "bot_wecom_seconds", "Time of the calls to WeCom", buckets=_MS, registry=self.registry
        )
        self.inbox = Gauge("bot_inbox_rows", "Inbox rows in hand by state", ["state"], registry=self.registry)
        self.outbox = Gauge("bot_outbox_rows", "Outbox rows in hand by state", ["state"], registry=self.registry)
        self.spooled = Counter(
            "bot_spooled", "Callbacks kept in the spool because the database was slow", registry=self.registry
        )

    def show_boxes(self, inbox: Mapping[str, int], outbox: Mapping[str, int]) -> None:
        """Rows by state; states without a row show 0, not the figure of the last look."""
        for gauge, states, counts in ((self.inbox, INBOX, inbox), (self.outbox, OUTBOX, outbox)):
            for state in {*states, *counts}:
                gauge.labels(state).set(counts.get(state, 0))

    def observe_call(self, api: str, errcode: int | None, seconds: float) -> None:
        """A call to WeCom has ended; no errcode when there was no answer. Fits `WeComClient(observe=…)`."""
        self.wecom_calls.labels(api, "none" if errcode is None else str(errcode)).inc()
        self.wecom_seconds.observe(seconds)

    def text(self) -> bytes:
        """The Prometheus exposition."""
        return generate_latest(self.registry)
