"""Tickets in chat: opened (`opening`), shown and listed (`showing`), moved on by words and buttons (`moving`) with what
has to be said asked for (`asking`), given to others (`giving`), closed in the old words (`closing`), their papers
(`papers`, opened in `kept_papers`), what they came from (`causes`), what is told of a claim without its number
(`told`). What a ticket may do and who may make it do so is the flow's (`config/pack_flows.py`); `engine` carries it
out, `rights` says who is meant."""

from handlers.tickets import (
    causes,
    closing,
    giving,
    kept_papers,
    moving,
    opening,
    papers,
    screening,
    showing,
    simulating,
    told,
)

__all__ = [
    "causes", "closing", "giving", "kept_papers", "moving", "opening", "papers", "screening", "showing", "simulating",
    "told",
]
