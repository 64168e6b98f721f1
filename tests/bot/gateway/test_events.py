from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.events import dedupe_key, every, is_addressed_to, parse
from storage.model.incoming import (
    CardClick,
    Event,
    Incoming,
    LinkMessage,
    LocationMessage,
    MediaMessage,
    MenuClick,
    TextMessage,
    Unknown,
)

COMMON = {
    "ToUserName": "wwcorp0000000001", "FromUserName": "LiGuWen", "CreateTime": 1795392600, "AgentID": 1000002,
}  # fmt: skip


def xml(**fields: object) -> str:
    inside = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in fields.items())
    return f"<xml>{inside}</xml>"


def from_member(**fields: object) -> str:
    return xml(**{**COMMON, **fields})


# ---------------------------------------------------------------- the collection of real samples

KIND_OF_TYPE = {
    "text": TextMessage, "image": MediaMessage, "voice": MediaMessage, "video": MediaMessage,
    "location": LocationMessage, "link": LinkMessage,
}  # fmt: skip
KIND_OF_EVENT = {
    "click": MenuClick, "template_card_event": CardClick, "template_card_menu_event": CardClick,
}  # fmt: skip


def test_a_real_sample_parses_to_the_stated_fields(sample):
    path, stated = sample
    text = path.read_text()
    incoming = parse(text)
    for element, expected in stated["expected"].items():
        values = every(incoming.raw, *element.split("/"))
        assert values == (expected if isinstance(expected, list) else [expected]), element
    if stated["MsgType"] == "event":
        name = stated["Event"].casefold()
        assert type(incoming) is KIND_OF_EVENT.get(name, Event)
        if isinstance(incoming, Event):
            assert (incoming.event, incoming.change_type) == (name, stated["ChangeType"] or "")
    else:
        assert type(incoming) is KIND_OF_TYPE.get(stated["MsgType"], Unknown)
    check_typed_fields(incoming, stated["expected"])
    assert dedupe_key(incoming, text, 1)


def check_typed_fields(incoming: Incoming, expected: dict[str, object]) -> None:
    names = {
        "Content": "content", "MsgId": "msg_id", "MediaId": "media_id", "EventKey": "key",
        "TaskId": "task_id", "CardType": "card_type", "ResponseCode": "response_code",
        "AgentID": "agent_id", "Label": "label", "Url": "url",
    }  # fmt: skip
    typed = asdict(incoming)
    for element, field in names.items():
        if element in expected and field in typed:
            assert typed[field] == expected[element]
    if "FromUserName" in expected:
        assert incoming.sender == str(expected["FromUserName"]).casefold()
    if "CreateTime" in expected:
        assert incoming.created_at.timestamp() == int(str(expected["CreateTime"]))


# ---------------------------------------------------------------- messages


def test_a_text_message():
    incoming = parse(from_member(MsgType="text", Content="查 王芳", MsgId="9223372036854775807"))
    assert isinstance(incoming, TextMessage)
    assert incoming.content == "查 王芳"
    assert incoming.msg_id == "9223372036854775807"
    assert incoming.sender == "liguwen"
    assert incoming.agent_id == "1000002"
    assert incoming.created_at == datetime(2026, 11, 23, 0, 10, tzinfo=UTC)


def test_spaces_in_a_text_are_kept_and_around_an_id_are_not():
    incoming = parse(from_member(MsgType=" text ", FromUserName=" Li ", Content=" 好 "))
    assert isinstance(incoming, TextMessage)
    assert (incoming.sender, incoming.content) == ("li", " 好 ")


def test_the_type_decides_even_when_an_event_element_is_there():
    incoming = parse(from_member(MsgType="text", Event="subscribe", Content="你好", MsgId=1))
    assert isinstance(incoming, TextMessage)


@pytest.mark.parametrize("kind", ["image", "voice", "video", "file"])
def test_media_keep_their_kind_and_id(kind):
    incoming = parse(from_member(MsgType=kind, MediaId="m1", MsgId=7))
    assert isinstance(incoming, MediaMessage)
    assert (incoming.kind, incoming.media_id, incoming.msg_id) == (kind, "m1", "7")


def test_a_location_has_numbers():
    where = {"Location_X": "31.2304", "Location_Y": "121.47", "Label": "外滩"}
    incoming = parse(from_member(MsgType="location", MsgId=7, **where))
    assert isinstance(incoming, LocationMessage)
    assert (incoming.latitude, incoming.longitude, incoming.label) == (31.2304, 121.47, "外滩")


