"""Contracts of all kinds: looking at them, adding, changing, their payment plans. Importing registers the commands."""

from handlers.contracts import adding, changing, credit, lookup, planning

__all__ = ["adding", "changing", "credit", "lookup", "planning"]
