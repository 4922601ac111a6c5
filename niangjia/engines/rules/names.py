"""What a name in an expression stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from niangjia.engines.rules import tree
from niangjia.engines.rules.errors import Broken
from niangjia.engines.rules.facts import Catalogue, Fact, Relation
from niangjia.engines.rules.kinds import advise
from niangjia.engines.rules.tree import Expression, Kind


@dataclass(frozen=True)
class Scope:
    """The names an expression may use: facts, relations, amounts and band tables."""

    catalogue: Catalogue
    amounts: Mapping[str, Kind] = field(default_factory=dict)
    bands: Mapping[str, tuple[Kind, Kind]] = field(default_factory=dict)
    amount_codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    relation: Relation | None = None


def name_of(name: str, scope: Scope, offset: int | None) -> Expression:
    """Return what a name stands for: a column of the record, a fact or an amount."""
    found: list[tuple[str, str, Expression]] = []
    column = record_column(name, scope)
    if column is not None and scope.relation is not None:
        found.append(("记录", "a column", tree.ColumnRef(kind_of_fact(column), scope.relation.code, column.code)))
    fact = scope.catalogue.fact(name)
    if fact is not None:
        found.append(("事实", "a fact", tree.FactRef(kind_of_fact(fact), name)))
    if name in scope.amounts:
        found.append(("数字", "an amount", tree.AmountRef(scope.amounts[name], name)))
    if len(found) > 1:
        one, two = found[0], found[1]
        words = {"one_zh": one[0], "two_zh": two[0], "one_en": one[1], "two_en": two[1]}
        raise Broken("name-ambiguous", offset, name=name, **words)
    if not found:
        raise unknown_name(name, scope, offset)
    return found[0][2]


def kind_of_fact(fact: Fact) -> Kind:
    """Return the kind of a fact; only whole numbers have a unit beyond their type."""
    return Kind(fact.type, fact.unit if fact.type == "int" else "")


def record_column(name: str, scope: Scope) -> Fact | None:
    """Return the column of the record that an aggregate is looking at, or nothing."""
    if scope.relation is None:
        return None
    plain = name.removeprefix(f"{scope.relation.code}.")
    return next((item for item in scope.relation.columns if item.code == plain), None)


def unknown_name(name: str, scope: Scope, offset: int | None) -> Broken:
    """Return the problem of a name nobody registered, with the nearest names as advice."""
    known = [item.code for item in scope.catalogue.facts]
    known += [*scope.amounts, *scope.bands, *(item.code for item in scope.catalogue.relations)]
    if scope.relation is not None:
        known += [item.code for item in scope.relation.columns]
    if name in scope.bands:
        usage = f"band({name}, …)"
        return Broken("arguments", offset, name=name, usage=usage)
    return Broken("name-unknown", offset, name=name, **advise(name, known))
