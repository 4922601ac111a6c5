"""Small whole pictures for tests."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 8, height: int = 6) -> bytes:
    """A grey PNG."""
    rows = b"".join(b"\x00" + bytes([200]) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts)
    return b"\x89PNG\r\n\x1a\n" + chunks


def segment(marker: int, body: bytes) -> bytes:
    """One segment of a JPEG with its length."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(width: int = 8, height: int = 8) -> bytes:
    """A grey JPEG of one block: tables of one code each, all differences zero."""
    quantities = segment(0xDB, b"\x00" + bytes([16]) * 64)
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    one_code = bytes([1]) + bytes(15) + b"\x00"
    codes = segment(0xC4, b"\x00" + one_code) + segment(0xC4, b"\x10" + one_code)
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x3f"
    return b"\xff\xd8" + quantities + frame + codes + scan + b"\xff\xd9"


def webp() -> bytes:
    """The smallest lossless WebP: one pixel."""
    body = bytes.fromhex("2f00000010071011118888fe0700")
    chunk = b"VP8L" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk
