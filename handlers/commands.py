"""Imports every handler module, so that its commands, actions, forms and events are registered."""

from handlers import (  # noqa: F401
    agenda,
    care,
    client_changes,
    client_forms,
    clients,
    compliance,
    contracts,
    dialogue,
    dues,
    events,
    follow_ups,
    help,
    ops,
    renewals,
    team,
)
