"""Sealing of personal values: SM4-GCM for secrecy, HMAC-SM3 for equality and digests.

Keys live outside the database, in a file only the server's account can read. A sealed token
carries its key's id, so that keys can be changed without a flag day. The two functions
`seal` and `unseal` are the only door: a certified module goes behind them.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

KEY_BYTES = 16
NONCE_BYTES = 12
TAG_BYTES = 16
_KEY_ID = re.compile(r"k\d+")  # the installation's sealing keys; the highest number seals
_PERSONAL = "p"


class Unreadable(Exception):
    """A sealed value was changed, belongs elsewhere, or its key is gone."""


def _read_keys(path: Path) -> dict[str, str]:
    if not path.exists():
        _make_keys(path)
    loaded: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _make_keys(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = {"k1": secrets.token_hex(KEY_BYTES), "index": secrets.token_hex(32), "chain": secrets.token_hex(32)}
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(fresh, file)
        file.flush()
        os.fsync(file.fileno())
    # Two workers may start at once: the link succeeds for one, and nobody reads half a file.
    with contextlib.suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()


class _Keys:
    """The installation's keys, made ready once for all values of a process."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.sealing = {name: bytes.fromhex(text) for name, text in texts.items() if _KEY_ID.fullmatch(name)}
        self.newest = max(self.sealing, key=lambda name: int(name[1:]))
        # Never fed themselves: each text gets a copy.
        self.macs = {
            name: hmac.HMAC(bytes.fromhex(text), hashes.SM3()) for name, text in texts.items()
            if name not in self.sealing
        }  # fmt: skip


def _keys() -> _Keys:
    return _keys_in(str(settings.KEY_FILE))


@lru_cache(maxsize=4)
def _keys_in(place: str) -> _Keys:
    # By its text: building and comparing a path for each value took as long as sealing it.
    return _Keys(_read_keys(Path(place)))


def new_key() -> bytes:
    """A fresh data key for one person."""
    return secrets.token_bytes(KEY_BYTES)


def seal_block(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Seal bytes with a key of one's own; `bound_to` names the place they may be read back from."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound_to)
    return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def open_block(key: bytes, token: bytes, bound_to: bytes) -> bytes:
    """Open what `seal_block` made; raises `Unreadable` when it was changed or moved."""
    nonce, body, tag = token[:NONCE_BYTES], token[NONCE_BYTES:-TAG_BYTES], token[-TAG_BYTES:]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(bound_to)
    try:
        return decryptor.update(body) + decryptor.finalize()
    except InvalidTag:
        raise Unreadable from None


def file_key(salt: bytes, key_id: str = "") -> tuple[str, bytes]:
    """The key of one sealed file, made from the installation's newest key or from a named one: its id, and the key."""
    chosen = key_id or _keys().newest
    if chosen not in _keys().sealing:
        raise Unreadable
    mac = hmac.HMAC(_keys().sealing[chosen], hashes.SM3())
    mac.update(b"file\x00" + salt)
    return chosen, mac.finalize()[:KEY_BYTES]


def keys_mark() -> str:
    """Tells one installation's keys from another's, and nothing about them."""
    return _mac("chain", "which keys")[:16]


def seal(plain: str, *, bound_to: str, key: bytes | None = None) -> str:
    """Seal a text; `bound_to` names the place it may be read back from."""
    key_id = _keys().newest if key is None else _PERSONAL
    raw = seal_block(_keys().sealing[key_id] if key is None else key, plain.encode(), bound_to.encode())
    return f"{key_id}:{base64.urlsafe_b64encode(raw).decode()}"


def unseal(token: str, *, bound_to: str, key: bytes | None = None) -> str:
    """Open a sealed text; raises `Unreadable` when it was changed or moved."""
    key_id, _, body = token.partition(":")
    chosen = _key_of(key_id, key)
    try:
        raw = base64.b64decode(body.encode(), altchars=b"-_", validate=True)
    except ValueError:
        raise Unreadable from None
    canonical = base64.urlsafe_b64encode(raw).decode() == body  # one sealed value, one text
    if chosen is None or not canonical or len(raw) < NONCE_BYTES + TAG_BYTES:
        raise Unreadable
    return open_block(chosen, raw, bound_to.encode()).decode()


def _key_of(key_id: str, personal: bytes | None) -> bytes | None:
    return personal if key_id == _PERSONAL else _keys().sealing.get(key_id)


def keyed_index(purpose: str, text: str) -> str:
    """HMAC-SM3 of a normalised text, for equality look-ups: without the key it tells nothing."""
    return _mac("index", f"{purpose}\x00{text}")


def chain_digest(text: str) -> str:
    """HMAC-SM3 with the chain key, for audit rows and decision parts."""
    return _mac("chain", text)


def _mac(key_name: str, text: str) -> str:
    mac = _keys().macs[key_name].copy()
    mac.update(text.encode())
    return mac.finalize().hex()
