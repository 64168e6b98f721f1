"""The flat document that nearly every callback is, read at a glance: <xml> around elements that hold text and no more.

It comes to exactly what the parser comes to (the tests compare the two), at half of the cost; whatever is not as
plain as that is left to the parser, and so is refusing."""

from __future__ import annotations

import re

# Left to the parser: markup, entities, what may end a CDATA section, and what it refuses or changes.
_TEXT = r"[^<&\]\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]*+"
_ELEMENT = re.compile(
    r"[ \t\n]*+<(?P<name>[A-Za-z_][A-Za-z0-9_]*+)>"
    rf"(?:<!\[CDATA\[(?P<marked>{_TEXT})\]\]>|(?P<bare>{_TEXT}))</(?P=name)>"
)
_BEGIN, _END = "<xml>", re.compile(r"[ \t\n]*+</xml>[ \t\n]*+")


def flat_fields(xml: str) -> dict[str, str] | None:
    """The texts by element name; None for a document that is not as plain, or repeats a name."""
    if not xml.startswith(_BEGIN):
        return None
    fields: dict[str, str] = {}
    at = len(_BEGIN)
    while found := _ELEMENT.match(xml, at):
        name, marked, bare = found.groups()
        if name in fields:
            return None
        fields[name] = bare if marked is None else marked
        at = found.end()
    return fields if _END.fullmatch(xml, at) else None
