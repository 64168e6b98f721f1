"""Imports every handler module, so that its commands, actions, forms and events are registered."""

import handlers.agenda
import handlers.care
import handlers.client_changes
import handlers.client_forms
import handlers.clients
import handlers.compliance
import handlers.consents
import handlers.contracts
import handlers.dialogue
import handlers.dues
import handlers.events
import handlers.follow_ups
import handlers.help
import handlers.menu
import handlers.ops
import handlers.puzzles
import handlers.renewals
import handlers.segments
import handlers.team

__all__ = ["handlers"]
