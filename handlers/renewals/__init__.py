"""Renewals from push to result: the client's wish, renewed, not renewed. Importing registers the commands."""

from handlers.renewals import cards, done, intent, lost

__all__ = ["cards", "done", "intent", "lost"]
