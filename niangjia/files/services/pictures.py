"""Whether a picture is one: its structure is read as far as a browser needs it, nothing is decoded."""

from __future__ import annotations

import struct
import zlib

MAX_SIDE = 30_000
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
# Start-of-frame markers; C4, C8 and CC among them are tables, no frames.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset(range(0xD0, 0xD9)) | {0x01}
_START_OF_SCAN, _END = 0xDA, b"\xff\xd9"


def is_whole_picture(media_type: str, content: bytes) -> bool:
    """Whether content of this type has a size, an image in it, and its end; a torn upload has not."""
    check = {"image/jpeg": _is_jpeg, "image/png": _is_png, "image/webp": _is_webp}[media_type]
    try:
        return check(content)
    except (IndexError, struct.error):
        return False


def _is_sane(width: int, height: int) -> bool:
    return 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE


def _is_jpeg(content: bytes) -> bool:
    at, has_frame = 2, False
    while content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # fill bytes before a marker
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            has_frame = _is_sane(width, height)
        at += 2 + length
        if marker == _START_OF_SCAN:
            # Thumbnails inside earlier segments were stepped over: an end found here is the picture's own.
            return has_frame and content.find(_END, at) > at
    return False


def _is_png(content: bytes) -> bool:
    at, width, height, has_image = len(_PNG_HEAD), 0, 0, False
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(kind + body) != checksum:
            return False
        if kind == b"IHDR":
            width, height = struct.unpack_from(">II", body)
        has_image = has_image or kind == b"IDAT"
        if kind == b"IEND":
            return has_image and _is_sane(width, height)
        at += 12 + length
    return False


def _is_webp(content: bytes) -> bool:
    (size,) = struct.unpack_from("<I", content, 4)
    return content[12:16] in {b"VP8 ", b"VP8L", b"VP8X"} and 12 < size + 8 <= len(content) + 1
