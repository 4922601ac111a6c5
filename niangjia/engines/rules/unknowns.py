"""Which facts keep an expression unknown, and why."""

from __future__ import annotations

from collections.abc import Iterator

from niangjia.engines.rules import tree
from niangjia.engines.rules.compile_python import Builder
from niangjia.engines.rules.facts import Partial
from niangjia.engines.rules.model import Need
from niangjia.engines.rules.tree import Expression, children
from niangjia.engines.rules.trit import Context, usable


def unknown_facts(node: Expression, builder: Builder, context: Context, as_of_fact: str) -> tuple[str, ...]:
    """Return the facts that an unknown expression waits for, in reading order.

    Parts that are settled are skipped: in `a or b` a known no of `a` is not asked again. A column
    of a relation is named `relation.column`, a register that is not complete by its own name.
    """
    return tuple(dict.fromkeys(_frontier(node, builder, context, as_of_fact)))


def _frontier(node: Expression, builder: Builder, context: Context, as_of_fact: str) -> Iterator[str]:
    if builder.exact(node)(context) is not None:
        return
    if isinstance(node, tree.FactRef):
        reading = context.readings.get(node.code)
        known = reading is not None and reading.value is not None
        if known and context.as_of is None and usable(reading, Need(builder.proof), None):
            yield as_of_fact or node.code
        else:
            yield node.code
    elif isinstance(node, tree.AmountRef):
        if as_of_fact:
            yield as_of_fact
    elif isinstance(node, tree.Aggregate):
        yield from _records(node, builder, context, as_of_fact)
    else:
        before = [*children(node)]
        found = [code for part in before for code in _frontier(part, builder, context, as_of_fact)]
        if not found and context.as_of is None and as_of_fact:
            found = [as_of_fact]
        yield from found


def _records(node: tree.Aggregate, builder: Builder, context: Context, as_of_fact: str) -> Iterator[str]:
    rows = context.records.get(node.relation)
    if rows is None or isinstance(rows, Partial):
        yield node.relation
    if rows is None:
        return
    for row in rows:
        context.row = row
        try:
            for part in (node.condition, node.value):
                if part is None or builder.exact(part)(context) is not None:
                    continue
                for item in tree.walk(part):
                    if isinstance(item, tree.ColumnRef) and builder.exact(item)(context) is None:
                        yield f"{node.relation}.{item.code}"
                    elif isinstance(item, tree.FactRef):
                        yield from _frontier(item, builder, context, as_of_fact)
        finally:
            context.row = None


def reason_of(codes: tuple[str, ...], relations: tuple[str, ...], need: Need, context: Context) -> str:
    """Return why the first of these facts is unknown; `relations` are those the condition looks into.

    One of `never_asked`, `refused`, `not_covered`, `unproved`, `stale`, or what the reading says.
    """
    if not codes or codes[0] in relations:
        return "not_covered"
    code = codes[0]
    if code.split(".")[0] in context.records:
        return "never_asked"
    reading = context.readings.get(code)
    if reading is None:
        return "never_asked"
    if reading.value is None:
        return reading.unknown or "never_asked"
    if reading.proof < need.proof:
        return "unproved"
    return "stale" if need.fresh_days is not None else "never_asked"
