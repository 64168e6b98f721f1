"""Messages out, as values: what the app may send to a member (developer.work.weixin.qq.com/document/path/90236), built
by handlers and briefs, checked here against WeCom's lengths, frozen as JSON in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from storage.model.charts import Chart

TEXT_BYTES = 2048
CardType = Literal[
    "text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction"
]

class TooLong(ValueError):
    """A part of a message is longer than WeCom shows. A bug of ours, found before sending."""


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, the last one an ellipsis where something was left out."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _check(name: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise TooLong(f"{name} has {len(text)} characters, WeCom shows {limit}")


@dataclass(frozen=True, slots=True)
class Button:
    """`key` comes back in the click; at most 1,024 bytes. style: 1 blue, 2 blue outline, 3 red, 4 grey."""

    text: str
    key: str
    style: int = 1


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    text: str
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Select:
    question_key: str
    title: str
    options: Sequence[Option]
    selected_id: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a card: a key of at most 5 characters and a value of at most 30."""

    key: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A template card of any of the five types; `payload()` gives WeCom's JSON object.

    Only the parts that the type knows are given. Lengths are WeCom's advice, checked here so that
    no card is cut on the phone. Use `cut()` where a value may be long."""

    card_type: CardType
    title: str
    desc: str = ""
    task_id: str = ""
    source: str = ""
    source_color: int = 0
    sub_title: str = ""
    lines: Sequence[Line] = ()
    quote_title: str = ""
    quote_text: str = ""
    emphasis_title: str = ""
    emphasis_desc: str = ""
    buttons: Sequence[Button] = ()
    selection: Select | None = None
    selects: Sequence[Select] = ()
    checkbox: Select | None = None
    checkbox_multi: bool = False
    submit: Button | None = None
    menu_desc: str = ""
    menu: Sequence[Button] = ()
    url: str = ""
    image_url: str = ""
    verticals: Sequence[Line] = ()
    jumps: Sequence[tuple[str, str]] = ()
    replace_text: str = ""

    def __post_init__(self) -> None:
        self._check_lengths()
        self._check_required()

    def _check_lengths(self) -> None:
        """Every card of every answer passes here, so that a part that fits costs no more than to see it."""
        vote = self.card_type == "vote_interaction"
        if len(self.title) > 16 or len(self.desc) > 44:
            _check("main_title.title", self.title, 16 if vote else 36)
            _check("main_title.desc", self.desc, 160 if vote else 44)
        if len(self.source) > 20 or len(self.sub_title) > 160:
            _check("source.desc", self.source, 20)
            _check("sub_title_text", self.sub_title, 160)
        if self.emphasis_title or self.emphasis_desc:
            _check("emphasis_content.title", self.emphasis_title, 14)
            _check("emphasis_content.desc", self.emphasis_desc, 22)
        if len(self.lines) > 6 or len(self.buttons) > 6 or len(self.menu) > 3 or len(self.selects) > 3:
            raise TooLong("a card takes 6 lines, 6 buttons, 3 menu entries, 3 selects")
        if len(self.verticals) > 4 or len(self.jumps) > 3:
            raise TooLong("a card takes 4 vertical contents and 3 jumps")
        for line in self.lines:
            if len(line.key) > 5 or len(line.value) > 30:
                _check("keyname", line.key, 5)
                _check("value", line.value, 30)
        for vertical in self.verticals:
            _check("vertical title", vertical.key, 38)
            _check("vertical desc", vertical.value, 160)
        for button in (*self.buttons, *self.menu, *([self.submit] if self.submit else [])):
            if len(button.text) > 10:
                _check("button text", button.text, 10)
            if len(button.key) > 256 and len(button.key.encode()) > 1024:
                raise TooLong("a button key takes 1,024 bytes")
        for title, _url in self.jumps:
            _check("jump title", title, 18)
        self._check_questions()

    def _check_questions(self) -> None:
        selects = [s for s in (self.selection, *self.selects) if s]
        for question in [*selects, *([self.checkbox] if self.checkbox else [])]:
            vote = question is self.checkbox
            if not 1 <= len(question.options) <= (20 if vote else 10):
                raise TooLong("a question takes 1 to 10 options (20 in a vote)")
            if len({o.id for o in question.options}) != len(question.options):
                raise ValueError("option ids must be unique within a card (42051)")
            for option in question.options:
                _check("option text", option.text, 17 if vote else 16)

    def _check_required(self) -> None:
        needs: dict[CardType, list[tuple[str, object]]] = {
            "text_notice": [("url", self.url), ("title or sub_title", self.title or self.sub_title)],
            "news_notice": [("title", self.title), ("url", self.url), ("image_url", self.image_url)],
            "button_interaction": [
                ("title", self.title), ("task_id", self.task_id), ("buttons", self.buttons or self.replace_text),
            ],
            "vote_interaction": [
                ("title", self.title), ("task_id", self.task_id), ("checkbox", self.checkbox),
                ("submit", self.submit or self.replace_text),
            ],
            "multiple_interaction": [
                ("title", self.title), ("task_id", self.task_id), ("selects", self.selects),
                ("submit", self.submit or self.replace_text),
            ],
        }
        if self.menu:
            needs[self.card_type].append(("task_id", self.task_id))
        if missing := [name for name, value in needs[self.card_type] if not value]:
            raise ValueError(f"a {self.card_type} card needs {', '.join(missing)}")
        keys = [b.key for b in self.buttons]
        if len(set(keys)) != len(keys):
            raise ValueError("button keys must be unique within a card (42051)")

    def payload(self) -> dict[str, Any]:
        """The `template_card` object of message/send and update_template_card."""
        body: dict[str, Any] = {"card_type": self.card_type}
        if self.source:
            body["source"] = {"desc": self.source, "desc_color": self.source_color}
        if self.menu:
            body["action_menu"] = {
                "desc": self.menu_desc, "action_list": [{"text": b.text, "key": b.key} for b in self.menu]
            }
        if self.task_id:
            body["task_id"] = self.task_id
        body["main_title"] = {"title": self.title, **({"desc": self.desc} if self.desc else {})}
        if self.emphasis_title:
            body["emphasis_content"] = {"title": self.emphasis_title, "desc": self.emphasis_desc}
        if self.quote_text:
            body["quote_area"] = {"type": 0, "title": self.quote_title, "quote_text": self.quote_text}
        if self.sub_title:
            body["sub_title_text"] = self.sub_title
        if self.lines:
            body["horizontal_content_list"] = [
                {"keyname": n.key, "value": n.value, **({"type": 1, "url": n.url} if n.url else {})}
                for n in self.lines
            ]
        if self.verticals:
            body["vertical_content_list"] = [{"title": n.key, "desc": n.value} for n in self.verticals]
        if self.image_url:
            body["card_image"] = {"url": self.image_url, "aspect_ratio": 1.3}
        if self.jumps:
            body["jump_list"] = [{"type": 1, "title": t, "url": u} for t, u in self.jumps]
        if self.url:
            body["card_action"] = {"type": 1, "url": self.url}
        body.update(self._questions())
        if self.replace_text:
            body["replace_text"] = self.replace_text
        return body

    def _questions(self) -> dict[str, Any]:
        parts: dict[str, Any] = {}
        if self.selection:
            parts["button_selection"] = _select(self.selection)
        if self.selects:
            parts["select_list"] = [_select(s) for s in self.selects]
        if self.checkbox:
            parts["checkbox"] = {
                "question_key": self.checkbox.question_key, "mode": int(self.checkbox_multi),
                "option_list": [
                    {"id": o.id, "text": o.text, "is_checked": o.checked} for o in self.checkbox.options
                ],
            }
        if self.buttons:
            parts["button_list"] = [
                {"text": b.text, "style": b.style, "key": b.key} for b in self.buttons
            ]
        if self.submit:
            parts["submit_button"] = {"text": self.submit.text, "key": self.submit.key}
        return parts


def _select(select: Select) -> dict[str, Any]:
    body: dict[str, Any] = {
        "question_key": select.question_key, "title": select.title,
        "option_list": [{"id": o.id, "text": o.text} for o in select.options],
    }
    return body | ({"selected_id": select.selected_id} if select.selected_id else {})


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text. Longer than 2,048 bytes it is split into several messages, in order."""

    content: str


