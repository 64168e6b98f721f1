"""Typed settings from the environment and `.env`. Every bad variable is named at once, in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

WECOM_API = "https://qyapi.weixin.qq.com"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class SettingsError(Exception):
    """One or more variables are wrong. `problems` has a Chinese sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("配置有误：\n" + "\n".join(f"  - {p}" for p in problems))
        self.problems = problems


class Settings(BaseSettings):
    """The configuration contract of the product; names are stable (see CHANGELOG before renaming)."""

    model_config = SettingsConfigDict(env_prefix="BOT_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Path("var")
    database_url: str = ""
    redis_url: str = ""
    listen: str = "127.0.0.1:8080"
    behind_tls_proxy: bool = False
    corp_id: str = ""
    agent_id: Annotated[int, Field(ge=0)] = 0
    agent_secret: SecretStr = SecretStr("")
    callback_token: SecretStr = SecretStr("")
    callback_aes_key: SecretStr = SecretStr("")
    wecom_api: str = WECOM_API
    keys_file: Path | None = None
    packs: Annotated[tuple[str, ...], NoDecode] = ("common", "bank", "insurance", "securities", "lending")
    timezone: str = "Asia/Shanghai"
    company_name: str = ""
    outside_url: str = ""
    outside_token: SecretStr = SecretStr("")
    log_level: str = "INFO"

    @field_validator("packs", mode="before")
    @classmethod
    def _split_packs(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("listen")
    @classmethod
    def _listen_is_host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or not 0 <= int(port) <= 65535:
            raise ValueError("应写成 主机:端口，例如 127.0.0.1:8080")
        return value

    @field_validator("callback_aes_key")
    @classmethod
    def _aes_key_has_43_characters(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value()
        if key and (len(key) != 43 or not key.isascii() or not key.isalnum()):
            raise ValueError(
                f"EncodingAESKey 必须是 43 位字母或数字，现在是 {len(key)} 位"
                + ("" if key.isascii() and key.isalnum() else "，其中有别的字符")
            )
        return value

    @field_validator("callback_token")
    @classmethod
    def _token_is_short_and_plain(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value()
        if token and (len(token) > 32 or not token.isascii() or not token.isalnum()):
            raise ValueError("Token 只能是最多 32 位的字母和数字")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("没有这个时区，例如 Asia/Shanghai") from None
        return value

    @field_validator("log_level")
    @classmethod
    def _level_exists(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("只能是 DEBUG、INFO、WARNING 或 ERROR")
        return value.upper()

    @model_validator(mode="after")
    def _api_is_encrypted(self) -> Self:
        url = urlsplit(self.wecom_api)
        if url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK):
            return self
        raise ValueError("BOT_WECOM_API 必须是 https 地址（http 只允许本机回环地址）")

    @model_validator(mode="after")
    def _outside_source_is_encrypted(self) -> Self:
        url = urlsplit(self.outside_url)
        if not self.outside_url:
            return self
        if url.scheme != "https" and not (url.scheme == "http" and url.hostname in LOOPBACK):
            raise ValueError("BOT_OUTSIDE_URL 必须是 https 地址（http 只允许本机回环地址）")
        if not self.outside_token.get_secret_value():
            raise ValueError("BOT_OUTSIDE_TOKEN 不能为空：写了 BOT_OUTSIDE_URL 就要写查询系统给的令牌")
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def host(self) -> str:
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2])

    @property
    def database(self) -> str:
        """The SQLAlchemy URL; a SQLite file under `data_dir` unless one was given."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'bot.db').absolute()}"

    @property
    def keys(self) -> Path:
        return self.keys_file or self.data_dir / "keys.json"

    def missing_for_wecom(self) -> list[str]:
        """Names of the variables that `serve` needs and that are empty."""
        needed: dict[str, object] = {
            "BOT_CORP_ID": self.corp_id,
            "BOT_AGENT_ID": self.agent_id,
            "BOT_AGENT_SECRET": self.agent_secret.get_secret_value(),
            "BOT_CALLBACK_TOKEN": self.callback_token.get_secret_value(),
            "BOT_CALLBACK_AES_KEY": self.callback_aes_key.get_secret_value(),
        }
        return [name for name, value in needed.items() if not value]


def load_settings(**overrides: object) -> Settings:
    """Read the environment and `.env`. Raises SettingsError that names every bad variable."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError([_sentence(e) for e in error.errors()]) from None


def _sentence(error: object) -> str:
    assert isinstance(error, dict)
    name = "BOT_" + str(error["loc"][0]).upper() if error["loc"] else ""
    text = str(error["msg"]).removeprefix("Value error, ")
    if error["type"].startswith("int"):
        text = "必须是数字"
    elif error["type"].startswith("bool"):
        text = "只能是 true 或 false"
    elif error["type"] == "greater_than_equal":
        text = "不能小于 0"
    return f"{name}：{text}" if name else text
