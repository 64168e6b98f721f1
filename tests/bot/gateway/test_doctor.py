from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.codec import Codec, Refused
from bot.wecom.doctor import examine
from bot.wecom.findings import Finding
from config.settings import Settings, load_settings
from storage.model.clock import MovableClock, SystemClock
from tests.bot.gateway.scripted import CORP, ScriptedWeCom, error, ok

AGENT = ok(
    agentid=CORP.agent_id, name="顾问助手", close=0, allow_userinfos={"user": [{"userid": "wang"}]},
    allow_partys={"partyid": [1]}, allow_tags={"tagid": []},
)  # fmt: skip


def settings_for(url: str, **changes: object) -> Settings:
    values = {
        "corp_id": CORP.corp_id, "agent_id": CORP.agent_id, "agent_secret": CORP.secret,
        "callback_token": CORP.token, "callback_aes_key": CORP.aes_key, "wecom_api": url,
        "listen": "127.0.0.1:1",
    }  # fmt: skip
    return load_settings(_env_file=None, **(values | changes))


class CallbackPage:
    """The product's callback URL; `answer` replaces what it says."""

    def __init__(self) -> None:
        self.codec = Codec(CORP.token, CORP.aes_key, CORP.corp_id)
        self.answer: web.Response | None = None

    async def get(self, request: web.Request) -> web.Response:
        if self.answer is not None:
            return self.answer
        signature, stamp, nonce, echo = (request.query[name] for name in ("msg_signature", "timestamp", "nonce", "echostr"))
        try:
            text = self.codec.verify_url(signature, stamp, nonce, echo, datetime.now(UTC))
        except Refused:
            return web.Response(status=403)
        return web.Response(text=text)


@pytest.fixture
def page() -> CallbackPage:
    return CallbackPage()


@pytest.fixture
async def callback_url(page: CallbackPage):
    app = web.Application()
    app.router.add_get("/wecom/callback", page.get)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/wecom/callback"))


@pytest.fixture
def wecom(scripted: ScriptedWeCom) -> ScriptedWeCom:
    scripted.script["agent/get"] = [AGENT]
    scripted.script["menu/get"] = [ok(button=[{"name": "今日"}])]
    return scripted


@pytest.fixture
def look(session, wecom, callback_url):
    """Examine, with some settings changed; the findings by step."""

    async def look(clock=None, url: str = callback_url, **changes: object) -> dict[str, Finding]:
        settings = settings_for(wecom.url, **changes)
        return {f.step: f for f in await examine(settings, session, clock=clock, callback_url=url)}

    return look


async def test_a_right_set_up_has_nothing_to_mend(look):
    found = await look()
    assert {step: finding.message for step, finding in found.items() if not finding.ok} == {}
    assert list(found) == ["企业 ID", "应用编号", "回调 Token", "回调密钥", "加解密自检", "网络与时钟",
                           "接口凭证", "应用与可信 IP", "可见范围", "应用菜单", "回调地址"]  # fmt: skip


async def test_the_sandbox_passes_its_own_doctor(session, fake, fake_url, callback_url):
    findings = await examine(settings_for(fake_url), session, clock=SystemClock(), callback_url=callback_url)
    assert [finding for finding in findings if not finding.ok] == []


@pytest.mark.parametrize(
    ("changes", "step", "where"),
    [
        ({"corp_id": ""}, "企业 ID", "企业信息"),
        ({"corp_id": "1000002"}, "企业 ID", "企业信息"),
        ({"agent_id": 0}, "应用编号", "AgentId"),
        ({"callback_token": ""}, "回调 Token", "接收消息"),
        ({"callback_aes_key": ""}, "回调密钥", "接收消息"),
        ({"agent_secret": ""}, "接口凭证", "Secret"),
    ],
)
async def test_what_is_missing_is_named_with_its_page(look, changes, step, where):
    finding = (await look(**changes))[step]
    assert not finding.ok
    assert where in finding.console_page


@pytest.mark.parametrize(
    ("changes", "names", "pages"),
    [
        ({"corp_id": ""}, {"BOT_CORP_ID"}, {"企业 ID"}),
        ({"agent_secret": ""}, {"BOT_AGENT_SECRET"}, {"Secret"}),
        ({"corp_id": "", "agent_secret": ""}, {"BOT_CORP_ID", "BOT_AGENT_SECRET"}, {"企业 ID", "Secret"}),
    ],
)
async def test_only_the_credential_that_is_missing_is_named(look, wecom, changes, names, pages):
    finding = (await look(**changes))["接口凭证"]
    assert {name for name in ("BOT_CORP_ID", "BOT_AGENT_SECRET") if name in finding.message} == names
    assert {page.rpartition("→ ")[2] for page in finding.console_page.split("；")} == pages
    assert wecom.count("gettoken") == 0


