"""When the morning brief, the digest and the reports come to everybody, as operations set it in chat."""

from handlers.push_times import deciding, forms, listing  # noqa: F401  (registers their commands and forms)
