"""The closed rule language: boolean SQL over facts and amounts, parsed and typed.

What is not listed here is an error when the folder is loaded, never something a back end may
understand in its own way. There is no `is null`, no `coalesce`, no division and no subquery.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.parser import Parser as SqlParser

from niangjia.engines.rules import tree
from niangjia.engines.rules.dates import INT64_MAX
from niangjia.engines.rules.errors import Broken
from niangjia.engines.rules.facts import Fact
from niangjia.engines.rules.kinds import (
    USAGE,
    adopt,
    advise,
    arguments,
    construct,
    result_of_product,
    same_kind,
    want,
    want_type,
)
from niangjia.engines.rules.names import Scope, name_of, record_column, unknown_name
from niangjia.engines.rules.tree import Expression, Kind

LENGTH = 2_000
DEPTH = 60
# How many names the SQL of one expression may come to; each nested case or table multiplies them.
WEIGHT = 2_000


class RuleDialect(Dialect):
    """SQL without a single built-in function: each call arrives as written, for us to judge."""

    class Parser(SqlParser):
        """The parser of the rule language."""

        FUNCTIONS = {}
        FUNCTION_PARSERS = {}
        NO_PAREN_FUNCTIONS = {}
        NO_PAREN_FUNCTION_PARSERS = {
            name: parse for name, parse in SqlParser.NO_PAREN_FUNCTION_PARSERS.items() if name == "CASE"
        }
        SUBQUERY_PREDICATES = {}


def parse(text: str, scope: Scope) -> Expression:
    """Return the typed expression of a text, or raise `Broken` with the offset of the trouble."""
    if len(text) > LENGTH:
        raise Broken("too-long")
    dialect = RuleDialect()
    try:
        found = dialect.parser().parse(dialect.tokenize(text), text)
    except RecursionError as error:
        raise Broken("too-long") from error
    except SqlglotError as error:
        raise _syntax(text, error) from error
    nodes = [item for item in found if item is not None]
    if not nodes:
        raise Broken("syntax", 0, detail="(empty)")
    if len(nodes) > 1:
        raise construct(";", _offset(nodes[1]))
    expression = _read(nodes[0], scope, 0)
    if tree.weight(expression) > WEIGHT:
        raise Broken("too-long", 0)
    return expression


def _syntax(text: str, error: SqlglotError) -> Broken:
    details: Sequence[Mapping[str, object]] = getattr(error, "errors", ())
    if not details:
        return Broken("syntax", 0, detail="?")
    first = details[0]
    row, last = first.get("line"), first.get("col")
    before = sum(len(line) + 1 for line in text.split("\n")[: int(str(row or 1)) - 1])
    mark = str(first.get("highlight") or "")
    offset = max(0, before + int(str(last or 1)) - len(mark))
    return Broken("syntax", min(offset, len(text)), detail=mark or str(first["description"]))


def _offset(node: exp.Expr) -> int | None:
    """Return where a node begins: only leaves carry a place, so the first leaf tells."""
    places = [item.meta["start"] for item in node.walk() if "start" in item.meta]
    return min(places) if places else None


Reader = Callable[[exp.Expr, Scope, int], Expression]


def _read(node: exp.Expr, scope: Scope, depth: int) -> Expression:
    if depth > DEPTH:
        raise Broken("too-long", _offset(node))
    reader = READERS.get(type(node))
    if reader is None:
        raise construct(type(node).__name__, _offset(node))
    _only(node)
    return reader(node, scope, depth + 1)


# The arguments each kind of node may carry; anything else is a construct we do not know.
ARGUMENTS: dict[type[exp.Expr], set[str]] = {
    exp.Column: {"this", "table"},
    exp.In: {"this", "expressions"},
    exp.Case: {"ifs", "default"},
    exp.Cast: {"this", "to", "_type"},
    exp.Between: {"this", "low", "high"},
    exp.Anonymous: {"this", "expressions"},
    exp.Literal: {"this", "is_string"},
}


def _only(node: exp.Expr) -> None:
    allowed = ARGUMENTS.get(type(node), {"this", "expression"})
    extra = [name for name, value in node.args.items() if value and name not in allowed]
    if extra:
        raise construct(f"{type(node).__name__} {extra[0]}", _offset(node))


def _literal(node: exp.Expr, _scope: Scope, _depth: int) -> Expression:
    text = str(node.this)
    if node.args.get("is_string"):
        return tree.Literal(Kind("code"), text)
    if not text.isascii() or not text.isdigit():
        raise Broken("number-not-whole", _offset(node), value=text)
    if len(text) > 19 or int(text) > INT64_MAX:
        raise Broken("number-too-large", _offset(node), value=text)
    return tree.Literal(Kind("int"), int(text))


def _boolean(node: exp.Expr, _scope: Scope, _depth: int) -> Expression:
    return tree.Literal(tree.BOOL, bool(node.this))


def _date(node: exp.Expr, _scope: Scope, _depth: int) -> Expression:
    inner, to = node.this, node.args["to"]
    is_text = isinstance(inner, exp.Literal) and inner.args.get("is_string")
    if not is_text or to.this != exp.DataType.Type.DATE:
        raise construct("cast", _offset(node))
    try:
        return tree.Literal(Kind("date"), dt.date.fromisoformat(str(inner.this)))
    except ValueError as error:
        raise Broken("date-invalid", _offset(node), value=inner.this) from error


def _paren(node: exp.Expr, scope: Scope, depth: int) -> Expression:
    return _read(node.this, scope, depth)


def _negative(node: exp.Expr, scope: Scope, depth: int) -> Expression:
    item = _read(node.this, scope, depth)
    want_type(item, ("int", "fen", "ppm"), _offset(node))
    if isinstance(item, tree.Literal):
        return replace(item, value=-int(str(item.value)))
    return tree.Arithmetic(item.kind, "-", tree.Literal(item.kind, 0), item)


def _column(node: exp.Expr, scope: Scope, _depth: int) -> Expression:
    for part in (node.this, node.args.get("table")):
        if part is not None and part.args.get("quoted"):
            raise construct('"…"', _offset(node))
    table = node.args.get("table")
    name = f"{table.this}.{node.this.this}" if table is not None else str(node.this.this)
    return name_of(name, scope, _offset(node))


def _not(node: exp.Expr, scope: Scope, depth: int) -> Expression:
    item = _read(node.this, scope, depth)
    want(item, "bool", _offset(node.this))
    return tree.Not(item)


def _both(node: exp.Expr, scope: Scope, depth: int) -> Expression:
    make = tree.And if isinstance(node, exp.And) else tree.Or
    items: list[Expression] = []
    for part in (node.this, node.expression):
        item = _read(part, scope, depth)
        want(item, "bool", _offset(part))
        items.extend(item.items if isinstance(item, make) else (item,))
    return make(tuple(items))


OPERATORS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
}


def _compare(node: exp.Expr, scope: Scope, depth: int) -> Expression:
    left = _read(node.this, scope, depth)
    right = _read(node.expression, scope, depth)
    return compare(OPERATORS[type(node)], left, right, scope, _offset(node.expression))


def compare(operator: str, left: Expression, right: Expression, scope: Scope, offset: int | None) -> Expression:
    """Return a checked comparison: same type, same unit, an order where one is needed."""
    left, right = adopt(left, right), adopt(right, left)
    same_kind(left, right, offset)
    if operator not in {"=", "<>"} and left.kind.type in {"bool", "code"}:
        raise Broken(
            "construct",
            offset,
            name=operator,
            hint_zh="是否和代码只能用=或<>比较。",
            hint_en="Yes/no and codes compare only with = or <>.",
        )
    _check_codes(left, right, scope, offset)
    _check_codes(right, left, scope, offset)
    return tree.Compare(operator, left, right)


def _check_codes(item: Expression, other: Expression, scope: Scope, offset: int | None) -> None:
    """Refuse a code that the fact can never have."""
    fact: Fact | None = None
    if isinstance(item, tree.FactRef):
        fact = scope.catalogue.fact(item.code)
    elif isinstance(item, tree.ColumnRef):
        fact = record_column(item.code, scope)
    if fact is None or fact.type != "code" or not fact.codes:
        return
    values: Iterable[object] = ()
    if isinstance(other, tree.Literal):
        values = (other.value,)
    elif isinstance(other, tree.AmountRef):
        values = scope.amount_codes.get(other.code, ())
    for value in values:
        if value not in fact.codes:
            allowed = ", ".join(fact.codes)
            raise Broken("code-unknown", offset, fact=fact.code, value=value, allowed=allowed)


def _in(node: exp.Expr, scope: Scope, depth: int) -> Expression:
    item = _read(node.this, scope, depth)
    if not node.expressions:
        raise Broken("arguments", _offset(node), name="in", usage="x in (a, b)")
    options: list[Expression] = []
    for part in node.expressions:
        option = adopt(_read(part, scope, depth), item)
        if not isinstance(option, tree.Literal | tree.AmountRef):
            raise Broken("arguments", _offset(part), name="in", usage="x in ('a', amount)")
        same_kind(item, option, _offset(part))
        _check_codes(item, option, scope, _offset(part))
        options.append(option)
    return tree.In(item, tuple(options))


def _between(node: exp.Expr, scope: Scope, depth: int) -> Expression:
    item = _read(node.this, scope, depth)
    low = _read(node.args["low"], scope, depth)
    high = _read(node.args["high"], scope, depth)
    return tree.And(
        (
            compare(">=", item, low, scope, _offset(node.args["low"])),
            compare("<=", item, high, scope, _offset(node.args["high"])),
        )
    )


def _arithmetic(node: exp.Expr, scope: Scope, depth: int) -> Expression:
    operator = OPERATORS[type(node)]
    left, right = _read(node.this, scope, depth), _read(node.expression, scope, depth)
    if "date" in {left.kind.type, right.kind.type}:
        hint = {"hint_zh": "请用plus_days、plus_months或days_since。"}
        hint["hint_en"] = "Use plus_days, plus_months or days_since."
        raise Broken("construct", _offset(node), name=operator, **hint)
    want_type(left, ("int", "fen", "ppm"), _offset(node.this))
    want_type(right, ("int", "fen", "ppm"), _offset(node.expression))
    if operator == "*":
        kind = result_of_product(left, right, _offset(node.expression))
        return tree.Arithmetic(kind, operator, left, right)
    left, right = adopt(left, right), adopt(right, left)
    kind = same_kind(left, right, _offset(node.expression))
    return tree.Arithmetic(kind, operator, left, right)


def _case(node: exp.Expr, scope: Scope, depth: int) -> Expression:
    usage = "case when … then … else … end"
    if node.args.get("default") is None:
        raise Broken("arguments", _offset(node), name="case", usage=usage)
    values = [_read(node.args["default"], scope, depth)]
    conditions: list[Expression] = []
    for branch in node.args["ifs"]:
        condition = _read(branch.this, scope, depth)
        want(condition, "bool", _offset(branch.this))
        conditions.append(condition)
        values.append(_read(branch.args["true"], scope, depth))
    # A literal takes the kind of the first value that has one of its own.
    model = next((v for v in values if not isinstance(v, tree.Literal)), values[0])
    values = [adopt(value, model) for value in values]
    kind = model.kind
    for value in values:
        kind = same_kind(replace_kind(kind), value, _offset(node))
    return tree.Case(kind, tuple(zip(conditions, values[1:], strict=True)), values[0])


def replace_kind(kind: Kind) -> Expression:
    """Return a stand-in of a kind, to compare another expression's kind with."""
    return tree.AmountRef(kind, "")


