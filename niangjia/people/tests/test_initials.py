"""Pinyin initials from the order of GB 2312."""

from __future__ import annotations

import pytest

from niangjia.people.initials import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("麦芒种", "mmz"), ("车前草", "cqc"),
        ("艾草青", "acq"), ("桑果红", "sgh"), ("石榴红", "slh"), ("谷满仓", "gmc"),
        ("向日葵", "xrk"), ("高粱红", "glh"), ("杜仲山", "dzs"), ("金银花", "jyh"), ("柏青松", "bqs"), ("白薇", "b_"),
        ("安吧擦搭鹅发嘎哈机咖拉妈那哦啪七然撒他挖西压匝", "abcdefghjklmnopqrstwxyz"), ("座", "z"),
    ],
)  # fmt: skip
def test_common_characters_give_their_first_letters(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_what_has_no_letter_is_marked_and_never_guessed() -> None:
    assert initials("龘a1") == "_a_"
