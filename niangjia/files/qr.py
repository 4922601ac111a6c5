"""QR codes as paths of an SVG: byte mode, correction level M, versions 1 to 6 (up to 106 bytes).

Written here because the codes we print are short addresses, and a library would be one more thing to lock.
The tests read a code back: format, mask, error correction and text.
"""

from __future__ import annotations

# Version -> (blocks, data words of each block, correction words of each block), all at level M.
_LAYOUT = {1: (1, 16, 10), 2: (1, 28, 16), 3: (1, 44, 26), 4: (2, 32, 18), 5: (2, 43, 24), 6: (4, 27, 16)}
_ALIGNED_AT = {1: 0, 2: 18, 3: 22, 4: 26, 5: 30, 6: 34}
_QUIET = 4

_EXP = [1]
for _ in range(254):
    _next = _EXP[-1] << 1
    _EXP.append(_next ^ 0x11D if _next > 255 else _next)
_LOG = {value: power for power, value in enumerate(_EXP)}


class TooLongForCode(ValueError):
    """More text than the largest of these codes holds."""


def _times(a: int, b: int) -> int:
    return 0 if not a or not b else _EXP[(_LOG[a] + _LOG[b]) % 255]


def correction(data: list[int], count: int) -> list[int]:
    """The Reed-Solomon correction words of a block."""
    generator = [1]
    for power in range(count):
        longer = [*generator, 0]
        for at, factor in enumerate(generator):
            longer[at + 1] ^= _times(factor, _EXP[power])
        generator = longer
    rest = [*data, *[0] * count]
    for at in range(len(data)):
        lead = rest[at]
        for step, factor in enumerate(generator):
            rest[at + step] ^= _times(factor, lead)
    return rest[len(data) :]


def _words(content: bytes, version: int) -> list[int]:
    """Data and correction words in the order in which they are laid."""
    blocks, each, extra = _LAYOUT[version]
    room = blocks * each
    bits = f"0100{len(content):08b}" + "".join(f"{byte:08b}" for byte in content)
    bits = (bits + "0000")[: room * 8]
    bits += "0" * (-len(bits) % 8)
    data = [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]
    data += [(0xEC, 0x11)[at % 2] for at in range(room - len(data))]
    parts = [data[at * each : (at + 1) * each] for at in range(blocks)]
    fixes = [correction(part, extra) for part in parts]
    laid = [part[at] for at in range(each) for part in parts]
    return laid + [fix[at] for at in range(extra) for fix in fixes]


def _frame(version: int) -> tuple[list[list[int]], list[list[bool]]]:
    """Finders, timing, alignment; and which places are taken."""
    size = 17 + 4 * version
    dark = [[0] * size for _ in range(size)]
    taken = [[False] * size for _ in range(size)]

    def put(row: int, column: int, value: bool) -> None:
        if 0 <= row < size and 0 <= column < size:
            dark[row][column], taken[row][column] = int(value), True

    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        for row in range(-1, 8):
            for column in range(-1, 8):
                ring = max(abs(row - 3), abs(column - 3))
                put(top + row, left + column, ring in (0, 1, 3))
    for at in range(8, size - 8):
        put(6, at, at % 2 == 0)
        put(at, 6, at % 2 == 0)
    centre = _ALIGNED_AT[version]
    for row in range(-2, 3) if centre else ():
        for column in range(-2, 3):
            put(centre + row, centre + column, max(abs(row), abs(column)) != 1)
    for at in range(9):
        taken[8][at] = taken[at][8] = True
    for at in range(8):
        taken[8][size - 1 - at] = taken[size - 1 - at][8] = True
    dark[size - 8][8] = 1
    return dark, taken


def places(version: int, taken: list[list[bool]]) -> list[tuple[int, int]]:
    """The free places in the order in which bits are laid: two columns at a time, up and down."""
    size, found, upward = 17 + 4 * version, [], True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        rows = range(size - 1, -1, -1) if upward else range(size)
        found += [(row, column) for row in rows for column in (right, right - 1) if not taken[row][column]]
        upward = not upward
    return found


def _format_bits(mask: int) -> int:
    value = mask  # level M is 00
    rest = value << 10
    for power in range(14, 9, -1):
        if rest >> power & 1:
            rest ^= 0b10100110111 << (power - 10)
    return (value << 10 | rest) ^ 0b101010000010010


def _put_format(dark: list[list[int]], mask: int) -> None:
    size, bits = len(dark), _format_bits(mask)
    around = [(8, 0), (8, 1), (8, 2), (8, 3), (8, 4), (8, 5), (8, 7), (8, 8), (7, 8), (5, 8), (4, 8), (3, 8), (2, 8),
              (1, 8), (0, 8)]  # fmt: skip
    apart = [(size - 1 - at, 8) for at in range(7)] + [(8, size - 8 + at) for at in range(8)]
    for at in range(15):
        bit = bits >> (14 - at) & 1
        for row, column in (around[at], apart[at]):
            dark[row][column] = bit


def modules(text: str) -> list[list[int]]:
    """The code of a text: rows of 0 and 1, without the quiet zone."""
    content = text.encode()
    version = next((v for v, (blocks, each, _x) in _LAYOUT.items() if len(content) + 2 <= blocks * each), None)
    if version is None:
        raise TooLongForCode(text)
    dark, taken = _frame(version)
    bits = "".join(f"{word:08b}" for word in _words(content, version))
    laid = places(version, taken)
    for (row, column), bit in zip(laid, bits.ljust(len(laid), "0"), strict=True):
        dark[row][column] = int(bit) ^ int((row + column) % 2 == 0)  # mask 0: any mask is read; no vanity here
    _put_format(dark, 0)
    return dark


def qr_path(text: str) -> tuple[int, str]:
    """Side of the picture in modules, quiet zone included, and the path of its dark modules for an SVG."""
    dark = modules(text)
    path = "".join(
        f"M{column + _QUIET} {row + _QUIET}h1v1h-1z"
        for row, line in enumerate(dark)
        for column, value in enumerate(line)
        if value
    )
    return len(dark) + 2 * _QUIET, path
