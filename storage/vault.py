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
from dataclasses import dataclass, field, replace
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
    the root of the blind indexes and the key of the audit chain (32 bytes each). Never shown when printed."""

    primary: str
    encryption: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)
    audit: bytes = field(repr=False)
    path: Path | None = field(default=None, repr=False, compare=False)

    @staticmethod
    def fresh() -> Keys:
        return Keys("k001", {"k001": secrets.token_bytes(32)}, secrets.token_bytes(32), secrets.token_bytes(32))

    def with_one_more(self) -> Keys:
        """Keys with one more encryption key, which opens values but seals none yet."""
        name = f"k{max(int(k[1:]) for k in self.encryption) + 1:03d}"
        return replace(self, encryption={**self.encryption, name: secrets.token_bytes(32)})

    def with_new_primary(self) -> Keys:
        """Keys whose newest one seals from now on; old ones stay to open old values."""
        return replace(self, primary=max(self.encryption))

    def without(self, retired: str) -> Keys:
        """Keys less one that nothing is sealed with any more. The primary cannot be retired."""
        if retired == self.primary:
            raise ValueError("the primary key cannot be retired")
        return replace(self, encryption={k: v for k, v in self.encryption.items() if k != retired})

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
            loaded = Keys(data["primary"], keys, b64decode(data["index"]), b64decode(data["audit"]), path)
        except FileNotFoundError:
            raise KeysMissing(f"找不到密钥文件 {path}。首次安装请运行 python -m bot migrate 生成。") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeysMissing(f"密钥文件 {path} 读不出来（{type(error).__name__}），请从保管处恢复。") from None
        sizes = {len(k) for k in (*keys.values(), loaded.index, loaded.audit)}
        if loaded.primary not in keys or sizes != {32} or any(len(name) != 4 for name in keys):
            raise KeysMissing(f"密钥文件 {path} 内容不完整，请从保管处恢复。")
        return loaded


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The encryption keys in use, swapped as one when the key file changes."""

    primary: bytes
    ciphers: Mapping[bytes, AESGCM]

    @staticmethod
    def of(keys: Keys) -> _Loaded:
        ciphers = {name.encode(): AESGCM(key) for name, key in keys.encryption.items()}
        return _Loaded(keys.primary.encode(), ciphers)


class Vault:
    """Seals, opens and indexes with one set of keys; follows their file, if they come from one."""

    def __init__(self, keys: Keys) -> None:
        self._in_use = _Loaded.of(keys)
        self._audit = keys.audit
        self._index_root = keys.index
        self._index_key = lru_cache(self._derive)
        self._path = keys.path
        self._stamp = self._stamp_of_file()

    def refresh(self) -> None:
        """Read the key file again if it was replaced. Called before every transaction."""
        stamp = self._stamp_of_file()
        if self._path is None or stamp is None or stamp == self._stamp:
            return
        try:
            self._in_use = _Loaded.of(Keys.load(self._path))
        except KeysMissing:
            return  # what is in use still works; a start would say what is wrong
        self._stamp = stamp

    def _stamp_of_file(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            status = os.stat(self._path)
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def seal(self, place: str, row: int | str, plain: bytes) -> bytes:
        """Encrypt `plain` for the column `place` ("clients.secrets") of one row."""
        nonce, in_use = os.urandom(12), self._in_use
        sealed = in_use.ciphers[in_use.primary].encrypt(nonce, plain, f"{place}|{row}".encode())
        return _VERSION + in_use.primary + nonce + sealed

    def open(self, place: str, row: int | str, sealed: bytes) -> bytes:
        """Decrypt. Raises Corrupt for an unknown key, a moved or an altered value."""
        cipher = self._in_use.ciphers.get(sealed[1:5]) or self._new_cipher(sealed[1:5])
        if sealed[:1] != _VERSION or cipher is None:
            raise Corrupt(f"{place} of row {row} is sealed with an unknown key")
        try:
            return cipher.decrypt(sealed[5:_HEADER], sealed[_HEADER:], f"{place}|{row}".encode())
        except (InvalidTag, ValueError):  # ValueError: cut so short that not even the nonce is whole
            raise Corrupt(f"{place} of row {row} does not open: moved or altered") from None

    @property
    def primary(self) -> bytes:
        """The id of the key that new values are sealed with, as it stands in them at bytes 2 to 5."""
        return self._in_use.primary

    def blind(self, column: str, value: str) -> bytes:
        """The 16-byte blind index of a normalised value."""
        return hmac.digest(self._index_key(column), value.encode(), "sha256")[:16]

    def chain(self, prev: bytes, entry: bytes) -> bytes:
        """The MAC that ties an audit entry to the one before it."""
        return hmac.digest(self._audit, prev + hashlib.sha256(entry).digest(), "sha256")

    def _new_cipher(self, name: bytes) -> AESGCM | None:
        """A value sealed by somebody who knows a newer key file already."""
        self.refresh()
        return self._in_use.ciphers.get(name)

    def _derive(self, column: str) -> bytes:
        return HKDF(SHA256(), 32, None, f"blind-index|{column}".encode()).derive(self._index_root)
