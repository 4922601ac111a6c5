"""How a name is read: pinyin letters and syllables, for the search box and for telling namesakes.

Surnames have readings of their own (单 is shan, 仇 is qiu); both the surname's and the everyday reading are
kept, because people type either. A character without a known reading is an underscore; the name itself
always finds the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

UNKNOWN = "_"
READING_MOST = 200
INITIALS_MOST = 60
# The reading as a surname first, then the everyday one; two characters are a compound surname.
_SURNAMES = {
    "单": ("shan", "dan"), "仇": ("qiu", "chou"), "曾": ("zeng", "ceng"), "解": ("xie", "jie"), "查": ("zha", "cha"),
    "任": ("ren", "ren"), "朴": ("piao", "pu"), "区": ("ou", "qu"), "盖": ("ge", "gai"), "翟": ("zhai", "di"),
    "缪": ("miao", "mou"), "乐": ("yue", "le"), "折": ("she", "zhe"), "召": ("shao", "zhao"), "洗": ("xian", "xi"),
    "员": ("yun", "yuan"), "种": ("chong", "zhong"), "秘": ("bi", "mi"), "覃": ("qin", "tan"), "繁": ("po", "fan"),
    "尉": ("wei", "yu"), "宿": ("su", "xiu"), "燕": ("yan", "yan"), "应": ("ying", "ying"), "那": ("na", "na"),
    "牟": ("mu", "mou"), "谌": ("chen", "shen"), "隗": ("wei", "kui"), "冼": ("xian", "xian"), "褚": ("chu", "zhu"),
    "郇": ("xun", "huan"), "祭": ("zhai", "ji"), "会": ("kuai", "hui"), "句": ("gou", "ju"), "粘": ("nian", "zhan"),
    "晟": ("cheng", "sheng"), "幺": ("yao", "yao"), "贲": ("ben", "bi"), "都": ("du", "dou"), "车": ("che", "ju"),
    "柏": ("bai", "bo"), "黑": ("he", "hei"), "石": ("shi", "dan"), "沈": ("shen", "chen"), "葛": ("ge", "ge"),
    "薄": ("bo", "bao"), "纪": ("ji", "ji"), "曲": ("qu", "qu"), "长孙": ("zhangsun", "changsun"),
    "尉迟": ("yuchi", "weichi"), "万俟": ("moqi", "wansi"), "单于": ("chanyu", "shanyu"),
    "澹台": ("tantai", "dantai"), "令狐": ("linghu", "linghu"),
}  # fmt: skip
# Characters of given names that are read in two ways.
_GIVEN = {
    "乐": ("le", "yue"), "茜": ("qian", "xi"), "朝": ("chao", "zhao"), "长": ("chang", "zhang"), "行": ("xing", "hang"),
    "重": ("chong", "zhong"), "晟": ("sheng", "cheng"), "柏": ("bai", "bo"), "莘": ("xin", "shen"),
    "娜": ("na", "nuo"), "参": ("shen", "can"), "阿": ("a", "e"), "尔": ("er", "er"), "仔": ("zai", "zi"),
    "藏": ("zang", "cang"), "曾": ("zeng", "ceng"), "单": ("dan", "shan"), "卜": ("bu", "bo"), "车": ("che", "ju"),
}  # fmt: skip


@dataclass(frozen=True)
class Readings:
    """The usual reading of a name, and the other one where there are two."""

    initials: str
    syllables: str
    other_initials: str = ""
    other_syllables: str = ""


@lru_cache(maxsize=4096)
def readings(name: str) -> Readings:
    """How a name without dots and blanks is read."""
    long = next((size for size in (2, 1) if name[:size] in _SURNAMES), 0)
    own, everyday = _SURNAMES.get(name[:long], ("", ""))
    given = [_GIVEN.get(character) or (_syllable(character),) * 2 for character in name[long:]]
    first = _joined(name[:long], own, [pair[0] for pair in given])
    other = _joined(name[:long], everyday, [pair[0] for pair in given])
    if other == first:
        other = _joined(name[:long], own, [pair[1] for pair in given])
    return Readings(*first) if other == first else Readings(*first, *other)


def _joined(surname: str, read: str, given: list[str]) -> tuple[str, str]:
    letters = read[:1] if len(surname) == 1 else "".join(_syllable(character)[0] for character in surname)
    if len(surname) == 2:
        letters = read[:1] + letters[1:]
    letters += "".join(syllable[0] for syllable in given)
    return letters[:INITIALS_MOST], (read + "".join(given))[:READING_MOST]


@cache
def _syllable(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else UNKNOWN
    # Loading the dictionary takes a sixth of a second: only who writes a name waits for it.
    import pypinyin  # noqa: PLC0415

    read: str = pypinyin.lazy_pinyin(character, errors=lambda _: UNKNOWN)[0]
    return read if read.isascii() and read.isalnum() else UNKNOWN


def typed_reading(text: str) -> str:
    """Pinyin as typed, in the form that is kept: lower case, ü as v, no marks between syllables."""
    text = text.lower().replace("ü", "v").replace("'", "").replace("’", "")
    return text.replace("lyu", "lv").replace("nyu", "nv")
