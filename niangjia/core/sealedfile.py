"""A long file sealed in blocks: what was cut off, changed or put elsewhere in it is found when it is read.

Each block is sealed by itself and bound to its place and to whether it is the last one, so that
a file can be written and read as a stream, and a shortened one is never taken for a whole one.
"""

from __future__ import annotations

import io
import json
import secrets
import struct
from typing import BinaryIO

from niangjia.core import crypto

MAGIC = b"NIANGJIA SEALED 1\n"
BLOCK_BYTES = 1 << 20
_MOST_HEADER, _SALT_BYTES = 1_000, 16
_LENGTH = struct.Struct(">I")


class OtherKeys(crypto.Unreadable):
    """The file was sealed by an installation with other keys."""


def write_header(file: BinaryIO, magic: bytes = MAGIC) -> tuple[bytes, bytes]:
    """Begin a sealed file of some kind, which its first line names; returns the header and the key of what follows."""
    salt = secrets.token_bytes(_SALT_BYTES)
    key_id, key = crypto.file_key(salt)
    header = json.dumps({"key": key_id, "keys": crypto.keys_mark(), "salt": salt.hex()}).encode() + b"\n"
    file.write(magic + header)
    return header, key


def read_header(file: BinaryIO, magic: bytes = MAGIC) -> tuple[bytes, bytes]:
    """The same of a file that was begun so, which stands behind it then; `Unreadable` or `OtherKeys` otherwise."""
    if file.read(len(magic)) != magic:
        raise crypto.Unreadable
    header = file.readline(_MOST_HEADER)
    try:
        told = json.loads(header)
        key_id, mark, salt = str(told["key"]), str(told["keys"]), bytes.fromhex(told["salt"])
    except (ValueError, KeyError, TypeError):
        raise crypto.Unreadable from None
    if mark != crypto.keys_mark():
        raise OtherKeys
    return header, crypto.file_key(salt, key_id)[1]


def _place(header: bytes, number: int, last: bool) -> bytes:
    return b"%s\x00%d\x00%d" % (header, number, last)


class SealedWriter(io.RawIOBase):
    """Seals what is written to it into another file; only a closed one is whole."""

    def __init__(self, beneath: BinaryIO) -> None:
        self._beneath, self._waiting, self._number = beneath, bytearray(), 0
        self._header, self._key = write_header(beneath)

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, piece: object) -> int:
        """Take in bytes; full blocks are sealed and passed on."""
        taken = bytes(piece)  # type: ignore[call-overload]
        self._waiting += taken
        while len(self._waiting) > BLOCK_BYTES:
            self._seal(bytes(self._waiting[:BLOCK_BYTES]), last=False)
            del self._waiting[:BLOCK_BYTES]
        return len(taken)

    def finish(self) -> None:
        """Seal the last block; without it the file reads as cut off."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        sealed = crypto.seal_block(self._key, plain, _place(self._header, self._number, last))
        self._beneath.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads a sealed file as the bytes that were written; raises `Unreadable` where it is not what was sealed."""

    def __init__(self, beneath: BinaryIO) -> None:
        self._header, self._key = read_header(beneath)
        self._beneath, self._open, self._number = beneath, memoryview(b""), 0
        self._ended = False

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill a buffer from the next opened block."""
        while not self._open and not self._ended:
            self._next_block()
        view = memoryview(buffer)  # type: ignore[arg-type]
        count = min(len(view), len(self._open))
        view[:count] = self._open[:count]
        self._open = self._open[count:]
        return count

    def _next_block(self) -> None:
        head = self._beneath.read(_LENGTH.size)
        if len(head) != _LENGTH.size:
            raise crypto.Unreadable  # cut off between two blocks
        (length,) = _LENGTH.unpack(head)
        if length > BLOCK_BYTES + crypto.NONCE_BYTES + crypto.TAG_BYTES:
            raise crypto.Unreadable
        sealed = self._beneath.read(length)
        # A peek tells whether this claims to be the last block; the seal says whether that is so.
        more = self._beneath.read(1)
        self._ended = not more
        if more:
            self._beneath.seek(-1, io.SEEK_CUR)
        if len(sealed) < crypto.NONCE_BYTES + crypto.TAG_BYTES:
            raise crypto.Unreadable
        place = _place(self._header, self._number, self._ended)
        self._open = memoryview(crypto.open_block(self._key, sealed, place))
        self._number += 1
