"""Facts as people read them: label, value, source, date, proof; in the reader's language."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core.facts import Fact, FactReading, Register, facts, registers
from niangjia.core.money import yuan
from niangjia.people.values import Value

PROOFS: Mapping[int, str | Promise] = {
    1: _("stated by the person"),
    2: _("paper checked"),
    3: _("employer's seal"),
    4: _("visit"),
    5: _("another bureau"),
}


@dataclass(frozen=True)
class ShownFact:
    """One fact on a page."""

    code: str
    label: str
    value: str
    source: str
    on: date | None
    proof: str | Promise
    is_stale: bool
    raw: Value = None
    is_nought: bool = False  # counted by the house, and nothing was found: it need not stand in front of what was


def in_chinese() -> bool:
    """Whether the reader reads Chinese."""
    return (translation.get_language() or "").startswith("zh")


def label_of(fact: Fact | Register) -> str:
    """The name of a fact or register in the reader's language."""
    return fact.zh if in_chinese() else fact.en


def register_choices() -> list[tuple[str, str]]:
    """Every register whose completeness can be stated, with its name."""
    return [(one.code, label_of(one)) for one in registers.all()]


def value_text(fact: Fact, value: Value) -> str:
    """A value as people read it; empty for unknown."""
    chinese = in_chinese()
    if value is None:
        return ""
    if fact.type == "bool":
        return ("是" if value else "否") if chinese else ("Yes" if value else "No")
    if fact.type == "fen" and isinstance(value, int):
        return f"{yuan(value)}元" if chinese else f"¥{yuan(value)}"
    if fact.type == "code":
        return fact.codes.get(str(value), (str(value), str(value)))[0 if chinese else 1]
    if fact.unit == "month":
        return f"{value}个月" if chinese else f"{value} months"
    return value.isoformat() if isinstance(value, date) else str(value)


def shown_facts(subject_kind: str, ids: Collection[int], today: date) -> dict[int, list[ShownFact]]:
    """What is known of each subject, in the order the facts are registered; unknown ones are left out."""
    found: dict[int, list[ShownFact]] = {pk: [] for pk in ids}
    for fact in facts.all():
        if fact.subject != subject_kind:
            continue
        for pk, reading in fact.read(ids, today).items():
            if pk in found and reading.value is not None:
                found[pk].append(shown_fact(fact, reading, today))
    return found


def shown_fact(fact: Fact, reading: FactReading, today: date) -> ShownFact:
    """One reading as people read it."""
    stale_after = fact.stale_after_days
    too_old = reading.on is not None and stale_after is not None and reading.on + timedelta(days=stale_after) < today
    return ShownFact(
        fact.code,
        label_of(fact),
        value_text(fact, reading.value),
        reading.source_zh if in_chinese() else reading.source_en,
        reading.on,
        PROOFS.get(reading.proof, ""),
        too_old,
        reading.value,
        not fact.recorded and reading.value == 0 and not isinstance(reading.value, bool),
    )
