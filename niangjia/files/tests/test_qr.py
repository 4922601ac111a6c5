"""Codes on paper: pinned to codes that a foreign reader (ZXing, every length from 1 to 213 bytes) read back."""

from __future__ import annotations

import hashlib

import pytest

from niangjia.files import qr

ADDRESS = "https://yunhe.example/desk/authorities/household/2345abcd/new/?x=" * 5


def digest(text: str) -> str:
    """One text for a code's modules."""
    rows = "\n".join("".join(map(str, row)) for row in qr.qr_matrix(text))
    return hashlib.sha256(rows.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("length", "side", "read_back"),
    [
        (1, 21, "848f621f7ecfca7e"),
        (26, 25, "60928f94adac682c"),
        (62, 33, "27767b83ec498355"),
        (84, 37, "d2c6bdbd2dced0d3"),
        (106, 41, "434824cfe3dfda60"),
        (122, 45, "39472901befc0a2b"),
        (152, 49, "72ab84cd0c8a38f7"),
        (213, 57, "dd573acddff4904a"),
    ],
)
def test_a_code_is_the_one_that_was_read_back(length: int, side: int, read_back: str) -> None:
    assert len(qr.qr_matrix(ADDRESS[:length])) == side
    assert digest(ADDRESS[:length]) == read_back


def test_one_wrong_correction_byte_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right, before = qr._correction, digest(ADDRESS[:60])
    monkeypatch.setattr(qr, "_correction", lambda block, many: [right(block, many)[0] ^ 1, *right(block, many)[1:]])
    assert digest(ADDRESS[:60]) != before


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(qr.TextTooLong):
        qr.qr_matrix("x" * 214)


def test_the_drawing_has_no_style_of_its_own() -> None:
    drawn = qr.qr_svg("x")
    assert drawn.startswith("<svg")
    assert "style" not in drawn
