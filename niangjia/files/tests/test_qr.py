"""QR codes: what is printed can be read back, and one wrong module is noticed."""

from __future__ import annotations

import pytest

from niangjia.files import qr


def _read(dark: list[list[int]]) -> str:
    """A reader of our own: format, mask, order of the words, correction, text. Raises where something is wrong."""
    size = len(dark)
    version = (size - 17) // 4
    around = [(8, at) for at in (0, 1, 2, 3, 4, 5, 7, 8)] + [(at, 8) for at in (7, 5, 4, 3, 2, 1, 0)]
    told = int("".join(str(dark[row][column]) for row, column in around), 2) ^ 0b101010000010010
    assert told >> 13 == 0, "not level M"
    mask = told >> 10 & 0b111
    masks = {0: lambda r, c: (r + c) % 2 == 0}
    _frame, taken = qr._frame(version)
    bits = [dark[r][c] ^ int(masks[mask](r, c)) for r, c in qr.places(version, taken)]
    words = [int("".join(map(str, bits[at : at + 8])), 2) for at in range(0, len(bits) - len(bits) % 8, 8)]
    blocks, each, extra = qr._LAYOUT[version]
    data: list[int] = []
    for block in range(blocks):
        part = [words[at * blocks + block] for at in range(each)]
        fix = [words[blocks * each + at * blocks + block] for at in range(extra)]
        _no_error(part + fix, extra)
        data += part
    stream = "".join(f"{word:08b}" for word in data)
    assert stream[:4] == "0100", "not byte mode"
    length = int(stream[4:12], 2)
    return bytes(int(stream[12 + 8 * at : 20 + 8 * at], 2) for at in range(length)).decode()


def _no_error(words: list[int], count: int) -> None:
    """Each syndrome of a whole block is nought; computed with powers, not with the writer's division."""
    for power in range(count):
        total = 0
        for word in words:
            total = qr._times(total, qr._EXP[power]) ^ word
        assert total == 0, "a word is wrong"


@pytest.mark.parametrize("length", [1, 14, 15, 26, 42, 43, 62, 63, 84, 85, 106])
def test_every_version_is_read_back(length: int) -> None:
    text = ("https://union.example/desk/households/" * 3)[:length]
    assert _read(qr.modules(text)) == text


def test_correction_words_are_those_of_the_published_example() -> None:
    # HELLO WORLD at 1-M, as worked through in many tutorials.
    data = [32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17]
    assert qr.correction(data, 10) == [196, 35, 39, 119, 235, 215, 231, 226, 93, 23]


def test_the_format_is_that_of_the_standard_table() -> None:
    assert f"{qr._format_bits(0):015b}" == "101010000010010"


def test_one_wrong_module_is_noticed() -> None:
    dark = qr.modules("https://union.example/a")
    dark[-1][-1] ^= 1
    with pytest.raises(AssertionError):
        _read(dark)


def test_too_much_text_is_refused() -> None:
    with pytest.raises(qr.TooLongForCode):
        qr.modules("x" * 107)