@pytest.mark.parametrize("latitude", ["", "north", "nan", "inf"])
def test_a_location_without_usable_numbers_is_kept_as_unknown(latitude):
    incoming = parse(from_member(MsgType="location", Location_X=latitude, Location_Y="121.47", MsgId=7))
    assert isinstance(incoming, Unknown)
    assert incoming.kind == "location"


def test_a_link():
    parts = {"Title": "条款", "Description": "新", "Url": "https://a.cn/x"}
    incoming = parse(from_member(MsgType="link", MsgId=7, **parts))
    assert isinstance(incoming, LinkMessage)
    assert (incoming.title, incoming.description, incoming.url) == ("条款", "新", "https://a.cn/x")


def test_a_doctype_that_a_member_types_is_only_text():
    words = "<!DOCTYPE html> 是什么"
    incoming = parse(f"<xml><MsgType>text</MsgType><Content><![CDATA[{words}]]></Content></xml>")
    assert isinstance(incoming, TextMessage)
    assert incoming.content == words


# ---------------------------------------------------------------- events


@pytest.mark.parametrize("name", ["click", "CLICK", "Click"])
def test_event_names_are_compared_without_case(name):
    incoming = parse(from_member(MsgType="event", Event=name, EventKey="agenda"))
    assert isinstance(incoming, MenuClick)
    assert incoming.key == "agenda"


def test_a_card_click_with_one_choice_and_with_several():
    one = (
        "<SelectedItem><QuestionKey>q1</QuestionKey>"
        "<OptionIds><OptionId>a</OptionId></OptionIds></SelectedItem>"
    )
    many = (
        "<SelectedItem><QuestionKey>q2</QuestionKey>"
        "<OptionIds><OptionId>b</OptionId><OptionId>c</OptionId></OptionIds></SelectedItem>"
    )
    head = (
        "<MsgType>event</MsgType><Event>template_card_event</Event><EventKey>done:1</EventKey>"
        "<TaskId>t1</TaskId><CardType>button_interaction</CardType><ResponseCode>rc</ResponseCode>"
    )
    single = parse(f"<xml>{head}<SelectedItems>{one}</SelectedItems></xml>")
    double = parse(f"<xml>{head}<SelectedItems>{one}{many}</SelectedItems></xml>")
    none = parse(f"<xml>{head}</xml>")
    assert isinstance(single, CardClick)
    assert isinstance(double, CardClick)
    assert isinstance(none, CardClick)
    assert (single.key, single.task_id, single.response_code) == ("done:1", "t1", "rc")
    assert single.selections == {"q1": ("a",)}
    assert double.selections == {"q1": ("a",), "q2": ("b", "c")}
    assert none.selections == {}


def test_a_customer_event_has_its_change_type():
    incoming = parse(xml(
        ToUserName="ww", FromUserName="sys", CreateTime=1, MsgType="event", Event="change_external_contact",
        ChangeType="del_external_contact", Source="DELETE_BY_TRANSFER",
    ))  # fmt: skip
    assert isinstance(incoming, Event)
    assert (incoming.event, incoming.change_type) == ("change_external_contact", "del_external_contact")
    assert incoming.raw["Source"] == "DELETE_BY_TRANSFER"


