from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, strategies as st

from niangjia.core import ids


def test_public_ids_are_long_and_do_not_repeat() -> None:
    made = {ids.new_public_id() for _ in range(5_000)}
    assert len(made) == 5_000
    assert {len(one) for one in made} == {ids.PUBLIC_ID_LENGTH}


def test_public_ids_hold_nothing_that_is_misread_or_makes_a_word() -> None:
    used = set("".join(ids.new_public_id() for _ in range(2_000)))
    assert used.isdisjoint(set("01loaeiu"))


@given(st.integers(min_value=0, max_value=10**12))
def test_a_printed_serial_is_valid_as_printed(number: int) -> None:
    assert ids.serial_is_valid(ids.with_check_digit(number, "XJ-"), "XJ-")


@given(st.integers(min_value=0, max_value=9_999_999), st.integers(0, 7), st.integers(1, 9))
def test_every_single_mistyped_digit_is_caught(number: int, place: int, shift: int) -> None:
    serial = ids.with_check_digit(number)
    wrong = serial[:place] + str((int(serial[place]) + shift) % 10) + serial[place + 1 :]
    assert not ids.serial_is_valid(wrong)


def test_nearly_every_swap_of_neighbours_is_caught() -> None:
    swaps = missed = 0
    for number in range(0, 9_999_999, 7_919):
        serial = ids.with_check_digit(number)
        for place in range(len(serial) - 1):
            swapped = serial[:place] + serial[place + 1] + serial[place] + serial[place + 2 :]
            if swapped != serial:
                swaps += 1
                missed += ids.serial_is_valid(swapped)
    assert swaps > 5_000
    assert missed / swaps < 0.03


@pytest.mark.parametrize("text", ["", "7", "abc", "XJ-", "²²", "１２３４５６７８", "12 345 678"])
def test_what_is_no_serial_is_refused_without_breaking(text: str) -> None:
    assert not ids.serial_is_valid(text)


def test_a_serial_of_another_series_is_refused() -> None:
    assert not ids.serial_is_valid(ids.with_check_digit(42), "XJ-")
    assert not ids.serial_is_valid(ids.with_check_digit(42, "GH-"), "XJ-")


def test_a_negative_number_has_no_serial() -> None:
    with pytest.raises(ValueError):
        ids.with_check_digit(-1)


def test_every_letter_of_a_public_id_is_as_likely_as_any_other() -> None:
    letters = Counter("".join(ids.new_public_id() for _ in range(20_000)))
    fair = 20_000 * ids.PUBLIC_ID_LENGTH / 28
    assert len(letters) == 28
    # Six deviations: were no byte drawn anew, four letters would come a tenth more often, which is nine.
    assert max(abs(many - fair) for many in letters.values()) < 6 * fair**0.5