def _call(node: exp.Expr, scope: Scope, depth: int) -> Expression:
    name = str(node.this).lower()
    parts: list[exp.Expr] = list(node.expressions)
    offset = _offset(node)
    if name in AGGREGATES:
        return _aggregate(name, parts, scope, depth, offset)
    if name == "band":
        return _band(parts, scope, depth, offset)
    if name not in USAGE:
        raise construct(name, offset)
    return arguments(name, [_read(part, scope, depth) for part in parts], offset)


def _plain_name(parts: list[exp.Expr]) -> str:
    first = parts[0] if parts else None
    if isinstance(first, exp.Column) and first.args.get("table") is None:
        return str(first.this.this)
    return ""


def _band(parts: list[exp.Expr], scope: Scope, depth: int, offset: int | None) -> Expression:
    name = _plain_name(parts)
    if len(parts) != 2 or not name:
        raise Broken("arguments", offset, name="band", usage="band(table, x)")
    if name not in scope.bands:
        raise unknown_name(name, replace(scope, amounts={}, relation=None), _offset(parts[0]))
    over, kind = scope.bands[name]
    item = _read(parts[1], scope, depth)
    item = adopt(item, replace_kind(over))
    same_kind(replace_kind(over), item, _offset(parts[1]))
    return tree.Band(kind, name, item)


