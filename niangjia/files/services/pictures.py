"""Whether a picture is one: its structure is read as far as a browser needs it, nothing is decoded."""

from __future__ import annotations

import struct
import zlib

MAX_SIDE = 30_000
# Of telephones of today the largest make 48 to 50 megapixels; unfolded, that is 200 MB in whoever looks at it.
MAX_PIXELS = 50_000_000
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
# Start-of-frame markers; C4, C8 and CC among them are tables, no frames.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset(range(0xD0, 0xD9)) | {0x01}
_START_OF_SCAN, _END = 0xDA, b"\xff\xd9"


def picture_size(media_type: str, content: bytes) -> tuple[int, int] | None:
    """Width and height by the head of a whole picture; None where there is none, as of a torn upload."""
    read = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}[media_type]
    try:
        size = read(content)
    except (IndexError, struct.error):
        return None
    return size if size is not None and all(0 < side <= MAX_SIDE for side in size) else None


def _is_sane(size: tuple[int, int]) -> bool:
    return size[0] * size[1] <= MAX_PIXELS


def is_whole_picture(media_type: str, content: bytes) -> bool:
    """Whether content of this type has a size that can be shown, an image in it, and its end."""
    size = picture_size(media_type, content)
    return size is not None and _is_sane(size)


def has_too_many_pixels(media_type: str, content: bytes) -> bool:
    """Whether it is a whole picture and too large to be unfolded."""
    size = picture_size(media_type, content)
    return size is not None and not _is_sane(size)


def _larger(one: tuple[int, int] | None, other: tuple[int, int]) -> tuple[int, int]:
    # A second head inside the same file must not make it small.
    return other if one is None else (max(one[0], other[0]), max(one[1], other[1]))


def _jpeg(content: bytes) -> tuple[int, int] | None:
    at, size = 2, None
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
            size = _larger(size, (width, height))
        at += 2 + length
        if marker == _START_OF_SCAN:
            # Thumbnails inside earlier segments were stepped over: an end found here is the picture's own.
            return size if content.find(_END, at) > at else None
    return None


def _png(content: bytes) -> tuple[int, int] | None:
    at, size, has_image = len(_PNG_HEAD), None, False
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(kind + body) != checksum:
            return None
        if kind == b"IHDR":
            width, height = struct.unpack_from(">II", body)
            size = _larger(size, (width, height))
        has_image = has_image or kind == b"IDAT"
        if kind == b"IEND":
            return size if has_image else None
        at += 12 + length
    return None


def _webp(content: bytes) -> tuple[int, int] | None:
    (whole,) = struct.unpack_from("<I", content, 4)
    if content[12:16] not in _WEBP_SIZES or not 12 < whole + 8 <= len(content) + 1:
        return None
    at, size = 12, None
    while at + 8 <= min(len(content), whole + 8):
        kind, length = struct.unpack_from("<4sI", content, at)
        if kind in _WEBP_SIZES:
            size = _larger(size, _WEBP_SIZES[kind](content, at + 8))
        at += 8 + length + length % 2
    return size


def _lossy(content: bytes, at: int) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", content, at + 6)  # after a tag of three bytes and a mark of three
    return width & 0x3FFF, height & 0x3FFF


def _lossless(content: bytes, at: int) -> tuple[int, int]:
    (bits,) = struct.unpack_from("<I", content, at + 1)
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _canvas(content: bytes, at: int) -> tuple[int, int]:
    low, high, low_2, high_2 = struct.unpack_from("<HBHB", content, at + 4)
    return (low | high << 16) + 1, (low_2 | high_2 << 16) + 1


_WEBP_SIZES = {b"VP8 ": _lossy, b"VP8L": _lossless, b"VP8X": _canvas}