async def test_a_key_of_the_wrong_length_is_counted(session, wecom):
    settings = settings_for(wecom.url).model_copy(update={
        "callback_aes_key": SecretStr("a" * 42), "callback_token": SecretStr("有空 格"),
    })  # fmt: skip
    found = {f.step: f for f in await examine(settings, session)}
    assert "现在是 42 位" in found["回调密钥"].message
    assert not found["回调 Token"].ok
    assert "加解密自检" not in found


@pytest.mark.parametrize(
    ("errcode", "where", "words"),
    [(40013, "企业 ID", "BOT_CORP_ID"), (40001, "Secret", "BOT_AGENT_SECRET"), (45009, "", "1 小时")],
)
async def test_a_token_refused_ends_the_account_steps(look, wecom, errcode, where, words):
    wecom.script["gettoken"] = [error(errcode)]
    found = await look()
    assert not found["接口凭证"].ok
    assert where in found["接口凭证"].console_page
    assert words in found["接口凭证"].message
    assert "应用与可信 IP" not in found
    assert wecom.count("gettoken") == 1


@pytest.mark.parametrize(
    ("errcode", "where"), [(301002, "AgentId"), (40056, "AgentId"), (48002, "可调用接口"), (50003, "启用")]
)
async def test_an_app_fault_names_its_page(look, wecom, errcode, where):
    wecom.script["agent/get"] = [error(errcode)]
    finding = (await look())["应用与可信 IP"]
    assert not finding.ok
    assert where in finding.console_page
    assert str(errcode) in finding.message


async def test_an_untrusted_address_is_told_with_the_address_to_enter(look, wecom):
    wecom.script["agent/get"] = [error(60020, "not allow to access from your ip, from ip: 203.0.113.9, more")]
    finding = (await look())["应用与可信 IP"]
    assert not finding.ok
    assert "203.0.113.9" in finding.message
    assert "可信 IP" in finding.console_page


async def test_a_stopped_app_and_an_empty_range_are_seen(look, wecom):
    wecom.script["agent/get"] = [ok(name="顾问助手", close=1, allow_userinfos=None)]
    found = await look()
    assert not found["应用与可信 IP"].ok
    assert not found["可见范围"].ok
    assert "可见范围" in found["可见范围"].console_page


async def test_no_menu_is_no_fault_but_said(look, wecom):
    wecom.script["menu/get"] = [error(46003)]
    finding = (await look())["应用菜单"]
    assert finding.ok
    assert "还没有菜单" in finding.message


@pytest.mark.parametrize(("hours", "word"), [(1, "快"), (-1, "慢")])
async def test_a_wrong_clock_is_measured(look, hours, word):
    clock = MovableClock(datetime.now(UTC) + timedelta(hours=hours), frozen=True)
    finding = (await look(clock))["网络与时钟"]
    assert not finding.ok
    assert f"时钟{word}了 3" in finding.message


async def test_no_network_is_told_at_every_step_that_needs_it(session, unused_tcp_port):
    findings = await examine(settings_for(f"http://127.0.0.1:{unused_tcp_port}"), session)
    bad = {finding.step: finding for finding in findings if not finding.ok}
    assert set(bad) == {"网络与时钟", "接口凭证", "回调地址"}
    assert "bot serve" in bad["回调地址"].message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (web.Response(status=403), "Token"),
        (web.Response(status=404), "/wecom/callback"),
        (web.Response(text='"123"'), "反向代理"),
    ],
)
async def test_a_callback_url_that_answers_wrongly_is_explained(look, page, answer, words):
    page.answer = answer
    finding = (await look())["回调地址"]
    assert not finding.ok
    assert words in finding.message
    assert "设置 API 接收" in finding.console_page


async def test_a_service_with_another_token_refuses_the_doctor(look, page):
    page.codec = Codec("anothertoken", CORP.aes_key, CORP.corp_id)
    assert not (await look())["回调地址"].ok


async def test_no_finding_tells_a_secret(look, wecom):
    wecom.script["gettoken"] = [error(40001, f"wrong corpsecret={CORP.secret}")]
    told = str(list((await look()).values()))
    for secret in (CORP.secret, CORP.token, CORP.aes_key):
        assert secret not in told
