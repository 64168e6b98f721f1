"""Imports every handler module, so that its commands, actions, forms and events are registered."""

import handlers.accounts
import handlers.agenda
import handlers.approval_desk
import handlers.assets
import handlers.campaign_results
import handlers.campaigns
import handlers.care
import handlers.care_sending
import handlers.churn
import handlers.client_changes
import handlers.client_forms
import handlers.clients
import handlers.complaints
import handlers.compliance
import handlers.consents
import handlers.contacts
import handlers.contracts
import handlers.covers
import handlers.dead_letters
import handlers.dialogue
import handlers.dues
import handlers.escalation
import handlers.escalation_hours
import handlers.events
import handlers.follow_ups
import handlers.help
import handlers.journeys
import handlers.kf
import handlers.menu
import handlers.opportunities
import handlers.ops
import handlers.potential
import handlers.push_times
import handlers.puzzles
import handlers.recommending
import handlers.renewals
import handlers.reports
import handlers.rules
import handlers.segment_reasons
import handlers.segments
import handlers.tags
import handlers.tasks
import handlers.team
import handlers.tiers

__all__ = ["handlers"]
