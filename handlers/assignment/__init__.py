"""Who gets a client without an adviser: the rules as operations set them in chat, and what advisers answer (R249)."""

from handlers.assignment import deciding, forms, listing, offers  # noqa: F401  (registers their commands and forms)
