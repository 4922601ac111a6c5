"""A file that arrives bit by bit, sealed as it arrives: each bit by itself, bound to its place in this file.

What is there is only ever added to or cut off at a joint, so that a crash spoils nothing that was promised.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from niangjia.core import crypto
from niangjia.core.sealedfile import read_header, write_header

MAGIC = b"NIANGJIA PARTS 1\n"
_LENGTH = struct.Struct(">I")
_EXTRA = crypto.NONCE_BYTES + crypto.TAG_BYTES


def write_at(path: Path, at: int, content: bytes) -> None:
    """Put bytes where the first `at` end; what lies behind, from a write nobody was told of, is cut off.

    `at` is a joint: 0, or where an earlier write ended.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        opened = _header_of(file)
        if opened is None or at == 0:
            file.seek(0)
            file.truncate()
            opened = write_header(file, MAGIC)
        header, key = opened
        _to_joint(file, at)
        file.truncate()
        sealed = crypto.seal_block(key, content, _place(header, at))
        file.write(_LENGTH.pack(len(sealed)) + sealed)
        file.flush()
        os.fsync(file.fileno())


def length_of(path: Path) -> int:
    """How many plain bytes are there; none where nothing is, or where it was not sealed by this."""
    try:
        with path.open("rb") as file:
            return sum(size for _at, size in _bits(file)) if _header_of(file) else 0
    except FileNotFoundError:
        return 0


def read_bits(path: Path) -> Iterator[bytes]:
    """The plain bytes, bit by bit; raises `Unreadable` where they are not what was sealed."""
    with path.open("rb") as file:
        opened = _header_of(file)
        if opened is None:
            raise crypto.Unreadable
        header, key = opened
        for at, size in _bits(file):
            file.seek(-(size + _EXTRA), os.SEEK_CUR)
            yield crypto.open_block(key, file.read(size + _EXTRA), _place(header, at))


def _header_of(file: BinaryIO) -> tuple[bytes, bytes] | None:
    """The header and the key of what is sealed here; the file stands behind the header then."""
    try:
        return read_header(file, MAGIC)
    except crypto.Unreadable:  # no header, or one of keys that are gone
        return None


def _bits(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Where each whole bit begins in the plain bytes, and how long it is; the file stands behind it each time."""
    at, end = 0, os.fstat(file.fileno()).st_size
    while len(head := file.read(_LENGTH.size)) == _LENGTH.size:
        (length,) = _LENGTH.unpack(head)
        behind = file.tell() + length
        if length < _EXTRA or behind > end:
            return  # torn by a crash: nobody was told of it
        file.seek(behind)
        yield at, length - _EXTRA
        at += length - _EXTRA


def _to_joint(file: BinaryIO, at: int) -> None:
    """Stand where the first `at` plain bytes end."""
    found, behind = 0, file.tell()
    for start, size in _bits(file):
        if found == at:
            break
        found, behind = start + size, file.tell()
    if found != at:
        raise crypto.Unreadable
    file.seek(behind)


def _place(header: bytes, at: int) -> bytes:
    return b"%s\x00%d" % (header, at)
