"""Encryption of sensitive fields, and the blind indexes that find them.

A sealed value is `0x01 | key id (4) | nonce (12) | AES-256-GCM ciphertext and tag`, with table, column and
row as associated data: moved to another row or column it no longer opens. Blind indexes are HMAC-SHA256
of the normalised value under a key of their own per column (HKDF), so equal values are found and nothing
else. The key file never lies in the database or its backups."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.model.errors import Corrupt, Error

_VERSION = b"\x01"
_HEADER = 1 + 4 + 12


class KeysMissing(Error):
    """The key file is not there, unreadable or incomplete. Says which and what to do, in Chinese."""


@dataclass(frozen=True)
class Keys:
    """What the key file holds: encryption keys by four-character id, which one is used for new values,
    the root of the blind indexes and the key of the audit chain (32 bytes each)."""

    primary: str
    encryption: Mapping[str, bytes]
    index: bytes
    audit: bytes

    @staticmethod
    def fresh() -> Keys:
        return Keys("k001", {"k001": secrets.token_bytes(32)}, secrets.token_bytes(32), secrets.token_bytes(32))

    def with_new_primary(self) -> Keys:
        """Keys with one more encryption key, now the primary; old ones stay to open old values."""
        name = f"k{max(int(k[1:]) for k in self.encryption) + 1:03d}"
        return Keys(name, {**self.encryption, name: secrets.token_bytes(32)}, self.index, self.audit)

    def without(self, retired: str) -> Keys:
        """Keys less one that nothing is sealed with any more. The primary cannot be retired."""
        if retired == self.primary:
            raise ValueError("the primary key cannot be retired")
        return Keys(
            self.primary, {k: v for k, v in self.encryption.items() if k != retired}, self.index, self.audit
        )

    def save(self, path: Path) -> None:
        """Write the key file (0600) in one step, so that a crash leaves the old one or the new one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({
            "primary": self.primary,
            "keys": {name: b64encode(key).decode() for name, key in self.encryption.items()},
            "index": b64encode(self.index).decode(),
            "audit": b64encode(self.audit).decode(),
        }, indent=2)
        draft = path.with_suffix(".new")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    @staticmethod
    def load(path: Path) -> Keys:
        """Read the key file. Raises KeysMissing."""
        try:
            data = json.loads(path.read_text())
            keys = {name: b64decode(key, validate=True) for name, key in data["keys"].items()}
            loaded = Keys(data["primary"], keys, b64decode(data["index"]), b64decode(data["audit"]))
        except FileNotFoundError:
            raise KeysMissing(f"找不到密钥文件 {path}。首次安装请运行 python -m bot migrate 生成。") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeysMissing(f"密钥文件 {path} 读不出来（{type(error).__name__}），请从保管处恢复。") from None
        sizes = {len(k) for k in (*keys.values(), loaded.index, loaded.audit)}
        if loaded.primary not in keys or sizes != {32} or any(len(name) != 4 for name in keys):
            raise KeysMissing(f"密钥文件 {path} 内容不完整，请从保管处恢复。")
        return loaded


class Vault:
    """Seals, opens and indexes with one set of keys."""

    def __init__(self, keys: Keys) -> None:
        self._primary = keys.primary.encode()
        self._ciphers = {name.encode(): AESGCM(key) for name, key in keys.encryption.items()}
        self._audit = keys.audit
        self._index_root = keys.index
        self._index_key = lru_cache(self._derive)

    def seal(self, place: str, row: int | str, plain: bytes) -> bytes:
        """Encrypt `plain` for the column `place` ("clients.secrets") of one row."""
        nonce = os.urandom(12)
        sealed = self._ciphers[self._primary].encrypt(nonce, plain, f"{place}|{row}".encode())
        return _VERSION + self._primary + nonce + sealed

    def open(self, place: str, row: int | str, sealed: bytes) -> bytes:
        """Decrypt. Raises Corrupt for an unknown key, a moved or an altered value."""
        cipher = self._ciphers.get(sealed[1:5])
        if sealed[:1] != _VERSION or cipher is None:
            raise Corrupt(f"{place} of row {row} is sealed with an unknown key")
        try:
            return cipher.decrypt(sealed[5:_HEADER], sealed[_HEADER:], f"{place}|{row}".encode())
        except InvalidTag:
            raise Corrupt(f"{place} of row {row} does not open: moved or altered") from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether a value is sealed with the primary key; others are re-sealed by a rotation."""
        return sealed[1:5] == self._primary

    def blind(self, column: str, value: str) -> bytes:
        """The 16-byte blind index of a normalised value."""
        return hmac.digest(self._index_key(column), value.encode(), "sha256")[:16]

    def chain(self, prev: bytes, entry: bytes) -> bytes:
        """The MAC that ties an audit entry to the one before it."""
        return hmac.digest(self._audit, prev + hashlib.sha256(entry).digest(), "sha256")

    def _derive(self, column: str) -> bytes:
        return HKDF(SHA256(), 32, None, f"blind-index|{column}".encode()).derive(self._index_root)