def test_a_bell_without_a_sender_is_an_event_all_the_same():
    incoming = parse(xml(CreateTime=1, MsgType="event", Event="kf_msg_or_event", Token="t", OpenKfId="k"))
    assert isinstance(incoming, Event)
    assert (incoming.event, incoming.sender, incoming.agent_id) == ("kf_msg_or_event", "", "")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "unreadable"), ("你好", "unreadable"), ('{"a":1}', "unreadable"), ("<xml>", "unreadable"),
        ("<html/>", "unreadable"), ("<xml>\0</xml>", "unreadable"), ("\ud800", "unreadable"),
        ('<!DOCTYPE x [<!ENTITY e "y">]><xml><MsgType>&e;</MsgType></xml>', "unreadable"),
        ("<xml>" + "<a>" * 5000 + "</a>" * 5000 + "</xml>", "unreadable"),
        ("<xml/>", "info:"), ("<xml><MsgType/></xml>", "info:"),
        ("<xml><InfoType>change_contact</InfoType></xml>", "info:change_contact"),
        ("<xml><MsgType>hologram</MsgType></xml>", "hologram"),
        ("<xml><MsgType>event</MsgType></xml>", "event"),
        ("<xml><MsgType><x/></MsgType></xml>", "info:"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_kept_as_unknown(text, kind):
    incoming = parse(text)
    assert isinstance(incoming, Unknown)
    assert incoming.kind == kind


@pytest.mark.parametrize("seconds", ["", "soon", "99999999999999999999", "-99999999999999"])
def test_a_time_that_cannot_be_read_becomes_the_epoch(seconds):
    incoming = parse(from_member(MsgType="text", Content="x", CreateTime=seconds))
    assert incoming.created_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_time_beyond_32_bits_is_read():
    assert parse(xml(CreateTime=4294967296)).created_at - datetime(2106, 2, 7, tzinfo=UTC) < timedelta(days=1)


# ---------------------------------------------------------------- the inbox key


def key(text: str, agent: int = 1000002) -> str:
    return dedupe_key(parse(text), text, agent)


def test_a_repeated_message_has_the_same_key_and_another_person_has_not():
    first = from_member(MsgType="text", Content="好", MsgId=77)
    assert key(first) == key(first) == "1000002:liguwen:77"
    assert key(first) != key(from_member(MsgType="text", Content="好", MsgId=77, FromUserName="Chen"))
    assert key(first) != key(first, agent=1000003)


def test_a_userid_in_another_case_is_the_same_person():
    assert key(from_member(MsgType="text", MsgId=77)) == key(
        from_member(MsgType="text", MsgId=77, FromUserName="LIGUWEN")
    )


def test_two_events_of_one_second_are_two():
    one = xml(FromUserName="sys", CreateTime=5, MsgType="event", Event="change_external_contact", UserID="a")
    two = xml(FromUserName="sys", CreateTime=5, MsgType="event", Event="change_external_contact", UserID="b")
    assert key(one) != key(two)
    assert key(one) == key(one)
    assert key(one).startswith("h:")


@pytest.mark.parametrize("msg_id", ["", "abc", "1" * 21, "-1", "１２"])
def test_a_message_id_that_is_no_plain_number_is_not_trusted(msg_id):
    assert key(from_member(MsgType="text", Content="x", MsgId=msg_id)).startswith("h:")


# ---------------------------------------------------------------- to whom it speaks


def test_a_member_speaking_to_another_corp_or_app_is_not_for_us():
    incoming = parse(from_member(MsgType="text", Content="x"))
    assert is_addressed_to(incoming, "wwcorp0000000001", 1000002)
    assert not is_addressed_to(incoming, "wwother", 1000002)
    assert not is_addressed_to(incoming, "wwcorp0000000001", 1000003)


def test_system_events_may_name_another_app_or_none():
    approval = parse(xml(ToUserName="ww1", FromUserName="sys", AgentID=3010040, MsgType="event", Event="x"))
    bell = parse(xml(ToUserName="ww1", MsgType="event", Event="kf_msg_or_event"))
    assert is_addressed_to(approval, "ww1", 1)
    assert is_addressed_to(bell, "ww1", 1)


# ---------------------------------------------------------------- whatever comes in

TAGS = st.sampled_from([
    "MsgType", "Event", "MsgId", "CreateTime", "FromUserName", "SelectedItems", "SelectedItem", "OptionIds",
    "OptionId", "Location_X", "Location_Y", "AgentID",
])  # fmt: skip
WORDS = st.sampled_from(["event", "text", "location", "template_card_event", "click", "1", "x", ""])
TREES = st.recursive(WORDS, lambda inner: st.lists(st.tuples(TAGS, inner), max_size=4), max_leaves=12)


def written(tree: object) -> str:
    if isinstance(tree, str):
        return tree
    assert isinstance(tree, list)
    return "".join(f"<{name}>{written(inner)}</{name}>" for name, inner in tree)


@given(st.text(max_size=300))
@example("<xml><MsgType>event</MsgType><Event>template_card_event</Event><SelectedItems>x</SelectedItems></xml>")
@example("&" * 100)
def test_no_text_makes_parse_raise(text):
    assert dedupe_key(parse(text), text, 1)


@given(TREES)
def test_no_shape_of_elements_makes_parse_raise(tree):
    text = f"<xml>{written(tree)}</xml>"
    incoming = parse(text)
    assert isinstance(incoming, Incoming)
    assert is_addressed_to(incoming, "ww", 1) in (True, False)
    assert len(dedupe_key(incoming, text, 1)) <= 200
