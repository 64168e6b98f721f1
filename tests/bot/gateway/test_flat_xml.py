"""What is read at a glance is what the parser reads; what it refuses or changes is left to it."""

from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.flat_xml import flat_fields

MESSAGE = (
    "<xml><ToUserName><![CDATA[wwcorp]]></ToUserName>\n<FromUserName><![CDATA[lixiang]]></FromUserName>"
    "<CreateTime>1749430000</CreateTime> <Content><![CDATA[查 王芳 🙂\t> 谁\n]]></Content><Empty></Empty></xml>\n"
)
PIECES = (
    "<xml>", "</xml>", "<xml/>", "<a>", "</a>", "<b>", "</b>", "<a >", "<a x='1'>", "<1>", "</1>", "<n:a>", "</n:a>", "<é>", "</é>",
    "<a/>", "<![CDATA[", "]]>", "]", "]]", ">", "<", "&", "&amp;", "&#10;", "<!--", "-->", "<?x?>", "<!DOCTYPE xml>", "<?xml version='1.0'?>",
    " ", "\n", "\t", "\r", "\r\n", "\0", "\x0b", "\x1f", "\x7f", "\x85", "\xa0", "\u2028", "\u3000", "\ud800", "\ufffd", "\ufffe", "\uffff",
    "\U0001f642", "王芳", "text", "0",
)  # fmt: skip
ELEMENTS = st.tuples(st.sampled_from("aab"), st.lists(st.sampled_from(PIECES), max_size=3), st.booleans()).map(
    lambda e: f"<{e[0]}>{'<![CDATA[' if e[2] else ''}{''.join(e[1])}{']]>' if e[2] else ''}</{e[0]}>"
)
NEARLY_FLAT = st.lists(st.one_of(ELEMENTS, st.sampled_from(PIECES)), max_size=4).map("".join).map("<xml>{}</xml>".format)
WILD = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def parsed(xml: str) -> dict[str, str] | None:
    """What the parser makes of a flat document; None where it is not one, or the parser refuses it."""
    try:
        root = ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError):
        return None
    fields = {child.tag: child.text or "" for child in root}
    flat = root.tag == "xml" and len(fields) == len(root) and not any(map(len, root))
    return fields if flat else None


@settings(max_examples=1500)
@given(st.one_of(NEARLY_FLAT, WILD))
@example("<xml><a>]]></a></xml>")
@example("<xml><a>1\r\n</a></xml>")
@example("<xml><a>\ufffe</a></xml>")
@example("<xml><a>\ud800</a></xml>")
@example("<xml><a>1</a>\u3000</xml>")
@example("<xml><a>1</a></xml>\u3000")
@example("<xml><a>1</a></xml><xml></xml>")
def test_what_is_read_at_a_glance_is_what_the_parser_reads(xml: str) -> None:
    assert (fields := flat_fields(xml)) is None or fields == parsed(xml)


def test_a_message_is_read_at_a_glance() -> None:
    fields = flat_fields(MESSAGE)
    assert fields is not None
    assert (fields["Content"], fields["CreateTime"], fields["Empty"]) == ("查 王芳 🙂\t> 谁\n", "1749430000", "")
    assert fields == parsed(MESSAGE)


@pytest.mark.parametrize("change", [
    ("1749430000", "<Deep>1</Deep>"), ("<Empty></Empty>", "<CreateTime>2</CreateTime>"), ("1749430000", "1 &amp; 2"),
    ("<xml>", "<?xml version='1.0'?><xml>"), ("<xml>", "<!DOCTYPE xml><xml>"), ("lixiang", "li\rxiang"), ("</xml>", ""),
])  # fmt: skip
def test_what_is_not_as_plain_is_left_to_the_parser(change: tuple[str, str]) -> None:
    assert flat_fields(MESSAGE.replace(*change)) is None
