"""The typed expression tree: what a condition means, after parsing and before any back end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from niangjia.engines.rules.facts import Value


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of an expression and, for whole numbers, its unit."""

    type: str
    unit: str = ""


BOOL = Kind("bool")


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant written in the rule."""

    kind: Kind
    value: Value


@dataclass(frozen=True, slots=True)
class FactRef:
    """A fact of the subject."""

    kind: Kind
    code: str


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """A column of the record that an aggregate is looking at."""

    kind: Kind
    relation: str
    code: str


@dataclass(frozen=True, slots=True)
class AmountRef:
    """A dated number of the programme."""

    kind: Kind
    code: str


@dataclass(frozen=True, slots=True)
class Not:
    """Negation; unknown stays unknown."""

    item: Expression
    kind: Kind = BOOL


@dataclass(frozen=True, slots=True)
class And:
    """Yes when all are yes, no as soon as one is no."""

    items: tuple[Expression, ...]
    kind: Kind = BOOL


@dataclass(frozen=True, slots=True)
class Or:
    """Yes as soon as one is yes, no when all are no."""

    items: tuple[Expression, ...]
    kind: Kind = BOOL


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison; bounds of counted facts may settle it although the value is unknown."""

    operator: str
    left: Expression
    right: Expression
    kind: Kind = BOOL


@dataclass(frozen=True, slots=True)
class In:
    """Whether the value is one of the options."""

    item: Expression
    options: tuple[Expression, ...]
    kind: Kind = BOOL


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Plus, minus or times on signed 64-bit whole numbers."""

    kind: Kind
    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """One of the closed list of functions."""

    kind: Kind
    name: str
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first branch whose condition is yes."""

    kind: Kind
    branches: tuple[tuple[Expression, Expression], ...]
    default: Expression


@dataclass(frozen=True, slots=True)
class Band:
    """The value of the band that a number falls into; the upper edge belongs to the band."""

    kind: Kind
    table: str
    item: Expression


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Any, all, count or sum over the subject's records of one relation."""

    kind: Kind
    name: str
    relation: str
    condition: Expression | None
    value: Expression | None


Expression = (
    Literal
    | FactRef
    | ColumnRef
    | AmountRef
    | Not
    | And
    | Or
    | Compare
    | In
    | Arithmetic
    | Call
    | Case
    | Band
    | Aggregate
)


def children(node: Expression) -> tuple[Expression, ...]:
    """Return the parts of an expression in reading order."""
    if isinstance(node, Case):
        flat = [part for branch in node.branches for part in branch]
        return (*flat, node.default)
    found: list[Expression] = []
    for name in PARTS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, tuple):
            found.extend(value)
        elif isinstance(value, NODES):
            found.append(value)
    return tuple(found)


def walk(node: Expression) -> Iterator[Expression]:
    """Yield an expression and everything inside it, outermost first."""
    yield node
    for child in children(node):
        yield from walk(child)


NODES = (
    Literal,
    FactRef,
    ColumnRef,
    AmountRef,
    Not,
    And,
    Or,
    Compare,
    In,
    Arithmetic,
    Call,
    Case,
    Band,
    Aggregate,
)


# The fields of each kind of node that may hold others.
PARTS: Mapping[type, tuple[str, ...]] = {
    kind: tuple(item.name for item in fields(kind) if item.name != "kind") for kind in NODES
}


def facts_of(node: Expression) -> tuple[str, ...]:
    """Return the codes of the subject's facts that an expression mentions, in reading order."""
    return tuple(dict.fromkeys(n.code for n in walk(node) if isinstance(n, FactRef)))


def amounts_of(node: Expression) -> tuple[str, ...]:
    """Return the codes of the amounts and band tables that an expression mentions."""
    codes = (n.code if isinstance(n, AmountRef) else n.table for n in walk(node) if isinstance(n, AmountRef | Band))
    return tuple(dict.fromkeys(codes))


def relations_of(node: Expression) -> tuple[str, ...]:
    """Return the codes of the relations that an expression mentions."""
    return tuple(dict.fromkeys(n.relation for n in walk(node) if isinstance(n, Aggregate)))


def weight(node: Expression) -> int:
    """Return about how many names the SQL of an expression has, which nested cases and tables multiply."""
    copies = {Case: 4, Band: 8, Compare: 2}.get(type(node), 1)
    if isinstance(node, Call):
        copies = {"part": 4 * len(node.items), "plus_months": 4, "plus_days": 4}.get(node.name, 2)
    elif isinstance(node, In):
        copies = 2 * len(node.options)
    return copies * max(1, sum(weight(part) for part in children(node)))
