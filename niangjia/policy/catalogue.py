"""What rules may ask: the facts that rooms registered, as the engine wants to see them."""

from __future__ import annotations

from functools import lru_cache

from niangjia.core.facts import Fact, RecordSet, Relation, facts, record_sets, relations
from niangjia.engines import rules


def catalogue_for(subject: str) -> rules.Catalogue:
    """Every fact a rule about this kind of subject may name: its own, and those of what it is linked to."""
    return _catalogue(subject, len(facts) + len(relations))


@lru_cache(maxsize=16)
def _catalogue(subject: str, _registered: int) -> rules.Catalogue:
    own = [_engine_fact(fact.code, fact) for fact in facts.all() if fact.subject == subject]
    linked = [
        _engine_fact(f"{link}.{fact.code}", fact)
        for link in links_of(subject)
        for fact in facts.all()
        if fact.subject == link
    ]
    dated = tuple(_engine_relation(one) for one in relations.all() if one.subject == subject)
    return rules.Catalogue(facts=(*own, *linked), relations=dated)


def _engine_relation(relation: Relation) -> rules.Relation:
    columns = tuple(
        rules.Fact(one.code, one.type, one.zh, one.en, "" if one.unit == "fen" else one.unit, codes=dict(one.codes))
        for one in relation.columns
    )
    return rules.Relation(relation.code, columns, relation.zh, relation.en, relation.register)


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


def relation_of(subject: str, code: str) -> Relation:
    """The registered relation behind a code of a rule about this kind of subject."""
    return relations.get(f"{subject}.{code}")


def full_code(subject: str, code: str) -> str:
    """The code with its own record set in front: `admission_letter` gives `person.admission_letter`.

    Of a relation, whatever of its records is meant, it is the relation's own.
    """
    relation = f"{subject}.{code.partition('.')[0]}"
    if relation in relations:
        return relation
    return code if "." in code else f"{subject}.{code}"


def label(key: str, language: str) -> str:
    """The name of a registered fact by its full code."""
    found = _registered(key)
    if found is None:
        return key
    return found.zh if language == "zh" else found.en


def supplier(key: str) -> str:
    """Who can supply a fact, by its full code: person, employer, visit, registry or bureau:<name>."""
    found = _registered(key)
    return "registry" if found is None else found.supplier


def _registered(key: str) -> Fact | Relation | None:
    if key in relations:
        return relations.get(key)
    return facts.get(key) if key in facts else None
