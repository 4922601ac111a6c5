"""Parquet files that only the holder of one key can read, by Parquet's own encryption (AES-256-GCM).

Each file has a key of its own, made from the snapshot's and the file's name, and is bound to both: a file
that was put in another's place, changed or cut off cannot be read. pyarrow, DuckDB and Spark read the format.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from niangjia.engines.rules.late import ds, pe

KEY_BYTES = 32


class KeyUnreadable(Exception):
    """A file that is not the key of a snapshot."""


@dataclass(frozen=True)
class SnapshotKey:
    """The key of one snapshot; `snapshot` is the id that stands in its manifest."""

    snapshot: str
    secret: bytes

    @classmethod
    def fresh(cls, snapshot: str) -> SnapshotKey:
        """A key that nobody had before."""
        return cls(snapshot, secrets.token_bytes(KEY_BYTES))

    def to_encrypt(self, name: str) -> Any:
        """How the file of this name is written."""
        return pe.create_encryption_properties(self._of(name), aad_prefix=self._place(name), store_aad_prefix=False)

    def to_decrypt(self, name: str) -> Any:
        """How the file of this name is read."""
        return pe.create_decryption_properties(self._of(name), aad_prefix=self._place(name))

    def format_of(self, name: str) -> Any:
        """The format by which a data set reads the file of this name."""
        options = ds.ParquetFragmentScanOptions(decryption_properties=self.to_decrypt(name))
        return ds.ParquetFileFormat(default_fragment_scan_options=options)

    def _of(self, name: str) -> bytes:
        return hmac.new(self.secret, self._place(name), hashlib.sha256).digest()

    def _place(self, name: str) -> bytes:
        return f"niangjia snapshot 1/{self.snapshot}/{name}".encode()


def read_key(file: Path) -> SnapshotKey:
    """The key in a file."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        key = SnapshotKey(str(told["snapshot"]), bytes.fromhex(told["key"]))
    except OSError as error:
        raise KeyUnreadable(f"{file}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise KeyUnreadable(f"{file}: this is not the key of a snapshot.") from None
    if len(key.secret) != KEY_BYTES:
        raise KeyUnreadable(f"{file}: this is not the key of a snapshot.")
    return key


def write_key(key: SnapshotKey, file: Path) -> None:
    """Write the key into a file that only its owner can read, whole or not at all; one that stands there stays.

    Raises OSError, of which `FileExistsError` is one.
    """
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump({"snapshot": key.snapshot, "key": key.secret.hex()}, out)
            out.flush()
            os.fsync(out.fileno())
        os.link(beside, file)
    finally:
        beside.unlink()