AGGREGATES = {
    "any": "any(relation, condition)",
    "all": "all(relation, condition)",
    "count": "count(relation, condition)",
    "sum": "sum(relation, number, condition)",
}


def _aggregate(name: str, parts: list[exp.Expr], scope: Scope, depth: int, offset: int | None) -> Expression:
    if scope.relation is not None:
        raise construct(f"{name} … {name}", offset)
    code = _plain_name(parts)
    relation = scope.catalogue.relation(code)
    sizes = {"any": (2, 2), "all": (2, 2), "count": (1, 2), "sum": (2, 3)}[name]
    if not code or not sizes[0] <= len(parts) <= sizes[1]:
        raise Broken("arguments", offset, name=name, usage=AGGREGATES[name])
    if relation is None:
        known = [item.code for item in scope.catalogue.relations]
        raise Broken("name-unknown", _offset(parts[0]), name=code, **advise(code, known))
    inner = replace(scope, relation=relation)
    items = [_read(part, inner, depth) for part in parts[1:]]
    value = items.pop(0) if name == "sum" else None
    condition = items[0] if items else None
    if condition is not None:
        want(condition, "bool", _offset(parts[-1]))
    kind = tree.BOOL if name in {"any", "all"} else Kind("int")
    if value is not None:
        want_type(value, ("int", "fen"), _offset(parts[1]))
        kind = value.kind
    return tree.Aggregate(kind, name, code, condition, value)


READERS: dict[type[exp.Expr], Reader] = {
    exp.Literal: _literal,
    exp.Boolean: _boolean,
    exp.Cast: _date,
    exp.Paren: _paren,
    exp.Neg: _negative,
    exp.Column: _column,
    exp.Not: _not,
    exp.And: _both,
    exp.Or: _both,
    exp.In: _in,
    exp.Between: _between,
    exp.Case: _case,
    exp.Anonymous: _call,
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), _compare),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul), _arithmetic),
}
