from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from niangjia.core import money

DIGITS = {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_capitals(text: str) -> int:
    """An independent reader of the capitals: words to fen, ignoring every 零."""
    whole, _, rest = text.removesuffix("整").rpartition("元") if "元" in text else ("", "", text.removesuffix("整"))
    fen = read_number(whole) * 100
    for unit, worth in (("角", 10), ("分", 1)):
        at = rest.find(unit)
        if at > 0:
            fen += DIGITS[rest[at - 1]] * worth
    return fen


def read_number(text: str) -> int:
    for unit, worth in (("亿", 10**8), ("万", 10**4)):
        if unit in text:
            high, _, low = text.rpartition(unit)
            return read_number(high) * worth + read_number(low)
    total, digit = 0, 0
    for character in text:
        if character in UNITS:
            total += digit * UNITS[character]
            digit = 0
        else:
            digit = DIGITS[character]
    return total + digit


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        # The examples of 《支付结算办法》 annex 1.
        (140_950, "壹仟肆佰零玖元伍角整"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元叁角贰分"),
        (10_700_053, "壹拾万柒仟元伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        # Round and sparse amounts.
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (100, "壹元整"),
        (1_000, "壹拾元整"),
        (200_000, "贰仟元整"),
        (30_000, "叁佰元整"),
        (2_000_000, "贰万元整"),
        (530_000_000, "伍佰叁拾万元整"),
        (1_000_000_100, "壹仟万零壹元整"),
        (10_000_000_000, "壹亿元整"),
        (10_000_010_000, "壹亿零壹佰元整"),
        (10_001_000_000, "壹亿零壹万元整"),
        (10_010_001_000, "壹亿零壹拾万零壹拾元整"),
        (100_000_000_000_000, "壹万亿元整"),
        (100_010_000_000_000, "壹万零壹亿元整"),
        (10**18, "壹亿亿元整"),
        (-200_000, "负贰仟元整"),
    ],
)
def test_an_amount_is_written_in_the_capitals_of_cheques(fen: int, words: str) -> None:
    assert money.capitals(fen) == words


@given(st.integers(min_value=0, max_value=10**17))
def test_capitals_read_back_are_the_same_amount(fen: int) -> None:
    assert read_capitals(money.capitals(fen)) == fen


@given(st.integers(min_value=0, max_value=10**17))
def test_capitals_never_double_a_zero_nor_end_on_one(fen: int) -> None:
    words = money.capitals(fen)
    assert "零零" not in words
    assert "零元" not in words or fen == 0
    assert words.endswith(("整", "分"))


@given(st.integers(min_value=0, max_value=99_999_999_999_999))
def test_what_is_shown_can_be_typed_back(fen: int) -> None:
    assert money.parse_yuan(money.yuan(fen)) == fen
    assert money.parse_yuan(f"￥{money.yuan(fen)}") == fen
    assert money.parse_yuan(money.yuan(fen).replace(",", "") + "元") == fen


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("5000", 500_000), (" 5,000.5 ", 500_050), ("５０００元", 500_000), ("¥0.05", 5), ("0", 0), ("007", 700)],
)
def test_amounts_are_read_as_people_type_them(typed: str, fen: int) -> None:
    assert money.parse_yuan(typed) == fen


@pytest.mark.parametrize(
    "typed",
    ["", "-5", "1,5", "1,50,000", ",5", "5,", "1.234", "1.2.3", ".5", "5.", "五千", "5万", "1e3", "²", "٣", "1_000",
     "1234567890123", "5 000", "NaN"],
)  # fmt: skip
def test_what_may_mean_two_amounts_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        money.parse_yuan(typed)


def test_yuan_shows_two_decimals_thousands_and_the_sign() -> None:
    assert money.yuan(500_000) == "5,000.00"
    assert money.yuan(-5) == "-0.05"
    assert money.yuan(-123_456_789) == "-1,234,567.89"
