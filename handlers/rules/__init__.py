"""Reminder rules that operations set in chat (S33): read, tried out, approved by a second person, stopped."""

from handlers.rules import deciding, forms, listing, reasons  # noqa: F401  (registers their commands and forms)
