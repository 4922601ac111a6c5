"""QR codes (ISO/IEC 18004) for printed forms, as an SVG that any printer draws sharply.

Bytes, correction level M, versions 1 to 10: up to 213 bytes, which is an address of ours many times over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.safestring import SafeString, mark_safe

# Version -> correction bytes in each block, data bytes of each block.
_BLOCKS: dict[int, tuple[int, tuple[int, ...]]] = {
    1: (10, (16,)), 2: (16, (28,)), 3: (26, (44,)), 4: (18, (32,) * 2), 5: (24, (43,) * 2), 6: (16, (27,) * 4),
    7: (18, (31,) * 4), 8: (22, (38, 38, 39, 39)), 9: (22, (36, 36, 36, 37, 37)), 10: (26, (43, 43, 43, 43, 44)),
}  # fmt: skip
_ALIGNED = {2: (6, 18), 3: (6, 22), 4: (6, 26), 5: (6, 30), 6: (6, 34), 7: (6, 22, 38), 8: (6, 24, 42), 9: (6, 26, 46),
            10: (6, 28, 50)}  # fmt: skip
_QUIET = 4
_MASKS = (
    lambda y, x: (y + x) % 2 == 0, lambda y, x: y % 2 == 0, lambda y, x: x % 3 == 0, lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0, lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0, lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)  # fmt: skip
Matrix = list[list[int]]


class TextTooLong(ValueError):
    """More than a code of this size holds."""


def qr_svg(text: str) -> SafeString:
    """A QR code of a text, dark modules as one path; its size comes from the style sheet."""
    matrix = qr_matrix(text)
    side = len(matrix) + 2 * _QUIET
    path = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark
    )
    return mark_safe(  # noqa: S308  numbers of ours only
        f'<svg class="qr" viewBox="0 0 {side} {side}" role="img" aria-hidden="true" shape-rendering="crispEdges">'
        f'<path d="M0 0h{side}v{side}H0z" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )


def qr_matrix(text: str) -> Matrix:
    """The modules of a text's code, row by row; 1 is dark."""
    content = text.encode()
    version = next((one for one in _BLOCKS if len(content) <= _capacity(one)), None)
    if version is None:
        raise TextTooLong(len(content))
    bits = list(_bits_of(_interleaved(_data(content, version), version)))
    drawn = []
    for mask in range(len(_MASKS)):
        matrix, fixed = _frame(version)
        _fill(matrix, fixed, bits, mask)
        _tell_format(matrix, mask)
        drawn.append((_penalty(matrix), mask, matrix))
    return min(drawn)[2]


def _length_bits(version: int) -> int:
    return 8 if version < 10 else 16


def _capacity(version: int) -> int:
    return (sum(_BLOCKS[version][1]) * 8 - 4 - _length_bits(version)) // 8


def _data(content: bytes, version: int) -> list[int]:
    """The data bytes: mode, length, content, and filling."""
    whole = sum(_BLOCKS[version][1])
    bits = f"0100{len(content):0{_length_bits(version)}b}" + "".join(f"{byte:08b}" for byte in content)
    bits += "0" * min(4, whole * 8 - len(bits))
    bits += "0" * (-len(bits) % 8)
    found = [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]
    return found + [(0xEC, 0x11)[at % 2] for at in range(whole - len(found))]


def _powers() -> tuple[list[int], list[int]]:
    power, log, value = [0] * 512, [0] * 256, 1
    for at in range(255):
        power[at] = power[at + 255] = value
        log[value] = at
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return power, log


_POWER, _LOG = _powers()


def _times(a: int, b: int) -> int:
    return _POWER[_LOG[a] + _LOG[b]] if a and b else 0


def _correction(block: Sequence[int], many: int) -> list[int]:
    """The Reed-Solomon bytes of a block."""
    generator = [1]
    for at in range(many):
        longer = [*generator, 0]
        for place, factor in enumerate(generator):
            longer[place + 1] ^= _times(factor, _POWER[at])
        generator = longer
    rest = [*block, *[0] * many]
    for at in range(len(block)):
        for place, factor in enumerate(generator):
            rest[at + place] ^= _times(factor, rest[at]) if place else 0
    return rest[len(block) :]


def _interleaved(data: Sequence[int], version: int) -> list[int]:
    many, sizes = _BLOCKS[version]
    blocks, at = [], 0
    for size in sizes:
        blocks.append(list(data[at : at + size]))
        at += size
    corrections = [_correction(block, many) for block in blocks]
    found = [block[place] for place in range(max(sizes)) for block in blocks if place < len(block)]
    return found + [block[place] for place in range(many) for block in corrections]


