"""The tier standard that operations set in chat, and the tiers of clients that follow it (S35)."""

from handlers.tiers import (  # noqa: F401  (registers their commands and forms)
    analysis,
    clients,
    deciding,
    forms,
    hands,
    listing,
)
