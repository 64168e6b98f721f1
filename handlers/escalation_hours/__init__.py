"""After how many working hours reminders climb, as operations set it in chat (R150)."""

from handlers.escalation_hours import deciding, forms, listing  # noqa: F401  (registers their commands and forms)
