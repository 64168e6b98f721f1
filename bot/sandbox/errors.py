"""errcodes of the fake API with WeCom's meaning (developer.work.weixin.qq.com/document/path/90313)."""

from __future__ import annotations

MEANING = {
    -1: "system busy",
    40001: "invalid credential",
    40004: "invalid media type",
    40006: "invalid file size",
    40007: "invalid media_id",
    40008: "invalid msgtype",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40016: "invalid button count",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button count",
    40025: "invalid sub button name size",
    40035: "invalid parameter",
    40056: "invalid agentid",
    40058: "invalid request parameter",
    40063: "some parameters are empty",
    40096: "invalid external userid",
    40145: "media_id expired",
    41001: "access_token missing",
    41006: "media_id missing",
    41009: "userid missing",
    41011: "agentid missing",
    41035: "external userid missing",
    41046: "group message id missing",
    41047: "invalid group message id",
    41048: "no customer to send to",
    41050: "invalid welcome code",
    41051: "customer and member already chat",
    41063: "group message is being dispatched",
    41093: "group message task cancelled",
    41094: "too many reminders of the group message",
    42001: "access_token expired",
    42014: "invalid task_id",
    42027: "horizontal_content_list.keyname missing",
    42028: "template_card url missing",
    42029: "template_card media_id missing",
    42030: "template_card appid missing",
    42031: "invalid template_card card_type",
    42033: "template_card title missing",
    42035: "invalid horizontal_content_list size",
    42036: "invalid vertical_content_list size",
    42037: "invalid option_list size",
    42038: "button_list.text missing or invalid",
    42039: "button_list.key missing or invalid",
    42040: "option_list.id missing or invalid",
    42041: "option_list.text missing or invalid",
    42042: "invalid jump_list size",
    42043: "question_key missing or invalid",
    42044: "card_image.url missing or invalid",
    42045: "card_action missing or invalid",
    42046: "submit_button.key missing or invalid",
    42047: "invalid select_list size",
    42049: "submit_button.text missing or invalid",
    42050: "horizontal_content_list.userid missing or invalid",
    42051: "key conflict in template_card",
    42052: "msgid expired",
    43012: "callback url required",
    44001: "empty media data",
    44004: "content size out of limit, invalid",
    45002: "content size out of limit",
    45009: "api freq out of limit",
    45033: "api concurrent out of limit",
    46003: "menu no exist",
    60003: "department not found",
    60020: "not allow to access from your ip",
    60111: "userid not found",
    60140: "invalid response_code",
    81013: "user & party & tag all invalid",
    82001: "user & party & tag all empty",
    82101: "update object empty",
    82102: "update object not in message",
    84061: "not external contact",
    95001: "reach the limit of messages to the customer",
    95002: "out of the 48 hours of the customer's message",
    95004: "open_kfid not exist",
    95007: "invalid msg token",
    95018: "service state not allow to send",
    95033: "msgid repeated",
    301002: "not allow operate another agent with this accesstoken",
}


class ApiError(Exception):
    """The call is answered with this errcode."""

    def __init__(self, errcode: int, detail: str = "") -> None:
        super().__init__(f"{errcode} {detail}")
        self.errcode = errcode
        self.detail = detail

    def as_json(self) -> dict[str, object]:
        words = MEANING.get(self.errcode, "error")
        hint = f", {self.detail}" if self.detail else ""
        return {"errcode": self.errcode, "errmsg": f"{words}{hint}"}
