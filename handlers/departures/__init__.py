"""A member leaves, or gives away his whole book: who gets how many (`sharing`), proposed, confirmed and carried out
(`leaving`)."""

from handlers.departures import leaving

__all__ = ["leaving"]
