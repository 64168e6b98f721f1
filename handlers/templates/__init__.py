"""The firm's texts to clients, as operations reword them in chat (R147, R191)."""

from handlers.templates import deciding, forms, listing  # noqa: F401  (registers their commands and forms)