@dataclass(frozen=True, slots=True)
class Markdown:
    """WeCom's markdown subset, at most 2,048 bytes. Not shown in the WeChat plug-in."""

    content: str

    def __post_init__(self) -> None:
        if len(self.content.encode()) > TEXT_BYTES:
            raise TooLong("markdown takes 2,048 bytes")


@dataclass(frozen=True, slots=True)
class CardUpdate:
    """Redraw a card that was tapped: all of it (`card`), or just grey its button (`replace_name`)."""

    response_code: str
    card: Card | None = None
    replace_name: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, sent as an image. It is drawn and uploaded at the time of sending; where that fails, the words
    `instead` are sent."""

    chart: Chart
    instead: str


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A kept paper of a ticket, sent as what it is, not to be passed on. It is opened, checked and uploaded at the time
    of sending; where it is not what was kept, the words `damaged` are sent, where that fails else, `instead`."""

    paper_id: int
    filename: str
    kind: Literal["image", "file"]
    instead: str
    damaged: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """The one message that a customer gets without the member's tap: within 20 seconds of adding him, by the code of
    that event (path/92137)."""

    code: str
    content: str


Message = Text | Markdown | Card | CardUpdate | Picture | PaperFile | Welcome


def split_text(content: str, limit: int = TEXT_BYTES) -> list[str]:
    """Pieces of at most `limit` UTF-8 bytes, cut at line ends where possible, else between characters."""
    pieces: list[str] = []
    current = ""
    for line in content.splitlines(keepends=True) or [""]:
        if len((current + line).encode()) <= limit:
            current += line
            continue
        if current:
            pieces.append(current)
        while len(line.encode()) > limit:
            head = line.encode()[:limit].decode(errors="ignore")
            pieces.append(head)
            line = line[len(head):]
        current = line
    pieces.append(current)
    return [p.rstrip("\n") for p in pieces if p.strip()] or [""]


