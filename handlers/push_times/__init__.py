"""When the morning brief and the digest come to everybody, as operations set it in chat."""

from handlers.push_times import deciding, forms, listing  # noqa: F401  (registers their commands and forms)
