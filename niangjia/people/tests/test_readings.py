"""How names are read: surnames with their own readings, the everyday ones beside them, and what has none."""

from __future__ import annotations

import pytest

from niangjia.people.models.person import searched_name
from niangjia.people.readings import readings, typed_reading


@pytest.mark.parametrize(
    ("name", "initials", "reading", "other"),
    [
        ("车前草", "cqc", "cheqiancao", "juqiancao"), ("白薇", "bw", "baiwei", ""),
        ("麦芒种", "mmz", "maimangzhong", ""),
        ("单蓝桂", "slg", "shanlangui", "danlangui"), ("曾小禾", "zxh", "zengxiaohe", "cengxiaohe"),
        ("仇木槿", "qmj", "qiumujin", "choumujin"), ("吕藤", "lt", "lvteng", ""), ("苗乐", "ml", "miaole", "miaoyue"),
        ("尉迟松", "ycs", "yuchisong", "weichisong"), ("阿娜尔·沙枣", "anesz", "anaershazao", "enuoershazao"),
        ("A木", "am", "amu", ""),
    ],
)  # fmt: skip
def test_a_name_has_letters_a_reading_and_where_two_are_usual_the_other(
    name: str, initials: str, reading: str, other: str
) -> None:
    found = readings(searched_name(name))
    assert (found.initials, found.syllables, found.other_syllables) == (initials, reading, other)


def test_a_rare_character_is_read_and_what_is_none_is_marked() -> None:
    assert readings("㛃𬭚").syllables == "jiechun"
    assert readings("石🌱").initials == "s_"


def test_pinyin_is_taken_as_people_type_it() -> None:
    assert typed_reading("Lüteng") == typed_reading("lyuteng") == "lvteng"
    assert typed_reading("xi'an") == "xian"
