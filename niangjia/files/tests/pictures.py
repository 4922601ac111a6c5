"""Small whole pictures for tests."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 8, height: int = 6) -> bytes:
    """A grey PNG; however large, it takes little to write."""
    packer, row = zlib.compressobj(), b"\x00" + bytes([200]) * width
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    chunks = b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts)
    return b"\x89PNG\r\n\x1a\n" + chunks


def segment(marker: int, body: bytes) -> bytes:
    """One segment of a JPEG with its length."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(width: int = 8, height: int = 8) -> bytes:
    """A grey JPEG: tables of one code each, all differences zero, two bits for each block of 8 by 8."""
    quantities = segment(0xDB, b"\x00" + bytes([16]) * 64)
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    one_code = bytes([1]) + bytes(15) + b"\x00"
    codes = segment(0xC4, b"\x00" + one_code) + segment(0xC4, b"\x10" + one_code)
    bits = 2 * -(-width // 8) * -(-height // 8)
    rest = bytes([0xFF >> bits % 8]) if bits % 8 else b""
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + bytes(bits // 8) + rest
    return b"\xff\xd8" + quantities + frame + codes + scan + b"\xff\xd9"


def webp(width: int = 1, height: int = 1) -> bytes:
    """The smallest lossless WebP: one pixel, or one colour for as many as are wanted."""
    bits = (width - 1) | (height - 1) << 14 | 1 << 28  # with transparency
    body = b"\x2f" + struct.pack("<I", bits) + bytes.fromhex("071011118888fe0700")
    chunk = b"VP8L" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def extended_webp(width: int, height: int, inside: bytes | None = None) -> bytes:
    """A WebP with a canvas of its own around a picture."""
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (width - 1).to_bytes(3, "little")
    body = canvas + (height - 1).to_bytes(3, "little") + (inside or webp())[12:]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
