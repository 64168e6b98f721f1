"""Customers who ask for themselves in 微信客服: what the bot answers at once, and what it hands to a person.

`SelfService` is the attendant (`reminders.kf_attending`); `identity` proves who somebody is; every other file answers
some of the `self.*` intents, one `@answers` function each."""

from handlers.self_service import assessing, claims, contracts, matters, products, requests, rights, talk
from handlers.self_service.attending import SelfService

__all__ = ["SelfService", "assessing", "claims", "contracts", "matters", "products", "requests", "rights", "talk"]
