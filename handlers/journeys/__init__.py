"""Journeys in chat: who is in which, joining and leaving, and stopping at once when a member writes down why."""

import handlers.journeys.executing
import handlers.journeys.listing
import handlers.journeys.moving

__all__ = ["handlers"]