def requests_for(message: Message) -> list[tuple[str, dict[str, Any]]]:
    """The API calls that carry a message: ("send" | "image" | "paper" | "update_card" | "welcome", body without
    receiver and agent). The body of an image holds the chart where the media id will be, that of a paper says which."""
    match message:
        case Text(content):
            return [("send", {"msgtype": "text", "text": {"content": p}}) for p in split_text(content)]
        case Markdown(content):
            return [("send", {"msgtype": "markdown", "markdown": {"content": content}})]
        case Card():
            return [("send", {"msgtype": "template_card", "template_card": message.payload()})]
        case Picture(chart, instead):
            return [("image", {"msgtype": "image", "image": chart.as_json(), "instead": instead})]
        case PaperFile(paper_id, filename, kind, instead, damaged):
            paper = {"id": paper_id, "filename": filename}
            words = {"instead": instead, "damaged": damaged}
            return [("paper", {"msgtype": kind, kind: paper, "safe": 1, **words})]
        case Welcome(code, content):
            return [("welcome", {"welcome_code": code, "text": {"content": content}})]
        case CardUpdate(response_code, card, replace_name):
            change: dict[str, Any] = {"response_code": response_code}
            if card is not None:
                change["template_card"] = card.payload()
            else:
                change["button"] = {"replace_name": replace_name}
            return [("update_card", change)]
