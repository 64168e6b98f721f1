"""What the product is compared with, written by hand: as little as a server can do, and what most people do.

bare         aiohttp that verifies and decrypts with `cryptography` and expat, and answers an empty 200
bare-echo    the same, and answers with the text encrypted again
flask        the example of wechatpy's README on Flask: verify, decrypt, parse, echo, encrypt"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Any
from xml.parsers import expat

from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bench.children import end_with_parent, ready
from bench.messages import CORP, PATH, Corp

_ECHO = (
    "<xml><ToUserName><![CDATA[{user}]]></ToUserName><FromUserName><![CDATA[{corp}]]></FromUserName>"
    "<CreateTime>{at}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content></xml>"
)


class BareCrypto:
    """Signature, AES-CBC and XML with nothing around them; no check that a hostile sender would call for."""

    def __init__(self, corp: Corp) -> None:
        key = base64.b64decode(corp.aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._token, self._corp_id = corp.token, corp.corp_id.encode()

    def open(self, body: bytes, signature: str, timestamp: str, nonce: str) -> dict[str, str]:
        """The fields of the message. Raises ValueError for a wrong signature or corp."""
        encrypted = fields_of(body)["Encrypt"]
        if not hmac.compare_digest(self._sign(timestamp, nonce, encrypted), signature):
            raise ValueError("signature")
        opener = self._cipher.decryptor()
        plain = opener.update(base64.b64decode(encrypted)) + opener.finalize()
        end = 20 + int.from_bytes(plain[16:20], "big")
        if plain[end : -plain[-1]] != self._corp_id:
            raise ValueError("corp")
        return fields_of(plain[20:end])

    def seal(self, text: str, timestamp: str, nonce: str) -> str:
        """The envelope of a passive reply."""
        message = text.encode()
        plain = secrets.token_bytes(16) + len(message).to_bytes(4, "big") + message + self._corp_id
        pad = 32 - len(plain) % 32
        sealer = self._cipher.encryptor()
        sealed = sealer.update(plain + bytes((pad,)) * pad) + sealer.finalize()
        encrypted = base64.b64encode(sealed).decode()
        return (
            f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{self._sign(timestamp, nonce, encrypted)}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )

    def _sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        return hashlib.sha1("".join(sorted((self._token, timestamp, nonce, encrypted))).encode()).hexdigest()


def fields_of(xml: bytes) -> dict[str, str]:
    """The texts of a flat XML document by element name."""
    fields: dict[str, str] = {}
    texts: list[str] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: texts.clear()
    parser.CharacterDataHandler = texts.append

    def end(name: str) -> None:
        fields[name] = "".join(texts)
        texts.clear()

    parser.EndElementHandler = end
    parser.Parse(xml, True)
    return fields


def serve_bare(*, echo: bool) -> None:
    """Run the bare server until the bench lets go."""
    crypto = BareCrypto(CORP)

    async def receive(request: web.Request) -> web.Response:
        query, body = request.query, await request.read()
        timestamp, nonce = query["timestamp"], query["nonce"]
        try:
            said = crypto.open(body, query["msg_signature"], timestamp, nonce)
        except (KeyError, ValueError, expat.ExpatError):
            return web.Response(status=403)
        if not echo:
            return web.Response()
        answer = _ECHO.format(
            user=said["FromUserName"], corp=said["ToUserName"], at=said["CreateTime"], text=said["Content"]
        )
        return web.Response(text=crypto.seal(answer, timestamp, nonce), content_type="text/xml")

    app = web.Application()
    app.router.add_post(PATH, receive)
    run_aiohttp(app)


def run_aiohttp(app: web.Application) -> None:
    """Serve an aiohttp application on a free port, as the product is served."""

    async def announce(_app: web.Application) -> None:
        # `run_app` binds after start-up, so the socket is made here.
        ready(sock.getsockname()[1])

    sock = _listening_socket()
    app.on_startup.append(announce)
    end_with_parent()
    web.run_app(app, sock=sock, access_log=None, print=None, keepalive_timeout=30)


def _listening_socket() -> Any:
    import socket

    sock = socket.create_server(("127.0.0.1", 0), backlog=512)
    sock.setblocking(False)
    return sock


# ---------------------------------------------------------------- what most people do


def flask_app() -> Any:
    """wechatpy's own example for WeCom (examples/echo-work in its repository), as it stands there."""
    from flask import Flask, abort, request
    from wechatpy.enterprise import create_reply, parse_message
    from wechatpy.enterprise.crypto import WeChatCrypto
    from wechatpy.enterprise.exceptions import InvalidCorpIdException
    from wechatpy.exceptions import InvalidSignatureException

    app = Flask(__name__)

    @app.route(PATH, methods=["POST"])
    def wechat() -> Any:
        signature = request.args.get("msg_signature", "")
        timestamp = request.args.get("timestamp", "")
        nonce = request.args.get("nonce", "")
        crypto = WeChatCrypto(CORP.token, CORP.aes_key, CORP.corp_id)
        try:
            plain = crypto.decrypt_message(request.data, signature, timestamp, nonce)
        except (InvalidSignatureException, InvalidCorpIdException):
            abort(403)
        message = parse_message(plain)
        said = message.content if message.type == "text" else "Can not handle this for now"
        return crypto.encrypt_message(create_reply(said, message).render(), nonce, timestamp)

    return app


def wsgi_server() -> str:
    """Under what Flask runs here: gunicorn (one thread-pool worker) where it is installed, else werkzeug."""
    try:
        import gunicorn  # noqa: F401
    except ImportError:
        return "werkzeug"
    return "gunicorn"


def serve_flask() -> None:
    """Run the Flask example until the bench lets go."""
    if wsgi_server() == "gunicorn":
        _under_gunicorn()
    else:
        _under_werkzeug()


def _under_werkzeug() -> None:
    import logging

    from werkzeug.serving import WSGIRequestHandler, make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    class KeepAlive(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_request(self, *_args: object) -> None:
            """No access log: neither has the product one."""

    server = make_server("127.0.0.1", 0, flask_app(), threaded=True, request_handler=KeepAlive)
    end_with_parent()
    ready(server.port)
    server.serve_forever()


def _under_gunicorn() -> None:
    import socket

    from gunicorn.app.base import BaseApplication

    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]

    class Example(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in {
                "bind": f"127.0.0.1:{port}", "workers": 1, "worker_class": "gthread", "threads": 4,
                "worker_connections": 200, "keepalive": 30, "loglevel": "error", "accesslog": None,
                "when_ready": lambda _server: ready(port),
            }.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return flask_app()

    end_with_parent()  # its worker sees that it is gone, and goes as well
    Example().run()
