"""Corrections to an open form."""

from __future__ import annotations

from handlers.language.intents import create, fills, relatives
from handlers.language.intents.pattern import Slots
from handlers.language.intents.update import change
from handlers.language.sentence import Sentence


def correction(s: Sentence) -> Slots | None:
    """`field`, `value` (and all `fields`) for an open form; None when nothing of a form was said."""
    family: Slots = {}
    if s.dialogue.form.startswith("client."):
        s, family = relatives.told(s)
    found = _corrected(s)
    if not family:
        return found
    found = found or {"field": "family_told", "value": family.get("family_told"), "fields": {}}
    return {**found, "fields": {**found.get("fields", {}), **fills.merged(family)}}


def _corrected(s: Sentence) -> Slots | None:
    found = change(s) if s.fields or s.has("phone", "id_number", "licence_code", "email") or "改名" in s.text else None
    several = {k: v for k, v in create.fields_of(s).items() if k not in {"kind", "clarify", "referrer_id"}}
    extra: Slots = {k: several.pop(k) for k in ("birthday_lunar", "birthday_leap") if k in several}
    if found and found.get("value") is not None:
        own = found.get("fields") or {found["field"]: found["value"]}
        return {**found, **extra, "fields": {**{k: v for k, v in several.items() if len(several) > 1}, **own}}
    if several:
        name = next(iter(several))
        return {"field": name, "value": several[name], "fields": several, **extra}
    if extra:
        return {"field": "birthday", "value": None, "fields": {}, **extra}
    return found
