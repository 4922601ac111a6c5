"""What rules may ask: the facts that rooms registered, as the engine wants to see them."""

from __future__ import annotations

from functools import lru_cache

from niangjia.core.facts import Fact, RecordSet, facts, record_sets
from niangjia.engines import rules


def catalogue_for(subject: str) -> rules.Catalogue:
    """Every fact a rule about this kind of subject may name: its own, and those of what it is linked to."""
    return _catalogue(subject, len(facts))


@lru_cache(maxsize=16)
def _catalogue(subject: str, _registered: int) -> rules.Catalogue:
    own = [_engine_fact(fact.code, fact) for fact in facts.all() if fact.subject == subject]
    linked = [
        _engine_fact(f"{link}.{fact.code}", fact)
        for link in links_of(subject)
        for fact in facts.all()
        if fact.subject == link
    ]
    return rules.Catalogue(facts=(*own, *linked))


def _engine_fact(code: str, fact: Fact) -> rules.Fact:
    return rules.Fact(
        code=code, type=fact.type, zh=fact.zh, en=fact.en, unit="" if fact.unit == "fen" else fact.unit,
        changeable=fact.changeable, supplier=fact.supplier, cost=fact.cost, codes=dict(fact.codes),
    )  # fmt: skip


def links_of(subject: str) -> tuple[str, ...]:
    """The kinds of record a subject is linked to, such as a person to a household."""
    return tuple(record_set(subject).links)


def record_set(subject: str) -> RecordSet:
    """The registered record set of a kind of subject."""
    return record_sets.get(subject)


def fact_of(subject: str, code: str) -> Fact:
    """The registered fact behind a code of a rule about this kind of subject."""
    owner, _, name = code.rpartition(".")
    return facts.get(f"{owner or subject}.{name}")


def full_code(subject: str, code: str) -> str:
    """The code with its own record set in front: `admission_letter` gives `person.admission_letter`."""
    return code if "." in code else f"{subject}.{code}"


def label(key: str, language: str) -> str:
    """The name of a registered fact by its full code."""
    if key not in facts:
        return key
    fact = facts.get(key)
    return fact.zh if language == "zh" else fact.en


def supplier(key: str) -> str:
    """Who can supply a fact, by its full code: person, employer, visit, registry or bureau:<name>."""
    return facts.get(key).supplier if key in facts else "registry"