def _bits_of(found: Sequence[int]) -> Iterator[int]:
    return (byte >> (7 - bit) & 1 for byte in found for bit in range(8))


def _frame(version: int) -> tuple[Matrix, list[list[bool]]]:
    """The fixed patterns of a version, and which modules they take."""
    side = 17 + 4 * version
    matrix, fixed = [[0] * side for _ in range(side)], [[False] * side for _ in range(side)]

    def put(y: int, x: int, dark: int) -> None:
        if 0 <= y < side and 0 <= x < side:
            matrix[y][x], fixed[y][x] = dark, True

    for top, left in ((0, 0), (0, side - 7), (side - 7, 0)):
        for y in range(-1, 8):
            for x in range(-1, 8):
                ring = max(abs(y - 3), abs(x - 3))
                put(top + y, left + x, int(ring not in (2, 4)))
    for at in range(8, side - 8):
        put(6, at, 1 - at % 2)
        put(at, 6, 1 - at % 2)
    for y in _ALIGNED.get(version, ()):
        for x in _ALIGNED[version]:
            if (y, x) not in ((6, 6), (6, side - 7), (side - 7, 6)):  # where the large ones stand
                for dy in range(-2, 3):
                    for dx in range(-2, 3):
                        put(y + dy, x + dx, int(max(abs(dy), abs(dx)) != 1))
    for at in range(9):
        for y, x in ((8, at), (at, 8), (8, side - 1 - at), (side - 1 - at, 8)):
            if at < 8 or (y, x) in ((8, 8),):
                put(y, x, matrix[y][x] if fixed[y][x] else 0)
    put(8, 8, 0)
    put(side - 8, 8, 1)
    _tell_version(put, version, side)
    return matrix, fixed


def _tell_version(put: object, version: int, side: int) -> None:
    if version < 7 or not callable(put):
        return
    word = version << 12 | _remainder(version << 12, 0x1F25, 12)
    for bit in range(18):
        y, x = bit // 3, side - 11 + bit % 3
        put(y, x, word >> bit & 1)
        put(x, y, word >> bit & 1)


def _remainder(value: int, divisor: int, degree: int) -> int:
    while value.bit_length() > degree:
        value ^= divisor << (value.bit_length() - divisor.bit_length())
    return value


def _fill(matrix: Matrix, fixed: Sequence[Sequence[bool]], bits: Sequence[int], mask: int) -> None:
    """The data from the lower right corner in columns of two, up and down; what is left over stays light."""
    side, at, upward = len(matrix), 0, True
    for right in (x for x in range(side - 1, 0, -2)):
        column = right - 1 if right <= 6 else right
        for step in range(side):
            y = side - 1 - step if upward else step
            for x in (column, column - 1):
                if not fixed[y][x]:
                    bit = bits[at] if at < len(bits) else 0
                    matrix[y][x] = bit ^ int(_MASKS[mask](y, x))
                    at += 1
        upward = not upward


def _tell_format(matrix: Matrix, mask: int) -> None:
    side = len(matrix)
    told = mask  # level M is 00
    word = (told << 10 | _remainder(told << 10, 0x537, 10)) ^ 0x5412
    first = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
    second = [(side - 1 - at, 8) for at in range(7)] + [(8, side - 8 + at) for at in range(8)]
    for places in (first, second):
        for at, (y, x) in enumerate(places):
            matrix[y][x] = word >> (14 - at) & 1


def _penalty(matrix: Matrix) -> int:
    side, found = len(matrix), 0
    for lines in (matrix, [list(column) for column in zip(*matrix, strict=True)]):
        for line in lines:
            text = "".join(map(str, line))
            for run in text.replace("01", "0 1").replace("10", "1 0").split():
                found += len(run) - 2 if len(run) >= 5 else 0
            found += 40 * sum(text[at : at + 11] in ("10111010000", "00001011101") for at in range(side - 10))
    for y in range(side - 1):
        for x in range(side - 1):
            found += 3 * (matrix[y][x] == matrix[y][x + 1] == matrix[y + 1][x] == matrix[y + 1][x + 1])
    dark = sum(map(sum, matrix)) * 100 // (side * side)
    return found + 10 * (abs(dark - 50) // 5)
