"""Values, units and rules in plain Chinese and English."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from niangjia.engines.rules.facts import Fact, Value
from niangjia.engines.rules.tree import Kind

ZH, EN = "zh", "en"

# unit: (after a number in zh, in en for one, in en for more)
UNITS: Mapping[str, tuple[str, str, str]] = {
    "month": ("个月", " month", " months"),
    "year": ("年", " year", " years"),
    "age": ("岁", " year of age", " years of age"),
    "day": ("天", " day", " days"),
    "hour": ("小时", " hour", " hours"),
    "minute": ("分钟", " minute", " minutes"),
    "count": ("个", "", ""),
    "time": ("次", " time", " times"),
    "person": ("人", " person", " people"),
    "household": ("户", " household", " households"),
    "employer": ("家", " employer", " employers"),
}

PROOF_WORDS: Mapping[int, tuple[str, str]] = {
    0: ("没有证明", "no proof"),
    1: ("本人填写", "stated by the person"),
    2: ("材料已核对", "document checked by an officer"),
    3: ("单位盖章", "employer's seal"),
    4: ("入户核实", "home visit"),
    5: ("部门数据或登记", "bureau's data or register"),
}

SUPPLIERS: Mapping[str, tuple[str, str]] = {
    "person": ("本人", "the person"),
    "employer": ("用人单位", "the employer"),
    "visit": ("入户走访", "a home visit"),
    "registry": ("工会登记", "the union's register"),
}

REASONS: Mapping[str, tuple[str, str]] = {
    "never_asked": ("还没问过", "never asked"),
    "stale": ("过了有效期，要重新核实", "out of date, to be checked again"),
    "refused": ("本人不愿提供", "not provided, by the person's choice"),
    "unproved": ("还没核实", "not confirmed yet"),
    "not_covered": ("登记还不全", "the register is not complete"),
}


def pick(pair: tuple[str, str], language: str) -> str:
    """Return the words in a language."""
    return pair[0] if language == ZH else pair[1]


def money(fen: int, language: str) -> str:
    """Return an amount of fen as yuan with two decimals and thousands."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    text = f"{sign}{yuan:,}.{rest:02d}"
    return f"{text}元" if language == ZH else f"{text} yuan"


def ratio(ppm: int) -> str:
    """Return millionths as a percentage without trailing zeros."""
    sign = "-" if ppm < 0 else ""
    whole, rest = divmod(abs(ppm), 10_000)
    tail = f"{rest:04d}".rstrip("0")
    return f"{sign}{whole}.{tail}%" if tail else f"{sign}{whole}%"


def day(value: dt.date, language: str, year: int | None) -> str:
    """Return a date; in Chinese the year is left out when it is the year of the decision."""
    if language == EN:
        return value.isoformat()
    if value.year == year:
        return f"{value.month}月{value.day}日"
    return f"{value.year}年{value.month}月{value.day}日"


def number(value: int, unit: str, language: str) -> str:
    """Return a whole number with its unit."""
    words = UNITS.get(unit)
    if words is None:
        return f"{value:,}" if not unit else f"{value:,}{'' if language == ZH else ' '}{unit}"
    if language == ZH:
        return f"{value:,}{words[0]}"
    return f"{value:,}{words[1] if value == 1 else words[2]}"


def show(
    value: Value | None,
    kind: Kind,
    language: str,
    year: int | None = None,
    codes: Mapping[str, tuple[str, str]] | None = None,
) -> str:
    """Return a value in words; an unknown one is said to be unknown."""
    if value is None:
        return "未知" if language == ZH else "unknown"
    if isinstance(value, bool):
        return pick(("是", "yes") if value else ("否", "no"), language)
    if isinstance(value, dt.date):
        return day(value, language, year)
    if isinstance(value, str):
        return pick(codes[value], language) if codes and value in codes else value
    if kind.type == "fen":
        return money(value, language)
    if kind.type == "ppm":
        return ratio(value)
    return number(value, kind.unit, language)


def bare(value: Value | None, kind: Kind, language: str, year: int | None) -> str:
    """Return a value for the middle of a sentence, whose own words carry the unit of a number."""
    if isinstance(value, int) and not isinstance(value, bool) and kind.type == "int":
        return f"{value:,}"
    return show(value, kind, language, year)


def show_fact(value: Value | None, fact: Fact, language: str, year: int | None) -> str:
    """Return the value of a fact in words, codes by their label."""
    return show(value, Kind(fact.type, fact.unit), language, year, fact.codes)


def supplier(code: str, language: str) -> str:
    """Return who can supply a fact; a bureau is named as it was registered."""
    if code.startswith("bureau:"):
        name = code.removeprefix("bureau:")
        return name if language == ZH else f"the {name} bureau"
    return pick(SUPPLIERS.get(code, (code, code)), language)


@dataclass(frozen=True)
class Amounts:
    """The numbers a sentence may name, with their kinds."""

    values: Mapping[str, tuple[Value | None, Kind]]

    def fill(self, template: str, language: str, year: int | None) -> str:
        """Return a sentence with its numbers; one that is still open shows as a blank to fill."""
        text = template
        for code, (value, kind) in self.values.items():
            shown = "____" if value is None else bare(value, kind, language, year)
            text = text.replace(f"{{{code}}}", shown)
        return text
