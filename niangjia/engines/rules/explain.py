"""A stored decision in plain sentences, from the decision alone.

No word here promises anything: the engine only says how the facts stand against the rule.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from niangjia.engines.rules.decision import Decision
from niangjia.engines.rules.evidence import Change, ConditionResult
from niangjia.engines.rules.facts import Fact, Partial, Reading
from niangjia.engines.rules.model import Clause
from niangjia.engines.rules.tree import Kind
from niangjia.engines.rules.words import (
    PROOF_WORDS,
    REASONS,
    ZH,
    Amounts,
    day,
    money,
    pick,
    show,
    show_fact,
    supplier,
)

# A condition that is met on one side of a value.
EDGE = re.compile(r"[<>]|\bbetween\b", re.IGNORECASE)
MARKS = {True: "yes", False: "no", None: "ask"}


@dataclass(frozen=True)
class FactLine:
    """One fact behind a sentence: its value, when and how it was proved, and who can supply it."""

    code: str
    label: str
    value_text: str
    on: dt.date | None
    source: str
    proof_text: str
    reason_text: str
    supplier_text: str
    next_change_on: dt.date | None


@dataclass(frozen=True)
class Sentence:
    """One condition in words, with the fact that decided it first."""

    id: str
    mark: str
    text: str
    fact_label: str
    fact_value_text: str
    on: dt.date | None
    source: str
    proof_text: str
    threshold_text: str
    clause: Clause | None
    facts: tuple[FactLine, ...]


@dataclass(frozen=True)
class Explanation:
    """A decision in words: a headline, one sentence per condition, what is asked, the money."""

    outcome: str
    headline: str
    sentences: tuple[Sentence, ...]
    ask: tuple[FactLine, ...]
    amount_text: str
    as_of_text: str
    near_miss: bool
    if_confirmed: bool


def explain(stored: Mapping[str, Any], language: str) -> Explanation:
    """Return the words of a stored decision in `zh` or `en`."""
    decision = Decision.from_json(stored)
    year = decision.today.year
    sentences = tuple(_sentence(decision, item, language) for item in decision.conditions)
    lines = tuple(_line(decision, code, "", language) for code in decision.ask)
    amount = "" if decision.amount_fen is None else money(decision.amount_fen, language)
    as_of = "" if decision.as_of is None else day(decision.as_of, language, year)
    return Explanation(
        decision.outcome,
        _headline(decision, sentences, lines, language),
        sentences,
        lines,
        amount,
        as_of,
        decision.near_miss,
        decision.if_confirmed,
    )


def _sentence(decision: Decision, item: ConditionResult, language: str) -> Sentence:
    order = [*item.unknown_facts, *item.facts, *item.relations]
    lines = tuple(
        _line(decision, code, item.reason if code in item.unknown_facts else "", language)
        for code in dict.fromkeys(order)
    )
    first = lines[0] if lines else None
    return Sentence(
        item.id,
        MARKS[item.answer],
        fill(decision, item.spec.words.zh if language == ZH else item.spec.words.en, language),
        first.label if first else "",
        first.value_text if first else "",
        first.on if first else None,
        first.source if first else "",
        first.proof_text if first else "",
        _threshold(decision, item, language),
        item.spec.clause,
        lines,
    )


def fill(decision: Decision, template: str, language: str) -> str:
    """Return a sentence with the numbers and facts of the decision in it."""
    year = decision.today.year
    values = {code: (used.value, used.kind) for code, used in decision.amounts_used.items()}
    text = Amounts(values).fill(template, language, year)
    for code, used in decision.facts.items():
        value = used.reading.value if used.reading is not None else None
        text = text.replace(f"{{{code}}}", show_fact(value, used.fact, language, year))
    return text


def _line(decision: Decision, code: str, reason: str, language: str) -> FactLine:
    fact, reading = _known(decision, code)
    year = decision.today.year
    label = (fact.zh if language == ZH else fact.en) if fact is not None else code
    value = _value_text(fact, reading, language, year)
    source = ""
    proof = ""
    if reading is not None and reading.value is not None:
        source = reading.source_zh if language == ZH else reading.source_en
        proof = pick(PROOF_WORDS[reading.proof], language)
    words = pick(REASONS.get(reason, (reason, reason)), language) if reason else ""
    return FactLine(
        code,
        label,
        value,
        reading.on if reading is not None else None,
        source,
        proof,
        words,
        supplier(fact.supplier, language) if fact is not None else "",
        reading.next_change_on if reading is not None else None,
    )


def _known(decision: Decision, code: str) -> tuple[Fact | None, Reading | None]:
    """Return the definition and reading behind a code: a fact, a relation or one of its columns."""
    used = decision.facts.get(code)
    if used is not None:
        return used.fact, used.reading
    name, _dot, column = code.partition(".")
    relation = decision.relations.get(name)
    if relation is None:
        return None, None
    if column:
        found = next((item for item in relation.relation.columns if item.code == column), None)
        return found, None
    label = relation.relation
    is_open = relation.rows is None or isinstance(relation.rows, Partial)
    count = None if is_open or relation.rows is None else len(relation.rows)
    fact = Fact(code, "int", label.zh, label.en, unit="count", supplier="registry")
    return fact, Reading(count, 5) if count is not None else None


def _value_text(fact: Fact | None, reading: Reading | None, language: str, year: int) -> str:
    if fact is None:
        return pick(("未知", "unknown"), language)
    if reading is None or reading.value is None:
        if reading is not None and reading.low is not None and reading.high is not None:
            kind = Kind(fact.type, fact.unit)
            low, high = (show(v, kind, language, year) for v in (reading.low, reading.high))
            return f"{low}到{high}" if language == ZH else f"{low} to {high}"
        return pick(("未知", "unknown"), language)
    return show_fact(reading.value, fact, language, year)


def _threshold(decision: Decision, item: ConditionResult, language: str) -> str:
    year = decision.today.year
    used = [decision.amounts_used[code] for code in item.amounts if code in decision.amounts_used]
    shown = [show(u.value, u.kind, language, year) for u in used if u.over is None]
    return ("、" if language == ZH else ", ").join(shown)


def _headline(
    decision: Decision,
    sentences: tuple[Sentence, ...],
    asked: tuple[FactLine, ...],
    language: str,
) -> str:
    zh = language == ZH
    if decision.outcome == "yes":
        return "目前看条件都符合，以工会审批为准。" if zh else "All conditions are met so far; the union decides."
    if decision.outcome == "unknown":
        return _headline_unknown(decision, asked, zh=zh)
    return _headline_no(decision, sentences, language)


def _headline_unknown(decision: Decision, asked: tuple[FactLine, ...], *, zh: bool) -> str:
    label = asked[0].label if asked else ""
    who = asked[0].supplier_text if asked else ""
    if decision.if_confirmed:
        if zh:
            return f"按填写的情况符合，等核实：{label}。"
        return f"Meets the rule as stated; to be confirmed: {label}."
    if len(asked) == 1:
        return f"只差一样：{label}（{who}）。" if zh else f"One thing is missing: {label} ({who})."
    if zh:
        return f"还差{len(asked)}样，先要：{label}（{who}）。"
    return f"{len(asked)} things are missing, first: {label} ({who})."


def _headline_no(decision: Decision, sentences: tuple[Sentence, ...], language: str) -> str:
    zh, year = language == ZH, decision.today.year
    if decision.smallest_change:
        return _headline_change(decision, language)
    blocking = [item for item in sentences if item.mark == "no"]
    text = blocking[0].text if blocking else ""
    waiting = [line.next_change_on for item in blocking for line in item.facts]
    dates = sorted(value for value in waiting if value is not None)
    if dates:
        when = day(dates[0], language, year)
        if zh:
            return f"现在不符合：{text}。最早{when}会有变化，到时自动再算。"
        return f"Not met now: {text}. The earliest change is on {when}; it is worked out again then."
    kinds = [
        decision.facts[line.code].fact.type
        for item in blocking[:1]
        for line in item.facts
        if line.code in decision.facts
    ]
    if kinds and all(kind == "date" for kind in kinds):
        if zh:
            return f"这条按日期算，工会改不了：{text}。"
        return f"This one goes by a date that the union cannot change: {text}."
    return f"不符合这一条：{text}。" if zh else f"This condition is not met: {text}."


def _headline_change(decision: Decision, language: str) -> str:
    """Return the smallest change in words: what it is now, and what it takes."""
    zh, year = language == ZH, decision.today.year
    steps: list[str] = []
    for change in decision.smallest_change or ():
        fact = decision.facts[change.fact].fact
        old = show_fact(change.from_, fact, language, year)
        new = show_fact(change.to, fact, language, year)
        if zh and fact.type in {"bool", "code"}:
            old, new = f"“{old}”", f"“{new}”"
        label, bound = fact.zh if zh else fact.en, _bound(decision, change, language)
        steps.append(f"{label}现在是{old}，{bound}{new}才符合" if zh else f"{label}: now {old}, {bound}{new} needed")
    return f"现在不符合：{'；'.join(steps)}。" if zh else f"Not met now. {'; '.join(steps)}."


def _bound(decision: Decision, change: Change, language: str) -> str:
    """Return the words before a value that is the edge of what is met, not the one value that is."""
    fact, old, new = decision.facts[change.fact].fact, change.from_, change.to
    texts = [item.spec.text for item in decision.conditions if change.fact in item.facts]
    is_edge = any(EDGE.search(text.replace("<>", "")) for text in texts)
    if not is_edge or old is None or fact.type in {"bool", "code"}:
        return pick(("要", ""), language)
    is_less = new < old  # type: ignore[operator]
    if fact.type == "date":
        return pick(("不晚于", "no later than ") if is_less else ("不早于", "no earlier than "), language)
    return pick(("不超过", "at most ") if is_less else ("至少", "at least "), language)


def met_by(stored: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """Return the facts by which the conditions are met, each once, with its value: what a row of a list says.

    Of facts that are asked yes or no, those that are yes stand for a condition; the others only where none is.
    """
    decision = Decision.from_json(stored)
    found: dict[str, str] = {}
    for item in decision.conditions:
        if item.answer is not True:
            continue
        known = [(code, *_known(decision, code)) for code in (*item.facts, *item.relations)]
        holding = any(reading is not None and reading.value is True for _code, _fact, reading in known)
        for code, fact, reading in known:
            if fact is None or reading is None or reading.value is None or (holding and reading.value is False):
                continue
            label = fact.zh if language == ZH else fact.en
            value = show_fact(reading.value, fact, language, decision.today.year)
            pair = f"{label}：{value}" if language == ZH else f"{label}: {value}"
            found.setdefault(code, label if reading.value is True else pair)
    return tuple(found.values())
